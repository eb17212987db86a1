import { hostVarsSchema, ownNamespaces, varNames } from './host-vars.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Draft 7 is what both ajv and the YAML language server of the editors take without options. */
const DRAFT = 'http://json-schema.org/draft-07/schema#';

/**
 * The schema of a group_vars or host_vars file, from the same source as the validator. Variables of other roles are
 * allowed; in our own namespaces only the names that exist, so that an editor marks the slip while it is typed.
 */
export function varsSchema(): JsonSchema {
  return { $schema: DRAFT, ...vars() };
}

/** The schema of hosts.yml: groups with hosts, children and vars to any depth, variables at every place. */
export function inventorySchema(): JsonSchema {
  return {
    $schema: DRAFT,
    title: 'Ansible inventory with fabricgen variables',
    description: 'Groups by name; `all` is the parent of every group.',
    type: 'object',
    additionalProperties: { $ref: '#/definitions/group' },
    definitions: {
      vars: vars(),
      host: { anyOf: [{ $ref: '#/definitions/vars' }, { type: 'null' }] },
      group: {
        description: 'A group of hosts.',
        type: ['object', 'null'],
        additionalProperties: false,
        properties: {
          hosts: {
            description: 'Hosts by name, each with its variables; ranges like web[01:20] stand for many.',
            type: ['object', 'null'],
            additionalProperties: { $ref: '#/definitions/host' },
          },
          children: {
            description: 'Groups inside this one.',
            type: ['object', 'null'],
            additionalProperties: { $ref: '#/definitions/group' },
          },
          vars: {
            description: 'Variables of every host in the group.',
            anyOf: [{ $ref: '#/definitions/vars' }, { type: 'null' }],
          },
        },
      },
    },
  };
}

function vars(): JsonSchema {
  // Through JSON, because the source carries symbols of its library.
  const plain = JSON.parse(JSON.stringify(hostVarsSchema)) as JsonSchema;
  return {
    ...plain,
    propertyNames: {
      anyOf: [{ not: { pattern: `^(?:${ownNamespaces.join('|')})` } }, { enum: varNames }],
    },
  };
}

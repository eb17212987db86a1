import { type Static, Type } from '@sinclair/typebox';
import { bgpVars } from './bgp.ts';
import { dockerVars } from './docker.ts';
import { netVars } from './net.ts';

/** Opt-outs from rules; the reason is for the next reader. */
const fabricVars = {
  fabric_ignore: Type.Optional(
    Type.Array(
      Type.Object(
        {
          rule: Type.String({
            title: 'the id of a rule',
            description: 'Rule id, as it stands in brackets behind a finding.',
            minLength: 1,
          }),
          reason: Type.String({
            title: 'a reason',
            description: 'Why the finding is acceptable here.',
            pattern: '\\S',
          }),
        },
        { title: 'a mapping with rule and reason', additionalProperties: false },
      ),
      {
        title: 'a list of opt-outs',
        description: 'Findings to leave out for these hosts.',
        examples: [[{ rule: 'asn-reserved', reason: 'lab only' }]],
      },
    ),
  ),
};

/**
 * The variables of one host, the one source for the validator, the published schema and the types. Variables of other
 * roles stand beside them and are not described here.
 */
export const hostVarsSchema = Type.Object(
  { ...bgpVars, ...netVars, ...dockerVars, ...fabricVars },
  { title: 'fabricgen variables', description: 'Variables of a host or group that fabricgen reads.' },
);

export type HostVars = Static<typeof hostVarsSchema>;
export type VarName = keyof HostVars;

export const varNames: readonly VarName[] = Object.keys(hostVarsSchema.properties) as VarName[];

export function isVarName(name: string): name is VarName {
  return Object.hasOwn(hostVarsSchema.properties, name);
}

/** Namespaces that belong to fabricgen alone: an unknown name there is an error. */
export const ownNamespaces = ['bgp_', 'evpn_', 'fabric_'] as const;
/** Namespaces that other roles use too: only a near miss of one of our names is an error. */
export const sharedNamespaces = ['docker_', 'net_', 'service_', 'kube_'] as const;

import type { Diagnostic } from '../base/diagnostic.ts';
import { nearestName } from '../base/nearest.ts';
import type { Positioned, PositionedEntry, SourceRange } from '../base/source.ts';
import { addChild, addGroup, addHost, type Graph, type GroupNode, setValue } from './graph.ts';
import { expandHostNames, MAX_HOSTS } from './ranges.ts';

const GROUP_KEYS = ['vars', 'children', 'hosts'] as const;

/**
 * Reads the tree of groups of a `hosts.yml` into the graph, in written order: every key at the top is a group with
 * `vars`, `children` and `hosts`. Ansible skips what it does not understand with a warning; here it is an error.
 */
export function readGroupTree(graph: Graph, root: Positioned): void {
  if (!root.entries) {
    complain(graph, 'inventory-structure', root.source, {
      message: `An inventory must be a mapping of groups, not ${describe(root.value)}`,
      fix: 'Begin with "all:" and put hosts under "hosts:" inside it.',
    });
    return;
  }
  for (const [name, entry] of root.entries) readGroup(graph, name, entry);
}

function readGroup(graph: Graph, name: string, entry: PositionedEntry): GroupNode | null {
  const { node, key } = entry;
  if (name === '' || entry.written !== undefined) {
    complain(graph, 'inventory-host-name', key, {
      message: name === '' ? 'A group has an empty name' : `The group name ${entry.written} is not text`,
      fix: name === '' ? 'Give the group a name.' : `Put it in quotes: "${entry.written}".`,
    });
    return null;
  }
  if (node.value !== null && !node.entries) {
    complain(graph, 'inventory-structure', node.source, {
      message: `The group ${name} must be a mapping with vars, children and hosts, not ${describe(node.value)}`,
      fix: `Write the hosts of ${name} as keys under "hosts:", or remove it.`,
    });
    return null;
  }
  const group = addGroup(graph, name, key);
  for (const [section, content] of node.entries ?? []) readSection(graph, group, section, content);
  return group;
}

function readSection(graph: Graph, group: GroupNode, section: string, content: PositionedEntry): void {
  if (section !== 'vars' && section !== 'children' && section !== 'hosts') {
    graph.diagnostics.push(unknownSection(group, section, content));
    return;
  }
  for (const [name, entry] of membersOf(graph, group, section, content.node)) {
    if (section === 'vars') setGroupVariable(graph, group, name, entry);
    else if (section === 'hosts') readHosts(graph, group, name, entry);
    else {
      const child = readGroup(graph, name, entry);
      if (child) addChild(graph, group, child, entry.key);
    }
  }
}

/** A single name stands for a mapping with that one key, as for Ansible. */
function membersOf(
  graph: Graph,
  group: GroupNode,
  section: string,
  node: Positioned,
): Iterable<[string, PositionedEntry]> {
  if (node.entries) return node.entries;
  if (node.value === null) return [];
  if (typeof node.value === 'string' && node.value !== '' && section !== 'vars') {
    return [[node.value, { key: node.source, node: { value: null, source: node.source } }]];
  }
  complain(graph, 'inventory-structure', node.source, {
    message: `The ${section} of group ${group.name} must be a mapping, not ${describe(node.value)}`,
    fix: node.items
      ? `Write each entry as a key with a colon ("name:") instead of a list item ("- name").`
      : 'Write each entry as a key with a colon ("name:").',
  });
  return [];
}

/** `ansible_group_priority` is not a variable: it orders groups of one depth. */
export function setGroupVariable(
  graph: Graph,
  group: GroupNode,
  name: string,
  { key, node }: PositionedEntry,
): void {
  if (name !== 'ansible_group_priority') {
    setValue(group.vars, name, node, key);
    return;
  }
  const { value } = node;
  const number =
    typeof value === 'boolean' || (typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value))
      ? Number(value)
      : value;
  if (typeof number === 'number' && Number.isFinite(number)) group.priority = Math.trunc(number);
  else {
    complain(graph, 'inventory-structure', node.source, {
      message: `The ansible_group_priority of group ${group.name} must be a whole number, not ${describe(value)}`,
      fix: 'Give a whole number; groups of one depth with a higher one win.',
    });
  }
}

function readHosts(graph: Graph, group: GroupNode, written: string, entry: PositionedEntry): void {
  if (written === '' || entry.written !== undefined) {
    complain(graph, 'inventory-host-name', entry.key, {
      message:
        written === ''
          ? `A host of group ${group.name} has an empty name`
          : `The host name ${entry.written} is not text`,
      fix: written === '' ? 'Give the host a name.' : `Put it in quotes: "${entry.written}".`,
    });
    return;
  }
  const expanded = expandHostNames(written);
  if ('problem' in expanded) {
    complain(graph, 'inventory-host-range', entry.key, {
      message: `The host ${clip(written)} ${expanded.problem}`,
      fix: expanded.fix,
    });
    return;
  }
  const { node } = entry;
  if (node.value && !node.entries) {
    complain(graph, 'inventory-structure', node.source, {
      message: `The host ${written} must have a mapping of variables or nothing, not ${describe(node.value)}`,
      fix: 'Write its variables as "name: value" on indented lines below it.',
    });
    return;
  }
  const fresh = expanded.names.filter((name) => !graph.hosts.has(name));
  if (graph.hosts.size + fresh.length > MAX_HOSTS) {
    complain(graph, 'inventory-host-range', entry.key, {
      message: `With ${clip(written)} the inventory has more than ${MAX_HOSTS} hosts`,
      fix: 'Split the inventory, or check the ends of its ranges.',
    });
    return;
  }
  const port = expanded.port === undefined ? null : { value: expanded.port, source: entry.key };
  for (const name of expanded.names) {
    const isNew = !graph.hosts.has(name);
    const host = addHost(graph, group, name, entry.key);
    if (isNew && port) setValue(host.vars, 'ansible_port', port, entry.key);
    // Ansible looks for a group of this name first; the name conflict is reported on its own.
    const layer = graph.groups.get(name)?.vars ?? host.vars;
    for (const [variable, value] of node.entries ?? []) setValue(layer, variable, value.node, value.key);
  }
}

function unknownSection(group: GroupNode, section: string, content: PositionedEntry): Diagnostic {
  const nearest = nearestName(section, GROUP_KEYS) ?? undefined;
  const inner = content.node.entries;
  const isGroup = inner && GROUP_KEYS.some((key) => inner.has(key));
  const fix = nearest
    ? `Write "${nearest}:" instead of "${section}:".`
    : isGroup
      ? `Put ${section} under "children:" of ${group.name}.`
      : `Put ${section} under "vars:" if it is a variable, under "hosts:" if it is a host, under "children:" if it is a group.`;
  return {
    rule: 'inventory-unknown-key',
    severity: 'error',
    message: `The group ${group.name} has the unknown key ${section}`,
    ranges: [content.key],
    expected: GROUP_KEYS.join(', '),
    ...(nearest ? { nearest } : {}),
    fix,
  };
}

/** What kind of value it is, in words for a message. */
export function describe(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return `${typeof value === 'string' ? 'the text' : `the ${typeof value}`} ${clip(String(value))}`;
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

export function complain(
  graph: Pick<Graph, 'diagnostics'>,
  rule: Diagnostic['rule'],
  source: SourceRange,
  words: { readonly message: string; readonly fix: string },
): void {
  graph.diagnostics.push({ rule, severity: 'error', ranges: [source], ...words });
}

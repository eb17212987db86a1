import type { Positioned, PositionedEntry } from '../base/source.ts';
import { addChild, addGroup, addHost, type Graph, type GroupNode, setValue } from './graph.ts';
import { complain, describe, setGroupVariable } from './group-tree.ts';
import { MAX_HOSTS } from './ranges.ts';

/** Is this what `ansible-inventory --list` or an inventory script prints, rather than a tree of groups? */
export function isListJson(root: Positioned): boolean {
  if (!root.entries) return false;
  if (root.entries.has('_meta')) return true;
  for (const { node } of root.entries.values()) {
    if (node.items || node.entries?.get('hosts')?.node.items || node.entries?.get('children')?.node.items)
      return true;
  }
  return false;
}

/**
 * Reads the output of `ansible-inventory --list` (or of a dynamic inventory script) by the rules of Ansible's script
 * plugin: groups with `hosts`, `children` and `vars`, a bare list of hosts, and `_meta.hostvars`.
 */
export function readListJson(graph: Graph, root: Positioned): void {
  const named = new Set<string>();
  for (const [name, entry] of root.entries ?? []) {
    if (name !== '_meta') readGroup(graph, name, entry, named);
  }
  const hostvars = root.entries?.get('_meta')?.node.entries?.get('hostvars');
  if (!hostvars) return;
  for (const [name, { key, node }] of hostvars.node.entries ?? []) {
    const host = graph.hosts.get(name);
    if (!host || !named.has(name)) {
      const fix = 'Add the host to the hosts of a group, or remove its variables.';
      graph.diagnostics.push({
        rule: 'inventory-structure',
        severity: 'warning',
        message: `The host ${name} has variables but is in no group, so Ansible does not know it`,
        ranges: [key],
        fix,
      });
      continue;
    }
    const layer = graph.groups.get(name)?.vars ?? host.vars;
    for (const [variable, value] of node.entries ?? []) setValue(layer, variable, value.node, value.key);
  }
}

function readGroup(graph: Graph, name: string, { key, node }: PositionedEntry, named: Set<string>): void {
  if (name === '') {
    complain(graph, 'inventory-host-name', key, {
      message: 'A group has an empty name',
      fix: 'Give the group a name.',
    });
    return;
  }
  const group = addGroup(graph, name, key);
  const parts = node.entries;
  if (!parts) {
    readHosts(graph, group, node, named);
    return;
  }
  if (!parts.has('hosts') && !parts.has('vars') && !parts.has('children')) {
    // The short form of old scripts: the group is one host of the same name, its keys are variables.
    const only: Positioned = { value: [name], source: key, items: [{ value: name, source: key }] };
    readHosts(graph, group, only, named);
    for (const [variable, value] of parts) setGroupVariable(graph, group, variable, value);
    return;
  }
  const hosts = parts.get('hosts');
  if (hosts) readHosts(graph, group, hosts.node, named);
  const vars = parts.get('vars')?.node;
  if (vars && !vars.entries && vars.value !== null) wrong(graph, group, 'vars', 'an object', vars);
  for (const [variable, value] of vars?.entries ?? []) setGroupVariable(graph, group, variable, value);
  const children = parts.get('children')?.node;
  for (const child of namesIn(graph, group, 'children', children)) {
    addChild(graph, group, addGroup(graph, child.name, child.node.source), child.node.source);
  }
}

function readHosts(graph: Graph, group: GroupNode, node: Positioned, named: Set<string>): void {
  for (const { name, node: item } of namesIn(graph, group, 'hosts', node)) {
    if (graph.hosts.size >= MAX_HOSTS && !graph.hosts.has(name)) {
      const message = `The inventory has more than ${MAX_HOSTS} hosts`;
      complain(graph, 'inventory-host-range', item.source, { message, fix: 'Split the inventory.' });
      return;
    }
    named.add(name);
    addHost(graph, group, name, item.source);
  }
}

function namesIn(
  graph: Graph,
  group: GroupNode,
  part: string,
  node: Positioned | undefined,
): readonly { name: string; node: Positioned }[] {
  if (!node || node.value === null) return [];
  if (!node.items) {
    wrong(graph, group, part, 'a list of names', node);
    return [];
  }
  return node.items.flatMap((item) => {
    if (typeof item.value === 'string' && item.value !== '') return [{ name: item.value, node: item }];
    wrong(graph, group, part, 'a list of names', item);
    return [];
  });
}

function wrong(graph: Graph, group: GroupNode, part: string, wanted: string, node: Positioned): void {
  complain(graph, 'inventory-structure', node.source, {
    message: `The ${part} of group ${group.name} must be ${wanted}, not ${describe(node.value)}`,
    fix: 'Take the output of "ansible-inventory --list" unchanged.',
  });
}

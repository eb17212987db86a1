import type { Graph, GroupNode, HostNode, Layer } from './graph.ts';
import type { InventoryGroup, InventoryHost, MergedValue } from './types.ts';
import type { VarsFolder } from './vars-files.ts';

/**
 * Gives Ansible's last rules to a finished graph: groups without a parent go under `all`, hosts in no other group
 * into `ungrouped`, and a host that is in another group leaves `ungrouped`.
 */
export function settleGroups(graph: Graph): void {
  const all = graph.groups.get('all');
  const ungrouped = graph.groups.get('ungrouped');
  if (!all || !ungrouped) return;
  for (const group of graph.groups.values()) {
    if (group === all || group.parents.size > 0) continue;
    all.children.set(group.name, group);
    group.parents.add(all);
  }
  for (const host of graph.hosts.values()) {
    const elsewhere = [...host.groups].some((group) => group !== all && group !== ungrouped);
    if (elsewhere) {
      host.groups.delete(ungrouped);
      ungrouped.hosts.delete(host.name);
    } else {
      host.groups.add(ungrouped);
      ungrouped.hosts.set(host.name, host);
    }
  }
}

/** The longest way down from a group without parents; deeper groups win over shallower ones. */
function depthsOf(groups: Iterable<GroupNode>): Map<GroupNode, number> {
  const depths = new Map<GroupNode, number>();
  const waiting = new Map<GroupNode, number>();
  const ready: GroupNode[] = [];
  for (const group of groups) {
    waiting.set(group, group.parents.size);
    if (group.parents.size === 0) ready.push(group);
  }
  for (let group = ready.pop(); group; group = ready.pop()) {
    const depth = depths.get(group) ?? 0;
    depths.set(group, depth);
    for (const child of group.children.values()) {
      depths.set(child, Math.max(depths.get(child) ?? 0, depth + 1));
      const left = (waiting.get(child) ?? 0) - 1;
      waiting.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  return depths;
}

/** What all hosts of the same direct groups share: the groups in order of precedence and their merged variables. */
interface Shared {
  readonly groups: readonly string[];
  readonly vars: Layer;
}

/**
 * Merges every host's variables in Ansible's default order (VARIABLE_PRECEDENCE): `all` in inventory files, other groups
 * in inventory files, `group_vars/all`, other `group_vars/`, the host in inventory files, `host_vars/`. Groups are
 * ordered by depth, `ansible_group_priority` and name. Hosts of the same groups share the values, not copies.
 */
export function mergeHosts(
  graph: Graph,
  groupFiles: VarsFolder,
  hostFiles: VarsFolder,
): Map<string, InventoryHost> {
  const order = [...graph.groups.values()];
  const depths = depthsOf(order);
  const compare = (a: GroupNode, b: GroupNode): number =>
    (depths.get(a) ?? 0) - (depths.get(b) ?? 0) || a.priority - b.priority || (a.name < b.name ? -1 : 1);
  const numbers = new Map(order.map((group, index) => [group, index]));
  const cache = new Map<string, Shared>();
  const hosts = new Map<string, InventoryHost>();
  for (const host of graph.hosts.values()) {
    const key = [...host.groups].map((group) => numbers.get(group)).join(' ');
    let shared = cache.get(key);
    if (!shared) {
      shared = mergeGroups(host, compare, groupFiles);
      cache.set(key, shared);
    }
    const vars = new Map(shared.vars);
    lay(vars, host.vars);
    lay(vars, hostFiles.layerOf(host.name));
    hosts.set(host.name, { name: host.name, source: host.source, groups: shared.groups, vars });
  }
  return hosts;
}

function mergeGroups(
  host: HostNode,
  compare: (a: GroupNode, b: GroupNode) => number,
  files: VarsFolder,
): Shared {
  const above = new Set(host.groups);
  for (const group of above) for (const parent of group.parents) above.add(parent);
  const all = [...above].filter((group) => group.name === 'all');
  const others = [...above].filter((group) => group.name !== 'all').sort(compare);
  const vars: Layer = new Map();
  for (const group of [...all, ...others]) lay(vars, group.vars);
  lay(vars, files.layerOf('all'));
  for (const group of others) lay(vars, files.layerOf(group.name));
  return { groups: [...all, ...others].map((group) => group.name), vars };
}

/** Puts a layer over what is there; whole values are replaced and remembered, never merged. */
function lay(under: Layer, over: Layer): void {
  for (const [name, value] of over) {
    const before = under.get(name);
    under.set(name, before ? cover(before, value) : value);
  }
}

function cover(before: MergedValue, value: MergedValue): MergedValue {
  return { node: value.node, key: value.key, replaced: [...value.replaced, before.node, ...before.replaced] };
}

export function plainGroups(graph: Graph): Map<string, InventoryGroup> {
  const groups = new Map<string, InventoryGroup>();
  for (const group of graph.groups.values()) {
    groups.set(group.name, {
      name: group.name,
      children: [...group.children.keys()],
      hosts: [...group.hosts.keys()],
    });
  }
  return groups;
}

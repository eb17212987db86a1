import type { Diagnostic } from '../base/diagnostic.ts';
import type { Positioned, SourceRange } from '../base/source.ts';
import type { MergedValue } from './types.ts';

/** Names to values within one layer of precedence; a later value has replaced an earlier one of the same layer. */
export type Layer = Map<string, MergedValue>;

export interface GroupNode {
  readonly name: string;
  readonly source: SourceRange;
  readonly vars: Layer;
  readonly children: Map<string, GroupNode>;
  readonly parents: Set<GroupNode>;
  readonly hosts: Map<string, HostNode>;
  /** `ansible_group_priority`: breaks ties between groups of one depth, before the name. */
  priority: number;
}

export interface HostNode {
  readonly name: string;
  readonly source: SourceRange;
  readonly vars: Layer;
  readonly groups: Set<GroupNode>;
}

/** What the inventory's sources build up, in the order Ansible sees it. `all` and `ungrouped` always exist. */
export interface Graph {
  readonly groups: Map<string, GroupNode>;
  readonly hosts: Map<string, HostNode>;
  readonly diagnostics: Diagnostic[];
}

export function emptyGraph(source: SourceRange): Graph {
  const graph: Graph = { groups: new Map(), hosts: new Map(), diagnostics: [] };
  addChild(graph, addGroup(graph, 'all', source), addGroup(graph, 'ungrouped', source), source);
  return graph;
}

/** The group of this name, made where it is new. */
export function addGroup(graph: Graph, name: string, source: SourceRange): GroupNode {
  const existing = graph.groups.get(name);
  if (existing) return existing;
  const group: GroupNode = {
    name,
    source,
    vars: new Map(),
    children: new Map(),
    parents: new Set(),
    hosts: new Map(),
    priority: 1,
  };
  graph.groups.set(name, group);
  return group;
}

export function addHost(graph: Graph, group: GroupNode, name: string, source: SourceRange): HostNode {
  const host = graph.hosts.get(name) ?? { name, source, vars: new Map(), groups: new Set() };
  graph.hosts.set(name, host);
  group.hosts.set(name, host);
  host.groups.add(group);
  return host;
}

/** Puts `child` into `parent`; what would make a cycle is a diagnostic and is left out. */
export function addChild(graph: Graph, parent: GroupNode, child: GroupNode, source: SourceRange): void {
  if (parent.children.has(child.name)) return;
  // A child without children closes no circle; this keeps a long chain of groups linear.
  const path = child === parent || child.children.size > 0 ? pathUp(parent, child) : null;
  if (path) {
    graph.diagnostics.push(cycle(path, source));
    return;
  }
  parent.children.set(child.name, child);
  child.parents.add(parent);
}

/** The way from `from` up to `wanted`, both included; null where `wanted` is no ancestor. */
function pathUp(from: GroupNode, wanted: GroupNode): readonly GroupNode[] | null {
  const below = new Map<GroupNode, GroupNode | null>([[from, null]]);
  for (const [group] of below) {
    if (group === wanted) {
      const path: GroupNode[] = [];
      for (let at: GroupNode | null = group; at; at = below.get(at) ?? null) path.unshift(at);
      return path;
    }
    for (const parent of group.parents) if (!below.has(parent)) below.set(parent, group);
  }
  return null;
}

function cycle(path: readonly GroupNode[], source: SourceRange): Diagnostic {
  const names = [...path].reverse().map((group) => group.name);
  const first = names[0] ?? '';
  const words =
    names.length === 1
      ? `The group ${first} is a child of itself`
      : `The group ${first} contains itself: ${[...names, first].join(' > ')}`;
  return {
    rule: 'inventory-group-cycle',
    severity: 'error',
    message: words,
    ranges: [source],
    related: path.slice(1).map((group) => ({ ...group.source, note: `the group ${group.name}` })),
    fix: `Remove ${first} from the children at this place.`,
  };
}

/** A later value replaces the whole earlier one; the earlier is remembered. */
export function setValue(layer: Layer, name: string, node: Positioned, key: SourceRange): void {
  const before = layer.get(name);
  layer.set(name, { node, key, replaced: before ? [before.node, ...before.replaced] : NOTHING });
}

const NOTHING: readonly Positioned[] = [];

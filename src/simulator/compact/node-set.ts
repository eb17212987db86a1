/**
 * A set of nodes, one bit each. Of ten thousand prefixes each may concern ten thousand nodes, so lists of numbers would be most of
 * what is kept. The empty set has no words at all, so that equal sets have equal words.
 */
export type NodeSet = Uint32Array;

export const noNodes: NodeSet = new Uint32Array(0);

/** Room for nodes below `count`; nothing is in it yet. */
export function roomFor(count: number): NodeSet {
  return new Uint32Array((count + 31) >>> 5);
}

export function addNode(set: NodeSet, node: number): void {
  set[node >>> 5] = (set[node >>> 5] ?? 0) | (1 << (node & 31));
}

export function hasNode(set: NodeSet, node: number): boolean {
  return ((set[node >>> 5] ?? 0) & (1 << (node & 31))) !== 0;
}

/** Is one of these in it? */
export function isAnyIn(set: NodeSet | undefined, nodes: Iterable<number>): boolean {
  if (!set || set.length === 0) return false;
  for (const node of nodes) if (hasNode(set, node)) return true;
  return false;
}

export function dropNode(set: NodeSet, node: number): void {
  set[node >>> 5] = (set[node >>> 5] ?? 0) & ~(1 << (node & 31));
}

export function isEmpty(set: NodeSet): boolean {
  for (let i = 0; i < set.length; i++) if (set[i] !== 0) return false;
  return true;
}

/** The set as it is kept. */
export function settled(set: NodeSet): NodeSet {
  return isEmpty(set) ? noNodes : set;
}

/** Ascending. */
export function nodesIn(set: NodeSet): readonly number[] {
  const nodes: number[] = [];
  for (let i = 0; i < set.length; i++)
    for (let rest = set[i] ?? 0; rest !== 0; rest &= rest - 1)
      nodes.push(i * 32 + 31 - Math.clz32(rest & -rest));
  return nodes;
}

export function withoutNodes(set: NodeSet, gone: readonly number[]): NodeSet {
  if (set.length === 0 || gone.length === 0) return set;
  const left = set.slice();
  for (const node of gone) if (node >>> 5 < left.length) dropNode(left, node);
  return settled(left);
}

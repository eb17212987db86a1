import { HopTable } from '../compact/hop-table.ts';
import { type Destination, nodeAcross, stepAt } from '../forwarding/destination.ts';
import type { FamilyState } from '../state.ts';

/**
 * Where each hop set leads from a node, by number: most prefixes are reached over the same few ways, whatever their address. Made
 * for one state and one family.
 */
export interface Ways {
  readonly family: FamilyState;
  /** By node: the hop set it had last, and the way of that. Side by side, since every prefix goes over all nodes. */
  readonly lastSet: Int32Array;
  readonly lastWay: Int32Array;
  /** By hop set times nodes plus node: a place in `next`; `HANGS`, or `ONE` less the only node it leads to. */
  readonly known: Map<number, number>;
  /** How many nodes, and which, way after way. */
  next: Int32Array;
  end: number;
  readonly status: Uint8Array;
}

export function createWays(family: FamilyState, nodes: number): Ways {
  return {
    family,
    lastSet: new Int32Array(nodes).fill(-1),
    lastWay: new Int32Array(nodes).fill(HANGS),
    known: new Map(),
    next: new Int32Array(1024),
    end: 0,
    status: new Uint8Array(nodes),
  };
}

/** Ways that are no place: where it leads hangs on the address; to one node alone. */
const HANGS = -1;
const ONE = -2;

const ARRIVES = 1;
const ON_THE_WAY = 2;
const UNSURE = 3;
/** Has a route without BGP that may be the more specific one. */
const ASKED = 4;

interface Walk {
  readonly ways: Ways;
  readonly destination: Destination;
  readonly ends: ReadonlySet<number> | ReadonlyMap<number, unknown>;
}

/**
 * The sources of which it is not plain that all their traffic arrives; what becomes of those `fatesTowards` says. Every source and
 * every prefix is one step here, hence numbers.
 */
export function unsureOf(
  ways: Ways,
  destination: Destination,
  ends: ReadonlySet<number> | ReadonlyMap<number, unknown>,
  sources: readonly number[],
): readonly number[] {
  const { status, lastSet, lastWay } = ways;
  beginWalk(ways, destination);
  const walk: Walk = { ways, destination, ends };
  const fib = destination.bgp[0]?.fib ?? nothing;
  const unsure: number[] = [];
  for (const node of sources) {
    const way = status[node] === 0 && fib.at(node) === lastSet[node] ? (lastWay[node] ?? HANGS) : HANGS;
    // As `arrives` finds, for nearly all of them.
    if (way <= ONE && status[ONE - way] === ARRIVES) status[node] = ARRIVES;
    else if (!arrives(walk, node)) unsure.push(node);
  }
  return unsure;
}

const nothing = new HopTable(new Uint32Array(0));

function beginWalk({ status }: Ways, destination: Destination): void {
  status.fill(0);
  const shortest = destination.bgp.at(-1)?.prefix.length ?? -1;
  for (const { length, routes } of destination.kernel)
    if (length > shortest) for (const node of routes.keys()) status[node] = ASKED;
  for (const node of destination.owners) status[node] = ARRIVES;
}

/** Marks to whom all nodes but the `makers` pass on what goes to the destination. */
export function markNext(
  ways: Ways,
  destination: Destination,
  makers: ReadonlySet<number>,
  marks: Uint8Array,
): void {
  const walk: Walk = { ways, destination, ends: makers };
  beginWalk(ways, destination);
  for (let node = 0; node < marks.length; node++) {
    if (makers.has(node) || destination.owners.has(node)) continue;
    const way = ways.status[node] === ASKED ? HANGS : wayAt(walk, node);
    if (way === HANGS) markStepwise(destination, node, marks);
    else if (way <= ONE) marks[ONE - way] = 1;
    else for (let i = 1; i <= (ways.next[way] ?? 0); i++) marks[ways.next[way + i] ?? 0] = 1;
  }
}

function markStepwise(destination: Destination, node: number, marks: Uint8Array): void {
  const step = stepAt(destination, node);
  if (step.kind !== 'forwarded') return;
  for (const { node: next } of step.to) if (next !== null) marks[next] = 1;
}

function arrives(walk: Walk, node: number): boolean {
  const { status } = walk.ways;
  const now = status[node] ?? 0;
  if (now === ARRIVES) return true;
  if (now === ON_THE_WAY || now === UNSURE) return false;
  status[node] = ON_THE_WAY;
  const way = now === ASKED ? HANGS : wayAt(walk, node);
  const all = way === HANGS ? arrivesStepwise(walk, node) : allArrive(walk, way);
  status[node] = all ? ARRIVES : UNSURE;
  return all;
}

function allArrive(walk: Walk, way: number): boolean {
  if (way <= ONE) return arrives(walk, ONE - way);
  const { next } = walk.ways;
  const end = way + (next[way] ?? 0);
  for (let at = way + 1; at <= end; at++) if (!arrives(walk, next[at] ?? 0)) return false;
  return true;
}

/** With all that the general step looks at. */
function arrivesStepwise(walk: Walk, node: number): boolean {
  const step = stepAt(walk.destination, node);
  if (step.kind === 'delivered') return true;
  if (step.kind === 'lost') return walk.ends.has(node);
  return step.to.every(({ node: next }) => next !== null && arrives(walk, next));
}

/** By the most specific BGP route; `HANGS`: there is none, or it has to be looked at. */
function wayAt({ ways, destination }: Walk, node: number): number {
  for (const { fib } of destination.bgp) {
    const set = fib.at(node);
    if (set === 0) continue;
    return ways.lastSet[node] === set ? (ways.lastWay[node] ?? HANGS) : wayOf(ways, destination, node, set);
  }
  return HANGS;
}

function wayOf(ways: Ways, destination: Destination, node: number, set: number): number {
  const key = set * ways.status.length + node;
  let found = ways.known.get(key);
  if (found === undefined) {
    found = layWay(ways, destination, node, set);
    ways.known.set(key, found);
  }
  ways.lastSet[node] = set;
  ways.lastWay[node] = found;
  return found;
}

function layWay(ways: Ways, destination: Destination, node: number, set: number): number {
  const hops = ways.family.hopSets.sets[set] ?? [];
  const nodes: number[] = [];
  for (const hop of hops) {
    // Onto the segment itself: who is there with that address is another question for each address.
    const across = hop.gateway === null && hop.toNode === null ? null : nodeAcross(destination, node, hop);
    if (across === null) return HANGS;
    nodes.push(across);
  }
  const [only] = nodes;
  if (only === undefined) return HANGS;
  if (nodes.length === 1) return ONE - only;
  const start = ways.end;
  ways.end += nodes.length + 1;
  if (ways.end > ways.next.length) {
    const longer = new Int32Array(ways.end * 2);
    longer.set(ways.next);
    ways.next = longer;
  }
  ways.next[start] = nodes.length;
  ways.next.set(nodes, start + 1);
  return start;
}

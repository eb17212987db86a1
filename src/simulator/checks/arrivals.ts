import { type Destination, nodeAcross, stepAt } from '../destination.ts';
import type { FamilyState } from '../state.ts';

/**
 * Where each hop set leads from a node, by number: most prefixes are reached over the same few ways, whatever their address. Made
 * for one state and one family.
 */
export interface Ways {
  readonly family: FamilyState;
  /** By hop set: the node that asked last, and what it was told. */
  readonly lastNode: Int32Array;
  readonly last: (Int32Array | null)[];
  /** By hop set times nodes plus node; null: it hangs on the address. */
  readonly known: Map<number, Int32Array | null>;
  readonly status: Uint8Array;
}

export function createWays(family: FamilyState, nodes: number): Ways {
  return {
    family,
    lastNode: new Int32Array(family.hopSets.sets.length).fill(-1),
    last: [],
    known: new Map(),
    status: new Uint8Array(nodes),
  };
}

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
  const { status } = ways;
  status.fill(0);
  const shortest = destination.bgp.at(-1)?.prefix.length ?? -1;
  for (const { length, routes } of destination.kernel)
    if (length > shortest) for (const node of routes.keys()) status[node] = ASKED;
  for (const node of destination.owners) status[node] = ARRIVES;
  const walk: Walk = { ways, destination, ends };
  const unsure: number[] = [];
  for (const node of sources) if (!arrives(walk, node)) unsure.push(node);
  return unsure;
}

function arrives(walk: Walk, node: number): boolean {
  const { status } = walk.ways;
  const now = status[node] ?? 0;
  if (now === ARRIVES) return true;
  if (now === ON_THE_WAY || now === UNSURE) return false;
  status[node] = ON_THE_WAY;
  const next = now === ASKED ? null : nextNodes(walk, node);
  const all = next === null ? arrivesStepwise(walk, node) : allArrive(walk, next);
  status[node] = all ? ARRIVES : UNSURE;
  return all;
}

function allArrive(walk: Walk, next: Int32Array): boolean {
  for (let i = 0; i < next.length; i++) if (!arrives(walk, next[i] ?? 0)) return false;
  return true;
}

/** With all that the general step looks at. */
function arrivesStepwise(walk: Walk, node: number): boolean {
  const step = stepAt(walk.destination, node);
  if (step.kind === 'delivered') return true;
  if (step.kind === 'lost') return walk.ends.has(node);
  return step.to.every(({ node: next }) => next !== null && arrives(walk, next));
}

/** By the most specific BGP route; null: there is none, or it has to be looked at. */
function nextNodes({ ways, destination }: Walk, node: number): Int32Array | null {
  for (const { fib } of destination.bgp) {
    const set = fib[node] ?? 0;
    if (set !== 0)
      return ways.lastNode[set] === node ? (ways.last[set] ?? null) : waysOf(ways, destination, node, set);
  }
  return null;
}

function waysOf(ways: Ways, destination: Destination, node: number, set: number): Int32Array | null {
  const key = set * ways.status.length + node;
  let found = ways.known.get(key);
  if (found === undefined) {
    found = workOut(ways, destination, node, set);
    ways.known.set(key, found);
  }
  ways.lastNode[set] = node;
  ways.last[set] = found;
  return found;
}

function workOut(ways: Ways, destination: Destination, node: number, set: number): Int32Array | null {
  const hops = ways.family.hopSets.sets[set] ?? [];
  const next: number[] = [];
  for (const hop of hops) {
    // Onto the segment itself: who is there with that address is another question for each address.
    const across = hop.gateway === null && hop.toNode === null ? null : nodeAcross(destination, node, hop);
    if (across === null) return null;
    next.push(across);
  }
  return next.length === 0 ? null : Int32Array.from(next);
}

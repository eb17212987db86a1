import { judgesKernel } from '../kernel/fib.ts';
import type { Engine, SlotCandidate } from './engine.ts';
import type { Topology } from './topology.ts';

/**
 * What each router did with its table last time: prefix after prefix most routers stand before the same choice, the same
 * neighbours with the same attributes. Then the paths used together and the hops installed are the same too.
 */
export interface Outcomes {
  /** By slot: the last choice it was part of, counted by node; number of the attributes, length and first AS of the AS_PATH in it. */
  readonly partOf: Int32Array;
  readonly attributes: Int32Array;
  readonly lengths: Int32Array;
  readonly firstAs: Uint32Array;
  /** By node: number of the choice, how many paths there were (0: nothing is remembered), the slot of the best, the hop set, was it a matter of age. */
  readonly choices: Int32Array;
  readonly counts: Int32Array;
  readonly best: Int32Array;
  readonly hops: Int32Array;
  readonly byAge: Uint8Array;
}

export function createOutcomes({ peers, routers }: Topology): Outcomes {
  return {
    partOf: new Int32Array(peers.length),
    attributes: new Int32Array(peers.length),
    lengths: new Int32Array(peers.length),
    firstAs: new Uint32Array(peers.length),
    choices: new Int32Array(routers.length),
    counts: new Int32Array(routers.length),
    best: new Int32Array(routers.length),
    hops: new Int32Array(routers.length),
    byAge: new Uint8Array(routers.length),
  };
}

/** Numbers of attributes are about to stand for others. */
export function forgetOutcomes({ counts }: Outcomes): void {
  counts.fill(0);
}

/** Does the router stand before the same choice as last time, with no route of its own in the way? */
export function isSameChoice(outcomes: Outcomes, engine: Engine, node: number): boolean {
  const list = engine.lists[node] ?? [];
  if (outcomes.counts[node] !== list.length || outcomes.best[node] !== engine.best[node]?.slot) return false;
  if (engine.sameMed[node] === 0) return false;
  for (let i = 0; i < list.length; i++) {
    const candidate = list[i];
    if (!candidate || !isSame(outcomes, engine, node, candidate)) return false;
  }
  return true;
}

function isSame(outcomes: Outcomes, engine: Engine, node: number, { slot, path }: SlotCandidate): boolean {
  return (
    slot >= 0 &&
    outcomes.partOf[slot] === outcomes.choices[node] &&
    engine.judged[slot] === 1 &&
    outcomes.attributes[slot] === path.attributes &&
    outcomes.lengths[slot] === path.asPath.length &&
    outcomes.firstAs[slot] === path.asPath.neighborAs &&
    path.asPath.confedLength === 0
  );
}

/**
 * Notes the choice and what came of it, where both hang on nothing else: paths of external peers with their own next hops, MEDs
 * that are all the same, no policy towards the kernel.
 */
export function noteOutcome(
  outcomes: Outcomes,
  engine: Engine,
  node: number,
  hops: number,
  byAge: boolean,
): void {
  const list = engine.lists[node] ?? [];
  const choice = (outcomes.choices[node] ?? 0) + 1;
  outcomes.choices[node] = choice;
  outcomes.counts[node] = 0;
  if (engine.ordered[node] === 0 || engine.sameMed[node] === 0) return;
  const router = engine.topology.routers[node];
  if (router && judgesKernel(router.config)) return;
  for (const { slot, path, peer } of list) {
    if (slot < 0 || engine.judged[slot] === 0 || path.asPath.confedLength !== 0) return;
    if (peer?.type !== 'ebgp' && list.length > 1) return;
    outcomes.partOf[slot] = choice;
    outcomes.attributes[slot] = path.attributes;
    outcomes.lengths[slot] = path.asPath.length;
    outcomes.firstAs[slot] = path.asPath.neighborAs;
  }
  outcomes.counts[node] = list.length;
  outcomes.best[node] = engine.best[node]?.slot ?? -1;
  outcomes.hops[node] = hops;
  outcomes.byAge[node] = byAge ? 1 : 0;
}

import type { Path } from '../../bgp/attributes.ts';
import type { Damper, Flaps } from '../../bgp/dampening.ts';
import type { Peer } from '../../bgp/peer.ts';
import { type Engine, routerAt, type SlotCandidate } from './engine.ts';
import { judgeNextHop } from './judge.ts';

// Paths of external peers that flap (`bgp dampening`) stay in the table, unusable, when they are withdrawn, and once there were too
// many flaps also when they are back.

/** Listed as valid: the next hop works. */
export const SUPPRESSED = 'suppressed: it flapped too often';
const WITHDRAWN = 'withdrawn: kept for the history of its flaps';
const FORGOTTEN = 'withdrawn, its flaps are forgotten';

/** What the routers of an engine know of flaps. */
export interface Damping {
  /** At one router; null: it does not dampen. */
  readonly at: (node: number) => DampingRouter | null;
  readonly flaps: Map<SlotCandidate, KnownFlaps>;
  /** Paths that aggregates still count, by node: what is marked as withdrawn first is not taken off their books (`BGP_PATH_HOLDDOWN`). */
  readonly counted: Map<number, readonly Path[]>;
}

/** 'forgotten': the path is no more, and listed until somebody looks at the prefix (`bgp_damp_info_free` tells nobody). */
export type KnownFlaps = Flaps | 'forgotten';

export interface DampingRouter {
  readonly damper: Damper;
  /** Seconds on the clock at which dampening was switched on, and since then. */
  readonly since: number;
  readonly now: number;
}

/** The router of a slot, where it counts the flaps of what comes in there. */
export function damperOf({ damping }: Engine, node: number, peer: Peer | null): DampingRouter | null {
  return damping && peer?.type === 'ebgp' ? damping.at(node) : null;
}

/** Nobody announces such a path. */
export function isHistory(flaps: KnownFlaps | null | undefined): boolean {
  return flaps === 'forgotten' || flaps?.withdrawn === true;
}

/** Judges the next hop of a path, and says so where its flaps keep it from being used. */
export function judgeFlapping(engine: Engine, node: number, candidate: SlotCandidate): void {
  judgeNextHop(engine, node, routerAt(engine.topology, node), candidate);
  const flaps = engine.damping?.flaps.get(candidate);
  if (!flaps) return;
  // The judgement is kept for other prefixes: there it is another one.
  if (candidate.slot >= 0) engine.judged[candidate.slot] = 0;
  if (flaps === 'forgotten') candidate.invalid = FORGOTTEN;
  else if (flaps.withdrawn) candidate.invalid = WITHDRAWN;
  else if (flaps.suppressed) candidate.invalid ??= SUPPRESSED;
}

/** The prefix is looked at: what is only listed goes. */
export function dropForgotten({ damping, inList, lists }: Engine, node: number): void {
  const list = lists[node];
  if (!damping || damping.flaps.size === 0 || !list) return;
  for (const candidate of [...list]) {
    if (damping.flaps.get(candidate) !== 'forgotten') continue;
    damping.flaps.delete(candidate);
    list.splice(list.indexOf(candidate), 1);
    if (candidate.slot >= 0) inList[candidate.slot] = 0;
  }
}

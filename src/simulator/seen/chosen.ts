import { decide } from '../../bgp/rib/decide.ts';
import type { Defaults } from '../dependencies.ts';
import { redecide } from '../engine/choose.ts';
import type { Origins, Oscillation, StartOrder } from '../engine/converge.ts';
import { drain, inOrder, openSlot } from '../engine/converge.ts';
import { addLocal, type Engine, routerAt, type SlotCandidate } from '../engine/engine.ts';
import { tellAll } from '../engine/tell.ts';
import { seenUp } from '../orders/timed-order.ts';
import { setLeader } from '../peers/update-groups.ts';
import { shownOf } from '../result/path-results.ts';
import type { PathResult } from '../result/result.ts';
import { leaveRemains } from './remains.ts';

/** A path as a table shows it. */
export type ShownPath = Pick<
  PathResult,
  'best' | 'from' | 'nextHop' | 'asPath' | 'localPref' | 'med' | 'communities'
> & { readonly origin: string | null };

/** Tables as they were seen. */
export interface Seen {
  /** The paths of a node for a prefix, by its text. */
  readonly paths: (node: number, prefix: string) => readonly ShownPath[];
  /** Was what leads to this next hop usable there? undefined: nothing does. */
  readonly usable: (node: number, nextHop: string) => boolean | undefined;
  /** The AS that leads each of the update groups in which the AS of one peer counts for others, by family and place; absent: that of the first session. */
  readonly leaders?: ReadonlyMap<string, number>;
}

/**
 * Passes paths on where it is settled who chooses what: each router takes the path from the neighbor whose path was seen to be best as soon as it is
 * there. What every table then holds follows from the rules of import and export, in whatever order messages come; and with what the habits of
 * daemons leave behind (`remains.ts`). Each decision can then be held against what was chosen (`stands.ts`).
 */
export function passOn(engine: Engine, origins: Origins, defaults: Defaults, order: StartOrder): Oscillation {
  const { seen } = order;
  if (!seen) return null;
  engine.choice = (node, list) => {
    const router = routerAt(engine.topology, node);
    // It shows no table, and says what it was told to; nor are tables beside that of the family shown.
    if (node >= engine.topology.beside.first) return decide(router.process, list);
    if (router.config.profile.quirks.originatesOnly) return decide(router.process, list);
    const best = seen.paths(node, engine.prefix.text).find((one) => one.best);
    return best ? candidateShownAs(engine, node, list, best) : null;
  };
  for (const slot of inOrderOfStart(engine, order)) openSlot(engine, slot);
  for (const place of engine.sharedAs.keys()) {
    const asn = seen.leaders?.get(`${engine.topology.family} ${place}`);
    if (asn !== undefined) setLeader(engine, place, asn);
  }
  const starting = inOrder(order, [...origins.keys()]);
  for (const node of starting) for (const path of origins.get(node) ?? []) addLocal(engine, node, path);
  for (const node of starting) redecide(engine, node);
  for (const node of defaults.keys()) tellAll(engine, node);
  return drain(engine) ?? leaveRemains(engine, seen);
}

/** Who was there first leads its update group. */
function inOrderOfStart(engine: Engine, { upAt }: StartOrder): readonly number[] {
  const { reverse } = engine.topology;
  const slots = [...reverse.keys()].filter((slot) => (reverse[slot] ?? -1) >= 0);
  if (!upAt) return slots;
  const at = new Map(slots.map((slot) => [slot, seenUp(engine, upAt, slot) ?? 0]));
  return slots.sort((a, b) => (at.get(a) ?? 0) - (at.get(b) ?? 0));
}

/** Among several from one neighbor the one with all the attributes. */
function candidateShownAs(
  engine: Engine,
  node: number,
  list: readonly SlotCandidate[],
  wanted: ShownPath,
): SlotCandidate | null {
  const from = list.filter(({ peer }) => (peer?.name ?? '') === wanted.from);
  if (from.length < 2) return from[0] ?? null;
  // Local routes that look the same are told apart by what is not shown.
  const alike = from.filter((candidate) => isShownAs(engine, node, candidate, wanted));
  return decide(routerAt(engine.topology, node).process, alike) ?? from[0] ?? null;
}

export function isShownAs(
  { topology }: Engine,
  node: number,
  candidate: SlotCandidate,
  wanted: ShownPath,
): boolean {
  const shown = shownOf(routerAt(topology, node), candidate, topology.family);
  return (
    shown.nextHop === wanted.nextHop &&
    shown.asPath === wanted.asPath &&
    shown.localPref === wanted.localPref &&
    shown.med === wanted.med &&
    shown.origin === wanted.origin &&
    shown.communities.join() === wanted.communities.join()
  );
}

import { bgpLookup } from '../forwarding/destination.ts';
import type { Ground } from '../ground.ts';
import { type Met, meetAgain, metAll } from '../sessions/meet-again.ts';
import { meetAll, type SessionEnd } from '../sessions/sessions.ts';
import type { SimulationState } from '../state.ts';
import { neighborOf, pairOf } from './ends.ts';
import { momentOf } from './first-moment.ts';
import type { Moment } from './moment.ts';
import { pairKey } from './world.ts';

/** Who would have a session with whom over the routes of `routes`, in the world of the moment. */
export function wantedNow(met: Met, ground: Ground, { world, closed }: Moment): readonly SessionEnd[] {
  if (world.sessionsDown.size + closed.size === 0) return met.ends;
  const nameOf = (node: number) => ground.wiring.nodes[node]?.node.name ?? '';
  const between = namesIn(world.sessionsDown);
  const isDown = ({ node, peerNode }: SessionEnd) =>
    peerNode !== null &&
    between.has(nameOf(node)) &&
    world.sessionsDown.has(pairKey([nameOf(node), nameOf(peerNode)]));
  return met.ends.map((end) => {
    const why = closed.size > 0 ? closed.get(neighborOf(end)) : undefined;
    if (!why && !isDown(end)) return end;
    const { reason, flaps } = why ?? { reason: 'administratively shut down' };
    return { ...end, state: 'Idle', other: null, reason, ...(flaps ? { flaps } : {}) };
  });
}

/** All that may be a name in keys of pairs. */
function namesIn(keys: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const key of keys)
    for (let at = key.indexOf(' '); at >= 0; at = key.indexOf(' ', at + 1))
      names.add(key.slice(0, at)).add(key.slice(at + 1));
  return names;
}

/** Everybody tries, over the routes of `routes`. */
export function meetNow(ground: Ground, routes: SimulationState, before: SimulationState): Met {
  const { wiring, tables, speakers } = ground;
  const over = { wiring, tables, route: bgpLookup(routes) };
  const last = before.met ?? firstMet(before);
  return last ? meetAgain(over, speakers, last) : metAll(over, speakers, meetAll(over, speakers).all());
}

/** The ends of a state that began from nothing are as they met, unless some of them have changed since. */
function firstMet(state: SimulationState): Met | null {
  const known = firstMeetings.get(state);
  if (known !== undefined) return known;
  const found = workOutFirst(state);
  firstMeetings.set(state, found);
  return found;
}

/** Asked again for every failure that is tried. */
const firstMeetings = new WeakMap<SimulationState, Met | null>();

function workOutFirst(state: SimulationState): Met | null {
  const { wiring, tables, speakers, past } = state;
  const ends = state.ends.all();
  if (past || ends.some((end) => end.closedBy !== undefined || end.silent || 'early' in end)) return null;
  return metAll({ wiring, tables, route: () => null }, speakers, ends);
}

/** Would another meeting over the tables as they are now change nothing? */
export function isAsWanted(state: SimulationState, now: Moment): boolean {
  const met = meetNow(state, state, state);
  const wanted = wantedNow(met, state, now);
  const ends = state.ends.all();
  // All stand as they met before, and whoever met is up, and nobody else.
  const same =
    met.ends.length === state.met?.ends.length &&
    met.from.every((from, place) => from === place || met.ends[place]?.other === null) &&
    wanted.every(({ other }, place) => (other === null) === ((ends[place]?.other ?? null) === null)) &&
    ends.every(({ other }, place) => other === null || place < wanted.length);
  return same || samePairs(state, wanted);
}

/** Are those up, or on the way, who would be? */
function samePairs(state: SimulationState, wanted: readonly SessionEnd[]): boolean {
  const up = pairsOf(state.ends.all());
  const waiting = momentOf(state).waiting;
  const possible = pairsOf(wanted);
  const believing = new Set(state.ends.all().filter(believes).map(neighborOf));
  // Where both believe, and reach each other again over the routes as they are now, the session goes on.
  const isHeld = (pair: readonly SessionEnd[]) => {
    const count = pair.filter((end) => believing.has(neighborOf(end))).length;
    return count > 0 && count < pair.length;
  };
  return (
    [...possible].every(([key, pair]) => up.has(key) || waiting.has(key) || isHeld(pair)) &&
    [...up.keys()].every((key) => possible.has(key))
  );
}

/** It has not noticed that its session is gone, and does not begin another; one that only keeps routes for a restart does. */
function believes({ silent, state }: SessionEnd): boolean {
  return silent !== undefined && state === 'Established';
}

function pairsOf(ends: readonly SessionEnd[]): ReadonlyMap<string, readonly SessionEnd[]> {
  return new Map(
    ends.flatMap((end) => {
      const other = ends[end.other ?? -1];
      return other ? [[pairOf(end, other), [end, other]] as const] : [];
    }),
  );
}

import { listens } from '../sessions/listening.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import { idleByCommand } from './commanded.ts';
import { daemonOf, neighborOf, seesWay } from './ends.ts';
import { dialAfter, habitsOf, startsAfter } from './habits.ts';
import { heldByFiles, isDialledAgain, isLeftIdle } from './held.ts';
import { beginPause, forgetErrors } from './pauses.ts';
import type { Notes, Situation } from './situation.ts';

/** Seconds on the clock at which the session comes up: the next time that one of the two dials and the other answers. */
export function readyAt(
  situation: Situation,
  pair: readonly [SessionEnd, SessionEnd],
  notes: Notes,
  earlier: ReadonlyMap<string, SessionEnd>,
): number {
  const { clock, routers } = situation;
  const { tries, pauses } = notes;
  for (const end of pair) {
    forgetErrors(situation, end, notes, earlier);
    beginPause(situation, end, tries, pauses);
    const held = heldByFiles(situation, end, earlier);
    if (held > 0) pauses.set(neighborOf(end), clock + held);
    const idle = idleByCommand(situation, end, earlier);
    if (idle > 0) for (const map of [tries, pauses]) map.set(neighborOf(end), clock + idle);
  }
  const freeAt = (end: SessionEnd) => Math.max(clock, pauses.get(neighborOf(end)) ?? 0);
  const dials = pair.map((end, side) => {
    const peer = pair[1 - side] ?? end;
    if (end.config.passive || end.dynamic || !listens(peer.config, end.config))
      return Number.POSITIVE_INFINITY;
    const habits = habitsOf(routers[end.node], end);
    // It dials in the moment it is let go.
    const held = heldByFiles(situation, end, earlier) > 0;
    if (!held && isLeftIdle(end, earlier)) tries.set(neighborOf(end), Number.POSITIVE_INFINITY);
    else if (held || beginsAnew(situation, end, earlier))
      tries.set(neighborOf(end), freeAt(end) - (held ? habits.dialsAfter : 0));
    const started = tries.get(daemonOf(end.node)) ?? 0;
    const began = tries.get(neighborOf(end)) ?? started;
    const first = began + (began === started ? startsAfter(habits) : habits.dialsAfter);
    const shut = peer.dynamic ? 0 : (habitsOf(routers[peer.node], peer).heldAtStart ?? 0);
    const open = (tries.get(daemonOf(peer.node)) ?? Number.NEGATIVE_INFINITY) + shut;
    const answered = Math.max(freeAt(end), freeAt(peer), open);
    const retry = end.config.timers.connectRetry;
    const waits = habits.callsOnceWhileKeeping ? keepsUntil(notes, end) : null;
    const next = waits === null || first >= answered ? first : Math.max(first, waits + retry);
    return dialAfter(next, answered, habits, retry);
  });
  return Math.min(...dials);
}

/** Until when the end keeps the routes of a peer that is gone, should it stay so; null: it keeps none. */
function keepsUntil({ silent }: Notes, end: SessionEnd): number | null {
  const kept = silent.get(neighborOf(end))?.end;
  if (!kept?.silent || kept.state === 'Established') return null;
  const { until, staleFor = 0, isStale } = kept.silent;
  return isStale ? until : until + staleFor;
}

/** A daemon that watches the way to its peer dials as soon as it is there again; the others wait for their timers. */
function beginsAnew(
  { ground, groundBefore, routers, routersBefore, started }: Situation,
  end: SessionEnd,
  earlier: ReadonlyMap<string, SessionEnd>,
): boolean {
  const { node } = end;
  if (started.has(node)) return true;
  const [router, old] = [routers[node], routersBefore[node]];
  if (router?.bgp !== old?.bgp && isDialledAgain(end, router, old, earlier)) return true;
  return habitsOf(routers[node]).watchesWay && seesWay(ground, end) && !seesWay(groundBefore, end);
}

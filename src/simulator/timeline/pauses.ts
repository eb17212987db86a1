import type { WiredInterface } from '../kernel/wiring.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import type { Ground } from '../sessions/transport.ts';
import { connectionOf, neighborOf } from './ends.ts';
import { habitsOf } from './habits.ts';
import type { Notes, Situation } from './situation.ts';

/** Seconds after which BIRD forgets an error (`error forget time`), and the most by which its pauses grow. */
const ERRORS_REMEMBERED = 300;
const LONGEST_PAUSE = 5;

/**
 * Seconds of pause after a loss. An error within 300 s of another doubles it, and once there was one every later start is delayed
 * (BIRD keeps `startup_delay`). Without its interface the pause begins when that is back (Infinity: not known yet); an interface that was set
 * down here is no error of its own (bgp_neigh_notify).
 */
export function pauseAfterError(
  { ground, routers, clock }: Situation,
  end: SessionEnd,
  tries: Map<string, number>,
  reached: boolean,
): number {
  const pause = habitsOf(routers[end.node], end).pauseAfterError ?? 0;
  if (pause === 0) return 0;
  const near = nearInterface(ground, end);
  const away = near !== undefined && !near.up;
  const [erred, times] = [erredOf(end), timesOf(end)];
  const last = tries.get(erred);
  if (!reached && !(away && !near.noCarrier)) {
    const again = last !== undefined && clock - last < ERRORS_REMEMBERED;
    tries.set(times, again ? Math.min(LONGEST_PAUSE, 2 * (tries.get(times) ?? 1)) : 1);
    tries.set(erred, clock);
  }
  const grown = pause * (tries.get(times) ?? 0);
  return away && grown > 0 ? Number.POSITIVE_INFINITY : grown;
}

/** A session that other files make anew has had no error (BIRD: `proto_rethink_goal` makes another instance, with a `startup_delay` of 0). */
export function forgetErrors(
  { routers, routersBefore, started }: Situation,
  end: SessionEnd,
  { tries, pauses }: Notes,
  earlier: ReadonlyMap<string, SessionEnd>,
): void {
  const { node } = end;
  const [router, old] = [routers[node], routersBefore[node]];
  if (!router || !old || router === old || started.has(node)) return;
  if (!habitsOf(router).beginsAnewWithFiles) return;
  const before = earlier.get(neighborOf(end));
  if (before && !before.config.shutdown && connectionOf(before, old) === connectionOf(end, router)) return;
  pauses.delete(neighborOf(end));
  tries.delete(timesOf(end));
  tries.delete(erredOf(end));
}

function erredOf(end: SessionEnd): string {
  return `${neighborOf(end)} erred`;
}

function timesOf(end: SessionEnd): string {
  return `${neighborOf(end)} pauses`;
}

export function nearInterface(
  { wiring }: Ground,
  { node, interface: own }: SessionEnd,
): WiredInterface | undefined {
  return wiring.nodes[node]?.interfaces.find(({ name }) => name === own?.name);
}

/** The interface is back: a pause that waited for it begins. */
export function beginPause(
  { clock, routers }: Situation,
  end: SessionEnd,
  tries: Map<string, number>,
  pauses: Map<string, number>,
): void {
  if (pauses.get(neighborOf(end)) === Number.POSITIVE_INFINITY)
    repeatPause({ clock, routers }, end, tries, pauses);
}

/** As long a pause as the last one, from now on. */
export function repeatPause(
  { clock, routers }: Pick<Situation, 'clock' | 'routers'>,
  end: SessionEnd,
  tries: Map<string, number>,
  pauses: Map<string, number>,
): void {
  const pause = habitsOf(routers[end.node], end).pauseAfterError ?? 0;
  const until = clock + pause * (tries.get(timesOf(end)) ?? 1);
  pauses.set(neighborOf(end), until);
  tries.set(neighborOf(end), until);
}

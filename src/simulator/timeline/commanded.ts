import type { AskedAgain } from '../../bgp/peer-config.ts';
import type { Router } from '../../bgp/router.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import { neighborOf } from './ends.ts';
import { habitsOf } from './habits.ts';
import type { Situation } from './situation.ts';

// What commands ask of a daemon (GoBGP): they come with other files, and those say how often each thing was asked for so far.

interface Told {
  readonly config: { readonly asked?: AskedAgain };
}

function isMore(
  kind: 'reset' | 'closed' | 'judged' | 'told',
  was: Told | null | undefined,
  now: Told,
): boolean {
  return (now.config.asked?.[kind] ?? 0) > (was?.config.asked?.[kind] ?? 0);
}

/** Has a command asked for everything to be said once more? */
export function isToldByCommand(was: Told | null | undefined, now: Told | null | undefined): boolean {
  return now != null && isMore('told', was, now);
}

/**
 * Does the daemon judge again what it received on this session? Policies that commands change count for what comes from then on, until a command or
 * another text in the file has everything judged.
 */
export function isJudgedAgain(
  was: { readonly router: Router | null | undefined; readonly peer: Told | null | undefined },
  now: { readonly router: Router; readonly peer: Told | null | undefined },
): boolean {
  if (was.router?.bgp.policyText !== now.router.bgp.policyText) return true;
  return now.peer != null && isMore('judged', was.peer, now.peer);
}

/** Seconds for which an end neither dials nor answers since a command has reset its session, or let it up again; 0: none has. */
export function idleByCommand(
  { routers, routersBefore, started }: Pick<Situation, 'routers' | 'routersBefore' | 'started'>,
  end: SessionEnd,
  earlier: ReadonlyMap<string, SessionEnd>,
): number {
  const { node } = end;
  if (routers[node] === routersBefore[node] || started.has(node)) return 0;
  const was = earlier.get(neighborOf(end));
  if (!was) return 0;
  const habits = habitsOf(routers[node], end);
  if (isMore('reset', was, end)) return habits.pauseAfterReset ?? 0;
  return was.config.shutdown && !end.config.shutdown ? (habits.pauseAfterLoss ?? 0) : 0;
}

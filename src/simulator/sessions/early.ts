import type { Router } from '../../bgp/router.ts';
import { habitsOf, startsAfter } from '../timeline/habits.ts';
import { ListedSessions, type SessionList } from './session-list.ts';
import type { SessionEnd } from './sessions.ts';

/**
 * Does an end that started so many seconds ago still look for its import policy, while the peer says everything once only? Then what
 * it hears is refused, and stays so: FRR asks for it again only where the peer has route refresh. Configured neighbors are held until
 * just before that, callers of a listen range are not (seen with ExaBGP on 8.4).
 */
export function isEarly(
  end: SessionEnd,
  peer: SessionEnd,
  routers: readonly (Router | null)[],
  seconds: number,
): boolean {
  if (!end.dynamic) return false;
  if (!Object.values(end.config.families).some(({ importPolicyAtFirst }) => importPolicyAtFirst))
    return false;
  const finds = habitsOf(routers[end.node], end).findsPoliciesAfter ?? 0;
  return seconds < finds && habitsOf(routers[peer.node], peer).answersRefresh === false;
}

/** Sessions of daemons that have started together, each marked where it came up too early. */
export function markEarly(list: SessionList, routers: readonly (Router | null)[]): SessionList {
  if (!list.anyDynamic()) return list;
  const ends = list.all();
  return new ListedSessions(
    ends.map((end) => {
      const peer = ends[end.other ?? -1];
      if (!peer) return end;
      const dials = [end, peer]
        .filter(({ config, dynamic }) => !config.passive && !dynamic)
        .map((one) => startsAfter(habitsOf(routers[one.node], one)));
      return isEarly(end, peer, routers, Math.min(...dials)) ? { ...end, early: true } : end;
    }),
  );
}

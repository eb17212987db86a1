import { familyNames } from '../../base/family.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { Router } from '../../bgp/router.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import type { SimulationState } from '../state.ts';
import { neighborOf } from './ends.ts';
import { habitsOf } from './habits.ts';
import type { Closed, Moment } from './moment.ts';

/** The ends of sessions that a daemon keeps closed, from `clock` on. */
export function closedEnds(ends: readonly SessionEnd[], clock: number): ReadonlyMap<string, Closed> {
  return new Map(
    ends.flatMap((end) => {
      const { closedBy, closedFor: of, reason, flaps, reopensAfter } = end;
      if (closedBy === undefined) return [];
      const until = reopensAfter === undefined ? {} : { until: clock + reopensAfter };
      return [
        [neighborOf(end), { by: closedBy, of, reason, ...until, ...(flaps ? { flaps } : {}) }] as const,
      ];
    }),
  );
}

/**
 * Do other files open the session? FRR's do where the limit was taken away or another one is set (peer_maximum_prefix_unset). BIRD makes
 * a protocol that is down again whatever they say; one that waits for its pause only where its session is another one
 * (`proto_reconfigure`).
 */
function isOpenedByFiles(router: Router | null | undefined, { of, until }: Closed): boolean {
  if (!router || !of) return false;
  const now = router.bgp.peers.find(
    ({ address, interface: name }) => address?.text === of.address?.text && name === of.interface,
  );
  if (now === undefined) return false;
  if (habitsOf(router).beginsAnewWithFiles) return until === undefined || now.resetBy !== of.resetBy;
  return now !== of && limitsOf(now) !== limitsOf(of);
}

function limitsOf({ families }: PeerConfig): string {
  return familyNames
    .map((family) => {
      const { maximumPrefix, maximumPrefixForce, maximumPrefixRestart } = families[family] ?? {};
      return [maximumPrefix, maximumPrefixForce, maximumPrefixRestart].join();
    })
    .join(' ');
}

/**
 * The moment without the sessions whose daemon has started (or loaded other files: `reread`), whose time is over, or that come up again
 * whatever happens (`changed`: something does).
 */
export function withoutReopened(
  moment: Moment,
  routers: SimulationState['routers'],
  { started, reread }: { readonly started: ReadonlySet<number>; readonly reread: ReadonlySet<number> },
  changed: boolean,
): Moment {
  const { closed, clock } = moment;
  const isDue = (one: Closed) =>
    (one.until !== undefined && one.until <= clock) ||
    (reread.has(one.by) && isOpenedByFiles(routers[one.by], one));
  // What comes up again and again is up again after any change, and goes down where its reason is still there.
  const opens = (one: Closed) => started.has(one.by) || (one.flaps && changed) || isDue(one);
  const stillClosed = new Map([...closed].filter(([, one]) => !opens(one)));
  const due = [...closed].filter(([, one]) => isDue(one));
  if (due.length === 0) return { ...moment, closed: stillClosed };
  // FRR makes a session again and dials at once, BIRD as at its start.
  const dialled = due.map(([key, { by }]) => {
    const { beginsAnewWithFiles, dialsAfter } = habitsOf(routers[by]);
    return [key, beginsAnewWithFiles ? clock : clock - dialsAfter] as const;
  });
  return { ...moment, closed: stillClosed, tries: new Map([...moment.tries, ...dialled]) };
}

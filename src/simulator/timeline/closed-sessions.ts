import type { SessionEnd } from '../sessions.ts';
import type { SimulationState } from '../state.ts';
import { neighborOf } from './ends.ts';
import { habitsOf } from './habits.ts';
import type { Closed, Moment } from './moment.ts';

/** The ends of sessions that a daemon keeps closed, from `clock` on. */
export function closedEnds(ends: readonly SessionEnd[], clock: number): ReadonlyMap<string, Closed> {
  return new Map(
    ends.flatMap((end) => {
      const { closedBy, reason, flaps, reopensAfter } = end;
      if (closedBy === undefined) return [];
      const until = reopensAfter === undefined ? {} : { until: clock + reopensAfter };
      return [[neighborOf(end), { by: closedBy, reason, ...until, ...(flaps ? { flaps } : {}) }] as const];
    }),
  );
}

/** The moment without the sessions whose daemon has started, whose time is over, or that come up again whatever happens (`changed`: something does). */
export function withoutReopened(
  moment: Moment,
  { routers }: SimulationState,
  started: ReadonlySet<number>,
  changed: boolean,
): Moment {
  const { closed, clock } = moment;
  const isDue = ({ until }: Closed) => until !== undefined && until <= clock;
  // What comes up again and again is up again after any change, and goes down where its reason is still there.
  const opens = (one: Closed) => started.has(one.by) || (one.flaps && changed) || isDue(one);
  const stillClosed = new Map([...closed].filter(([, one]) => !opens(one)));
  const due = [...closed].filter(([, one]) => isDue(one));
  if (due.length === 0) return { ...moment, closed: stillClosed };
  // Who makes a session again dials at once.
  const dialled = due.map(([key, { by }]) => [key, clock - habitsOf(routers[by]).dialsAfter] as const);
  return { ...moment, closed: stillClosed, tries: new Map([...moment.tries, ...dialled]) };
}

import type { Router } from '../../bgp/router.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import type { Ground } from '../sessions/transport.ts';
import type { Moment } from './moment.ts';

/** What is known when sessions are looked at again. */
export interface Situation {
  readonly ground: Ground;
  readonly groundBefore: Ground;
  readonly clock: number;
  /** As it is now; null: no daemon runs there. */
  readonly routers: readonly (Router | null)[];
  readonly routersBefore: readonly (Router | null)[];
  /** Nodes whose daemon has just started: it knows of no session of before. */
  readonly started: ReadonlySet<number>;
  /** Nodes whose daemon was killed: it took leave of nobody. */
  readonly killed: ReadonlySet<number>;
  /** Who would have a session with whom if all of them tried now. */
  readonly wanted: readonly SessionEnd[];
  /** By place in `wanted`: its place in `before`, where both hosts and all between them are as they were; -1: not known to be. */
  readonly from: Int32Array;
  readonly before: readonly SessionEnd[];
  readonly moment: Pick<Moment, 'tries' | 'pauses'>;
}

/** The sessions as they are now. */
export interface Sessions {
  readonly ends: readonly SessionEnd[];
  /** For each end its place in the list before; -1: new. */
  readonly from: readonly number[];
  readonly waiting: ReadonlyMap<string, number>;
  readonly tries: ReadonlyMap<string, number>;
  readonly pauses: ReadonlyMap<string, number>;
}

/** What is written down about ends that are not up. */
export interface Notes {
  readonly silent: Map<string, { readonly end: SessionEnd; readonly place: number }>;
  readonly tries: Map<string, number>;
  readonly pauses: Map<string, number>;
}

/** Which of the two ends still believe in the session. */
export interface Belief {
  readonly ends: readonly [SessionEnd, SessionEnd];
  /** Places in the list before; null: that end has given up. */
  readonly places: readonly [number | null, number | null];
}

import type { SourceRange } from '../../base/source.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { Conditions } from './conditions.ts';
import type { DampeningSince } from './dampening.ts';
import type { KernelGroups } from './kernel-groups.ts';
import type { World } from './world.ts';

/** A point on the virtual clock. */
export interface Moment {
  readonly world: World;
  /** Seconds. */
  readonly clock: number;
  /** When a session that could come up does: seconds by `pairOf`. */
  readonly waiting: ReadonlyMap<string, number>;
  /** When a daemon last began to try: seconds by `neighborOf`, and by `daemonOf` for all its neighbors. */
  readonly tries: ReadonlyMap<string, number>;
  /** Until when an end neither dials nor answers: seconds by `neighborOf`. */
  readonly pauses: ReadonlyMap<string, number>;
  /** Ends of sessions that were closed for good: by `neighborOf`. */
  readonly closed: ReadonlyMap<string, Closed>;
  /** What routers have found when they last asked for the conditions of `advertise-map`. Absent: nobody asks, or nothing has happened yet. */
  readonly conditions?: Conditions | undefined;
  /** Since when routers dampen. */
  readonly dampening?: DampeningSince | undefined;
  /** Worked out when somebody asks. Absent: nothing has happened yet. */
  readonly groups?: () => KernelGroups;
}

export interface Closed {
  /** The node whose next start opens it again. */
  readonly by: number;
  readonly reason: string;
  /** That node's neighbor: with another limit the session is made again. */
  readonly of: PeerConfig | undefined;
  /** Seconds on the clock at which that node makes the session again. */
  readonly until?: number;
  /** As at a session end: it opens again by itself. */
  readonly flaps?: readonly SourceRange[];
}

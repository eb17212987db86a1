import type { World } from './world.ts';

/** A point on the virtual clock. */
export interface Moment {
  readonly world: World;
  /** Seconds. */
  readonly clock: number;
  /** When a session that could come up does: seconds by `pairOf`. */
  readonly waiting: ReadonlyMap<string, number>;
  /** Until when an end that lost its session neither dials nor answers: seconds by `endOf`. */
  readonly idle: ReadonlyMap<string, number>;
}

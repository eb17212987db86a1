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
}

import type { LabFabric } from './fabric.ts';
import { goOn, pause, type Steps } from './steps.ts';
import type { FabricTables } from './tables.ts';

export interface Awaited {
  /** Session ends that are up in the end, or every one that a daemon has; with fewer it takes longer until all is taken for done. */
  readonly sessions: number | 'all';
  /** Seconds after which nobody waits for sessions any more; `PATIENCE` where not given. */
  readonly patience?: number;
  /** Are these the tables that are expected? Then one look more is enough. */
  readonly expected: (tables: FabricTables) => boolean;
  /** Seconds after which a fabric that has not come to rest never will. */
  readonly bound: number;
  /** Seconds between two questions at least; default 0.25. Where many fabrics run, asking is most of the work. */
  readonly every?: number;
}

export interface Convergence {
  readonly tables: FabricTables;
  /** False: something still moved when the time was over. */
  readonly settled: boolean;
  /** Seconds until the last change, and until it was certain. */
  readonly seconds: number;
  readonly waited: number;
  /** Host → seconds until its last change. */
  readonly lastChange: ReadonlyMap<string, number>;
}

/** FRR holds back its first announcement for a second and more, routes for `advertisement-interval` (RFC 4271 10: up to 5 s on iBGP). */
const QUIET = 6;
/** Tables that are the expected ones have only to stay so. */
const QUIET_AS_EXPECTED = 1;
/** GoBGP takes up to 10 s before it dials, others retry after 30: nothing is final while a session is missing. */
const PATIENCE = 45;

/**
 * Asks the daemons until they are at rest: no table version, session or queue has moved for some seconds. Versions are cheap and
 * asked for all the time; the tables once they stand still. Throws `Interrupted`.
 */
export async function converge(lab: LabFabric, awaited: Awaited, steps: Steps): Promise<Convergence> {
  const begin = Date.now();
  const elapsed = () => (Date.now() - begin) / 1000;
  let last: ReadonlyMap<string, string> = new Map();
  const lastChange = new Map<string, number>();
  let since = 0;
  let tables: FabricTables | null = null;
  let asExpected = false;
  for (;;) {
    goOn(steps);
    const asked = elapsed();
    const versions = await lab.versions();
    const moved = [...versions].filter(([host, version]) => last.get(host) !== version);
    if (moved.length > 0) {
      for (const [host] of moved) lastChange.set(host, elapsed());
      [last, since, tables] = [versions, elapsed(), null];
    } else if (tables === null) {
      tables = await lab.tables();
      asExpected = awaited.expected(tables);
    }
    const quiet = elapsed() - since;
    if (tables !== null && quiet >= (asExpected ? QUIET_AS_EXPECTED : QUIET)) {
      const again = await lab.tables();
      // The kernel is no part of the versions.
      const same = JSON.stringify(again) === JSON.stringify(tables);
      const { sessions, patience = PATIENCE } = awaited;
      const enough = asExpected || areUp(again, sessions) || elapsed() > patience;
      if (same && enough)
        return { tables: again, settled: true, seconds: since, waited: elapsed(), lastChange };
      if (!same) [since, tables] = [elapsed(), null];
    }
    if (elapsed() > awaited.bound)
      return { tables: await lab.tables(), settled: false, seconds: since, waited: elapsed(), lastChange };
    // Asking takes its time from the daemons, which have to come to rest.
    await pause(1000 * Math.max(awaited.every ?? 0.25, 2 * (elapsed() - asked)), steps);
  }
}

function areUp(tables: FabricTables, wanted: number | 'all'): boolean {
  const sessions = Object.values(tables).flatMap((host) => host.sessions);
  const up = sessions.filter(({ state }) => state === 'Established').length;
  return up >= (wanted === 'all' ? sessions.length : wanted);
}

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulatedConfigs } from '../../pipeline/topology/simulate-configs.ts';
import { type Departure, departures } from '../compare/at-rest.ts';
import { type Comparison, compareTables, SESSIONS } from '../compare/one-order.ts';
import { drawnOrder, simulatedTables, simulateFolder, upCount } from '../compare/simulated.ts';
import { LabFabric } from '../fabric.ts';
import { readPlan } from '../plan/plan.ts';
import type { FabricTables } from '../tables.ts';
import { type FabricSize, usualSize, writeRandomFabric } from './random-fabric.ts';

export interface RandomRun {
  readonly seed: number;
  /** The fabric with expected.json and, where they differ, simulated.json beside, for a closer look. */
  readonly folder: string;
  /**
   * 'by-run': the daemons do not agree with themselves from run to run; 'unsettled': the real tables never came to rest; 'failed': a daemon did not take its
   * files, or a lab its daemons.
   */
  readonly verdict: Seen['verdict'] | 'by-run' | 'unsettled' | 'failed';
  /** Prefixes that came out otherwise when the same files were run again. */
  readonly byRun: readonly string[];
  readonly byOrder: Comparison['byOrder'];
  readonly mismatched: readonly string[];
  /** Prefixes of which the simulator says that they never settle. */
  readonly oscillating: readonly string[];
  /** Prefixes of which it says so, and which are as no order has them. */
  readonly circling: readonly string[];
  /** Prefixes that are as no order tried has them, and at rest under our rules all the same: the fabric has several stable states. */
  readonly resting: readonly string[];
  /** Where what the daemons have does not follow from the rest of it, nearest to the cause first. */
  readonly departures: readonly Departure[];
  /** With events: what no order explains, in words. */
  readonly differences?: readonly string[];
  /** Why it could not be run, or why the simulator is in doubt. */
  readonly why?: string;
  /** `frr-gobgp` → sessions that came up between the two. */
  readonly pairs: Readonly<Record<string, number>>;
}

/** Runs a folder on real daemons and in the simulator. */
export type Run = (folder: string) => Promise<RandomRun>;

/** What was seen of real daemons at rest. */
export interface Observed {
  readonly tables: FabricTables;
  /** `host peer` → the second at which that end of the session came up. */
  readonly upAt: ReadonlyMap<string, number>;
}

/** Runs a folder on real daemons; null: they never came to rest. `restless`: nobody expects them to. */
export type Observe = (folder: string, sessions: number, restless: boolean) => Promise<Observed | null>;

/** Orders tried where the usual one gives another outcome than the daemons. */
const ORDERS = 200;
/** Seconds of CPU after which no further one is tried: where much never settles, one takes seconds. */
const ORDER_SECONDS = 120;
/** The same where all that differs is at rest as it is. */
const RESTING_SECONDS = 30;
/** Departures that are told. */
const MOST_TOLD = 12;

/** One random fabric on real daemons and in the simulator. */
export async function runRandom(seed: number): Promise<RandomRun> {
  const folder = makeRandom(seed, join(tmpdir(), 'fabricgen-random', String(seed)));
  const prefix = `rnd${seed % 10000}`;
  return runFolder(seed, folder, async (where, sessions) => {
    const lab = await LabFabric.boot(where, prefix);
    return observed(lab, async () => ({ tables: await lab.settled(sessions), upAt: await lab.since() }));
  });
}

/** Writes the fabric of a seed into an empty folder. */
export function makeRandom(seed: number, folder: string, size: FabricSize = usualSize): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeRandomFabric(seed, folder, size);
  return folder;
}

/** A fabric in a folder on real daemons and in the simulator; leaves what both made of it beside. */
export async function runFolder(seed: number, folder: string, observe: Observe): Promise<RandomRun> {
  const usual = simulateFolder(folder, {});
  const oscillating = usual.result.findings
    .filter(({ rule }) => rule === 'oscillation' || rule === 'session-flaps')
    .map(({ rule, message }) => (rule === 'oscillation' ? (message.split(' ')[0] ?? '') : SESSIONS));
  const pairs = pairsOf(folder, usual);
  const real = await observe(folder, upCount(usual), oscillating.length > 0);
  const about = { seed, folder, oscillating, pairs };
  if (!real) return { ...about, ...nothingSeen, verdict: 'unsettled' };
  const write = (name: string, tables: FabricTables) =>
    writeFileSync(join(folder, name), `${JSON.stringify(tables, null, 2)}\n`);
  write('expected.json', real.tables);
  writeFileSync(join(folder, UP_AT), `${JSON.stringify(Object.fromEntries(real.upAt), null, 2)}\n`);
  write('simulated.json', simulatedTables(usual));
  return { ...about, byRun: [], ...compareSeen(usual, real, new Set(oscillating)) };
}

/** What there is to say of a fabric without tables. */
export const nothingSeen = {
  byOrder: {},
  mismatched: [],
  circling: [],
  resting: [],
  departures: [],
  byRun: [],
};

/** Beside the recorded tables: when sessions came up. */
export const UP_AT = 'up-at.json';

/** Asks a running fabric for its tables once they are at rest, and ends it; null: they never were. */
export async function observed(
  lab: LabFabric,
  ask: () => Promise<Observed | null>,
): Promise<Observed | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('the tables never settle')) return null;
    throw error;
  } finally {
    lab.close();
  }
}

/** A real difference: neither explained by an order nor on a prefix that the simulator says never settles. */
export function isMismatch({ verdict, oscillating }: RandomRun): boolean {
  return verdict === 'mismatch' || (verdict === 'unsettled' && oscillating.length === 0);
}

export function pairsOf(folder: string, { result }: SimulatedConfigs): RandomRun['pairs'] {
  const daemons = new Map(readPlan(folder).hosts.map(({ name, daemon }) => [name, daemon]));
  const pairs: Record<string, number> = {};
  for (const [name, { sessions }] of Object.entries(result.hosts))
    for (const { host, state } of sessions) {
      // Each session has two ends.
      if (state !== 'Established' || host <= name) continue;
      const pair = [daemons.get(name) ?? '', daemons.get(host) ?? ''].sort().join('-');
      pairs[pair] = (pairs[pair] ?? 0) + 1;
    }
  return pairs;
}

/** How real tables stand to the simulator's orders, and to its rules. */
export interface Seen extends Omit<Comparison, 'verdict'> {
  /** 'other-state': every prefix that no order has is at rest under our rules as the daemons have it. */
  readonly verdict: Comparison['verdict'] | 'other-state';
  readonly resting: readonly string[];
  readonly departures: readonly Departure[];
}

/**
 * Holds recorded tables against the simulator; `circling`: prefixes that it says never settle. Orders are drawn from around the
 * seconds at which the sessions came up, and now and then from all there are. What no order has is asked whether it is at rest.
 */
export function compareSeen(
  usual: SimulatedConfigs,
  { tables, upAt }: Observed,
  circling: ReadonlySet<string> = new Set(),
  orders = ORDERS,
): Seen {
  const timed = upAt.size > 0 ? upAt : undefined;
  const simulated = (order: number) =>
    order === 0 ? simulatedTables(usual) : drawnOrder(usual, order, order % 4 === 0 ? undefined : timed);
  const usually = compareTables(tables, simulated, 0, { circling });
  if (usually.verdict === 'equal') return { ...usually, resting: [], departures: [] };
  const found = departures(usual, tables, timed);
  const departing = new Set(found.map(({ prefix }) => prefix));
  const different = [...usually.mismatched, ...usually.circling];
  const allRest = different.every((prefix) => !departing.has(prefix) && prefix !== SESSIONS);
  const begin = process.cpuUsage();
  const seconds = allRest ? RESTING_SECONDS : ORDER_SECONDS;
  const goOn = () => process.cpuUsage(begin).user < seconds * 1_000_000;
  const goneRound = different.filter((prefix) => wentRound(tables, prefix));
  const compared = compareTables(tables, simulated, orders, {
    circling: new Set([...circling, ...goneRound]),
    goOn,
  });
  return judged(compared, found, departing);
}

/** An AS_PATH of so many ASes has been round and round: policies put a handful in front. */
const ROUNDS_LONG = 100;

/** Is there a path that nobody announces any more, longer with each round until no message holds it? The fabric had not settled, though it stood still. */
function wentRound(tables: FabricTables, prefix: string): boolean {
  const paths = Object.values(tables).flatMap(({ bgp }) => bgp[prefix] ?? []);
  return paths.some(({ asPath }) => asPath.split(' ').length > ROUNDS_LONG);
}

/** Tells what no order has apart: at rest under our rules, or not. */
function judged(compared: Comparison, found: readonly Departure[], departing: ReadonlySet<string>): Seen {
  const missing = [...compared.mismatched, ...compared.circling];
  const rests = (prefix: string) => !departing.has(prefix) && prefix !== SESSIONS;
  const resting = missing.filter(rests);
  const mismatched = compared.mismatched.filter((prefix) => !rests(prefix));
  const circling = compared.circling.filter((prefix) => !rests(prefix));
  const verdict =
    mismatched.length > 0
      ? 'mismatch'
      : circling.length > 0
        ? 'oscillates'
        : missing.length > 0
          ? 'other-state'
          : compared.verdict;
  const told = found.filter(({ prefix }) => missing.includes(prefix));
  const nearest = told.toSorted((a, b) => Number(b.root) - Number(a.root)).slice(0, MOST_TOLD);
  return { ...compared, verdict, mismatched, circling, resting, departures: nearest };
}

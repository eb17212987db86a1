import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { diagnosticOf, Interrupted } from '../error.ts';
import { labFolder } from '../run/names.ts';
import { forEachOf } from '../shell.ts';
import { goOn, type Steps } from '../steps.ts';
import { runEvents } from './events-run.ts';
import { keep } from './keep.ts';
import { observer, player } from './live.ts';
import { addRandomEvents } from './random-events.ts';
import { type FabricSize, usualSize } from './random-fabric.ts';
import { isMismatch, makeRandom, nothingSeen, type RandomRun, type Run, runFolder } from './random-run.ts';

export interface FuzzRequest {
  /** Name of the lab all of it belongs to. */
  readonly name: string;
  readonly seeds: readonly number[];
  /** Routers of each; default: as the generator draws them. */
  readonly routers?: FabricSize;
  /** Fabrics that run at the same time. */
  readonly jobs: number;
  /** Where mismatches are kept as scenario folders. */
  readonly output: string;
  /** Runs spent on making a mismatch smaller. */
  readonly attempts: number;
  /** Events happen to each fabric. */
  readonly events?: boolean;
}

/** What came of one seed. */
export interface Fuzzed extends RandomRun {
  readonly mismatch: boolean;
  /** The scenario folder that was kept; null: there is nothing to keep. */
  readonly kept: string | null;
}

/** Runs random fabrics on real daemons and in the simulator, several at once; `done` hears of each. */
export async function fuzz(
  request: FuzzRequest,
  steps: Steps,
  done: (run: Fuzzed) => void,
): Promise<readonly Fuzzed[]> {
  const runs: Fuzzed[] = [];
  await forEachOf(request.seeds, request.jobs, async (seed) => {
    goOn(steps);
    const own = join(labFolder(request.name), `s${seed}`);
    const folder = made(seed, join(own, 'fabric'), request);
    const run = runner(seed, request, steps);
    const first = await run(folder).catch((error) => failed(seed, folder, error));
    const proven = isMismatch(first) ? await runAgain(first, run) : first;
    const mismatch = isMismatch(proven);
    const kept = mismatch ? await keep(proven, own, request, run) : null;
    rmSync(own, { recursive: true, force: true });
    const fuzzed = { ...proven, mismatch, kept };
    runs.push(fuzzed);
    done(fuzzed);
  });
  return runs.sort((a, b) => a.seed - b.seed);
}

/** A fabric to which something happens is small: each moment is looked at. */
const SIZE_WITH_EVENTS: FabricSize = { least: 3, most: 5 };

function made(seed: number, folder: string, { routers, events }: FuzzRequest): string {
  makeRandom(seed, folder, routers ?? (events ? SIZE_WITH_EVENTS : usualSize));
  if (events) addRandomEvents(seed, folder);
  return folder;
}

function runner(seed: number, { name, events }: FuzzRequest, steps: Steps): Run {
  if (events) {
    const play = player(name, seed, steps);
    return (folder) => runEvents(seed, folder, play);
  }
  const observe = observer(name, seed, steps);
  return (folder) => runFolder(seed, folder, observe);
}

/** Times that what differs is run again. */
const REPEATS = 2;

/**
 * Do the daemons agree with themselves? What differs in every run is a mismatch; what comes out otherwise in another one ('by-run') is a race of theirs, and no
 * rule is to be learned from it.
 */
async function runAgain(first: RandomRun, run: Run): Promise<RandomRun> {
  let left: RandomRun = first;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const next = await run(first.folder).catch((error) => {
      if (error instanceof Interrupted) throw error;
      return null;
    });
    if (!next) continue;
    const byRun = [...new Set([...left.byRun, ...left.mismatched])].sort();
    if (!isMismatch(next)) return { ...next, byRun, verdict: 'by-run' };
    if (next.verdict === 'unsettled') continue;
    const again = left.verdict === 'unsettled' ? next.mismatched : shared(left.mismatched, next.mismatched);
    const others = byRun.filter((prefix) => !again.includes(prefix));
    if (again.length === 0)
      return { ...next, byRun: [...new Set([...others, ...next.mismatched])].sort(), verdict: 'by-run' };
    left = { ...next, mismatched: again, byRun: others };
  }
  return left;
}

function shared(some: readonly string[], others: readonly string[]): readonly string[] {
  return some.filter((one) => others.includes(one));
}

/** One fabric that cannot be run is no reason to run no other. Throws `Interrupted` on. */
function failed(seed: number, folder: string, error: unknown): RandomRun {
  if (error instanceof Interrupted) throw error;
  const why = diagnosticOf(error).message;
  return {
    seed,
    folder,
    why,
    verdict: 'failed',
    ...nothingSeen,
    oscillating: [],
    pairs: {},
  };
}

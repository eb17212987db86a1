import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from '../../targets/output-staging.ts';
import { departureText } from '../compare/at-rest.ts';
import { converge } from '../converge.ts';
import { diagnosticOf, Interrupted } from '../error.ts';
import { LabFabric } from '../fabric.ts';
import { readPlan } from '../plan/plan.ts';
import { labFolder, prefixOf } from '../run/names.ts';
import { forEachOf } from '../shell.ts';
import { goOn, type Steps } from '../steps.ts';
import { minimised } from './minimise.ts';
import type { FabricSize } from './random-fabric.ts';
import {
  isMismatch,
  makeRandom,
  nothingSeen,
  type Observe,
  observed,
  type RandomRun,
  runFolder,
} from './random-run.ts';

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
}

/** What came of one seed. */
export interface Fuzzed extends RandomRun {
  readonly mismatch: boolean;
  /** The scenario folder that was kept; null: there is nothing to keep. */
  readonly kept: string | null;
}

/** Seconds after which a fabric is taken for one that never settles. */
const BOUND = 150;
/** FRR calls again two minutes after a call came to nothing, as it does where everything starts at once on a busy machine. */
const PATIENCE = 130;
/** The same where the simulator says that some prefix never settles: what goes round and round takes the processor from all others. */
const RESTLESS_BOUND = 40;

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
    const observe = observer(request.name, seed, steps);
    const folder = makeRandom(seed, join(own, 'fabric'), request.routers);
    const first = await runFolder(seed, folder, observe).catch((error) => failed(seed, folder, error));
    const proven = isMismatch(first) ? await runAgain(first, observe) : first;
    const mismatch = isMismatch(proven);
    const kept = mismatch ? await keep(proven, own, request, observe) : null;
    rmSync(own, { recursive: true, force: true });
    const run = { ...proven, mismatch, kept };
    runs.push(run);
    done(run);
  });
  return runs.sort((a, b) => a.seed - b.seed);
}

/** Times that what differs is run again. */
const REPEATS = 2;

/**
 * Do the daemons agree with themselves? What differs in every run is a mismatch; what comes out otherwise in another one ('by-run') is a race of theirs, and no
 * rule is to be learned from it.
 */
async function runAgain(first: RandomRun, observe: Observe): Promise<RandomRun> {
  let left: RandomRun = first;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const next = await runFolder(first.seed, first.folder, observe).catch((error) => {
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

/** Boots a folder in namespaces that belong to the lab, so that whatever becomes of it they are found. */
function observer(name: string, seed: number, steps: Steps): Observe {
  let count = 0;
  return async (folder, sessions, restless) => {
    const run = `s${seed}-${count++}`;
    const { hosts } = readPlan(folder);
    const options = { exact: true, folder: join(labFolder(name), run) };
    const lab = LabFabric.wired(`${prefixOf(name)}.${run}`, hosts, options);
    const tables = await observed(lab, async () => {
      const names = hosts.filter(({ daemon }) => daemon !== 'none').map((host) => host.name);
      await lab.startTogether(names, () => goOn(steps));
      // Nothing is expected: that tables are the simulated ones for a moment must not end it.
      const settled = await converge(
        lab,
        {
          sessions,
          expected: () => false,
          every: 2,
          patience: PATIENCE,
          bound: restless ? RESTLESS_BOUND : BOUND,
        },
        steps,
      );
      return settled.settled ? { tables: settled.tables, upAt: await lab.since() } : null;
    });
    rmSync(options.folder, { recursive: true, force: true });
    return tables;
  };
}

/** Makes a mismatch as small as can be and keeps it: topology.yml, configs, what the daemons have, and a word about it. */
async function keep(
  run: RandomRun,
  own: string,
  { output, attempts }: FuzzRequest,
  observe: Observe,
): Promise<string> {
  const found = new Map<string, RandomRun>([[run.folder, run]]);
  const differs = async (folder: string) => {
    try {
      const smaller = await runFolder(run.seed, folder, observe);
      found.set(folder, smaller);
      // Another difference than the one that was found is none.
      const same = smaller.mismatched.some((prefix) => run.mismatched.includes(prefix));
      return smaller.verdict !== 'unsettled' && same && isMismatch(smaller);
    } catch {
      // Without these lines the daemon refuses the rest.
      return false;
    }
  };
  const smallest =
    run.verdict === 'unsettled'
      ? run.folder
      : await minimised(run.folder, join(own, 'smaller'), attempts, differs);
  const target = join(output, `seed-${run.seed}`);
  rmSync(target, { recursive: true, force: true });
  makeFolders(output);
  cpSync(smallest, target, { recursive: true });
  const { mismatched, verdict, departures } = found.get(smallest) ?? run;
  const where = departures.filter(({ root }) => root).map(departureText);
  const what =
    verdict === 'unsettled'
      ? 'The daemons never come to rest.'
      : `The daemons have other tables than the simulator for ${mismatched.join(', ')}.`;
  writeFileSync(
    join(target, 'README.md'),
    `# seed ${run.seed}\n\n${what} expected.json is what they have, simulated.json what the simulator has.\n${
      where.length > 0
        ? `\nFrom what its neighbors have:\n\n${where.map((one) => `- ${one}\n`).join('')}`
        : ''
    }`,
  );
  return target;
}

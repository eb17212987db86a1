import { Command, InvalidArgumentError } from 'commander';
import { departureText } from '../../lab/compare/at-rest.ts';
import { type Fuzzed, fuzz } from '../../lab/fuzz/fuzz.ts';
import type { FabricSize } from '../../lab/fuzz/random-fabric.ts';
import { type ExitCode, exit, type Io, type Report } from '../io.ts';
import { formatOption, wholeNumber } from '../options.ts';
import { withLab } from './work.ts';

interface FuzzOptions {
  readonly seed: number;
  readonly count: number;
  readonly seeds?: readonly number[];
  readonly jobs: number;
  readonly routers?: FabricSize;
  readonly attempts: number;
  readonly output: string;
  readonly events?: boolean;
  readonly name?: string;
  readonly quiet?: boolean;
  /** jsonl: one object per fabric, as soon as it is done. */
  readonly format: 'text' | 'json' | 'jsonl';
}

/** `lab fuzz`: random fabrics on the real daemons. */
export function fuzzCommand(io: Io, report: Report): Command {
  return new Command('fuzz')
    .description(
      'make fabrics up from seeds, run each on the real daemons and in the simulator, keep what differs',
    )
    .option(
      '--seed <number>',
      'the first seed (from 1001 odd ones have GoBGP, from 2001 richer policies, from 9001 BIRD, from 20001 all daemons)',
      wholeNumber(1),
      1001,
    )
    .option('--seeds <list>', 'these seeds instead, as in 1001,9001-9010', seedsOf)
    .option('--count <number>', 'how many seeds', wholeNumber(1), 10)
    .option(
      '--routers <least-most>',
      'routers of each fabric, from 2 to 12 (default: 3-6; with --events 3-5)',
      sizeOf,
    )
    .option('--events', 'let hosts end and come back, links fail and files change, and compare each moment')
    .option('--jobs <number>', 'fabrics that run at the same time', wholeNumber(1), 4)
    .option('--attempts <number>', 'runs spent on making a mismatch smaller', wholeNumber(0), 20)
    .option('-o, --output <dir>', 'where mismatches are kept, each a folder for simulate --configs', 'fuzz')
    .option('--name <name>', 'name of the lab')
    .option('-q, --quiet', 'print the summary only')
    .addOption(formatOption(['text', 'json', 'jsonl']))
    .action(async (options: FuzzOptions) => report(await run(options, io)));
}

/** In one range. */
const MOST_SEEDS = 10_000;

/** `1001,9001-9010`. */
function seedsOf(text: string): readonly number[] {
  const seeds = text.split(',').flatMap((word) => {
    const [, first, last = first] = /^([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?$/.exec(word) ?? [];
    const count = Number(last) - Number(first) + 1;
    if (!(count >= 1 && count <= MOST_SEEDS))
      throw new InvalidArgumentError('write numbers, or ranges as 1001-1010, with commas between them');
    return Array.from({ length: count }, (_, i) => Number(first) + i);
  });
  return [...new Set(seeds)];
}

/** `12`, or `3-12`. */
function sizeOf(text: string): FabricSize {
  const [, least = '', most = least] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(text) ?? [];
  const size = { least: Number(least), most: Number(most) };
  if (size.least >= 2 && size.most >= size.least && size.most <= MOST_ROUTERS) return size;
  throw new InvalidArgumentError(`write a number from 2 to ${MOST_ROUTERS}, or two as in 3-${MOST_ROUTERS}`);
}

const MOST_ROUTERS = 12;

function run(options: FuzzOptions, io: Io): Promise<ExitCode> {
  const seeds = options.seeds ?? Array.from({ length: options.count }, (_, index) => options.seed + index);
  // There is no inventory: every seed makes its own fabric.
  const source = { ...options, inventory: 'fuzz', configs: 'fuzz', containers: 'namespaces' } as const;
  return withLab({ ...source, plan: () => [] }, true, io, async (state, steps) => {
    const request = { ...options, name: state.name, seeds };
    const runs = await fuzz(request, steps, (one) => {
      if (options.format === 'jsonl') io.out(`${JSON.stringify(shown(one))}\n`);
      else if (!options.quiet && options.format === 'text') io.out(lineOf(one));
    });
    if (options.format === 'json')
      io.out(`${JSON.stringify({ version: 1, ...summaryOf(runs), runs: runs.map(shown) }, null, 2)}\n`);
    else if (options.format === 'text') io.out(summaryText(runs));
    return { code: runs.some(({ mismatch }) => mismatch) ? exit.findings : exit.clean, keep: false };
  });
}

function lineOf(run: Fuzzed): string {
  const { seed, verdict, mismatch, mismatched, byOrder, oscillating, resting, byRun, departures, kept, why } =
    run;
  if (mismatch) {
    const where = departures.filter(({ root }) => root).map((one) => `  ${departureText(one)}\n`);
    const what = mismatched.join(' ') || 'never settles';
    return `${seed}: MISMATCH ${what} (kept in ${kept})\n${where.join('')}`;
  }
  const about = {
    equal: '',
    mismatch: '',
    'one-order': ` (${Object.keys(byOrder).join(' ')})`,
    'other-state': ` (${resting.join(' ')})`,
    'by-run': ` (${byRun.join(' ') || 'did not come to rest once'})`,
    oscillates: ` (${[...oscillating, ...(why ? [why] : [])].join(' ')})`,
    unsettled: ` (oscillates in both: ${oscillating.join(' ')})`,
    failed: ` (${why})`,
  };
  return `${seed}: ${verdict}${about[verdict]}\n`;
}

function summaryOf(runs: readonly Fuzzed[]) {
  const count = (wanted: (run: Fuzzed) => boolean) => runs.filter(wanted).length;
  const pairs: Record<string, number> = {};
  for (const run of runs)
    for (const [pair, sessions] of Object.entries(run.pairs)) pairs[pair] = (pairs[pair] ?? 0) + sessions;
  return {
    fabrics: runs.length,
    equal: count(({ verdict }) => verdict === 'equal'),
    oneOrder: count(({ verdict }) => verdict === 'one-order'),
    otherState: count(({ verdict }) => verdict === 'other-state'),
    byRun: count(({ verdict }) => verdict === 'by-run'),
    oscillating: count(
      ({ verdict, mismatch }) => !mismatch && (verdict === 'unsettled' || verdict === 'oscillates'),
    ),
    failed: count(({ verdict }) => verdict === 'failed'),
    mismatches: count(({ mismatch }) => mismatch),
    pairs: Object.fromEntries(Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function summaryText(runs: readonly Fuzzed[]): string {
  const { fabrics, equal, oneOrder, otherState, byRun, oscillating, failed, mismatches, pairs } =
    summaryOf(runs);
  const sessions = Object.entries(pairs).map(([pair, count]) => `${pair} ${count}`);
  return `${fabrics} fabrics: ${equal} equal, ${oneOrder} as another order of messages has them, ${otherState} in another stable state, ${byRun} otherwise when run again, ${oscillating} oscillate${failed > 0 ? `, ${failed} could not be run` : ''}, ${mismatches} differ\nsessions: ${sessions.join(', ')}\n`;
}

function shown({ folder: _, ...run }: Fuzzed) {
  return run;
}

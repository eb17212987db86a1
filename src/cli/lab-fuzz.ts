import { Command } from 'commander';
import { type Fuzzed, fuzz } from '../lab/fuzz/fuzz.ts';
import { type ExitCode, exit, type Io } from './io.ts';
import { withLab } from './lab-work.ts';
import type { Report } from './main.ts';
import { formatOption, wholeNumber } from './options.ts';

interface FuzzOptions {
  readonly seed: number;
  readonly count: number;
  readonly jobs: number;
  readonly attempts: number;
  readonly output: string;
  readonly name?: string;
  readonly quiet?: boolean;
  readonly format: 'text' | 'json';
}

/** `lab fuzz`: random fabrics on the real daemons. */
export function fuzzCommand(io: Io, report: Report): Command {
  return new Command('fuzz')
    .description(
      'make fabrics up from seeds, run each on the real daemons and in the simulator, keep what differs',
    )
    .option(
      '--seed <number>',
      'the first seed (from 1001 odd ones have GoBGP, from 2001 richer policies, from 9001 BIRD)',
      wholeNumber(1),
      1001,
    )
    .option('--count <number>', 'how many seeds', wholeNumber(1), 10)
    .option('--jobs <number>', 'fabrics that run at the same time', wholeNumber(1), 4)
    .option('--attempts <number>', 'runs spent on making a mismatch smaller', wholeNumber(0), 20)
    .option('-o, --output <dir>', 'where mismatches are kept, each a folder for simulate --configs', 'fuzz')
    .option('--name <name>', 'name of the lab')
    .option('-q, --quiet', 'print the summary only')
    .addOption(formatOption(['text', 'json']))
    .action(async (options: FuzzOptions) => report(await run(options, io)));
}

function run(options: FuzzOptions, io: Io): Promise<ExitCode> {
  const seeds = Array.from({ length: options.count }, (_, index) => options.seed + index);
  // There is no inventory: every seed makes its own fabric.
  const source = { ...options, inventory: 'fuzz', configs: 'fuzz', containers: 'namespaces' } as const;
  return withLab({ ...source, plan: () => [] }, true, io, async (state, steps) => {
    const request = { ...options, name: state.name, seeds };
    const runs = await fuzz(request, steps, (one) => {
      if (!options.quiet && options.format === 'text') io.out(lineOf(one));
    });
    if (options.format === 'json')
      io.out(`${JSON.stringify({ version: 1, ...summaryOf(runs), runs: runs.map(shown) }, null, 2)}\n`);
    else io.out(summaryText(runs));
    return { code: runs.some(({ mismatch }) => mismatch) ? exit.findings : exit.clean, keep: false };
  });
}

function lineOf({ seed, verdict, mismatch, mismatched, byOrder, oscillating, kept }: Fuzzed): string {
  if (kept !== null)
    return `${seed}: MISMATCH ${mismatched.join(' ') || 'never settles'} (kept in ${kept})\n`;
  const why =
    verdict === 'one-order'
      ? ` (${Object.keys(byOrder).join(' ')})`
      : mismatch
        ? ''
        : oscillating.length > 0
          ? ` (oscillates: ${oscillating.join(' ')})`
          : '';
  return `${seed}: ${verdict === 'mismatch' ? 'oscillates' : verdict}${why}\n`;
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
    oscillating: count(
      ({ verdict, mismatch }) => !mismatch && (verdict === 'unsettled' || verdict === 'mismatch'),
    ),
    mismatches: count(({ mismatch }) => mismatch),
    pairs: Object.fromEntries(Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function summaryText(runs: readonly Fuzzed[]): string {
  const { fabrics, equal, oneOrder, oscillating, mismatches, pairs } = summaryOf(runs);
  const sessions = Object.entries(pairs).map(([pair, count]) => `${pair} ${count}`);
  return `${fabrics} fabrics: ${equal} equal, ${oneOrder} as another order of messages has them, ${oscillating} oscillate in both, ${mismatches} differ\nsessions: ${sessions.join(', ')}\n`;
}

function shown({ seed, verdict, mismatch, mismatched, byOrder, oscillating, kept }: Fuzzed) {
  return { seed, verdict, mismatch, mismatched, byOrder, oscillating, kept };
}

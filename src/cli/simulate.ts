import { Command, InvalidArgumentError } from 'commander';
import type { FabricOptions } from '../pipeline/simulate.ts';
import { formatDiagnosticText, rulesText } from '../report/diagnostics-text.ts';
import { formatFailures } from '../report/failures-text.ts';
import { formatPhases, formatTables, formatUnmodelled, formatVerdict } from '../report/simulation-text.ts';
import type { FailureKind } from '../simulator/checks/declared/types.ts';
import type { SweepRequest } from '../simulator/what-if/sweep.ts';
import type { ExitCode, Io, Report } from './io.ts';
import { machineText, type ResultFormat, resultFormats } from './machine-formats.ts';
import { configsOption, failOption, formatOption, wholeNumber, withOutput } from './options.ts';
import { outStyle } from './project.ts';
import { codeOf, runSimulation, type Simulation, type SimulationSource } from './simulation.ts';

/** Each converges the whole fabric once more. */
const MOST_ORDERS = 1000;

interface SimulateOptions extends SimulationSource {
  readonly start?: readonly string[];
  readonly fail: readonly string[];
  readonly failures?: SweepRequest;
  readonly orders?: number;
  readonly format: ResultFormat;
}

export function simulateCommand(io: Io, report: Report): Command {
  return withOutput(new Command('simulate'))
    .description(
      'read the rendered files back, converge the fabric in memory, print the tables and run the checks',
    )
    .addOption(configsOption('simulate'))
    .option(
      '--checks <file>',
      'run these checks (default: checks.yml in the inventory or beside topology.yml)',
    )
    .option('--start <hosts>', 'start these hosts first, one after another (r3,r1,r2)', hostNames)
    .addOption(
      failOption(
        'let link:NAME, link:HOST-HOST, host:NAME or session:HOST-HOST fail after all has settled (repeatable)',
      ),
    )
    .option(
      '--failures <kinds>',
      'let each of links,hosts,sessions fail in turn (links=2: two at once) and say what is lost',
      sweepRequest,
    )
    .option(
      '--orders <n>',
      'try n rotations and n drawn orders of start: what differs is decided by age',
      wholeNumber(1, MOST_ORDERS),
    )
    .addOption(formatOption(resultFormats))
    .action(async (options: SimulateOptions) => report(await run(options, io)));
}

async function run(options: SimulateOptions, io: Io): Promise<ExitCode> {
  const simulation = await runSimulation(options, showsTables(options), fabricOptions(options), io);
  if (typeof simulation === 'number') return simulation;
  print(simulation, options, io);
  return codeOf(simulation);
}

/** Tables cost time and memory with hosts times prefixes: made only where they are printed. */
function showsTables({ format, quiet }: SimulateOptions): boolean {
  return format === 'json' || format === 'junit' || (format === 'text' && !quiet);
}

function fabricOptions({ start, fail, failures, orders }: SimulateOptions): FabricOptions {
  return {
    ...(start ? { startOrder: start } : {}),
    ...(fail.length > 0 ? { fail } : {}),
    ...(failures ? { sweep: failures } : {}),
    ...(orders === undefined ? {} : { orders }),
  };
}

const kindsOfFailure: readonly FailureKind[] = ['links', 'hosts', 'sessions'];

/** `links,hosts` or `links=2`. */
function sweepRequest(text: string): SweepRequest {
  const [, names = '', size = '1'] = /^([a-z,]+)(?:=([1-9]))?$/.exec(text.trim()) ?? [];
  const what = names.split(',');
  const known = kindsOfFailure.filter((kind) => what.includes(kind));
  if (known.length === 0 || known.length !== new Set(what).size) {
    throw new InvalidArgumentError('links, hosts and sessions are known, as in links,hosts or links=2.');
  }
  return { what: known, count: Number(size) };
}

/** `r3,r1,r2`. */
function hostNames(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function print({ result, texts, hosts }: Simulation, options: SimulateOptions, io: Io): void {
  const style = outStyle(io);
  if (options.format !== 'text') {
    io.out(machineText(result, result, texts, options.format));
    return;
  }
  if (!options.quiet) {
    const phases = formatPhases(result, hosts, style);
    if (phases !== '') io.out(`${phases}\n${style.strong('at the end')}\n\n`);
    const tables = formatTables(result, hosts, style);
    if (tables !== '') io.out(`${tables}\n`);
  }
  const unmodelled = formatUnmodelled(result, style);
  // The table of failures says the same in one row each.
  const told = result.failures
    ? result.findings.filter(({ rule, severity }) => rule !== 'failure-impact' || severity !== 'error')
    : result.findings;
  const rules = options.quiet ? '' : rulesText(told, style);
  const findings = formatDiagnosticText(told, texts, style) + rules;
  const parts = [formatFailures(result, style), unmodelled, findings, formatVerdict(result, style)];
  io.out(parts.filter((part) => part !== '').join('\n'));
}

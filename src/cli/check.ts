import { Command } from 'commander';
import { recordChecks } from '../pipeline/checks/record.ts';
import { formatChecks, formatCheckVerdict } from '../report/checks-text.ts';
import { formatDiagnosticText, rulesText } from '../report/diagnostics-text.ts';
import { formatUnmodelled } from '../report/simulation-text.ts';
import { checksPath, writeChecks } from './checks-file.ts';
import { type ExitCode, exit, type Io, type Report } from './io.ts';
import { machineText, type ResultFormat, resultFormats } from './machine-formats.ts';
import { configsOption, formatOption, withOutput } from './options.ts';
import { outStyle, sayDiagnostics } from './project.ts';
import { codeOf, runSimulation, type Simulation, type SimulationSource } from './simulation.ts';

interface CheckOptions extends SimulationSource {
  /** true: to the place where checks.yml is looked for. */
  readonly record?: string | true;
  readonly force?: boolean;
  readonly format: ResultFormat;
}

export function checkCommand(io: Io, report: Report): Command {
  return withOutput(new Command('check'))
    .description('run the checks of checks.yml and those that are always on; no tables')
    .addOption(configsOption('check'))
    .option(
      '--checks <file>',
      'run these checks (default: checks.yml in the inventory or beside topology.yml)',
    )
    .option(
      '--record [file]',
      'write what holds now as checks instead (default: where checks.yml is looked for; - for standard output)',
    )
    .option('--force', 'with --record: replace a file that is there')
    .addOption(formatOption(resultFormats))
    .action(async (options: CheckOptions) => report(await run(options, io)));
}

async function run(options: CheckOptions, io: Io): Promise<ExitCode> {
  if (options.record !== undefined) return record(options, options.record, io);
  const simulation = await runSimulation(options, false, {}, io);
  if (typeof simulation === 'number') return simulation;
  print(simulation, options, io);
  return codeOf(simulation);
}

/** What the old file says does not matter when a new one is written. */
async function record(options: CheckOptions, to: string | true, io: Io): Promise<ExitCode> {
  const simulation = await runSimulation({ ...options, format: 'text' }, false, { withoutChecks: true }, io);
  if (typeof simulation === 'number') return simulation;
  const { state, result, hosts, groups, texts } = simulation;
  const path = to === true ? (options.checks ?? checksPath(options.configs ?? options.inventory)) : to;
  const wrong = result.findings.filter(({ severity }) => severity === 'error');
  if (!state) {
    sayDiagnostics(wrong, texts, io);
    return codeOf(simulation);
  }
  const text = recordChecks(state, hosts, groups);
  if (path === null || path === '-') {
    io.out(text);
    return exit.clean;
  }
  const refused = writeChecks(path, text, options.force === true);
  if (refused) {
    sayDiagnostics([refused], texts, io);
    return exit.usage;
  }
  const count = text.match(/^ {2}- /gm)?.length ?? 0;
  io.err(`${path}: ${count} checks\n`);
  if (wrong.length > 0)
    io.err(`note: ${wrong.length} findings of the checks that are always on stay: see fabricgen check\n`);
  return exit.clean;
}

function print({ result, texts }: Simulation, options: CheckOptions, io: Io): void {
  const style = outStyle(io);
  if (options.format !== 'text') {
    const { hosts: _, ...rest } = result;
    io.out(machineText(result, rest, texts, options.format));
    return;
  }
  const parts = [
    formatChecks(result, !options.quiet, style),
    formatUnmodelled(result, style),
    formatDiagnosticText(result.findings, texts, style) +
      (options.quiet ? '' : rulesText(result.findings, style)),
    formatCheckVerdict(result, style),
  ];
  io.out(parts.filter((part) => part !== '').join('\n'));
}

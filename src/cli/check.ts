import { Command } from 'commander';
import { recordChecks } from '../pipeline/checks/record.ts';
import { formatChecks, formatCheckVerdict } from '../report/checks-text.ts';
import { formatDiagnostics } from '../report/diagnostics.ts';
import { formatDiagnosticText, rulesText } from '../report/diagnostics-text.ts';
import { formatJunit } from '../report/junit.ts';
import { formatUnmodelled } from '../report/simulation-text.ts';
import { checksPath, writeChecks } from './checks-file.ts';
import { type ExitCode, exit, type Io } from './io.ts';
import type { Report } from './main.ts';
import { configsOption, formatOption, withOutput } from './options.ts';
import { outStyle, sayDiagnostics } from './project.ts';
import { codeOf, runSimulation, type Simulation, type SimulationSource } from './simulation.ts';
import { version } from './version.ts';

const formats = ['text', 'json', 'junit', 'sarif', 'github'] as const;

interface CheckOptions extends SimulationSource {
  /** true: to the place where checks.yml is looked for. */
  readonly record?: string | true;
  readonly force?: boolean;
  readonly format: (typeof formats)[number];
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
    .addOption(formatOption(formats))
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
  const simulation = await runSimulation(options, false, { withoutChecks: true }, io);
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
  switch (options.format) {
    case 'json': {
      const { hosts: _, ...rest } = result;
      io.out(`${JSON.stringify(rest, null, 2)}\n`);
      return;
    }
    case 'junit':
      io.out(formatJunit(result));
      return;
    case 'sarif':
    case 'github':
      io.out(formatDiagnostics(result.findings, options.format, { texts, style, version }));
      return;
    case 'text': {
      const parts = [
        formatChecks(result, !options.quiet, style),
        formatUnmodelled(result, style),
        formatDiagnosticText(result.findings, texts, style) +
          (options.quiet ? '' : rulesText(result.findings, style)),
        formatCheckVerdict(result, style),
      ];
      io.out(parts.filter((part) => part !== '').join('\n'));
    }
  }
}

import { Command } from 'commander';
import { formatChecks, formatCheckVerdict } from '../report/checks-text.ts';
import { formatDiagnostics } from '../report/diagnostics.ts';
import { formatDiagnosticText } from '../report/diagnostics-text.ts';
import { formatJunit } from '../report/junit.ts';
import { formatUnmodelled } from '../report/simulation-text.ts';
import type { ExitCode, Io } from './io.ts';
import type { Report } from './main.ts';
import { formatOption, withOutput } from './options.ts';
import { outStyle } from './project.ts';
import { outcomeCodes, runSimulation, type Simulation, type SimulationSource } from './simulation.ts';
import { version } from './version.ts';

const formats = ['text', 'json', 'junit', 'sarif', 'github'] as const;

interface CheckOptions extends SimulationSource {
  readonly format: (typeof formats)[number];
}

export function checkCommand(io: Io, report: Report): Command {
  return withOutput(new Command('check'))
    .description('run the checks of checks.yml and those that are always on; no tables')
    .option(
      '-c, --configs <dir>',
      'check configurations that fabricgen did not write: DIR/topology.yml, DIR/configs/',
    )
    .option(
      '--checks <file>',
      'run these checks (default: checks.yml in the inventory or beside topology.yml)',
    )
    .addOption(formatOption(formats))
    .action(async (options: CheckOptions) => report(await run(options, io)));
}

async function run(options: CheckOptions, io: Io): Promise<ExitCode> {
  const simulation = await runSimulation(options, false, {}, io);
  if (typeof simulation === 'number') return simulation;
  print(simulation, options, io);
  return outcomeCodes[simulation.result.outcome];
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
        formatDiagnosticText(result.findings, texts, style),
        formatCheckVerdict(result, style),
      ];
      io.out(parts.filter((part) => part !== '').join('\n'));
    }
  }
}

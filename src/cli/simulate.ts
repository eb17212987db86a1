import { Command } from 'commander';
import type { FabricOptions } from '../pipeline/simulate.ts';
import { formatDiagnostics } from '../report/diagnostics.ts';
import { formatDiagnosticText } from '../report/diagnostics-text.ts';
import { formatJunit } from '../report/junit.ts';
import { formatTables, formatUnmodelled, formatVerdict } from '../report/simulation-text.ts';
import type { ExitCode, Io } from './io.ts';
import type { Report } from './main.ts';
import { formatOption, withOutput } from './options.ts';
import { outStyle } from './project.ts';
import { outcomeCodes, runSimulation, type Simulation, type SimulationSource } from './simulation.ts';
import { version } from './version.ts';

const formats = ['text', 'json', 'junit', 'sarif', 'github'] as const;

interface SimulateOptions extends SimulationSource {
  readonly start?: readonly string[];
  readonly format: (typeof formats)[number];
}

export function simulateCommand(io: Io, report: Report): Command {
  return withOutput(new Command('simulate'))
    .description(
      'read the rendered files back, converge the fabric in memory, print the tables and run the checks',
    )
    .option(
      '-c, --configs <dir>',
      'simulate configurations that fabricgen did not write: DIR/topology.yml, DIR/configs/',
    )
    .option(
      '--checks <file>',
      'run these checks (default: checks.yml in the inventory or beside topology.yml)',
    )
    .option('--start <hosts>', 'start these hosts first, one after another (r3,r1,r2)', hostNames)
    .addOption(formatOption(formats))
    .action(async (options: SimulateOptions) => report(await run(options, io)));
}

async function run(options: SimulateOptions, io: Io): Promise<ExitCode> {
  const simulation = await runSimulation(options, showsTables(options), fabricOptions(options), io);
  if (typeof simulation === 'number') return simulation;
  print(simulation, options, io);
  return outcomeCodes[simulation.result.outcome];
}

/** Tables cost time and memory with hosts times prefixes: made only where they are printed. */
function showsTables({ format, quiet }: SimulateOptions): boolean {
  return format === 'json' || format === 'junit' || (format === 'text' && !quiet);
}

function fabricOptions({ start }: SimulateOptions): FabricOptions {
  return start ? { startOrder: start } : {};
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
  switch (options.format) {
    case 'json':
      io.out(`${JSON.stringify(result, null, 2)}\n`);
      return;
    case 'junit':
      io.out(formatJunit(result));
      return;
    case 'sarif':
    case 'github':
      io.out(formatDiagnostics(result.findings, options.format, { texts, style, version }));
      return;
    case 'text': {
      if (!options.quiet) io.out(`${formatTables(result, hosts, style)}\n`);
      const unmodelled = formatUnmodelled(result, style);
      const findings = formatDiagnosticText(result.findings, texts, style);
      io.out([unmodelled, findings, formatVerdict(result, style)].filter((part) => part !== '').join('\n'));
    }
  }
}

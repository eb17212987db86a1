import { Command } from 'commander';
import { type Diagnostic, hasErrors } from '../base/diagnostic.ts';
import { locateMissing } from '../pipeline/locate.ts';
import { type HostFiles, readBack } from '../pipeline/read-back.ts';
import { simulateFabric } from '../pipeline/simulate.ts';
import { intentsOf } from '../pipeline/sources.ts';
import { readTopologyFolder } from '../pipeline/topology/files.ts';
import { failed, type SimulatedConfigs, simulateConfigs } from '../pipeline/topology/simulate-configs.ts';
import { formatDiagnostics } from '../report/diagnostics.ts';
import { formatDiagnosticText } from '../report/diagnostics-text.ts';
import { formatJunit } from '../report/junit.ts';
import { formatTables, formatUnmodelled, formatVerdict } from '../report/simulation-text.ts';
import type { Outcome, SimulationResult } from '../simulator/result.ts';
import type { SimulationOptions } from '../simulator/simulate.ts';
import { loadTemplates } from '../targets/template-files.ts';
import { editedFiles, outputFolder, renderedFiles } from './fabric-files.ts';
import { type ExitCode, exit, type Io } from './io.ts';
import type { Report } from './main.ts';
import { formatOption, type OutputOptions, withOutput } from './options.ts';
import { loadProject, outStyle, type Project, sayDiagnostics } from './project.ts';
import { version } from './version.ts';

const formats = ['text', 'json', 'junit', 'sarif', 'github'] as const;

interface SimulateOptions extends OutputOptions {
  readonly configs?: string;
  readonly start?: readonly string[];
  readonly format: (typeof formats)[number];
}

const outcomeCodes: Readonly<Record<Outcome, ExitCode>> = {
  pass: exit.clean,
  fail: exit.findings,
  inconclusive: exit.inconclusive,
};

export function simulateCommand(io: Io, report: Report): Command {
  return withOutput(new Command('simulate'))
    .description(
      'read the rendered files back, converge the fabric in memory, print the tables and run the checks',
    )
    .option(
      '-c, --configs <dir>',
      'simulate configurations that fabricgen did not write: DIR/topology.yml, DIR/configs/',
    )
    .option('--start <hosts>', 'start these hosts first, one after another (r3,r1,r2)', hostNames)
    .addOption(formatOption(formats))
    .action(async (options: SimulateOptions) => report(await run(options, io)));
}

async function run(options: SimulateOptions, io: Io): Promise<ExitCode> {
  if (options.configs !== undefined) {
    const simulated = simulateFolder(options.configs, startOptions(options));
    print(simulated.result, simulated.texts, simulated.hosts, options, io);
    return outcomeCodes[simulated.result.outcome];
  }
  const project = await loadProject(options, io);
  if (typeof project === 'number') return project;
  const names = project.hosts.map(({ name }) => name);
  const simulated = simulateProject(project, options, showsTables(options) ? names : [], io);
  if (!simulated) return exit.findings;
  print(simulated.result, simulated.texts, names, options, io);
  return outcomeCodes[simulated.result.outcome];
}

/** Tables cost time and memory with hosts times prefixes: made only where they are printed. */
function showsTables({ format, quiet }: SimulateOptions): boolean {
  return format === 'json' || format === 'junit' || (format === 'text' && !quiet);
}

function startOptions({ start }: SimulateOptions): SimulationOptions {
  return start ? { startOrder: start } : {};
}

/** `r3,r1,r2`. */
function hostNames(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** A folder of foreign configurations; what cannot be read of it fails with the rest of the findings. */
function simulateFolder(directory: string, options: SimulationOptions): SimulatedConfigs {
  const { topology, configs, diagnostics } = readTopologyFolder(directory);
  if (!topology) return { result: failed(diagnostics), state: null, hosts: [], texts: new Map() };
  const { result, ...rest } = simulateConfigs(topology, configs, options);
  const outcome = hasErrors(diagnostics) ? 'fail' : result.outcome;
  return { ...rest, result: { ...result, outcome, findings: [...diagnostics, ...result.findings] } };
}

interface SimulatedProject {
  readonly result: SimulationResult;
  readonly texts: ReadonlyMap<string, string>;
}

/** Renders, reads back and simulates; null after saying why it could not render. */
function simulateProject(
  project: Project,
  options: SimulateOptions,
  hosts: readonly string[],
  io: Io,
): SimulatedProject | null {
  const { output } = options;
  const folder = outputFolder(output);
  const failed: Diagnostic[] = [...(folder?.diagnostics ?? [])];
  if (!options.quiet && folder) failed.push(...editedFiles(folder));
  const files = (): Generator<HostFiles, void> => renderedFiles(project, output, folder, failed);
  const read = readBack(files());
  sayDiagnostics(failed, project.texts, io);
  if (hasErrors(failed)) return null;
  const intents = intentsOf(project.fabric.hosts.values());
  const { result } = simulateFabric(read, intents, hosts, startOptions(options));
  const located = locateMissing(
    result.findings,
    intents,
    files,
    project.templates,
    () => loadTemplates(null).templates,
  );
  return {
    result: { ...result, findings: located.findings },
    texts: new Map([...project.texts, ...read.texts, ...located.texts]),
  };
}

function print(
  result: SimulationResult,
  texts: ReadonlyMap<string, string>,
  hosts: readonly string[],
  options: SimulateOptions,
  io: Io,
): void {
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

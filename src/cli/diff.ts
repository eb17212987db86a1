import { Command } from 'commander';
import { type Diagnostic, hasErrors } from '../base/diagnostic.ts';
import { type Behaviour, compareBehaviour, isEmptyDiff } from '../diff/behaviour.ts';
import { compareFiles } from '../diff/text.ts';
import { type HostFiles, readBack } from '../pipeline/read-back.ts';
import { simulateFabric } from '../pipeline/simulate.ts';
import { intentsOf, intentsOfManifest } from '../pipeline/sources.ts';
import { formatDiffMarkdown } from '../report/diff-markdown.ts';
import { formatDiff } from '../report/diff-text.ts';
import { hostSessions } from '../simulator/result/hosts.ts';
import type { SimulationResult } from '../simulator/result/result.ts';
import { routeViews, Views } from '../simulator/result/route-views.ts';
import type { OutputFolder } from '../targets/output-read.ts';
import { outputFolder, renderedFiles, writtenFiles } from './fabric-files.ts';
import { type ExitCode, exit, type Io, type Report } from './io.ts';
import { formatOption, type OutputOptions, withOutput } from './options.ts';
import { exitOf, loadProject, outStyle, type Project, sayDiagnostics } from './project.ts';
import { refuseArgument } from './refuse.ts';

interface DiffOptions extends OutputOptions {
  readonly base?: string;
  readonly exitCode?: boolean;
  readonly format: 'text' | 'json' | 'markdown';
}

export function diffCommand(io: Io, report: Report): Command {
  return withOutput(new Command('diff'))
    .description('what a render would change: the files, and what that does to sessions and routes')
    .option('-b, --base <dir>', 'compare with this rendered folder (default: the output folder)')
    .option('--exit-code', 'exit with 4 when there are changes')
    .addOption(formatOption(['text', 'json', 'markdown']))
    .action(async (options: DiffOptions) => report(await run(options, io)));
}

interface Side {
  readonly files: ReadonlyMap<string, string>;
  readonly result: SimulationResult;
  readonly behaviour: Behaviour;
  /** Texts that findings point into. */
  readonly texts: ReadonlyMap<string, string>;
}

async function run(options: DiffOptions, io: Io): Promise<ExitCode> {
  const project = await loadProject(options, io);
  if (typeof project === 'number') return project;
  const directory = options.base ?? options.output;
  const folder = outputFolder(directory);
  if (!folder) {
    const fix = 'run `fabricgen render` first, or name a rendered folder with --base';
    return refuseArgument(io, `there is no rendered folder ${directory} to compare with`, fix);
  }
  sayDiagnostics(folder.diagnostics, project.texts, io);
  if (hasErrors(folder.diagnostics)) return exitOf(folder.diagnostics);
  const failed: Diagnostic[] = [];
  // What is compared is what render would write, so hand-edited files of the base count as they stand there.
  const views = new Views();
  const after = sideOf([...renderedFiles(project, options.output, null, failed)], project, views);
  sayDiagnostics(failed, project.texts, io);
  if (hasErrors(failed)) return exit.findings;
  const before = sideOf([...writtenFiles(project, directory, folder)], project, views, folder);
  const code = compare(before, after, options, io);
  const worse = newErrors(before.result, after.result);
  sayDiagnostics(worse, new Map([...project.texts, ...after.texts]), io);
  if (worse.length > 0) return exit.findings;
  const inconclusive = after.result.outcome === 'inconclusive' && before.result.outcome !== 'inconclusive';
  return inconclusive ? exit.inconclusive : code;
}

/** What fails after the change and did not before: a diff of routes alone would not show a line that the daemon refuses. */
function newErrors(before: SimulationResult, after: SimulationResult): readonly Diagnostic[] {
  const key = ({ rule, host, message }: Diagnostic) => JSON.stringify([rule, host, message]);
  const known = new Set(before.findings.map(key));
  return after.findings.filter((finding) => finding.severity === 'error' && !known.has(key(finding)));
}

/** One side, narrowed to the hosts of `--limit` where there is one; the simulation always sees all. */
function sideOf(hosts: readonly HostFiles[], project: Project, views: Views, folder?: OutputFolder): Side {
  const limited = project.hosts.length < project.fabric.hosts.size;
  const wanted = new Set(project.hosts.map(({ name }) => name));
  const names = hosts.map(({ name }) => name).filter((name) => !limited || wanted.has(name));
  const shown = new Set(names);
  const files = new Map<string, string>();
  for (const host of hosts) {
    if (!shown.has(host.name)) continue;
    for (const { path, text } of host.files) files.set(`${host.name}/${path}`, text);
  }
  // The base had its own wishes, which need not be the inventory's any more.
  const intents = folder
    ? [...folder.hosts.values()].flatMap(({ manifest }) => intentsOfManifest(manifest))
    : intentsOf(project.fabric.hosts.values());
  const read = readBack(hosts);
  const { state, result } = simulateFabric(read, intents, []);
  const behaviour = {
    outcome: result.outcome,
    hosts: names,
    sessions: hostSessions(state, names),
    ...routeViews(state, names, views),
  };
  return { files, result, behaviour, texts: read.texts };
}

function compare(before: Side, after: Side, options: DiffOptions, io: Io): ExitCode {
  const files = compareFiles(before.files, after.files);
  const behaviour = compareBehaviour(before.behaviour, after.behaviour);
  switch (options.format) {
    case 'json':
      io.out(`${JSON.stringify({ version: 1, files, ...behaviour }, null, 2)}\n`);
      break;
    case 'markdown':
      io.out(formatDiffMarkdown(files, behaviour));
      break;
    case 'text':
      io.out(formatDiff(files, behaviour, outStyle(io)));
  }
  const changed = files.length > 0 || !isEmptyDiff(behaviour);
  return changed && options.exitCode ? exit.changes : exit.clean;
}

import { resolve } from 'node:path';
import { Command } from 'commander';
import { type Diagnostic, hasErrors } from '../base/diagnostic.ts';
import { readBack } from '../pipeline/read-back.ts';
import { readingFindings } from '../pipeline/simulate.ts';
import { filesOfHost } from '../pipeline/sources.ts';
import { applyPlan, planWrite, type WritePlan } from '../targets/output-folder.ts';
import { type RenderedHost, renderFabric } from '../targets/render.ts';
import { inventoryFolder } from './checks-file.ts';
import { type ExitCode, exit, type Io, type Report } from './io.ts';
import { type OutputOptions, withOutput } from './options.ts';
import { exitOf, loadProject, type Project, sayDiagnostics } from './project.ts';
import { refuseArgument } from './refuse.ts';

interface RenderOptions extends OutputOptions {
  readonly check?: boolean;
  readonly force?: boolean;
}

export function renderCommand(io: Io, report: Report): Command {
  return withOutput(new Command('render'))
    .description(
      "write every host's files and a manifest per host; nothing is written unless everything is valid",
    )
    .option('--check', 'say what would change and write nothing')
    .option(
      '--force',
      'replace files that were edited by hand, and write lines that the daemon is not known to take',
    )
    .action(async (options: RenderOptions) => report(await render(options, io)));
}

async function render(options: RenderOptions, io: Io): Promise<ExitCode> {
  const project = await loadProject(options, io);
  if (typeof project === 'number') return project;
  if (isInventory(options.output, options.inventory)) {
    const message = `'${options.output}' is the inventory, and no folder for rendered files`;
    return refuseArgument(io, message, 'give a folder of its own with -o, such as -o build');
  }
  const check = options.check === true;
  const texts = new Map(project.texts);
  const plan = planWrite(options.output, judged(project, options, texts), {
    force: options.force === true,
    removeOthers: options.limit === undefined,
    check,
  });
  sayDiagnostics(plan.diagnostics, texts, io);
  if (hasErrors(plan.diagnostics)) return exitOf(plan.diagnostics);
  const failed = check ? [] : applyPlan(plan);
  sayDiagnostics(failed, texts, io);
  if (hasErrors(failed)) return exit.usage;
  if (!options.quiet) say(plan, check, io);
  return exit.clean;
}

/** Would Ansible take what is written there for sources of the inventory? */
function isInventory(output: string, inventory: string): boolean {
  if (inventory === '-') return false;
  return resolve(output) === resolve(inventoryFolder(inventory));
}

/**
 * Renders, and reads back what would be written: a template of the user's, or a line of bgp_raw, may print what the daemon does
 * not take. With `--force` such lines are written all the same: it is the user who knows them. `texts` is given what is shown.
 */
function* judged(
  { fabric, templates, hosts }: Project,
  { output, force }: RenderOptions,
  texts: Map<string, string>,
): Generator<RenderedHost, void> {
  for (const rendering of renderFabric(fabric, templates, hosts)) {
    const { host, files, diagnostics, complete } = rendering;
    // What a template that fails leaves out is not missed a second time.
    if (!complete) {
      yield rendering;
      continue;
    }
    const read = readBack([filesOfHost(host, files, output)]);
    const refused = readingFindings(read, true)
      .filter(({ severity }) => severity === 'error')
      .map((finding): Diagnostic => (force ? { ...finding, severity: 'warning' } : finding));
    if (refused.length > 0) for (const [file, text] of read.texts) texts.set(file, text);
    yield { ...rendering, diagnostics: [...diagnostics, ...refused] };
  }
}

const LISTED = 20;
const marks = { create: '+', update: '~', remove: '-' } as const;

function say(plan: WritePlan, check: boolean, io: Io): void {
  const hosts = changesByHost(plan);
  const shown = check ? hosts : hosts.slice(0, LISTED);
  for (const line of shown) io.out(`${line}\n`);
  if (shown.length < hosts.length) io.out(`  and ${hosts.length - shown.length} more lines\n`);
  const { created, updated, removed, unchanged } = plan.counts;
  const would = check ? ' (nothing was written)' : '';
  io.out(`${created} created, ${updated} updated, ${removed} removed, ${unchanged} unchanged${would}\n`);
}

/** A line per host and kind of change, in the order of the plan. */
function changesByHost({ directory, changes }: WritePlan): readonly string[] {
  const lines = new Map<string, string>();
  for (const { change, host, file } of changes) {
    const start = `${marks[change]} ${directory}/${host}/`;
    lines.set(start, `${lines.get(start) ?? start}  ${file}`);
  }
  return [...lines.values()];
}

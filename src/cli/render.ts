import { Command } from 'commander';
import { hasErrors } from '../base/diagnostic.ts';
import { applyPlan, planWrite, type WritePlan } from '../targets/output-folder.ts';
import { renderFabric } from '../targets/render.ts';
import { type ExitCode, exit, type Io } from './io.ts';
import type { Report } from './main.ts';
import { type OutputOptions, withOutput } from './options.ts';
import { loadProject, sayDiagnostics } from './project.ts';

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
    .option('--force', 'replace files that were edited by hand since they were rendered')
    .action(async (options: RenderOptions) => report(await render(options, io)));
}

async function render(options: RenderOptions, io: Io): Promise<ExitCode> {
  const project = await loadProject(options, io);
  if (!project) return exit.findings;
  const renderings = renderFabric(project.fabric, project.templates, project.hosts);
  const check = options.check === true;
  const plan = planWrite(options.output, renderings, {
    force: options.force === true,
    removeOthers: options.limit === undefined,
    check,
  });
  sayDiagnostics(plan.diagnostics, project.texts, io);
  if (hasErrors(plan.diagnostics)) return exit.findings;
  const failed = check ? [] : applyPlan(plan);
  sayDiagnostics(failed, project.texts, io);
  if (hasErrors(failed)) return exit.usage;
  if (!options.quiet) say(plan, check, io);
  return exit.clean;
}

const LISTED = 20;
const marks = { create: '+', update: '~', remove: '-' } as const;

function say(plan: WritePlan, check: boolean, io: Io): void {
  const shown = check ? plan.changes : plan.changes.slice(0, LISTED);
  for (const { change, host, file } of shown) io.out(`${marks[change]} ${plan.directory}/${host}/${file}\n`);
  if (shown.length < plan.changes.length) io.out(`  and ${plan.changes.length - shown.length} more\n`);
  const { created, updated, removed, unchanged } = plan.counts;
  const would = check ? ' (nothing was written)' : '';
  io.out(`${created} created, ${updated} updated, ${removed} removed, ${unchanged} unchanged${would}\n`);
}

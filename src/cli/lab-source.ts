import { existsSync } from 'node:fs';
import { type Diagnostic, hasErrors } from '../base/diagnostic.ts';
import { copyConfigs } from '../lab/plan/from-configs.ts';
import { type Versions, writeFabricPlan } from '../lab/plan/from-fabric.ts';
import { outputFolder, renderedFiles } from './fabric-files.ts';
import type { ExitCode, Io } from './io.ts';
import type { OutputOptions } from './options.ts';
import { exitOf, loadProject, sayDiagnostics } from './project.ts';

/** What a lab is made from. */
export interface LabSource extends OutputOptions {
  readonly configs?: string;
}

/** Writes what a lab runs into a folder; gives what is to be said about it, or the exit code after saying what is wrong. */
export type WritePlan = (folder: string, versions: Versions) => readonly string[];

/** How the user named what the lab is made from. */
export function sourceName({ configs, inventory }: LabSource): string {
  return configs ?? inventory;
}

/** Reads and checks the inventory, or the folder of configurations, before anything is made. */
export async function planWriter(source: LabSource, io: Io): Promise<WritePlan | ExitCode> {
  const { configs } = source;
  if (configs !== undefined) return (folder, versions) => copyConfigs(configs, folder, versions);
  const project = await loadProject(source, io);
  if (typeof project === 'number') return project;
  const failed: Diagnostic[] = [];
  const folder = existsSync(source.output) ? outputFolder(source.output) : null;
  failed.push(...(folder?.diagnostics ?? []));
  const files = new Map(
    [...renderedFiles(project, source.output, folder, failed)].map((one) => [one.name, one]),
  );
  sayDiagnostics(failed, project.texts, io);
  if (hasErrors(failed)) return exitOf(failed);
  const hosts = project.hosts.flatMap((host) => {
    const own = files.get(host.name);
    return own ? [{ host, files: own }] : [];
  });
  return (where, versions) => writeFabricPlan(where, hosts, versions);
}

import { existsSync } from 'node:fs';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { HostFiles } from '../pipeline/read-back.ts';
import { filesOfHost, filesOfManifest } from '../pipeline/sources.ts';
import { externalRouter } from '../targets/external/router.ts';
import { type OutputFolder, readOutputFolder } from '../targets/output-read.ts';
import { renderFabric } from '../targets/render.ts';
import type { Project } from './project.ts';

/** The output folder, or null where there is none: what was never rendered cannot have been edited. */
export function outputFolder(directory: string): OutputFolder | null {
  return existsSync(directory) ? readOutputFolder(directory) : null;
}

/** A note for each file that is read as a person left it, so that nobody wonders where a route comes from. */
export function editedFiles(folder: OutputFolder): readonly Diagnostic[] {
  return [...folder.hosts.values()].flatMap(({ manifest: { host }, files, edited }) =>
    edited.flatMap((name) => {
      const path = files.get(name)?.path;
      if (path === undefined) return [];
      return {
        rule: 'output-edited',
        severity: 'info',
        message: `${host}: '${path}' was edited by hand since it was rendered and is simulated as it stands there`,
        ranges: [],
        host,
        fix: 'carry the edit into the inventory or a template, or render with --force to drop it',
      } as const;
    }),
  );
}

/**
 * Every host's files as they are rendered now. A file of the output folder that a person edited since it was written takes the
 * place of the rendering: it is what would be rolled out. `failed` collects what could not be rendered.
 */
export function* renderedFiles(
  project: Project,
  output: string,
  folder: OutputFolder | null,
  failed: Diagnostic[],
): Generator<HostFiles, void> {
  for (const { host, files, diagnostics, complete } of renderFabric(project.fabric, project.templates)) {
    failed.push(...diagnostics);
    if (!complete) continue;
    const onDisk = folder?.hosts.get(host.name);
    const edited = new Map((onDisk?.edited ?? []).map((path) => [path, onDisk?.files.get(path)?.text ?? '']));
    yield filesOfHost(host, files, output, edited);
  }
}

/** Every host's files as an output folder holds them. Hosts that are not ours are taken from the inventory: they have no files. */
export function* writtenFiles(
  project: Project,
  output: string,
  folder: OutputFolder,
): Generator<HostFiles, void> {
  for (const { manifest, files } of folder.hosts.values()) {
    const texts = new Map([...files].map(([path, { text }]) => [path, text]));
    const known = project.fabric.hosts.get(manifest.host);
    const router = manifest.daemon === 'external' && known ? externalRouter(known) : null;
    yield { ...filesOfManifest(manifest, texts, output), router };
  }
  for (const host of project.fabric.hosts.values()) {
    const outside = host.daemon.kind === 'external' || host.daemon.kind === 'none';
    if (outside && !folder.hosts.has(host.name)) yield filesOfHost(host, [], output);
  }
}

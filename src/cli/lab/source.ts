import { existsSync } from 'node:fs';
import { type Diagnostic, hasErrors } from '../../base/diagnostic.ts';
import { dockerPrograms } from '../../lab/containers/dockerd.ts';
import { copyConfigs } from '../../lab/plan/from-configs.ts';
import { type PlannedHost, type Versions, writeFabricPlan } from '../../lab/plan/from-fabric.ts';
import { missing } from '../../lab/programs.ts';
import type { Host } from '../../model/fabric.ts';
import { readChecks } from '../../pipeline/checks/read.ts';
import type { ChecksFile } from '../../pipeline/simulate.ts';
import { readTopologyFolder } from '../../pipeline/topology/files.ts';
import type { DeclaredCheck } from '../../simulator/checks/declared/types.ts';
import { knowsKey } from '../../targets/docker/keys.ts';
import { renderHost } from '../../targets/render.ts';
import { findChecks, selectAmong, selectFrom } from '../checks-file.ts';
import { outputFolder, renderedFiles } from '../fabric-files.ts';
import type { ExitCode, Io } from '../io.ts';
import type { OutputOptions } from '../options.ts';
import { exitOf, loadProject, type Project, sayDiagnostics } from '../project.ts';

/** What a lab is made from. */
export interface LabSource extends OutputOptions {
  readonly configs?: string;
  /** auto: real ones where Docker is installed and the hosts are few. */
  readonly containers: 'auto' | 'docker' | 'namespaces';
}

/** Writes what a lab runs into a folder; gives what is to be said about it, or the exit code after saying what is wrong. */
export type WritePlan = (folder: string, versions: Versions) => readonly string[];

/** A plan to be, and what the fabric is to be asked. */
export interface LabMaterial {
  readonly write: WritePlan;
  readonly checks: readonly DeclaredCheck[];
}

/** How the user named what the lab is made from. */
export function sourceName({ configs, inventory }: LabSource): string {
  return configs ?? inventory;
}

/** Reads and checks the inventory, or the folder of configurations, before anything is made. */
export async function planWriter(source: LabSource, io: Io): Promise<LabMaterial | ExitCode> {
  const { configs } = source;
  if (configs !== undefined) {
    const names = readTopologyFolder(configs).configs.hosts.keys();
    const checks = checksOf(configs, selectAmong, [...names], io);
    if (typeof checks === 'number') return checks;
    return { write: (folder, versions) => copyConfigs(configs, folder, versions), checks };
  }
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
    return own ? [{ host, files: own, standIn: standInFor(host, project) }] : [];
  });
  const names = hosts.map(({ host }) => host.name);
  const checks = checksOf(source.inventory, () => selectFrom(project.inventory), names, io);
  if (typeof checks === 'number') return checks;
  const write: WritePlan = (where, versions) => {
    const { kind, why } = containersFor(source.containers, hosts, versions);
    return [...writeFabricPlan(where, hosts, versions, kind), ...why];
  };
  return { write, checks };
}

/** The checks.yml that stands beside; the exit code after saying what is wrong with it. */
function checksOf(
  beside: string,
  select: ChecksFile['select'],
  hosts: readonly string[],
  io: Io,
): readonly DeclaredCheck[] | ExitCode {
  const { file, diagnostics } = findChecks(undefined, beside, select);
  const read = file ? readChecks(file.text, file.path, file.select(hosts), hosts) : null;
  const all = [...diagnostics, ...(read?.diagnostics ?? [])];
  sayDiagnostics(all, new Map(file ? [[file.path, file.text]] : []), io);
  return hasErrors(all) ? exitOf(all) : (read?.checks ?? []);
}

/** What fabricgen's own speaker runs on a host that nothing is rendered for; null: the host has files, or no neighbors. */
function standInFor(host: Host, { fabric, templates }: Project): string | null {
  const ours = host.daemon.kind !== 'external' && host.daemon.kind !== 'speaker';
  if (ours || !host.bgp || host.bgp.neighbors.length + host.bgp.listenRanges.length === 0) return null;
  const { files, complete } = renderHost({ ...host, daemon: READ_AS, docker: null }, fabric, templates);
  return complete ? (files.find(({ path }) => path === 'frr.conf')?.text ?? null) : null;
}

/** FRR's language says what any of the others can. */
const READ_AS: Host['daemon'] = {
  kind: 'frr',
  version: '8.4',
  layout: 'integrated',
  defaults: 'traditional',
};

/** Engines beyond this number take longer to start than everything else together. */
const MOST_ENGINES = 8;

/** What stands behind docker0 of each host, and what has to be said about it. */
function containersFor(
  wanted: LabSource['containers'],
  hosts: readonly PlannedHost[],
  versions: Versions,
): { readonly kind: 'docker' | 'namespaces'; readonly why: readonly string[] } {
  const engines = hosts.filter(({ host }) => host.docker !== null).length;
  if (engines === 0) return { kind: 'namespaces', why: [] };
  const stand = 'containers are network namespaces on docker0, no dockerd runs';
  if (wanted === 'namespaces') return { kind: 'namespaces', why: [stand] };
  const why = whyNoEngine(hosts, versions.get('docker') ?? '');
  if (why !== null) {
    if (wanted === 'docker') throw new Error(`no Docker engine can run here: ${why}`);
    return { kind: 'namespaces', why: [`${stand}: ${why}`] };
  }
  if (wanted === 'auto' && engines > MOST_ENGINES)
    return {
      kind: 'namespaces',
      why: [`${stand}: ${engines} hosts have one (--containers docker starts them all)`],
    };
  return { kind: 'docker', why: [] };
}

/** Why no dockerd can run here with the files of these hosts; null: it can. */
function whyNoEngine(hosts: readonly PlannedHost[], version: string): string | null {
  const lacking = missing({ programs: dockerPrograms });
  if (lacking.length > 0) return `${lacking.join(', ')} ${lacking.length === 1 ? 'is' : 'are'} missing`;
  const texts = hosts.flatMap(({ files }) => files.files.filter(({ target }) => target === 'docker'));
  const keys = texts.flatMap(({ text }) => Object.keys(JSON.parse(text)));
  const unknown = [...new Set(keys)].filter((key) => !knowsKey(version, key)).sort();
  return unknown.length === 0 ? null : `Docker ${version} does not know ${unknown.join(', ')}`;
}

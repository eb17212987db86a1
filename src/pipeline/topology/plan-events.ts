import type { Diagnostic } from '../../base/diagnostic.ts';
import type { NetworkNode } from '../../simulator/kernel/network.ts';
import type { Change } from '../../simulator/timeline/change.ts';
import type { TimelineEvent } from '../../simulator/timeline/timeline.ts';
import type { ConfigFile } from '../../targets/target.ts';
import { type HostFiles, type HostLine, readBack } from '../read-back.ts';
import { type ConfigsFolder, hostFiles, loadedFiles, startFiles } from './configs.ts';
import type { LoadedFiles, TopologyEvent } from './events.ts';
import { shown } from './fields.ts';
import { withoutForgotten } from './forgotten-commands.ts';
import type { Topology, TopologyDaemon, TopologyHost } from './topology.ts';

export interface PlannedEvents {
  /** null: none are written. */
  readonly events: readonly TimelineEvent[] | null;
  /** What is said of the files that events load. */
  readonly lines: readonly HostLine[];
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/** Events with the files they load read; an event whose files are not there loads nothing and is an error. */
export function planEvents(
  topology: Topology,
  folder: ConfigsFolder,
  hosts: readonly HostFiles[],
): PlannedEvents {
  const lines: HostLine[] = [];
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, string>();
  const current = new Map(folder.hosts);
  const afresh = new Map<string, ReadonlyMap<string, ConfigFile>>();
  const changeOf = ({ change, source }: TopologyEvent): Change | null => {
    if (change?.kind === 'start')
      for (const host of change.hosts) current.set(host, afresh.get(host) ?? current.get(host) ?? new Map());
    if (change?.kind !== 'files') return change;
    const host = topology.hosts.find(({ name }) => name === change.host);
    const before = current.get(change.host) ?? new Map<string, ConfigFile>();
    const loaded = host && loadedFiles(host, folder, before, change.from);
    if (!host || !loaded) {
      diagnostics.push({ ...noFolder(change), ranges: [source] });
      return null;
    }
    const files = withoutForgotten(
      host,
      loaded,
      before,
      (of) => readBack([filesNow(host, of, hosts)]).nodes[0]?.router?.bgp?.policyText,
    );
    const read = readBack([filesNow(host, files, hosts)]);
    for (const [name, text] of read.texts) texts.set(name, text);
    const [node] = read.nodes;
    const unknown = loadsNothing(host) ? read.lines.findIndex(({ status }) => status === 'unrecognised') : -1;
    if (keepsWhatItHas(host, node, read.diagnostics)) {
      diagnostics.push(...read.diagnostics.map(keptInstead));
      return null;
    }
    current.set(host.name, files);
    for (const [index, line] of read.lines.entries()) lines.push(index === unknown ? keptBack(line) : line);
    for (const diagnostic of read.diagnostics) diagnostics.push(diagnostic);
    if (!node) return null;
    if (unknown >= 0) return { kind: 'files-kept-back', host: host.name, node };
    const started = startFiles(host, folder, files, change.from);
    afresh.set(host.name, started);
    if (started === files) return { kind: 'files', host: host.name, node };
    // What is said of these lines was said with the others.
    const [again] = readBack([filesNow(host, started, hosts)]).nodes;
    return { kind: 'files', host: host.name, node, afresh: again?.router ?? null };
  };
  const events = topology.events?.map((event) => ({
    change: changeOf(event),
    delay: event.delay,
    record: event.record,
  }));
  return { events: events ?? null, lines, diagnostics, texts };
}

/** These read new files as a whole, and go on as they were where they would not start with them (seen on BIRD 2.0.12, GoBGP 3.10, ExaBGP 4.2). */
const readsWhole: ReadonlySet<TopologyDaemon> = new Set(['bird', 'gobgp', 'exabgp']);

function keepsWhatItHas(
  { daemon }: TopologyHost,
  node: NetworkNode | undefined,
  found: readonly Diagnostic[],
): boolean {
  return readsWhole.has(daemon) && !node?.router?.bgp && found.some(({ severity }) => severity === 'error');
}

function keptInstead(diagnostic: Diagnostic): Diagnostic {
  return {
    ...diagnostic,
    message: diagnostic.message.replace('does not start', 'keeps the files of before'),
  };
}

/** frr-reload.py has vtysh mark the new file first, and ends where vtysh does not know a line of it (8.4.4); a daemon that starts skips the line. */
function loadsNothing({ daemon }: TopologyHost): boolean {
  return daemon === 'frr';
}

function keptBack(line: HostLine): HostLine {
  return {
    ...line,
    effect: `${line.effect}; FRR keeps the files of before, as frr-reload takes no file with it`,
  };
}

function filesNow(
  host: TopologyHost,
  files: ReadonlyMap<string, ConfigFile>,
  hosts: readonly HostFiles[],
): HostFiles {
  const unread = hosts.find(({ name }) => name === host.name)?.files.length === 0;
  return hostFiles(host, files, unread);
}

function noFolder({ host, from }: LoadedFiles): Omit<Diagnostic, 'ranges'> {
  return {
    rule: 'config-missing',
    severity: 'error',
    message: `${host}: there are no files to load in ${shown(from)}`,
    host,
    found: shown(from),
    expected: `${from}/${host}/ or ${from}/ with the files, beside configs`,
    fix: 'put the files there, or correct the name of the folder',
  };
}

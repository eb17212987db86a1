import type { Diagnostic } from '../../base/diagnostic.ts';
import { nearestName } from '../../base/nearest.ts';
import { externalProfile } from '../../targets/external/profile.ts';
import type { ConfigFile } from '../../targets/target.ts';
import type { HostFiles, HostLine, TargetFile } from '../read-back.ts';
import type { LoadedFiles } from './events.ts';
import { shown } from './fields.ts';
import type { Topology, TopologyDaemon, TopologyHost } from './topology.ts';

/** The files below `configs/`, as they were found: host → file name → text, and how the folder is named to the user. */
export interface ConfigsFolder {
  readonly shown: string;
  readonly hosts: ReadonlyMap<string, ReadonlyMap<string, ConfigFile>>;
  /** Hosts of which a file is there and could not be read: that was said. */
  readonly unreadable?: ReadonlySet<string>;
  /** Files that events load: by `loadedKey`. */
  readonly loaded?: ReadonlyMap<string, ReadonlyMap<string, ConfigFile>>;
}

export function loadedKey({ host, from }: Pick<LoadedFiles, 'host' | 'from'>): string {
  return `${host} ${from}`;
}

export interface Configs {
  readonly hosts: readonly HostFiles[];
  /** What is left out of the simulation although it matters: daemons that are not read yet. */
  readonly lines: readonly HostLine[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Daemon → its files. */
const filesOf: Readonly<Record<TopologyDaemon, readonly string[]>> = {
  frr: ['frr.conf', 'zebra.conf', 'staticd.conf', 'bgpd.conf'],
  quagga: ['zebra.conf', 'bgpd.conf'],
  gobgp: ['gobgp.toml', 'gobgp-cli.txt'],
  bird: ['bird.conf'],
  exabgp: ['exabgp.conf'],
  speaker: ['frr.conf', 'gobgp.toml', 'gobgp-cli.txt', 'bird.conf', 'exabgp.conf'],
  none: [],
};

/** What the file of a speaker is written for, as `fabricgen speaker --config` takes it, and as which version it is read. */
const dialects: Readonly<Record<string, readonly [target: string, version: string]>> = {
  'frr.conf': ['frr', '8.4'],
  'gobgp.toml': ['gobgp', '3'],
  'gobgp-cli.txt': ['gobgp', '3'],
  'bird.conf': ['bird', '2'],
  'exabgp.conf': ['exabgp', '4'],
};

/** BIRD includes files of any name, those in folders below its own too. */
function isOwnFile(daemon: TopologyDaemon, name: string): boolean {
  if (filesOf[daemon].includes(name)) return true;
  if (isBelow(name)) return daemon === 'bird';
  const foreign = Object.values(filesOf).some((names) => names.includes(name));
  return daemon === 'bird' && !foreign && name !== DOCKER && !harmless.test(name);
}

/** In a folder of the host's folder: only what names the file says whether it is one of the daemon's. */
function isBelow(name: string): boolean {
  return name.includes('/');
}

/** Files beside the configuration that change no table. */
const harmless = /^(?:vtysh\.conf|support_bundle_commands\.conf|README(?:\.\w+)?|.*\.sav|\..*)$/;
const DOCKER = 'daemon.json';
/** topology.yml does not say which dockerd reads daemon.json: the newest knows most keys. */
const NEWEST_DOCKER = '28';
export const COMMANDS = 'gobgp-cli.txt';

/** Puts topology and files together; `readable` names the targets there are. */
export function configsOf(topology: Topology, folder: ConfigsFolder, readable: ReadonlySet<string>): Configs {
  const diagnostics: Diagnostic[] = [];
  const lines: HostLine[] = [];
  const hosts = topology.hosts.map((host) => {
    const present = folder.hosts.get(host.name) ?? new Map<string, ConfigFile>();
    diagnostics.push(...misplaced(host, present));
    const unread = host.daemon !== 'none' && host.daemon !== 'speaker' && !readable.has(host.daemon);
    const allRead = !folder.unreadable?.has(host.name);
    if (unread) lines.push(unreadLine(host, present));
    else if (allRead && host.daemon !== 'none' && !filesOf[host.daemon].some((name) => present.has(name))) {
      diagnostics.push(noFiles(host, folder));
    }
    return hostFiles(host, present, unread);
  });
  const known = new Set(topology.hosts.map(({ name }) => name));
  const loaded = new Set(
    topology.events?.flatMap(({ change }) => (change?.kind === 'files' ? change.from : [])),
  );
  for (const name of folder.hosts.keys()) {
    if (!known.has(name) && !loaded.has(name)) diagnostics.push(unknownFolder(name, known, folder));
  }
  return { hosts, lines, diagnostics };
}

/** The files of a host after an event has loaded others: those of the same name are replaced, an integrated file replaces all. */
export function loadedFiles(
  host: TopologyHost,
  folder: ConfigsFolder,
  before: ReadonlyMap<string, ConfigFile>,
  from: string,
): ReadonlyMap<string, ConfigFile> | null {
  const loaded = folder.loaded?.get(loadedKey({ host: host.name, from }));
  if (!loaded || loaded.size === 0) return null;
  const merged = new Map([...before, ...loaded]);
  if (host.daemon === 'frr' || host.daemon === 'quagga') {
    if (loaded.has('frr.conf')) return loaded;
    merged.delete('frr.conf');
  }
  // What earlier commands have put into the table is still there.
  const [earlier, commands] = [before.get(COMMANDS), loaded.get(COMMANDS)];
  if (earlier && commands) merged.set(COMMANDS, { ...commands, text: `${earlier.text}\n${commands.text}` });
  return merged;
}

/** The files of a daemon that starts after that, where they are others: commands of before were given to one that has ended. */
export function startFiles(
  host: TopologyHost,
  folder: ConfigsFolder,
  merged: ReadonlyMap<string, ConfigFile>,
  from: string,
): ReadonlyMap<string, ConfigFile> {
  const commands = folder.loaded?.get(loadedKey({ host: host.name, from }))?.get(COMMANDS);
  if (merged.get(COMMANDS) === commands) return merged;
  const others = [...merged].filter(([name]) => name !== COMMANDS);
  return new Map(commands ? [...others, [COMMANDS, commands]] : others);
}

export function hostFiles(
  host: TopologyHost,
  present: ReadonlyMap<string, ConfigFile>,
  unread: boolean,
): HostFiles {
  const files: TargetFile[] = [];
  for (const [path, { path: shownAs, text }] of present) {
    const own = isOwnFile(host.daemon, path) && !unread;
    const target = path === DOCKER ? 'docker' : own ? readAs(host.daemon, path) : null;
    if (target) files.push({ path, shown: shownAs, target, text });
  }
  return {
    name: host.name,
    versions: new Map([
      ...(host.daemon === 'speaker' ? Object.values(dialects) : []),
      [host.daemon, host.version],
      ['docker', NEWEST_DOCKER],
    ]),
    interfaces: host.interfaces,
    files,
    router: null,
    ...(host.daemon === 'speaker' ? { profile: externalProfile } : {}),
    kernelRoutes: host.kernelRoutes,
  };
}

/** The target that reads a file of this daemon. */
function readAs(daemon: TopologyDaemon, path: string): string {
  return daemon === 'speaker' ? (dialects[path]?.[0] ?? daemon) : daemon;
}

function misplaced(host: TopologyHost, present: ReadonlyMap<string, ConfigFile>): readonly Diagnostic[] {
  const own = filesOf[host.daemon];
  return [...present].flatMap(([name, { path }]): Diagnostic[] => {
    if (isOwnFile(host.daemon, name) || name === DOCKER || name === 'daemons' || harmless.test(name))
      return [];
    if (isBelow(name)) return [];
    const daemon = Object.entries(filesOf).find(([, names]) => names.includes(name))?.[0];
    const nearest = daemon ? null : nearestName(name, own);
    return [
      {
        rule: 'config-misplaced',
        severity: 'error',
        message: `${host.name}: ${shown(name)} is not a file of ${host.daemon === 'none' ? 'a host without daemon' : host.daemon}`,
        ranges: [{ file: path, line: 1, column: 1 }],
        related: [{ ...host.source, note: `its daemon is ${host.daemon}` }],
        host: host.name,
        found: shown(name),
        expected: own.join(', ') || 'no file',
        ...(nearest ? { nearest } : {}),
        fix: daemon
          ? `make ${daemon} the daemon of ${host.name}, or remove the file`
          : 'rename or remove the file',
      },
    ];
  });
}

function noFiles(host: TopologyHost, folder: ConfigsFolder): Diagnostic {
  return {
    rule: 'config-missing',
    severity: 'error',
    message: `${host.name}: no configuration of ${host.daemon} was found in ${folder.shown}/${host.name}`,
    ranges: [host.source],
    host: host.name,
    expected: filesOf[host.daemon].join(', '),
    fix: `put the files of ${host.daemon} there, or write daemon: none for a host without one`,
  };
}

function unknownFolder(name: string, known: ReadonlySet<string>, folder: ConfigsFolder): Diagnostic {
  const nearest = nearestName(name, known);
  return {
    rule: 'unknown-host',
    severity: 'error',
    message: `${folder.shown}/${shown(name)} belongs to no host of the topology`,
    ranges: [],
    found: shown(name),
    ...(nearest ? { nearest } : {}),
    fix: 'add the host to topology.yml, or remove the folder',
  };
}

function unreadLine(host: TopologyHost, present: ReadonlyMap<string, ConfigFile>): HostLine {
  const file = filesOf[host.daemon].map((name) => present.get(name)).find((one) => one !== undefined);
  return {
    host: host.name,
    status: 'unmodelled',
    matters: true,
    text: `daemon: ${host.daemon}`,
    effect: `configurations of ${host.daemon} are not read yet: ${host.name} is simulated as a host without routing daemon`,
    source: file ? { file: file.path, line: 1, column: 1 } : host.source,
  };
}

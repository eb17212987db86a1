import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, type InterfaceAddress, interfaceAddressOf } from '../../base/ip.ts';
import type { Host } from '../../model/fabric.ts';
import type { HostFiles } from '../../pipeline/read-back.ts';
import type { Container } from '../netns.ts';
import { type LabExtras, writeExtras } from './plan.ts';

/** A host of the inventory with its files as they would be rolled out. */
export interface PlannedHost {
  readonly host: Host;
  readonly files: HostFiles;
  /** An frr.conf of a host that is nobody's to render (`external`, `speaker`): fabricgen's speaker runs it. null: there is none. */
  readonly standIn?: string | null;
}

/** What is put in a host's stead where its own daemon cannot be run here. */
interface Substitute {
  readonly daemon: string;
  readonly version: string;
  readonly files: ReadonlyMap<string, string>;
  readonly note: string | null;
}

/** Detected version of each daemon that is installed, as the simulator names it. */
export type Versions = ReadonlyMap<string, string>;

/**
 * Writes hosts of an inventory as a folder that the lab runs; says in words what will not be as the inventory has it. FRR sets the
 * addresses of its interfaces from its own files, as on a real host; they stand in topology.yml as well, which harms nothing.
 */
export function writeFabricPlan(
  folder: string,
  hosts: readonly PlannedHost[],
  versions: Versions,
  containers: 'docker' | 'namespaces',
): readonly string[] {
  const notes = new Map<string, string[]>();
  const extras: Record<string, LabExtras> = {};
  const entries = hosts.map(({ host, files, standIn = null }) => {
    const { daemon, version, note, ...chosen } = substituteFor(host, files, standIn, versions);
    if (note !== null) notes.set(note, [...(notes.get(note) ?? []), host.name]);
    mkdirSync(join(folder, 'configs', host.name), { recursive: true });
    for (const [name, text] of chosen.files) writeFileSync(join(folder, 'configs', host.name, name), text);
    // Interfaces that dockerd makes are known from there.
    const docker = files.files.find(({ target }) => target === 'docker');
    if (docker) writeFileSync(join(folder, 'configs', host.name, docker.path), docker.text);
    extras[host.name] = extrasOf(host, files, containers === 'docker' && docker !== undefined);
    return hostEntry(host, daemon, version);
  });
  writeFileSync(join(folder, 'topology.yml'), `hosts:\n${entries.join('')}`);
  writeExtras(folder, extras);
  return [...notes].map(([note, names]) => `${names.join(', ')}: ${note}`);
}

function substituteFor(
  host: Host,
  { files }: HostFiles,
  standIn: string | null,
  versions: Versions,
): Substitute {
  const { kind, version } = host.daemon;
  if (standIn !== null) {
    const note =
      kind === 'external' ? "not ours: fabricgen's speaker runs what the inventory says of it" : null;
    return { daemon: 'speaker', version: '', files: new Map([['frr.conf', standIn]]), note };
  }
  const own = new Map(files.filter(({ target }) => target === kind).map(({ path, text }) => [path, text]));
  const readable = new Map(
    [...own].filter(([path]) => /\.(?:conf|toml|txt|inc)$/.test(path) && !path.startsWith('90-')),
  );
  const found = versions.get(kind === 'quagga' ? 'frr' : kind);
  if (kind === 'quagga' && found !== undefined) {
    // vtysh hands each line to the daemon that knows it: static routes stand in zebra.conf and are staticd's by now.
    const whole = [readable.get('zebra.conf') ?? '', readable.get('bgpd.conf') ?? '']
      .join('!\n')
      .replace(/^end$/gm, '!');
    const note = `Quagga cannot be had here: its files run on FRR ${found}, and are simulated as FRR reads them`;
    return { daemon: 'frr', version: found, files: new Map([['frr.conf', whole]]), note };
  }
  if (kind === 'none' || kind === 'external' || kind === 'speaker' || found === undefined) {
    const note =
      kind === 'none'
        ? null
        : kind === 'external'
          ? 'not ours, and the inventory gives it no neighbors: stands there without a daemon'
          : `${kind} cannot be run here: stands there without a daemon`;
    return { daemon: 'none', version: '', files: new Map(), note };
  }
  const other = version !== '' && !sameVersion(version, found);
  const note = other ? `the inventory says ${kind} ${version}, ${found} is what runs and is simulated` : null;
  return { daemon: kind, version: found, files: readable, note };
}

/** `3` and `3.10` are one dialect, `8.4` and `10` are not. */
function sameVersion(wanted: string, found: string): boolean {
  const [a, b] = [wanted.split('.'), found.split('.')];
  return a.every((part, index) => b[index] === undefined || b[index] === part);
}

function hostEntry(host: Host, daemon: string, version: string): string {
  const interfaces = host.interfaces.map(({ name, addresses, segment }) => {
    const link = segment === null ? '' : `, link: ${JSON.stringify(segment)}`;
    return `      ${name}: { addresses: [${addresses.map(({ text }) => JSON.stringify(text)).join(', ')}]${link} }\n`;
  });
  const lines = [`  ${host.name}:\n    daemon: ${daemon}\n`];
  if (version !== '') lines.push(`    version: ${JSON.stringify(version)}\n`);
  if (interfaces.length > 0) lines.push('    interfaces:\n', ...interfaces);
  return lines.join('');
}

function extrasOf(host: Host, { files }: HostFiles, dockerd: boolean): LabExtras {
  const sysctls = files.filter(({ path }) => path.startsWith('90-')).flatMap(({ text }) => settingsOf(text));
  return {
    ...(sysctls.length > 0 ? { sysctls } : {}),
    ...(dockerd ? { dockerd } : { containers: containersOf(host) }),
    ...(host.daemon.kind === 'quagga' ? { restarts: true } : {}),
  };
}

/** The container behind docker0 of a host. */
export function containerOf(host: string): string {
  return `${host}+c1`;
}

function containersOf(host: Host): readonly Container[] {
  const gateways = [host.docker?.bip, host.docker?.bip6].filter((bip) => bip != null);
  if (gateways.length === 0) return [];
  return [
    {
      bridge: 'docker0',
      gateways: gateways.map(({ text }) => text),
      name: containerOf(host.name),
      addresses: gateways.map(({ address, length }) => interfaceAddressOf(next(address), length).text),
    },
  ];
}

function next({ family, value }: InterfaceAddress['address']) {
  return addressOf(family, value + 1n);
}

/** The lines of a sysctl.d file. */
function settingsOf(text: string): readonly (readonly [string, string])[] {
  return text.split('\n').flatMap((line): readonly (readonly [string, string])[] => {
    const [, name, value] = /^\s*([^#;\s=]+)\s*=\s*(\S.*?)\s*$/.exec(line) ?? [];
    return name && value ? [[name, value]] : [];
  });
}

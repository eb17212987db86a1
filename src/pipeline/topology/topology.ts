import { lengthFault } from '../../base/address-fault.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { hasErrors } from '../../base/diagnostic.ts';
import { type InterfaceAddress, parseInterfaceAddress } from '../../base/ip.ts';
import { nearestName } from '../../base/nearest.ts';
import type { Positioned, PositionedEntry, SourceRange } from '../../base/source.ts';
import { parseYaml } from '../../base/yaml.ts';
import type { StaticRouteConfig } from '../../bgp/config.ts';
import type { NetworkInterface } from '../../simulator/kernel/network.ts';
import { readEvents, type TopologyEvent } from './events.ts';
import { type Faults, invalid, list, mapping, missingKey, onlyKeys, shown, text } from './fields.ts';
import { readKernelRoute } from './kernel-route.ts';

/** The wiring of a fabric whose configurations somebody else wrote: what `topology.yml` says. */
export interface Topology {
  readonly hosts: readonly TopologyHost[];
  /** In order; null: nothing is said, all hosts start together. */
  readonly events: readonly TopologyEvent[] | null;
}

export interface TopologyHost {
  readonly name: string;
  readonly daemon: TopologyDaemon;
  /** The newest version known where the file gives none. */
  readonly version: string;
  readonly interfaces: readonly NetworkInterface[];
  readonly kernelRoutes: readonly StaticRouteConfig[];
  readonly source: SourceRange;
}

export type TopologyDaemon = keyof typeof daemons;

/** Daemon → the version taken where none is given. `speaker` is fabricgen's own, from a file of any of the others. */
const daemons = {
  frr: '8.4',
  quagga: '1.2',
  gobgp: '3',
  bird: '2',
  exabgp: '4',
  speaker: '',
  none: '',
} as const;

/** Versions that were held against the daemon, as they begin; others are simulated as the one named. */
const knownVersions: Readonly<Record<TopologyDaemon, { readonly begin: RegExp; readonly as: string }>> = {
  frr: { begin: /^(?:8|10)(?:\.|$)/, as: '8.4 or 10' },
  quagga: { begin: /^(?:0\.99|1)(?:\.|$)/, as: '1.2' },
  gobgp: { begin: /^3(?:\.|$)/, as: '3.10' },
  bird: { begin: /^2(?:\.|$)/, as: '2.0.12' },
  exabgp: { begin: /^4(?:\.|$)/, as: '4.2' },
  speaker: { begin: /^/, as: '' },
  none: { begin: /^/, as: '' },
};

export interface ReadTopology {
  /** null: there is at least one error. */
  readonly topology: Topology | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads topology.yml; every fault with its place, all of them at once; never throws. */
export function readTopology(content: string, file: string): ReadTopology {
  const { root, diagnostics } = parseYaml(content, file);
  const faults: Faults = [...diagnostics];
  const start: SourceRange = { file, line: 1, column: 1 };
  if (!root) {
    if (!hasErrors(faults)) faults.push(missingKey('the topology', 'hosts', start));
    return { topology: null, diagnostics: faults };
  }
  const top = mapping(root, 'the topology', faults);
  onlyKeys(top, ['hosts', 'events'], 'the topology', faults);
  const entries = top.get('hosts');
  if (!entries && root.entries) faults.push(missingKey('the topology', 'hosts', root.source));
  const hosts = entries ? readHosts(entries.node, faults) : [];
  const written = top.get('events');
  const events = written ? readEvents(written.node, hosts, faults) : null;
  const topology = { hosts, events: events && events.length > 0 ? events : null };
  return { topology: hasErrors(faults) ? null : topology, diagnostics: faults };
}

function readHosts(node: Positioned, faults: Faults): readonly TopologyHost[] {
  const hosts: TopologyHost[] = [];
  for (const [name, entry] of mapping(node, 'hosts', faults)) {
    if (/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62})$/.test(name)) hosts.push(readHost(name, entry, faults));
    else {
      const fix = 'use letters, digits, dots, hyphens and underscores: it is also the name of a folder';
      faults.push(
        invalid(entry.key, `${shown(name)} cannot be the name of a host`, { found: shown(name), fix }),
      );
    }
  }
  if (hosts.length === 0 && !hasErrors(faults)) {
    faults.push(invalid(node.source, 'the topology has no host', { fix: 'name the hosts under hosts' }));
  }
  return hosts.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readHost(name: string, { key, node }: PositionedEntry, faults: Faults): TopologyHost {
  const what = `host ${name}`;
  const entries = mapping(node, what, faults);
  onlyKeys(entries, ['daemon', 'version', 'interfaces', 'routes'], what, faults);
  const daemon = daemonOf(name, entries.get('daemon') ?? null, key, faults);
  const version = entries.get('version');
  const interfaces = entries.get('interfaces');
  const routes = entries.get('routes');
  return {
    name,
    daemon,
    version: (version && versionOf(name, daemon, version, faults)) || daemons[daemon],
    interfaces: interfaces ? readInterfaces(name, interfaces.node, faults) : [],
    kernelRoutes: routes
      ? list(routes.node, `routes of ${name}`, faults).flatMap((one) => readRoute(name, one, faults))
      : [],
    source: key,
  };
}

function versionOf(
  name: string,
  daemon: TopologyDaemon,
  { node }: PositionedEntry,
  faults: Faults,
): string | null {
  const version = text(node, `the version of ${name}`, faults);
  const { begin, as } = knownVersions[daemon];
  if (version === null || begin.test(version)) return version;
  faults.push({
    rule: 'daemon-version',
    severity: 'warning',
    message: `${name}: ${daemon} ${shown(version)} was never held against the simulation; it counts as ${countedAs(daemon, version)}`,
    ranges: [node.source],
    host: name,
    found: shown(version),
    expected: as,
    fix: 'compare the tables with the daemon once (fabricgen lab run --configs), or write the version that is nearest',
  });
  return version;
}

/** The version that a file of an unknown one is read and simulated as. */
function countedAs(daemon: TopologyDaemon, version: string): string {
  if (daemon !== 'frr') return knownVersions[daemon].as;
  return Number.parseInt(version, 10) >= 10 ? '10' : '8.4';
}

function daemonOf(
  name: string,
  entry: PositionedEntry | null,
  key: SourceRange,
  faults: Faults,
): TopologyDaemon {
  if (!entry) {
    faults.push(missingKey(`host ${name}`, 'daemon', key));
    return 'none';
  }
  // YAML 1.1 leaves `none` a text; `null` and `~` are nothing.
  const word = text(entry.node, `the daemon of ${name}`, faults);
  if (word === null) return 'none';
  const names = Object.keys(daemons);
  const known = names.find((one): one is TopologyDaemon => one === word);
  if (known) return known;
  const nearest = nearestName(word, names);
  faults.push(
    invalid(entry.node.source, `${shown(word)} is not a daemon that can stand on ${name}`, {
      found: shown(word),
      expected: names.join(', '),
      ...(nearest ? { nearest } : {}),
      fix: nearest ? `write ${nearest}` : 'use none for a host without a routing daemon',
    }),
  );
  return 'none';
}

function readInterfaces(host: string, node: Positioned, faults: Faults): readonly NetworkInterface[] {
  return [...mapping(node, `interfaces of ${host}`, faults)].map(([name, entry]) => {
    const what = `interface ${shown(name)} of ${host}`;
    if (!/^[^\s/:]{1,15}$/.test(name)) {
      const fix = 'use up to 15 letters without blanks, / and :';
      faults.push(invalid(entry.key, `${what} cannot be a name for Linux`, { found: shown(name), fix }));
    }
    // `lo:` with nothing behind it is an interface without addresses.
    const entries = entry.node.value === null ? new Map() : mapping(entry.node, what, faults);
    onlyKeys(entries, ['addresses', 'link'], what, faults);
    const addresses = entries.get('addresses');
    const link = entries.get('link');
    return {
      name,
      addresses: addresses ? readAddresses(what, addresses.node, faults) : [],
      link: link && link.node.value !== null ? text(link.node, `the link of ${what}`, faults) : null,
      up: true,
    };
  });
}

function readAddresses(what: string, node: Positioned, faults: Faults): readonly InterfaceAddress[] {
  const seen = new Map<string, SourceRange>();
  return list(node, `addresses of ${what}`, faults).flatMap((item) => {
    const written = text(item, `an address of ${what}`, faults);
    if (written === null) return [];
    const address = parseInterfaceAddress(written);
    if (!address || !written.includes('/')) {
      faults.push(badAddress(what, written, item.source, address));
      return [];
    }
    const first = seen.get(address.text);
    if (first) {
      faults.push({
        rule: 'duplicate-entry',
        severity: 'error',
        message: `${what} has the address ${address.text} twice`,
        ranges: [item.source],
        related: [{ ...first, note: 'first written here' }],
        fix: 'remove one of the two',
      });
    }
    seen.set(address.text, item.source);
    return [address];
  });
}

function badAddress(
  what: string,
  written: string,
  source: SourceRange,
  meant: InterfaceAddress | null,
): Diagnostic {
  const { why } = meant ? { why: 'has no prefix length' } : lengthFault(written);
  const reason =
    meant || why !== 'is not an address' || !written.includes('/') ? why : 'is not an address with a length';
  return {
    rule: 'invalid-address',
    severity: 'error',
    message: `${what}: ${shown(written)} ${reason}`,
    ranges: [source],
    found: shown(written),
    expected: 'an address with a prefix length, as in 10.0.0.1/24',
    ...(meant ? { nearest: meant.text } : {}),
    fix: 'write the address and the length of its network',
  };
}

function readRoute(host: string, node: Positioned, faults: Faults): readonly StaticRouteConfig[] {
  const line = text(node, `a route of ${host}`, faults);
  if (line === null) return [];
  const read = readKernelRoute(line, node.source);
  if ('routes' in read) return read.routes;
  faults.push(
    invalid(node.source, `${host}: this route ${read.fault}`, {
      found: shown(line),
      expected: 'arguments of ip route add, as in 10.9.0.0/16 via 10.0.0.2',
      fix: 'write what would stand behind ip route add',
    }),
  );
  return [];
}

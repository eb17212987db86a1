import { type SimulatedConfigs, simulateConfigs } from '../../../src/pipeline/topology/simulate-configs.ts';
import type { PathResult, SessionResult } from '../../../src/simulator/result/result.ts';
import type { ConfigFile } from '../../../src/targets/target.ts';

/** The daemons of the tables, by the profile that stands for them. */
export type Daemon = 'frr-8.4' | 'frr-10' | 'quagga-1.2' | 'gobgp-3' | 'bird-2' | 'exabgp-4';

interface Kind {
  readonly daemon: string;
  readonly version: string;
  readonly file: string;
}

const kinds: Readonly<Record<Daemon, Kind>> = {
  'frr-8.4': { daemon: 'frr', version: '8.4', file: 'frr.conf' },
  'frr-10': { daemon: 'frr', version: '10.1', file: 'frr.conf' },
  'quagga-1.2': { daemon: 'quagga', version: '1.2', file: 'bgpd.conf' },
  'gobgp-3': { daemon: 'gobgp', version: '3.10', file: 'gobgp.toml' },
  'exabgp-4': { daemon: 'exabgp', version: '4.2', file: 'exabgp.conf' },
  'bird-2': { daemon: 'bird', version: '2.0', file: 'bird.conf' },
};

/** One host of a small fabric: its wiring, and the text its daemon starts from. */
export interface Host {
  readonly daemon: Daemon;
  /** `eth0 10.0.0.1/24 lan`, several with commas; `lo 10.9.9.9/32 -` for an interface without a link. */
  readonly wires: string;
  readonly text: string;
  /** Commands of gobgp-cli.txt. */
  readonly cli?: readonly string[];
  /** Kernel routes, as arguments of `ip route add`. */
  readonly routes?: readonly string[];
}

export type Hosts = Readonly<Record<string, Host>>;

export function simulate(hosts: Hosts, startOrder?: readonly string[]): SimulatedConfigs {
  const { topology, configs } = folderOf(hosts);
  const options = startOrder ? { startOrder } : {};
  return simulateConfigs(topology, { shown: 'configs', hosts: configs }, options);
}

/** topology.yml and the files below configs/, as `simulate --configs` reads them. */
export function folderOf(hosts: Hosts): {
  readonly topology: ConfigFile;
  readonly configs: ReadonlyMap<string, ReadonlyMap<string, ConfigFile>>;
} {
  const entries = Object.entries(hosts);
  return {
    topology: { path: 'topology.yml', text: `hosts:\n${entries.map(topologyEntry).join('')}` },
    configs: new Map(entries.map(([name, host]) => [name, filesOf(name, host)])),
  };
}

function topologyEntry([name, { daemon, wires, routes = [] }]: [string, Host]): string {
  const interfaces = wires.split(',').map((one) => {
    const [device, ...words] = one.trim().split(' ');
    const link = words.at(-1);
    const addresses = words.slice(0, -1).map((address) => `"${address}"`);
    const wired = link === '-' ? '' : `, link: ${link}`;
    return `      ${device}: { addresses: [${addresses.join(', ')}]${wired} }\n`;
  });
  const kernel = routes.map((route) => `"${route}"`).join(', ');
  const { daemon: kind, version } = kinds[daemon];
  return `  ${name}:\n    daemon: ${kind}\n    version: "${version}"\n    interfaces:\n${interfaces.join('')}    routes: [${kernel}]\n`;
}

function filesOf(name: string, { daemon, text, cli = [] }: Host): Map<string, ConfigFile> {
  const { file } = kinds[daemon];
  const files = new Map([[file, { path: `${name}/${file}`, text }]]);
  if (daemon === 'gobgp-3') {
    const path = 'gobgp-cli.txt';
    files.set(path, { path: `${name}/${path}`, text: `${cli.join('\n')}\n` });
  }
  return files;
}

/** The paths of a host for a prefix, best first. */
export function pathsOf({ result }: SimulatedConfigs, host: string, prefix: string): readonly PathResult[] {
  return result.hosts[host]?.bgp[prefix] ?? [];
}

export function bestOf(run: SimulatedConfigs, host: string, prefix: string): PathResult | undefined {
  return pathsOf(run, host, prefix).find(({ best }) => best);
}

export function sessionOf(
  { result }: SimulatedConfigs,
  host: string,
  peer: string,
): SessionResult | undefined {
  return result.hosts[host]?.sessions.find((session) => session.peer === peer);
}

/** Lines that the run could not take into account: a row that uses one proves nothing. */
export function unread({ result }: SimulatedConfigs): readonly string[] {
  return [
    ...result.unmodelled.filter(({ matters }) => matters).map(({ text, effect }) => `${text}: ${effect}`),
    ...result.findings
      .filter(({ rule }) => rule.startsWith('config-') || rule.startsWith('topology'))
      .map(({ message }) => message),
  ];
}

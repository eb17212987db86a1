import type { StaticRouteConfig } from '../bgp/config.ts';
import type { TopologyHost } from '../pipeline/topology/topology.ts';
import type { Container, Namespaces } from './netns.ts';

/** A host to be run: its wiring, and the files its daemon starts from. */
export interface LabHost extends Pick<TopologyHost, 'name' | 'daemon' | 'interfaces' | 'kernelRoutes'> {
  readonly files: ReadonlyMap<string, string>;
  /** Kernel settings; forwarding in both families where none are given. */
  readonly sysctls?: readonly (readonly [string, string])[];
  /** Bridges of the host with a container behind each. */
  readonly containers?: readonly Container[];
  /** A Docker engine of its own makes the bridge, from the daemon.json among its files. */
  readonly dockerd?: boolean;
  /** Its daemon cannot load other files (Quagga): a restart applies a change, as the manifest says. */
  readonly restarts?: boolean;
}

const forwarding: readonly (readonly [string, string])[] = [
  ['net.ipv4.ip_forward', '1'],
  ['net.ipv6.conf.all.forwarding', '1'],
];

const always: readonly (readonly [string, string])[] = [
  // Nobody else has these addresses: they are usable at once, also those that zebra sets.
  ['net.ipv6.conf.all.accept_dad', '0'],
  ['net.ipv6.conf.default.accept_dad', '0'],
  // A packet of a session may come in on another link than the answer takes.
  ['net.ipv4.conf.all.rp_filter', '0'],
];

/** `host interface` → its port on the other side. */
export type Ports = ReadonlyMap<string, string>;

/** The same for the same hosts, whoever asks. */
export function portsOf(hosts: readonly LabHost[]): Ports {
  const keys = hosts.flatMap(({ name: host, interfaces }) =>
    interfaces.flatMap(({ name }) => (name === 'lo' ? [] : `${host} ${name}`)),
  );
  return new Map(keys.map((key, index) => [key, `p${index}`]));
}

/** Makes the namespace of every host and plugs its interfaces into the bridges that stand for links. */
export function wire(namespaces: Namespaces, hosts: readonly LabHost[]): void {
  const bridges = new Map<string, string>();
  const ports = portsOf(hosts);
  const bridge = (link: string) => {
    const known = bridges.get(link);
    if (known) return known;
    const name = `br${bridges.size}`;
    bridges.set(link, name);
    namespaces.segment(name);
    return name;
  };
  for (const host of hosts) {
    namespaces.add(host.name);
    namespaces.sysctls(host.name, [...(host.sysctls ?? forwarding), ...always]);
    for (const { name, addresses, link } of host.interfaces) {
      const texts = addresses.map(({ text }) => text);
      if (name === 'lo') {
        namespaces.address(host.name, 'lo', texts);
        continue;
      }
      const port = ports.get(`${host.name} ${name}`) ?? '';
      namespaces.plug(host.name, name, bridge(link ?? `${host.name} ${name}`), port, texts);
    }
    for (const container of host.containers ?? []) namespaces.container(host.name, container);
    for (const routes of togetherByMetric(host.kernelRoutes)) namespaces.route(host.name, routes);
  }
}

/** Routes with one prefix and metric are one with several next hops. */
function togetherByMetric(routes: readonly StaticRouteConfig[]): Iterable<readonly StaticRouteConfig[]> {
  const same = new Map<string, StaticRouteConfig[]>();
  for (const route of routes) {
    const key = `${route.prefix.text} ${route.metric}`;
    same.set(key, [...(same.get(key) ?? []), route]);
  }
  return same.values();
}

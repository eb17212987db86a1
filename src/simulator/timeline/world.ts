import { contains } from '../../base/ip.ts';
import type { RouterConfig } from '../../bgp/config.ts';
import type { Network, NetworkInterface, NetworkNode } from '../kernel/network.ts';
import { withAnnouncedBefore } from './announced-before.ts';
import type { Change } from './change.ts';
import { withTreesKept } from './list-trees.ts';
import { withNeighborsKept } from './reloaded-neighbors.ts';
import { withReloadedLines } from './said-anew.ts';

type LoadedFiles = Extract<Change, { readonly kind: 'files' }>;

/** What is there and what works, apart from what BGP makes of it. */
export interface World {
  /** With the files that are loaded, as if everything worked. */
  readonly network: Network;
  /** Hosts whose daemons run. */
  readonly running: ReadonlySet<string>;
  /** Hosts whose daemons were killed: their routes are still in the kernel. */
  readonly killed: ReadonlySet<string>;
  readonly hostsDown: ReadonlySet<string>;
  readonly linksDown: ReadonlySet<string>;
  /** `host interface`. */
  readonly interfacesDown: ReadonlySet<string>;
  /** `host interface` that lost its IPv6 addresses when it was set down: they do not come back by themselves. */
  readonly lostIpv6: ReadonlySet<string>;
  /** The same for addresses of the daemon's own files: it sets them when it starts, and not when the interface is back. */
  readonly lostConfigured: ReadonlySet<string>;
  /** `host host`, sorted: all their sessions are shut down. */
  readonly sessionsDown: ReadonlySet<string>;
  /** Routers as the last files of their hosts say, where the daemon goes by earlier ones as well until it starts again. */
  readonly filed: ReadonlyMap<string, RouterConfig | null>;
  /** `host audience` to whom everything was said that is said once (`said-once.ts`). */
  readonly said: ReadonlySet<string>;
  /** What the daemon of a host makes of its files when it starts, where that is something else. */
  readonly afresh: ReadonlyMap<string, RouterConfig | null>;
}

/** Everything works; the daemons of all hosts run, or of those given. */
export function wholeWorld(network: Network, running?: ReadonlySet<string>): World {
  const none: ReadonlySet<string> = new Set();
  return {
    network,
    running: running ?? new Set(network.nodes.map(({ name }) => name)),
    killed: none,
    hostsDown: none,
    linksDown: none,
    interfacesDown: none,
    lostIpv6: none,
    lostConfigured: none,
    sessionsDown: none,
    filed: new Map(),
    afresh: new Map(),
    said: none,
  };
}

/** The world after one change. */
export function changeWorld(world: World, change: Change): World {
  switch (change.kind) {
    case 'start':
      return {
        ...world,
        network: asFiled(world, change.hosts),
        running: withAll(world.running, change.hosts),
        killed: without(world.killed, change.hosts),
        lostConfigured: withoutHosts(world.lostConfigured, change.hosts),
        said: withoutHosts(world.said, change.hosts),
      };
    case 'stop':
      return { ...world, running: without(world.running, change.hosts) };
    case 'kill': {
      const hit = change.hosts.filter((host) => world.running.has(host));
      return { ...world, running: without(world.running, hit), killed: withAll(world.killed, hit) };
    }
    case 'host-down':
      return {
        ...world,
        running: without(world.running, [change.host]),
        killed: without(world.killed, [change.host]),
        hostsDown: withAll(world.hostsDown, [change.host]),
      };
    case 'host-up':
      return {
        ...world,
        network: asFiled(world, [change.host]),
        running: withAll(world.running, [change.host]),
        lostConfigured: withoutHosts(world.lostConfigured, [change.host]),
        said: withoutHosts(world.said, [change.host]),
        hostsDown: without(world.hostsDown, [change.host]),
      };
    case 'link-down':
      return { ...world, linksDown: withAll(world.linksDown, [change.link]) };
    case 'link-up':
      return { ...world, linksDown: without(world.linksDown, [change.link]) };
    case 'interface-down': {
      const key = interfaceKey(change.host, change.interface);
      return {
        ...world,
        interfacesDown: withAll(world.interfacesDown, [key]),
        lostIpv6: withAll(world.lostIpv6, [key]),
        lostConfigured: withAll(world.lostConfigured, [key]),
        network: withoutRoutes(world.network, change.host, change.interface),
      };
    }
    case 'interface-up':
      return {
        ...world,
        interfacesDown: without(world.interfacesDown, [interfaceKey(change.host, change.interface)]),
      };
    case 'session-down':
      return { ...world, sessionsDown: withAll(world.sessionsDown, [pairKey(change.between)]) };
    case 'session-up':
      return { ...world, sessionsDown: without(world.sessionsDown, [pairKey(change.between)]) };
    case 'files':
      return withFiles(world, change);
    case 'files-kept-back':
      return world.running.has(change.host)
        ? { ...world, afresh: new Map([...world.afresh, [change.host, change.node.router]]) }
        : withFiles(world, { ...change, kind: 'files' });
  }
}

function withFiles(world: World, { host, node: read, afresh }: LoadedFiles): World {
  const nodes = world.network.nodes.map((node) => {
    if (node.name !== host) return node;
    const filed = world.filed.has(host) ? (world.filed.get(host) ?? null) : node.router;
    const taken = withNeighborsKept(node.router, filed, read.router);
    const router = world.running.has(host)
      ? withTreesKept(node.router, withAnnouncedBefore(node.router, withReloadedLines(node.router, taken)))
      : read.router;
    return { ...read, router, kernelRoutes: node.kernelRoutes };
  });
  const others = [...world.afresh].filter(([name]) => name !== host);
  return {
    ...world,
    network: { nodes },
    filed: new Map([...world.filed, [host, read.router]]),
    afresh: new Map(afresh === undefined ? others : [...others, [host, afresh]]),
  };
}

/** A daemon that starts knows its files and nothing of before. */
function asFiled({ network, filed, afresh }: World, hosts: readonly string[]): Network {
  if (!hosts.some((host) => filed.has(host) || afresh.has(host))) return network;
  const routerOf = (name: string) => (afresh.has(name) ? afresh.get(name) : filed.get(name));
  const nodes = network.nodes.map((node) => {
    const router = hosts.includes(node.name) ? routerOf(node.name) : undefined;
    return router === undefined || router === node.router ? node : { ...node, router };
  });
  return { nodes };
}

function withoutHosts(set: ReadonlySet<string>, hosts: readonly string[]): ReadonlySet<string> {
  return new Set([...set].filter((key) => !hosts.some((host) => key.startsWith(`${host} `))));
}

/** What was in the kernel through an interface that is set down does not come back with it. */
function withoutRoutes({ nodes }: Network, host: string, name: string): Network {
  return {
    nodes: nodes.map((node) => {
      if (node.name !== host) return node;
      const networks = [...node.interfaces, ...(node.router?.interfaces ?? [])]
        .filter((one) => one.name === name)
        .flatMap(({ addresses }) => addresses.map(({ network }) => network));
      const kernelRoutes = node.kernelRoutes.filter(
        ({ via, interface: out }) =>
          out !== name && !(via && networks.some((network) => contains(network, via))),
      );
      return { ...node, kernelRoutes };
    }),
  };
}

export function pairKey([a, b]: readonly [string, string]): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function interfaceKey(host: string, name: string): string {
  return `${host} ${name}`;
}

function withAll(set: ReadonlySet<string>, more: readonly string[]): ReadonlySet<string> {
  return new Set([...set, ...more]);
}

function without(set: ReadonlySet<string>, fewer: readonly string[]): ReadonlySet<string> {
  return new Set([...set].filter((one) => !fewer.includes(one)));
}

/** Hosts in whose kernel the routes of a daemon are that does not run: it was killed, or leaves them there. */
export function leftBehind({ network, running, killed, hostsDown }: World): ReadonlySet<string> {
  const persisting = network.nodes.filter(
    ({ name, router }) => router?.table?.persists && !running.has(name) && !hostsDown.has(name),
  );
  return withAll(
    killed,
    persisting.map(({ name }) => name),
  );
}

/** The network as it works now: interfaces down, and no BGP where no daemon runs. */
export function networkOf(world: World): Network {
  return { nodes: world.network.nodes.map((node) => (isWhole(world, node) ? node : nodeOf(world, node))) };
}

/** Does everything of the host work, and its daemon run? Then it is as the files say: the same object, so that what is known of it stays. */
function isWhole(world: World, { name, interfaces, router }: NetworkNode): boolean {
  const { running, hostsDown, linksDown, interfacesDown, lostIpv6, lostConfigured } = world;
  if ((router && !running.has(name)) || hostsDown.has(name)) return false;
  if (linksDown.size > 0 && interfaces.some(({ link }) => link !== null && linksDown.has(link))) return false;
  const start = interfaceKey(name, '');
  return [interfacesDown, lostIpv6, lostConfigured].every((keys) => {
    for (const key of keys) if (key.startsWith(start)) return false;
    return true;
  });
}

function nodeOf(world: World, node: NetworkNode): NetworkNode {
  const interfaces = withConfigured(node).map((one) => interfaceOf(world, node.name, one));
  const router = routerOf(world, node);
  return { ...node, interfaces, router: router && withoutLost(world, router) };
}

function withoutLost({ lostConfigured }: World, router: RouterConfig): RouterConfig {
  const isLost = (name: string) => lostConfigured.has(interfaceKey(router.name, name));
  if (!router.interfaces.some(({ name }) => isLost(name))) return router;
  const interfaces = router.interfaces.map((one) =>
    isLost(one.name)
      ? { ...one, addresses: one.addresses.filter(({ address }) => address.family === 4) }
      : one,
  );
  return { ...router, interfaces };
}

/** An interface that only the daemon's files name can be set down as well. */
function withConfigured({ interfaces, router }: NetworkNode): readonly NetworkInterface[] {
  const known = new Set(interfaces.map(({ name }) => name));
  const others = (router?.interfaces ?? []).filter(({ name }) => !known.has(name));
  return [...interfaces, ...others.map(({ name }) => ({ name, addresses: [], link: null, up: true }))];
}

function interfaceOf(world: World, host: string, one: NetworkInterface): NetworkInterface {
  const key = interfaceKey(host, one.name);
  const set = one.up && !world.hostsDown.has(host) && !world.interfacesDown.has(key);
  const carrier = one.link === null || !world.linksDown.has(one.link);
  const addresses = world.lostIpv6.has(key)
    ? one.addresses.filter(({ address }) => address.family === 4)
    : one.addresses;
  return { ...one, addresses, up: set && carrier, ...(set && !carrier ? { noCarrier: true } : {}) };
}

/**
 * A daemon that does not run speaks no BGP. The static routes it had put into the kernel stay when it is killed and go when it is
 * stopped; addresses stay in both cases.
 */
function routerOf({ running, killed, hostsDown }: World, { name, router }: NetworkNode): RouterConfig | null {
  if (!router || running.has(name)) return router;
  if (hostsDown.has(name)) return { ...router, bgp: null, statics: [] };
  return { ...router, bgp: null, statics: killed.has(name) ? router.statics : [] };
}

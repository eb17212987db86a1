import {
  type Address,
  bitsOf,
  contains,
  type IpFamily,
  isLinkLocal,
  type Prefix,
  prefixOf,
} from '../../base/ip.ts';
import type { StaticRouteConfig } from '../../bgp/config.ts';
import type { WiredInterface, WiredNode } from './wiring.ts';

/** One way out of a node: through an interface, to a neighbour's address or (null) onto the segment itself. */
export interface Hop {
  readonly interface: string;
  readonly gateway: Address | null;
  /** The interface has no carrier: next hops resolve all the same, and no packet passes. */
  readonly dead?: true;
}

/** A route that does not come from BGP. No hops: a black hole. */
export interface KernelRoute {
  readonly prefix: Prefix;
  readonly kind: 'connected' | 'kernel' | 'static';
  readonly distance: number;
  readonly metric: number;
  readonly tag: number;
  /** The gateway as written, for redistribution. */
  readonly via: Address | null;
  /** The interface is written beside the gateway. */
  readonly viaInterface?: true;
  readonly hops: readonly Hop[];
  readonly preferredSource?: Address;
}

/** Connected, kernel and static routes of one node: the best one per prefix. */
export interface KernelTable {
  readonly routes: ReadonlyMap<string, KernelRoute>;
  /** Lengths in use per family, longest first. */
  readonly lengths: Readonly<Record<IpFamily, readonly number[]>>;
  /** IPv4 routes by length, then by network as a number: a lookup without making texts. Absent while the table is being made. */
  readonly byNetwork?: readonly (ReadonlyMap<number, KernelRoute> | undefined)[];
}

/** The way of a static route whose gateway nothing else leads to; null: there is none. */
export type WayBeyond = (route: StaticRouteConfig) => readonly Hop[] | null;

/** With the statics of the daemons' files. */
export function buildKernelTable(wired: WiredNode, beyond: WayBeyond = () => null): KernelTable {
  const routes = new Map<string, KernelRoute>();
  const offer = (route: KernelRoute) => {
    const present = routes.get(route.prefix.text);
    if (!present || route.distance < present.distance) routes.set(route.prefix.text, route);
    else if (
      route.distance === present.distance &&
      route.kind === present.kind &&
      route.kind !== 'connected'
    ) {
      const { via, viaInterface, ...rest } = present;
      const first = comesFirst(route, present) ? route : { via, viaInterface };
      const hops = [...present.hops, ...route.hops];
      routes.set(route.prefix.text, {
        ...rest,
        via: first.via,
        ...(first.viaInterface ? { viaInterface: true } : {}),
        hops,
      });
    }
  };
  for (const one of wired.interfaces) for (const route of connectedRoutes(one)) offer(route);
  const configured = [
    ...wired.node.kernelRoutes.map((route) => ({ route, kind: 'kernel' as const, distance: 0 })),
    ...(wired.node.router?.statics ?? []).map((route) => ({
      route,
      kind: 'static' as const,
      distance: route.distance,
    })),
  ];
  offerResolvable(wired, configured, routes, beyond, offer);
  return {
    routes,
    lengths: { 4: lengthsOf(routes, 4), 6: lengthsOf(routes, 6) },
    byNetwork: networksOf(routes),
  };
}

/**
 * Is the gateway of `one` the one that zebra puts first, and so the one that redistribution takes? Interfaces alone come before
 * gateways, these before gateways with an interface; by address within a kind (`nexthop_group_add_sorted`).
 */
function comesFirst(one: KernelRoute, other: KernelRoute): boolean {
  const kind = ({ via, viaInterface, hops }: KernelRoute) =>
    hops.length === 0 ? 3 : via === null ? 0 : viaInterface ? 2 : 1;
  if (kind(one) !== kind(other)) return kind(one) < kind(other);
  return one.via !== null && other.via !== null && one.via.value < other.via.value;
}

function networksOf(routes: ReadonlyMap<string, KernelRoute>): readonly Map<number, KernelRoute>[] {
  const byNetwork: Map<number, KernelRoute>[] = [];
  for (const route of routes.values()) {
    const { family, length, value } = route.prefix;
    if (family !== 4) continue;
    const same = byNetwork[length] ?? new Map<number, KernelRoute>();
    byNetwork[length] = same.set(networkNumber(Number(value), length), route);
  }
  return byNetwork;
}

/** The leading bits of an IPv4 address. */
function networkNumber(value: number, length: number): number {
  return length === 0 ? 0 : value >>> (32 - length);
}

type Configured = {
  readonly route: StaticRouteConfig;
  readonly kind: 'kernel' | 'static';
  readonly distance: number;
};

/** A route through a gateway counts once the gateway resolves; one through another static may need a second pass. */
function offerResolvable(
  wired: WiredNode,
  configured: readonly Configured[],
  routes: ReadonlyMap<string, KernelRoute>,
  beyond: WayBeyond,
  offer: (route: KernelRoute) => void,
): void {
  let waiting = [...configured];
  let tries: WayBeyond[] = [() => null, beyond, (route) => hopsByDefault(wired, route, routes)];
  for (let progress = true; (progress || tries.length > 1) && waiting.length > 0; ) {
    if (!progress) tries = tries.slice(1);
    const other = tries[0] ?? beyond;
    const table: KernelTable = { routes, lengths: { 4: lengthsOf(routes, 4), 6: lengthsOf(routes, 6) } };
    const still = waiting.filter(({ route, kind, distance }) => {
      const hops = hopsOf(wired, route, table) ?? (kind === 'kernel' ? deadHops(wired, route) : other(route));
      if (hops === null) return true;
      offer({
        prefix: route.prefix,
        kind,
        distance,
        metric: route.metric ?? 0,
        tag: route.tag,
        via: route.via,
        ...(kind === 'static' && route.interface !== null ? { viaInterface: true } : {}),
        hops,
        ...(route.preferredSource ? { preferredSource: route.preferredSource } : {}),
      });
      return false;
    });
    progress = still.length < waiting.length;
    waiting = still;
  }
}

/** Every host has it, also where the topology says nothing of it. */
const LOOPBACK = 'lo';

function hopsOf(wired: WiredNode, route: StaticRouteConfig, table: KernelTable): readonly Hop[] | null {
  if (route.blackhole) return [];
  if (route.interface === LOOPBACK) return [{ interface: LOOPBACK, gateway: route.via }];
  const out = wired.interfaces.find(({ name }) => name === route.interface);
  if (route.interface !== null) return out?.up ? [{ interface: route.interface, gateway: route.via }] : null;
  if (route.via === null) return null;
  const via = lookup(table, route.via);
  if (via === null || via.prefix.length === 0 || via.prefix.text === route.prefix.text) return null;
  return via.hops.map((hop) => ({ ...hop, gateway: hop.gateway ?? route.via }));
}

/** With `ip nht resolve-via-default` zebra takes the default route for a gateway that nothing else leads to. */
function hopsByDefault(
  { node: { router } }: WiredNode,
  { via, prefix, interface: out }: StaticRouteConfig,
  routes: ReadonlyMap<string, KernelRoute>,
): readonly Hop[] | null {
  if (!via || out !== null || !router || router.table || !router.resolveViaDefault[via.family]) return null;
  const byDefault = routes.get(via.family === 4 ? '0.0.0.0/0' : '::/0');
  if (!byDefault || prefix.length === 0) return null;
  return byDefault.hops.map((hop) => ({ ...hop, gateway: hop.gateway ?? via }));
}

/** The kernel keeps the routes that somebody gave it when the carrier is gone, and so does zebra (seen on FRR 8.4). */
function deadHops(wired: WiredNode, { interface: name, via }: StaticRouteConfig): readonly Hop[] | null {
  const out = wired.interfaces.find(
    (one) =>
      one.noCarrier &&
      (name === null
        ? via !== null && one.addresses.some(({ network }) => contains(network, via))
        : one.name === name),
  );
  return out ? [{ interface: out.name, gateway: via, dead: true }] : null;
}

function* connectedRoutes(one: WiredInterface): Generator<KernelRoute> {
  if (!one.up) return;
  for (const { address, network } of one.addresses) {
    if (isLinkLocal(address)) continue;
    const hops = [{ interface: one.name, gateway: null }];
    yield { prefix: network, kind: 'connected', distance: 0, metric: 0, tag: 0, via: null, hops };
  }
}

function lengthsOf(routes: ReadonlyMap<string, KernelRoute>, family: IpFamily): readonly number[] {
  const lengths = new Set<number>();
  for (const { prefix } of routes.values()) if (prefix.family === family) lengths.add(prefix.length);
  return [...lengths].sort((a, b) => b - a);
}

/** Longest match, of those that will do; null where nothing covers the address. */
export function lookup(
  table: KernelTable,
  address: Address,
  willDo?: (route: KernelRoute) => boolean,
): KernelRoute | null {
  if (address.family === 4 && table.byNetwork && !willDo) return lookupNumber(table, Number(address.value));
  const bits = bitsOf(address.family);
  for (const length of table.lengths[address.family]) {
    if (length > bits) continue;
    const route = table.routes.get(prefixOf(address.family, address.value, length).text);
    if (route && (!willDo || willDo(route))) return route;
  }
  return null;
}

function lookupNumber({ lengths, byNetwork = [] }: KernelTable, value: number): KernelRoute | null {
  for (const length of lengths[4]) {
    const route = byNetwork[length]?.get(networkNumber(value, length));
    if (route) return route;
  }
  return null;
}

/** Kernel routes of all nodes by prefix, to find in one go who has what towards an address. */
export interface KernelIndex {
  readonly byPrefix: ReadonlyMap<string, ReadonlyMap<number, KernelRoute>>;
  readonly lengths: Readonly<Record<IpFamily, readonly number[]>>;
}

export function indexKernelRoutes(tables: readonly KernelTable[]): KernelIndex {
  const byPrefix = new Map<string, Map<number, KernelRoute>>();
  tables.forEach((table, node) => {
    for (const route of table.routes.values()) {
      const nodes = byPrefix.get(route.prefix.text);
      if (nodes) nodes.set(node, route);
      else byPrefix.set(route.prefix.text, new Map([[node, route]]));
    }
  });
  return { byPrefix, lengths: lengthsIn(byPrefix) };
}

function lengthsIn(byPrefix: KernelIndex['byPrefix']): KernelIndex['lengths'] {
  const lengths = { 4: new Set<number>(), 6: new Set<number>() };
  for (const nodes of byPrefix.values()) {
    const [route] = nodes.values();
    if (route) lengths[route.prefix.family].add(route.prefix.length);
  }
  const longestFirst = (family: IpFamily) => [...lengths[family]].sort((a, b) => b - a);
  return { 4: longestFirst(4), 6: longestFirst(6) };
}

/** The same where some tables are not those of `before`, and all others are. */
export function indexAgain(
  tables: readonly KernelTable[],
  before: { readonly tables: readonly KernelTable[]; readonly kernel: KernelIndex },
): KernelIndex {
  const changed = new Map<string, Map<number, KernelRoute>>();
  const byPrefix = new Map(before.kernel.byPrefix);
  const nodesOf = (text: string) => {
    let nodes = changed.get(text);
    if (!nodes) {
      nodes = new Map(byPrefix.get(text));
      changed.set(text, nodes);
    }
    return nodes;
  };
  tables.forEach((table, node) => {
    const old = before.tables[node];
    if (old === table) return;
    for (const text of old?.routes.keys() ?? []) if (!table.routes.has(text)) nodesOf(text).delete(node);
    for (const [text, route] of table.routes) nodesOf(text).set(node, route);
  });
  if (changed.size === 0) return before.kernel;
  for (const [text, nodes] of changed) {
    if (nodes.size > 0) byPrefix.set(text, new Map([...nodes].sort(([a], [b]) => a - b)));
    else byPrefix.delete(text);
  }
  return { byPrefix, lengths: lengthsIn(byPrefix) };
}

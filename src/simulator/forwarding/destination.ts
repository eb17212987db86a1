import { type Address, type Prefix, prefixOf } from '../../base/ip.ts';
import type { FibHop } from '../kernel/fib.ts';
import { type KernelRoute, type KernelTable, lookup } from '../kernel/kernel-table.ts';
import { neighborAt, type WiredInterface } from '../kernel/wiring.ts';
import type { RouteLookup } from '../sessions/transport.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';

/** Everything in the network that leads towards one address. */
export interface Destination {
  readonly address: Address;
  readonly state: SimulationState;
  readonly family: FamilyState;
  /** Nodes that have the address. */
  readonly owners: ReadonlySet<number>;
  /** Longest first. */
  readonly kernel: readonly { readonly length: number; readonly routes: ReadonlyMap<number, KernelRoute> }[];
  readonly bgp: readonly PrefixState[];
}

export function destinationOf(state: SimulationState, address: Address): Destination {
  const family = state.families[address.family === 4 ? 'ipv4-unicast' : 'ipv6-unicast'];
  const at = (length: number) => prefixOf(address.family, address.value, length).text;
  return {
    address,
    state,
    family,
    owners: new Set(state.wiring.owners.get(address.text)?.map(({ node }) => node)),
    kernel: state.kernel.lengths[address.family].flatMap((length) => {
      const routes = state.kernel.byPrefix.get(at(length));
      return routes ? [{ length, routes }] : [];
    }),
    bgp: family.lengths.flatMap((length) => family.byText.get(at(length)) ?? []),
  };
}

/** What a node does with a packet for the address. */
export type Step =
  | {
      readonly kind: 'delivered';
      readonly why: 'own address' | 'local network';
      /** The interface of the local network. */
      readonly interface: string;
    }
  | {
      readonly kind: 'forwarded';
      readonly to: readonly Forwarded[];
      readonly prefix: string;
      readonly protocol: RouteProtocol;
    }
  | { readonly kind: 'lost'; readonly why: string };

/** Who put a route into the kernel. */
export type RouteProtocol = 'bgp' | KernelRoute['kind'];

/** The route of a node that matches an address. */
export interface MatchedRoute {
  readonly prefix: Prefix;
  readonly protocol: RouteProtocol;
  readonly hops: readonly FibHop[];
}

/** One of the ways a packet may take; `node` is null where nobody answers. */
export interface Forwarded {
  readonly hop: FibHop;
  readonly node: number | null;
}

/**
 * Longest match over the kernel's own and the BGP routes, among those shorter than `below` where that is given. Beside one of the kernel zebra installs
 * none of the same length; a router with one table over all protocols may (BIRD), and the lower metric wins.
 */
export function routeAt(destination: Destination, node: number, below = Infinity): MatchedRoute | null {
  const kernel = destination.kernel.find(({ length, routes }) => length < below && routes.has(node));
  const learned = destination.bgp.find(({ fib, prefix }) => prefix.length < below && fib.at(node) !== 0);
  const beside = kernel && learned?.prefix.length === kernel.length ? kernel.routes.get(node) : undefined;
  const isLast = beside !== undefined && winsOverTable(destination.state, node, beside);
  if (learned && !isLast && learned.prefix.length >= (kernel?.length ?? -1)) {
    const hops = destination.family.hopSets.sets[learned.fib.at(node)] ?? [];
    return { prefix: learned.prefix, protocol: 'bgp', hops };
  }
  const route = kernel?.routes.get(node);
  if (!route) return null;
  const hops = route.hops.map((hop) => ({ ...hop, toNode: null }));
  return { prefix: route.prefix, protocol: route.kind, hops };
}

/** `metric` of BIRD's kernel protocol where nobody says another. */
const TABLE_METRIC = 32;

/** In IPv6 nothing of the kernel does: its connected routes have 256 there, those by hand 1024. */
function winsOverTable({ routers }: SimulationState, node: number, { metric, prefix }: KernelRoute): boolean {
  return routers[node]?.config.table !== undefined && prefix.family === 4 && metric < TABLE_METRIC;
}

/** What becomes of a packet at a node; its own addresses come first. */
export function stepAt(destination: Destination, node: number): Step {
  if (destination.owners.has(node)) return { kind: 'delivered', why: 'own address', interface: '' };
  const route = routeAt(destination, node);
  if (!route) return { kind: 'lost', why: `no route to ${destination.address.text}` };
  const { hops, protocol, prefix } = route;
  if (hops.length === 0) return { kind: 'lost', why: `black hole route ${prefix.text}` };
  const last = hops.find((hop) => endsOn(destination, node, hop));
  if (last) return { kind: 'delivered', why: 'local network', interface: last.interface };
  const to = hops.map((hop) => ({ hop, node: nodeAcross(destination, node, hop) }));
  return { kind: 'forwarded', to, prefix: prefix.text, protocol };
}

/** A network behind an interface without a link (docker0, lo): its hosts are not in the picture, the packet has arrived. */
function endsOn({ state }: Destination, node: number, hop: FibHop): boolean {
  return hop.gateway === null && hop.toNode === null && interfaceOf(state, node, hop)?.link === null;
}

/** Who takes what is sent to the hop; null: nobody. The address counts only for a hop onto the segment itself. */
export function nodeAcross({ state, address }: Destination, node: number, hop: FibHop): number | null {
  const out = interfaceOf(state, node, hop);
  if (!out?.up) return null;
  if (hop.toNode !== null) return hop.toNode;
  return neighborAt(state.wiring, out, (hop.gateway ?? address).text)?.node ?? null;
}

function interfaceOf({ wiring }: SimulationState, node: number, hop: FibHop): WiredInterface | undefined {
  return wiring.nodes[node]?.interfaces.find(({ name }) => name === hop.interface);
}

/** Routes of a node with those that BGP installed. */
export function bgpLookup(state: SimulationState): RouteLookup {
  return (node, address) => {
    const step = stepAt({ ...destinationOf(state, address), owners: new Set() }, node);
    if (step.kind === 'delivered') return lookup(state.tables[node] ?? noTable, address)?.hops ?? null;
    return step.kind === 'forwarded' ? step.to.map(({ hop }) => hop) : null;
  };
}

const noTable: KernelTable = { routes: new Map(), lengths: { 4: [], 6: [] } };

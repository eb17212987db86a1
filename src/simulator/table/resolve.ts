import { type Address, contains, type IpFamily } from '../../base/ip.ts';
import type { PathData } from '../../bgp/attributes.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { Router } from '../../bgp/router.ts';
import { type Hop, lookup } from '../kernel/kernel-table.ts';
import type { NextHops, ResolvedNextHop } from '../kernel/next-hops.ts';
import { lookupLocal } from './local-routes.ts';

/** The BGP route a router with one table has for a prefix. */
export interface TableEntry {
  /** Its own next hop was looked up in the table: nothing may lean on it. */
  readonly recursive: boolean;
  /**
   * The best route leans on nothing, while another does, or may have: BIRD looks again only when the best route changes (`rte_announce`), so that it hangs on
   * which came first.
   */
  readonly doubtful: boolean;
  /** It leads nowhere, and so does what leans on it. */
  readonly unreachable: boolean;
  /** What it costs, where a filter says so (BIRD's `igp_metric`). */
  readonly metric: number | null;
  readonly hops: readonly Hop[];
}

/** BIRD's IGP_METRIC_UNKNOWN: of routes whose protocol has no metric. */
const UNKNOWN_METRIC = 0x80000000;

/** What a filter says that the route costs as the way to a next hop. */
export function setMetric({ own }: PathData): number | null {
  const value = own?.values.get('igp_metric');
  return value?.type === 'int' ? value.value : null;
}

/** BIRD's `preference` of BGP where nobody says another. */
const BGP_PREFERENCE = 100;

const nothing = { metric: 0, hops: [], throughBgp: false };

/**
 * Where a path leads in a table over all protocols (BIRD `bgp_apply_next_hop`, `rt_update_hostentry`). `tableFor`: the node of the table that
 * next hops of a family are looked up in.
 */
export function resolveInTable(
  nextHops: NextHops,
  tableFor: (family: IpFamily) => number,
  router: Router,
  peer: Peer,
  path: PathData,
): ResolvedNextHop {
  const { destination } = path;
  if (destination && destination.kind !== 'unicast')
    return { ...nothing, problem: destination.kind === 'unreachable' ? 'unreachable by policy' : null };
  const set = destination?.hops[0];
  if (set && set.gateway === null)
    return { ...nothing, problem: null, hops: [{ interface: set.interface, gateway: null }] };
  const address = set?.gateway ?? path.leadsBy ?? path.nextHop ?? peer.nextHop;
  if (!address) return { ...nothing, problem: null, hops: ownLink(peer, null) };
  const node = tableFor(address.family);
  if (peer.options.gateway === 'direct' || set) return direct(nextHops, node, peer, address);
  return recursive(nextHops, node, router, address);
}

function ownLink({ interface: name }: Peer, gateway: Address | null): readonly Hop[] {
  return name === null ? [] : [{ interface: name, gateway }];
}

/** Import has refused what lies on no network of the router. */
function direct({ tables }: NextHops, node: number, peer: Peer, address: Address): ResolvedNextHop {
  const table = tables[node];
  const route = table ? lookup(table, address) : null;
  const shared = peer.sharedNetworks.some((network) => contains(network, address));
  const connected = route?.kind === 'connected' && !shared ? route.hops[0]?.interface : null;
  const hops = connected ? [{ interface: connected, gateway: address }] : ownLink(peer, address);
  return { problem: null, metric: peer.options.cost ?? 0, hops, throughBgp: false };
}

function recursive(
  { locals, cover, usable }: NextHops,
  node: number,
  { addresses }: Router,
  address: Address,
): ResolvedNextHop {
  const table = locals[node];
  const local = table ? lookupLocal(table, address) : null;
  // What BGP has for the same prefix is looked at where it may be the better one: beside a route learned from the kernel.
  const beatable = local !== null && local.path.weight < BGP_PREFERENCE;
  const length = (local?.prefix.length ?? -1) - (beatable ? 1 : 0);
  const throughBgp = cover.longestLength(address) > length;
  const bad = (problem: string): ResolvedNextHop => ({ ...nothing, problem, throughBgp });
  const learned = throughBgp ? cover.entry(node, address, length) : null;
  if (learned) {
    const seen = learned.doubtful ? usable(node, address.text) : undefined;
    if (seen === undefined ? learned.recursive : !seen)
      return bad(`next hop ${address.text} is reached by a recursive route`);
    if (learned.unreachable) return bad(`next hop ${address.text} is unreachable`);
    return { problem: null, metric: learned.metric ?? UNKNOWN_METRIC, hops: learned.hops, throughBgp };
  }
  const leads = local?.path.destination;
  if (!local || !leads) return bad(`no route to next hop ${address.text}`);
  if (leads.recursive) return bad(`next hop ${address.text} is reached by a recursive route`);
  if (leads.kind === 'unreachable') return bad(`next hop ${address.text} is unreachable`);
  const onLink = leads.hops.some(({ gateway }) => gateway === null);
  if (onLink && addresses.has(address.text)) return bad(`next hop ${address.text} is an own address`);
  const metric = setMetric(local.path) ?? (local.path.source === 'connected' ? 0 : UNKNOWN_METRIC);
  const hops = leads.hops.map((hop) => ({ interface: hop.interface, gateway: hop.gateway ?? address }));
  return { problem: null, metric, hops, throughBgp };
}

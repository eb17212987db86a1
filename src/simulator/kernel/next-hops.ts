import {
  type Address,
  bitsOf,
  contains,
  interfaceAddressOf,
  isBroadcastAddress,
  isMappedAddress,
  type Prefix,
} from '../../base/ip.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { Router } from '../../bgp/router.ts';
import type { Seen } from '../seen/chosen.ts';
import type { LocalTable } from '../table/local-routes.ts';
import type { TableEntry } from '../table/resolve.ts';
import { type Hop, type KernelRoute, type KernelTable, lookup } from './kernel-table.ts';

/** What became of a next hop on one router. */
export interface ResolvedNextHop {
  /** Why it cannot be used; null: it can. */
  readonly problem: string | null;
  /** Distance for the decision. */
  readonly metric: number;
  readonly hops: readonly Hop[];
  /** A route learned by BGP decides, or could: the prefix waits for others (see rounds.ts). */
  readonly throughBgp: boolean;
  /** zebra does not use it: the longest route there is for the very prefix (or would be), or there is none. Without it no hops are a black hole. */
  readonly inactive?: true;
  /** Another route leads there, not the link itself: only routes that may be recursive use it. */
  readonly recursive?: true;
}

/** A BGP route that covers an address, as installed at the end of the round before. */
export interface CoveringRoute {
  readonly length: number;
  readonly metric: number;
  readonly hops: readonly Hop[];
}

/** Longest BGP route of a node that covers an address; `exists`: does any router know a prefix that does? */
export interface BgpCover {
  readonly longest: (node: number, address: Address) => CoveringRoute | null;
  readonly longestLength: (address: Address) => number;
  /** What a router with one table over all protocols has, installed or not, for the longest prefix that is longer than `length`. */
  readonly entry: (node: number, address: Address, length: number) => TableEntry | null;
}

/** Next hops of all nodes, looked up once per round. */
export interface NextHops {
  readonly tables: readonly KernelTable[];
  readonly cover: BgpCover;
  /** Local routes of the routers with one table over all protocols, by node. */
  readonly locals: readonly (LocalTable | null)[];
  /** Where it hangs on what came first whether a next hop can be used: was it seen to be? */
  readonly usable: Seen['usable'];
  readonly known: Map<string, ResolvedNextHop>[];
  /** By node: what became of all next hops that one route leads to, where it is the same for each. */
  readonly shared: Map<KernelRoute, ResolvedNextHop>[];
}

export function createNextHops(
  tables: readonly KernelTable[],
  cover: BgpCover,
  locals: readonly (LocalTable | null)[] = [],
  usable: Seen['usable'] = () => undefined,
): NextHops {
  return {
    tables,
    cover,
    locals,
    usable,
    known: tables.map(() => new Map()),
    shared: tables.map(() => new Map()),
  };
}

const untracked: ResolvedNextHop = { problem: null, metric: 0, hops: [], throughBgp: false, inactive: true };

/** FRR's next-hop tracking: which route leads to `address` from this router, and is it one the session may use? */
export function resolveNextHop(
  nextHops: NextHops,
  node: number,
  router: Router,
  peer: Peer | null,
  address: Address,
  own: Prefix,
): ResolvedNextHop {
  const single = peer !== null && wantsConnected(router, peer);
  const key = single ? `${address.text} connected` : address.text;
  const found = nextHops.known[node]?.get(key);
  if (found) return found;
  const answer = resolveOnce(nextHops, node, router, single, address, own);
  // Through BGP the answer depends on the prefix as well: a route does not resolve its own next hop.
  if (!answer.throughBgp) nextHops.known[node]?.set(key, answer);
  return answer;
}

/** Does next-hop tracking want the next hops of this peer on connected networks? */
export function wantsConnected({ config }: Router, peer: Peer): boolean {
  const { tracksNextHops, tracksBesideBgp } = config.profile.quirks;
  return tracksNextHops && !tracksBesideBgp && isSingleHop(peer);
}

/** The same without remembering the address: for what is asked once. `single`: see `wantsConnected`. */
export function resolveOnce(
  nextHops: NextHops,
  node: number,
  router: Router,
  single: boolean,
  address: Address,
  own: Prefix,
): ResolvedNextHop {
  const resolved = resolve(nextHops, node, router, single, address, own);
  const { problem, metric } = resolved;
  if (router.config.profile.quirks.tracksNextHops || (problem === null && metric === 0)) return resolved;
  return { ...resolved, problem: null, metric: 0 };
}

/** eBGP with TTL 1 wants its next hops on its own networks (or behind a static route). */
export function isSingleHop({ type, config }: Peer): boolean {
  return (
    type === 'ebgp' &&
    config.ebgpMultihop === null &&
    config.ttlSecurityHops === null &&
    !config.disableConnectedCheck
  );
}

/**
 * Two questions in one. bgpd asks zebra's next-hop tracking, which climbs from the longest installed route to one that will do: any, or for
 * single-hop peers a connected or static one. zebra itself (`nexthop_active`) stops at the longest, and at the route's own prefix.
 */
function resolve(
  { tables, cover, shared }: NextHops,
  node: number,
  router: Router,
  single: boolean,
  address: Address,
  own: Prefix,
): ResolvedNextHop {
  // ::ffff:a.b.c.d, of GoBGP or FRR, counts as reachable in FRR, and no kernel takes it.
  if (isMappedAddress(address)) return untracked;
  const table = tables[node];
  const route = table ? lookup(table, address) : null;
  const length = route?.prefix.length ?? -1;
  const { tracksBesideBgp = false } = router.config.profile.quirks;
  const throughBgp = !tracksBesideBgp && cover.longestLength(address) > length;
  const learned = throughBgp ? cover.longest(node, address) : null;
  const longest = learned && learned.length > length ? learned : route;
  const direct = single && table ? lookup(table, address, isDirect) : null;
  const tracked = single ? direct : longest;
  const bad = (problem: string): ResolvedNextHop => ({
    problem,
    metric: 0,
    hops: [],
    throughBgp,
    inactive: true,
  });
  if (!tracked || !longest)
    return bad(
      longest ? `next hop ${address.text} is not directly connected` : `no route to next hop ${address.text}`,
    );
  if (lengthOf(tracked) === 0 && (tracksBesideBgp || !router.config.resolveViaDefault[address.family]))
    return bad(`next hop ${address.text} is reached by the default route only`);
  const { metric } = tracked;
  if (
    throughBgp &&
    own.length >= lengthOf(longest) &&
    own.length < bitsOf(own.family) &&
    contains(own, address)
  )
    return { problem: null, metric, hops: [], throughBgp, inactive: true };
  const isConnected = 'kind' in longest && longest.kind === 'connected';
  // Linux takes the last address of a network for no gateway; the first one it does.
  if (isConnected && isBroadcastAddress(interfaceAddressOf(address, longest.prefix.length)))
    return { problem: null, metric, hops: [], throughBgp, inactive: true };
  const same = throughBgp || tracked !== route ? undefined : shared[node]?.get(route);
  if (same) return same;
  const hops = longest.hops.map((hop) => ({ ...hop, gateway: hop.gateway ?? address }));
  const recursive = 'kind' in longest && longest.kind === 'connected' ? {} : ({ recursive: true } as const);
  const resolved: ResolvedNextHop = { problem: null, metric, hops, throughBgp, ...recursive };
  // Behind a gateway the address itself does not matter.
  if (!throughBgp && tracked === route && route.hops.every(({ gateway }) => gateway !== null))
    shared[node]?.set(route, resolved);
  return resolved;
}

function lengthOf(route: KernelRoute | CoveringRoute): number {
  return 'kind' in route ? route.prefix.length : route.length;
}

/** What leads to the next hops of single-hop peers (ZEBRA_NHT_CONNECTED). */
function isDirect({ kind }: KernelRoute): boolean {
  return kind !== 'kernel';
}

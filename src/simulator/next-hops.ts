import type { Address } from '../base/ip.ts';
import type { Peer } from '../bgp/peer.ts';
import type { Router } from '../bgp/router.ts';
import { type Hop, type KernelTable, lookup } from './kernel-table.ts';
import type { LocalTable } from './table/local-routes.ts';
import type { TableEntry } from './table/resolve.ts';

/** What became of a next hop on one router. */
export interface ResolvedNextHop {
  /** Why it cannot be used; null: it can. */
  readonly problem: string | null;
  /** Distance for the decision. */
  readonly metric: number;
  readonly hops: readonly Hop[];
  /** A route learned by BGP decides, or could: the prefix waits for others (see rounds.ts). */
  readonly throughBgp: boolean;
  /** The route that leads there is for the very prefix: another path of it. */
  readonly throughOwn?: boolean;
}

/** A BGP route that covers an address, as installed at the end of the round before. */
export interface CoveringRoute {
  readonly length: number;
  readonly metric: number;
  readonly hops: readonly Hop[];
  readonly prefix: string;
}

/** Longest BGP route of a node that covers an address; `exists`: does any router know a prefix that does? */
export interface BgpCover {
  readonly longest: (node: number, address: Address, notPrefix: string) => CoveringRoute | null;
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
  readonly known: Map<string, ResolvedNextHop>[];
}

export function createNextHops(
  tables: readonly KernelTable[],
  cover: BgpCover,
  locals: readonly (LocalTable | null)[] = [],
): NextHops {
  return { tables, cover, locals, known: tables.map(() => new Map()) };
}

const untracked: ResolvedNextHop = { problem: null, metric: 0, hops: [], throughBgp: false };

/** FRR's next-hop tracking: which route leads to `address` from this router, and is it one the session may use? */
export function resolveNextHop(
  nextHops: NextHops,
  node: number,
  router: Router,
  peer: Peer | null,
  address: Address,
  ownPrefix: string,
): ResolvedNextHop {
  const tracks = router.config.profile.quirks.tracksNextHops;
  const single = tracks && peer !== null && isSingleHop(peer);
  const key = single ? `${address.text} connected` : address.text;
  const found = nextHops.known[node]?.get(key);
  if (found) return found;
  const resolved = resolve(nextHops, node, router, single, address, ownPrefix);
  const answer = tracks ? resolved : { ...resolved, problem: null, metric: 0 };
  // Through BGP the answer depends on the prefix as well: a route does not resolve its own next hop.
  if (!answer.throughBgp) nextHops.known[node]?.set(key, answer);
  return answer;
}

/** eBGP with TTL 1 wants its next hops on its own networks (or behind a static route). */
function isSingleHop({ type, config }: Peer): boolean {
  return (
    type === 'ebgp' &&
    config.ebgpMultihop === null &&
    config.ttlSecurityHops === null &&
    !config.disableConnectedCheck
  );
}

function resolve(
  { tables, cover }: NextHops,
  node: number,
  router: Router,
  single: boolean,
  address: Address,
  ownPrefix: string,
): ResolvedNextHop {
  // GoBGP's ::ffff:a.b.c.d counts as reachable in FRR, and no kernel takes it.
  if (address.family === 6 && address.value >> 32n === 0xffffn) return untracked;
  const table = tables[node];
  const route = table ? lookup(table, address) : null;
  const length = route?.prefix.length ?? -1;
  const throughBgp = cover.longestLength(address) > length;
  const learned = throughBgp ? cover.longest(node, address, ownPrefix) : null;
  const bad = (problem: string): ResolvedNextHop => ({ problem, metric: 0, hops: [], throughBgp });
  const viaDefault = router.config.resolveViaDefault[address.family];
  if (learned && learned.length > length) {
    if (single) return bad(`next hop ${address.text} is not directly connected`);
    if (learned.length === 0 && !viaDefault)
      return bad(`next hop ${address.text} is reached by the default route only`);
    const { hops, metric, prefix } = learned;
    return { problem: null, metric, hops, throughBgp, throughOwn: prefix === ownPrefix };
  }
  if (!route) return bad(`no route to next hop ${address.text}`);
  if (length === 0 && !viaDefault)
    return bad(`next hop ${address.text} is reached by the default route only`);
  if (single && route.kind === 'kernel') return bad(`next hop ${address.text} is not directly connected`);
  const hops = route.hops.map((hop) => ({ ...hop, gateway: hop.gateway ?? address }));
  if (hops.length === 0) return bad(`next hop ${address.text} falls into a black hole`);
  // bgpd takes a static route to a single-hop peer's next hop, zebra does not resolve through it (ZEBRA_FLAG_ALLOW_RECURSION).
  const { singleHopInstallsConnected } = router.config.profile.quirks;
  const recursive = single && route.kind !== 'connected' && singleHopInstallsConnected;
  return { problem: null, metric: route.metric, hops: recursive ? [] : hops, throughBgp };
}

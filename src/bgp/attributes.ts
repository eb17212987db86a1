import type { Asn } from '../base/asn.ts';
import type { Address } from '../base/ip.ts';
import type { AsPath } from './as-path.ts';
import { compareLargeCommunities } from './communities.ts';
import { keyOf, type PathStore } from './path-store.ts';
import type { Value } from './policy/program/types.ts';
import type { Origin } from './policy/types.ts';

/** How a path came to be: learned from a peer, or made here. */
export type PathSource =
  | 'learned'
  | 'network'
  | 'connected'
  | 'static'
  | 'kernel'
  | 'announce'
  | 'aggregate'
  | 'default';

/** The path attributes (RFC 4271 section 5 and its extensions) and what one router keeps beside them. */
export interface PathData {
  readonly origin: Origin;
  readonly asPath: AsPath;
  /**
   * null: whoever holds or sends the path: on the wire the sender's address on that session, for a local path this
   * router. Keeping it unnamed lets all sessions of a router share one attribute set.
   */
  readonly nextHop: Address | null;
  readonly med: number | null;
  readonly localPref: number | null;
  /** Ascending, each once; a daemon that leaves them as they came may have them otherwise. */
  readonly communities: readonly number[];
  readonly largeCommunities: readonly string[];
  /** RFC 4456: router ids as 32-bit numbers. */
  readonly originatorId: number | null;
  readonly clusterList: readonly number[];
  readonly atomicAggregate: boolean;
  readonly aggregator: { readonly asn: Asn; readonly routerId: number } | null;
  /** Local to the router: never sent. */
  readonly weight: number;
  readonly tag: number;
  /** Of a redistributed route: the interface it leaves by (FRR's `match interface`). */
  readonly interface?: string | null;
  readonly source: PathSource;
  /** Outbound policy named the next hop: the rules of RFC 4271 5.1.3 no longer apply. */
  readonly nextHopByPolicy: 'no' | 'set' | 'unchanged' | 'self';
  /**
   * What the policy did with the next hop where the path came in or was made: named it, asked to leave it as it is, or to prefer the
   * global IPv6 one. FRR remembers (`rmap_change_flags`) and goes by it when it sends.
   */
  readonly nextHopOnEntry?: 'set' | 'unchanged' | 'prefer-global' | null;
  /** Whether it came with a link bandwidth, where the policy on the way in put one there or took it away: the weight of a next hop is what came (FRR `attr->link_bw`). */
  readonly cameWithBandwidth?: boolean | null;
  /** The next hop it came with, where a filter on the way in named another one: it still leads there (BIRD). */
  readonly leadsBy?: Address | null;
  /** Whether the sender's link-local address came along with an IPv6 next hop; null: as with all routes of its kind on the session. */
  readonly linkLocal?: boolean | null;
  /** Outbound policy set the MED: it may leave the AS (BIRD). */
  readonly medByPolicy?: boolean;
  /** A local route without ORIGIN (BIRD): it is sent as IGP and shown without. */
  readonly originUnset?: boolean;
  /** Eight octets as 16 hexadecimal digits each, ascending (RFC 4360). */
  readonly extendedCommunities?: readonly string[];
  /**
   * All other optional transitive attributes as they lie on the wire, an octet a character: what is not understood is passed on (RFC 4271 section 5). Only a speaker
   * meets them.
   */
  readonly carried?: string;
  /** ONLY_TO_CUSTOMER (RFC 9234 section 5): the AS that put it there. */
  readonly otc?: number | null;
  /** ACCUMULATED IGP METRIC (RFC 7311): not transitive, for internal neighbours. */
  readonly aigp?: number | null;
  /** Local to the router: what a policy set against the distance of its kind; 0: nothing. */
  readonly distance?: number;
  /** Which lists of communities are there though they are empty: `C`, `L`, `E`; small letters until the policy has ended (BIRD). */
  readonly emptyLists?: string;
  /** What policies put there that no protocol sends (BIRD's attributes of the own making, those for the kernel). */
  readonly own?: OwnAttributes | null;
  /** Where the traffic goes, where that is not what the next hop says. */
  readonly destination?: Destination | null;
}

/** By name; equal texts for equal values. */
export interface OwnAttributes {
  readonly values: ReadonlyMap<string, Value>;
  readonly text: string;
}

/** The forwarding half of a route: of a local one in a table over all protocols, or as an import policy set it. */
export interface Destination {
  readonly kind: 'unicast' | 'blackhole' | 'unreachable' | 'prohibit';
  /** The protocol instance that made it (BIRD's `proto`); empty: BGP. */
  readonly protocol: string;
  readonly hops: readonly { readonly interface: string; readonly gateway: Address | null }[];
  /** It goes where another route leads: nothing may lean on it (BIRD). */
  readonly recursive?: true;
  /** Of a route learned from the kernel: who put it there (rtnetlink's RTPROT_*), and its metric. */
  readonly learned?: { readonly protocol: number; readonly metric: number };
}

/** An interned path: within one store equal data is the same object and the same number. Numbers start at 1; 0 is "none". */
export interface Path extends PathData {
  readonly id: number;
  /** Number of everything but the AS_PATH: most rules look at no more, and few such sets exist. */
  readonly attributes: number;
}

/** Equal texts for equal paths, whatever store they are of. */
export function pathText(path: PathData): string {
  return `${keyOf(path)}|${path.asPath.text}`;
}

/** What a bare locally made path has; originations change it. */
export function emptyPath(store: PathStore): PathData {
  return {
    origin: 0,
    asPath: store.asPaths.empty,
    nextHop: null,
    med: null,
    localPref: null,
    communities: [],
    largeCommunities: [],
    originatorId: null,
    clusterList: [],
    atomicAggregate: false,
    aggregator: null,
    weight: 0,
    tag: 0,
    source: 'learned',
    nextHopByPolicy: 'no',
  };
}

export function sortedCommunities(communities: readonly number[]): readonly number[] {
  if (ascends(communities)) return communities;
  return [...new Set(communities)].sort((a, b) => a - b);
}

/** Each above the one before it: as most lists come. */
function ascends(numbers: readonly number[]): boolean {
  for (let i = 1; i < numbers.length; i++) if ((numbers[i - 1] ?? 0) >= (numbers[i] ?? 0)) return false;
  return true;
}

export function sortedLargeCommunities(communities: readonly string[]): readonly string[] {
  if (communities.length < 2) return communities;
  return [...new Set(communities)].sort(compareLargeCommunities);
}

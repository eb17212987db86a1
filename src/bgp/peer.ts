import type { Asn } from '../base/asn.ts';
import type { TableFamily } from '../base/family.ts';
import type { Address, Prefix } from '../base/ip.ts';
import type { PeerConfig } from './peer-config.ts';
import type { PeerFamilyConfig } from './peer-family-config.ts';

/** 'confed': another member AS of the same confederation (RFC 5065). */
export type PeerType = 'ebgp' | 'ibgp' | 'confed';

/** One end of an established session, for one address family: what the rules ask about a neighbour. */
export interface Peer {
  readonly config: PeerConfig;
  readonly family: TableFamily;
  readonly options: PeerFamilyConfig;
  readonly type: PeerType;
  /** What it is taken for where it is told something, if that is another type (FRR, see `tellsByKindAsOutside`). */
  readonly told?: PeerType;
  readonly remoteAs: Asn;
  /** The neighbour's address on this session; null on an unnumbered one, where only its link-local address exists. */
  readonly address: Address | null;
  readonly localAddress: Address | null;
  /** What a path without a named next hop stands for when the neighbour sends it, and when this router does. */
  readonly nextHop: Address | null;
  readonly ownNextHop: Address | null;
  /** IPv4 routes may have IPv6 next hops here: both ends said so (RFC 8950). */
  readonly extendedNextHop?: boolean;
  /** It is not told of paths marked LLGR_STALE (RFC 9494 4.3). */
  readonly refusesStale?: boolean;
  /** The neighbour's BGP identifier. */
  readonly routerId: number;
  /** Its interface towards the neighbour, where they share a segment. */
  readonly interface: string | null;
  /**
   * Networks of that interface, where others than these two are attached: a next hop inside them may be a third party
   * (RFC 4271 5.1.3).
   */
  readonly sharedNetworks: readonly Prefix[];
  /** IPv6 traffic goes to the neighbour's link-local address, whatever its next hops say. */
  readonly viaLinkLocal?: boolean;
  /** The peer's link-local address comes along with its own routes: in a multipath set they have another next hop than the same global address without (FRR). */
  readonly ownViaLinkLocal?: boolean;
  /** As peers are named in tables: the address, or the interface where there is none. */
  readonly name: string;
}

/** The type that decides what the peer is told. */
export function toldType({ type, told }: Peer): PeerType {
  return told ?? type;
}

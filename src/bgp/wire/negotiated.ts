import { afi, safi } from './registry.ts';

/** AFI and SAFI (RFC 4760) in one number, to be a key: `afi * 256 + safi`. */
export type FamilyKey = number;

export function familyKey(afiNumber: number, safiNumber: number): FamilyKey {
  return afiNumber * 256 + safiNumber;
}

export const IPV4_UNICAST = familyKey(afi.ipv4, safi.unicast);
export const IPV6_UNICAST = familyKey(afi.ipv6, safi.unicast);
export const IPV4_LABELED = familyKey(afi.ipv4, safi.labeledUnicast);
export const IPV6_LABELED = familyKey(afi.ipv6, safi.labeledUnicast);
export const IPV4_VPN = familyKey(afi.ipv4, safi.mplsVpn);
export const IPV6_VPN = familyKey(afi.ipv6, safi.mplsVpn);
export const IPV4_FLOWSPEC = familyKey(afi.ipv4, safi.flowspec);
export const IPV6_FLOWSPEC = familyKey(afi.ipv6, safi.flowspec);
export const IPV4_MULTICAST = familyKey(afi.ipv4, safi.multicast);
export const IPV6_MULTICAST = familyKey(afi.ipv6, safi.multicast);
export const IPV4_VPN_FLOWSPEC = familyKey(afi.ipv4, safi.flowspecVpn);
export const IPV6_VPN_FLOWSPEC = familyKey(afi.ipv6, safi.flowspecVpn);
export const L2VPN_EVPN = familyKey(afi.l2vpn, safi.evpn);
export const ROUTE_TARGET = familyKey(afi.ipv4, safi.routeTarget);

const names = new Map<FamilyKey, string>([
  [IPV4_UNICAST, 'ipv4-unicast'],
  [IPV6_UNICAST, 'ipv6-unicast'],
  [IPV4_LABELED, 'ipv4-labelled-unicast'],
  [IPV6_LABELED, 'ipv6-labelled-unicast'],
  [IPV4_VPN, 'l3vpn-ipv4-unicast'],
  [IPV6_VPN, 'l3vpn-ipv6-unicast'],
  [IPV4_FLOWSPEC, 'ipv4-flowspec'],
  [IPV6_FLOWSPEC, 'ipv6-flowspec'],
  [IPV4_MULTICAST, 'ipv4-multicast'],
  [IPV6_MULTICAST, 'ipv6-multicast'],
  [IPV4_VPN_FLOWSPEC, 'l3vpn-ipv4-flowspec'],
  [IPV6_VPN_FLOWSPEC, 'l3vpn-ipv6-flowspec'],
  [L2VPN_EVPN, 'l2vpn-evpn'],
  [ROUTE_TARGET, 'rtc'],
]);

/** As GoBGP names it; `afi 1 safi 3` where it has no name here. */
export function familyText(family: FamilyKey): string {
  return names.get(family) ?? `afi ${Math.floor(family / 256)} safi ${family % 256}`;
}

/**
 * What the two OPENs agreed on, as far as bytes depend on it (RFC 5492): all that decoding and encoding are told of a session. They never learn
 * who the peer is; `validate.ts` does.
 */
export interface Negotiated {
  /** AS numbers of AS_PATH and AGGREGATOR have 4 octets (RFC 6793). */
  readonly fourOctetAs: boolean;
  readonly families: ReadonlySet<FamilyKey>;
  /** Families in which the peer sends path identifiers, and in which we do (RFC 7911). */
  readonly addPathReceive: ReadonlySet<FamilyKey>;
  readonly addPathSend: ReadonlySet<FamilyKey>;
  /** Families of IPv4 NLRI that may come with an IPv6 next hop (RFC 8950). */
  readonly extendedNextHop: ReadonlySet<FamilyKey>;
  readonly maxLength: number;
}

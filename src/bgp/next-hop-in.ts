import {
  type Address,
  contains,
  interfaceAddressOf,
  isBroadcastAddress,
  isLinkLocal,
  isMappedAddress,
  isMartian,
  isNetworkAddress,
  isUnspecified,
  type Prefix,
} from '../base/ip.ts';
import type { Path } from './attributes.ts';
import type { Peer } from './peer.ts';
import type { RouterProfile } from './profile.ts';
import type { Router } from './router.ts';

/** Why a path is not taken for the next hop it came with; null: it is. */
export function refusedNextHop(router: Router, peer: Peer, { nextHop }: Path): string | null {
  const { profile } = router.config;
  if (profile.quirks.refusesForeignNextHop && isForeign(peer, nextHop ?? peer.nextHop))
    return 'its next hop is of the other family, without RFC 8950';
  if (nextHop && isUnspecified(nextHop) && !takesUnspecified(profile, peer, nextHop))
    return 'its next hop is the unspecified address';
  if (nextHop && mindsMartian(profile, peer, nextHop)) return 'no host has its next hop as address';
  return peer.options.gateway === 'direct' ? notDirect(router, nextHop ?? peer.nextHop) : null;
}

/** May the peer's own next hop be refused, which stands for none of a path? */
export function mayRefuseOwnNextHop(router: Router, peer: Peer): boolean {
  return mayBeForeign(router, peer) || mayBeFar(peer);
}

function mindsMartian({ quirks }: RouterProfile, { family }: Peer, nextHop: Address): boolean {
  if (nextHop.family !== (family === 'ipv4-unicast' ? 4 : 6)) return false;
  return quirks.martianNextHops?.[nextHop.family] !== undefined && isMartian(nextHop);
}

/** Of IPv6 routes 0.0.0.0 as well, should it come (ExaBGP). */
function takesUnspecified({ quirks }: RouterProfile, peer: Peer, { family }: Address): boolean {
  const { takesUnspecifiedNextHop: taken } = quirks;
  return taken === family || (taken === 6 && peer.family === 'ipv6-unicast');
}

/** Of an IPv6 route an IPv4 address, also as `::ffff:a.b.c.d` (RFC 4291 2.5.5.2), of an IPv4 route any IPv6 address where RFC 8950 was not agreed on. */
export function isForeign({ family, extendedNextHop }: Peer, address: Address | null): boolean {
  if (address === null) return false;
  if (family === 'ipv4-unicast') return address.family === 6 && !extendedNextHop;
  return address.family === 4 || isMappedAddress(address);
}

/** May the peer's own next hop be refused for its family? */
function mayBeForeign({ config }: Router, { family, address }: Peer): boolean {
  if (!config.profile.quirks.refusesForeignNextHop || address === null) return false;
  return (family === 'ipv4-unicast') !== (address.family === 4);
}

/** Neither the first nor the last address of an IPv4 network is a neighbour (BIRD `if_connected`). */
function isHostOf({ length }: Prefix, address: Address): boolean {
  if (address.family === 6) return true;
  const one = interfaceAddressOf(address, length);
  return !isNetworkAddress(one) && !isBroadcastAddress(one);
}

/** May the peer's own next hop lie on no own network, on a session over other addresses? */
function mayBeFar({ options, nextHop, address }: Peer): boolean {
  return options.gateway === 'direct' && nextHop !== null && nextHop.text !== address?.text;
}

/** Next hops of a directly connected session lie on the own networks (BIRD `bgp_apply_next_hop`). */
function notDirect({ addresses, networks }: Router, address: Address | null): string | null {
  if (address === null || isLinkLocal(address)) return null;
  if (addresses.has(address.text)) return `next hop ${address.text} is an own address`;
  return networks.some((network) => contains(network, address) && isHostOf(network, address))
    ? null
    : `next hop ${address.text} is not directly reachable`;
}

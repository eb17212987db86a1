import { type CarriedFamily, type FamilyName, ipFamilyOf } from '../../base/family.ts';
import { contains } from '../../base/ip.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { PolicyChain } from '../../bgp/policy/types.ts';
import { IPV4_UNICAST } from '../../bgp/wire/negotiated.ts';
import type { Session } from '../session/session.ts';
import type { Neighbor } from './neighbor.ts';
import type { NeighborHost } from './neighbor-host.ts';

/** A neighbor in a family whose routes are passed on: nothing is forwarded by them here, so their next hops stay as they are. */
export function carriedPeer(
  neighbor: Neighbor,
  { agreement, connection }: Session,
  family: CarriedFamily,
): Peer | null {
  const { config } = neighbor;
  const options = config.carried?.[family];
  const { local = null, remote = null } = connection ?? {};
  if (!options || !agreement) return null;
  return {
    config,
    family,
    options: {
      ...options,
      nextHopUnchanged: true,
      importPolicy: askable(options.importPolicy),
      exportPolicy: askable(options.exportPolicy),
    },
    type: neighbor.type,
    remoteAs: agreement.theirs.asn,
    address: remote,
    localAddress: local,
    nextHop: remote,
    ownNextHop: local,
    routerId: agreement.theirs.identifier,
    interface: config.interface,
    sharedNetworks: [],
    name: neighbor.name,
  };
}

/** Policies look at prefixes, which these destinations do not have: one that is configured lets nothing pass. */
function askable(chain: PolicyChain): PolicyChain {
  return chain.length === 0 ? chain : [{ name: '', statements: [], otherwise: 'reject', source: null }];
}

/** A neighbor with an established session as the rules of the router core see it; null where the family is not configured or no OPEN is there. */
export function tablePeer(
  neighbor: Neighbor,
  host: NeighborHost,
  { agreement, connection }: Session,
  family: FamilyName,
): Peer | null {
  const { config } = neighbor;
  const options = config.families[family];
  const { local = null, remote = null } = connection ?? {};
  if (!options || !agreement) return null;
  const wanted = ipFamilyOf(family);
  // RFC 8950: on a session over IPv6 its addresses are next hops of IPv4 routes too.
  const any = family === 'ipv4-unicast' && agreement.negotiated.extendedNextHop.has(IPV4_UNICAST);
  return {
    config,
    family,
    options,
    type: neighbor.type,
    remoteAs: agreement.theirs.asn,
    address: remote,
    localAddress: local,
    nextHop: any || remote?.family === wanted ? remote : null,
    ownNextHop: any || local?.family === wanted ? local : host.ownAddress(wanted, local),
    routerId: agreement.theirs.identifier,
    interface: config.interface,
    // RFC 4271 5.1.3: others may be attached to the networks that this router has in common with the peer.
    sharedNetworks: remote ? host.router.networks.filter((network) => contains(network, remote)) : [],
    name: neighbor.name,
  };
}

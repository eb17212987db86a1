import { isLinkLocal } from '../base/ip.ts';
import type { Path, PathData } from './attributes.ts';
import type { Peer } from './peer.ts';
import type { NextHopSources } from './peer-family-config.ts';
import type { Candidate } from './rib/candidate.ts';

/**
 * The next hop a router with one table over all protocols sends, as far as the export policy leaves it alone (BIRD
 * `bgp_update_next_hop_ip`): the one it received, its own gateway, or itself. Written into the path before the policy.
 */
export function namedByGateway(peer: Peer, best: Candidate): Pick<PathData, 'nextHop' | 'nextHopByPolicy'> {
  const { path, peer: from } = best;
  if (path.nextHopByPolicy === 'set') return { nextHop: path.nextHop, nextHopByPolicy: 'set' };
  const received = from === null ? path.nextHop : (path.nextHop ?? from.nextHop);
  if (received !== null && keepsReceived(peer, from, received.family)) {
    return { nextHop: received, nextHopByPolicy: 'unchanged' };
  }
  const gateway = sharedGateway(peer, best);
  if (gateway !== null) return { nextHop: gateway, nextHopByPolicy: 'unchanged' };
  return { nextHop: received, nextHopByPolicy: 'self' };
}

/** After the policy: `next hop self` is stronger than what a policy set. */
export function afterExport(peer: Peer, from: Peer | null, path: Path): PathData['nextHopByPolicy'] {
  return isMeant(peer.options.nextHopSelfFrom, from) ? 'self' : path.nextHopByPolicy;
}

function isMeant(sources: NextHopSources | undefined, from: Peer | null): boolean {
  if (sources === undefined || sources === 'none') return false;
  if (sources === 'all') return true;
  return from !== null && (from.type === 'ibgp') === (sources === 'ibgp');
}

function keepsReceived(peer: Peer, from: Peer | null, family: 4 | 6): boolean {
  if (isMeant(peer.options.nextHopSelfFrom, from)) return false;
  if (isMeant(peer.options.nextHopKeepFrom, from)) return true;
  if (!isOfFamily(peer, family)) return false;
  if (peer.type !== 'ebgp') return true;
  return from !== null && isOnLink(from) && isOnLink(peer) && from.interface === peer.interface;
}

/** May a next hop of this version stand for routes of the peer's family (RFC 8950)? */
function isOfFamily(peer: Peer, family: 4 | 6): boolean {
  return (family === 4) === (peer.family === 'ipv4-unicast') || peer.extendedNextHop === true;
}

/** Between two single-hop sessions on one interface addresses need no router in between. */
function isOnLink({ config, interface: name }: Peer): boolean {
  return config.singleHop === true && name !== null;
}

/** The gateway stands for the router where the peer can use it as well: inside the AS, or on the interface towards the peer. */
function sharedGateway(peer: Peer, { path, peer: from, hops }: Candidate): PathData['nextHop'] {
  if (isMeant(peer.options.nextHopSelfFrom, from)) return null;
  const [hop, second] = path.destination?.hops ?? hops ?? [];
  const gateway = hop?.gateway ?? null;
  if (!hop || second || gateway === null || isLinkLocal(gateway)) return null;
  if (!isOfFamily(peer, gateway.family)) return null;
  if (peer.type !== 'ebgp') return gateway;
  return isOnLink(peer) && peer.interface === hop.interface ? gateway : null;
}

import { hasAsSet, holdsAs, holdsRealAs } from './as-path.ts';
import type { Path } from './attributes.ts';
import { LLGR_STALE, NO_ADVERTISE, NO_EXPORT, NO_EXPORT_SUBCONFED } from './communities.ts';
import { clusterIdOf, missesPolicy } from './import.ts';
import { isForeign } from './next-hop-in.ts';
import { type Peer, toldType } from './peer.ts';
import { AS_ZERO, holdsZero } from './refused-path.ts';
import type { Candidate } from './rib/candidate.ts';
import type { Router } from './router.ts';

/**
 * Is the route told from one iBGP session to another (RFC 4456)? Where the local AS of a session is the router's, both have to be
 * sessions of one AS: between two AS a router reflects nothing, and passes everything on (BIRD `bgp_preexport`, `bgp_update_attrs`).
 */
export function isReflection({ config }: Router, from: Peer | null, to: Peer): boolean {
  if (from?.type !== 'ibgp' || toldType(to) !== 'ibgp') return false;
  return !config.profile.quirks.localAsIsOwn || from.config.localAs?.asn === to.config.localAs?.asn;
}

/** Rules by kind of session and path alone: reflection, well-known communities, RFC 8212. */
export function suppression(router: Router, peer: Peer, best: Candidate): string | null {
  const { quirks } = router.config.profile;
  const from = best.peer;
  if (
    isReflection(router, from, peer) &&
    !from?.options.routeReflectorClient &&
    !peer.options.routeReflectorClient
  ) {
    return 'learned over iBGP, neither side is a route reflector client';
  }
  if (router.bgp.noClientToClient && from?.options.routeReflectorClient && peer.options.routeReflectorClient)
    return 'reflection from client to client is off';
  return (
    communityBars(router, peer, best) ??
    (quirks.confedLoopCheckOnSend && bgpLoop(router, best) ? "AS_PATH holds the confederation's AS" : null) ??
    (quirks.refusesAsZero && holdsZero(best.path.asPath) ? AS_ZERO : null) ??
    (router.bgp.rejectAsSets && hasAsSet(best.path.asPath) ? 'AS_SET in the AS_PATH' : null) ??
    (missesPolicy(router, peer, peer.options.exportPolicy)
      ? 'no export policy on an eBGP session (RFC 8212)'
      : null)
  );
}

function bgpLoop({ bgp }: Router, { path }: Candidate): boolean {
  return bgp.confederation !== null && holdsAs(path.asPath, bgp.confederation.identifier);
}

/** RFC 1997, where neither end is transparent (a route server between its clients), and RFC 9494 4.3. */
function communityBars({ config }: Router, peer: Peer, best: Candidate): string | null {
  const { quirks } = config.profile;
  const { communities } = best.path;
  if (communities.length === 0) return null;
  const transparent =
    (peer.options.routeServerClient && best.peer?.options.routeServerClient && !quirks.nextHopByGateway) ||
    peer.options.ignoresWellKnownCommunities ||
    (quirks.wellKnownOnLearnedOnly && best.peer === null);
  if (quirks.honoursWellKnownCommunities && !transparent) {
    if (communities.includes(NO_ADVERTISE)) return 'community no-advertise';
    if (toldType(peer) === 'ebgp' && communities.includes(NO_EXPORT)) return 'community no-export';
    if (toldType(peer) !== 'ibgp' && communities.includes(NO_EXPORT_SUBCONFED)) return 'community local-AS';
    if (peer.refusesStale && communities.includes(LLGR_STALE)) return STALE;
  }
  return null;
}

export const STALE = 'community llgr-stale, and the peer has no long-lived graceful restart';

/**
 * A next hop that is the peer's own address is not sent at all where the daemon looks (BIRD `bgp_update_next_hop_ip`), nor one of a family
 * that the session does not carry: a reflector's clients keep it so (`next hop keep`), what the export filter set stays as well, and of an own
 * address there may be none of the family (`Missing next hop address`).
 */
export function unfitNextHop({ config }: Router, peer: Peer, wire: Path | undefined): string | null {
  if (config.profile.quirks.nextHopByGateway !== true || !wire) return null;
  const nextHop = wire.nextHop ?? peer.ownNextHop;
  if (nextHop === null) return null;
  if (nextHop.text === peer.address?.text) return 'its next hop is the peer itself';
  const foreign = isForeign(peer, nextHop) && peer.extendedNextHop !== true;
  return foreign ? 'its next hop is of the other family' : null;
}

/** Rules that look at the single peer: split horizon and what the sender knows the peer would drop. */
export function loopsToPeer(router: Router, peer: Peer, best: Candidate): string | null {
  const { quirks } = router.config.profile;
  if (isSource(router, peer, best)) {
    if (isNeverToldOwn(router, peer)) return 'learned from this peer';
    if (!quirks.sendsBackToSource && !isReflection(router, best.peer, peer)) return 'learned from this peer';
  }
  if (
    quirks.senderSideLoopCheck &&
    best.peer !== null &&
    !peer.options.routeServerClient &&
    holdsRealAs(best.path.asPath, peer.remoteAs) &&
    !peer.options.asOverride
  ) {
    return "AS_PATH holds the peer's AS";
  }
  const asked = asksForLoops(router, peer, best);
  if (asked !== null) return asked;
  if (
    quirks.clusterLoopCheck !== 'receive' &&
    peer.options.routeReflectorClient &&
    best.path.clusterList.includes(clusterIdOf(router, peer))
  ) {
    return 'CLUSTER_LIST holds the own cluster id';
  }
  return null;
}

/** Is whatever a peer said itself kept from it, without a look at the path? */
export function isNeverToldOwn({ config }: Router, peer: Peer): boolean {
  const { sendsBackToSource, reflectsToOriginator } = config.profile.quirks;
  return peer.config.solo || !(sendsBackToSource || reflectsToOriginator);
}

/** GoBGP goes by the router, so that two sessions with one neighbour count as one. */
function isSource({ config }: Router, peer: Peer, { peer: from }: Candidate): boolean {
  if (from === peer) return true;
  return config.profile.quirks.sourceIsRouterId === true && from?.routerId === peer.routerId;
}

/** What the configuration of the peer asks to keep from it (FRR `solo`, `sender-as-path-loop-detection`). */
function asksForLoops({ config }: Router, peer: Peer, { path }: Candidate): string | null {
  const { solo, senderLoopCheck } = peer.config;
  if (solo && path.originatorId === peer.routerId) return 'ORIGINATOR_ID is the peer';
  if (!senderLoopCheck || (config.profile.quirks.senderLoopCheckNeedsSolo && !solo)) return null;
  return holdsAs(path.asPath, peer.remoteAs) ? "AS_PATH holds the peer's AS" : null;
}

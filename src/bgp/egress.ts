import { type Asn, isPrivateAsn } from '../base/asn.ts';
import { isMappedAddress } from '../base/ip.ts';
import type { AsPath } from './as-path.ts';
import { dropAsns, prependConfedAs, replaceAsns, withoutConfed } from './as-path-edits.ts';
import { prependAs } from './as-path-table.ts';
import { type Path, type PathData, sortedCommunities } from './attributes.ts';
import { compareLargeCommunities, GRACEFUL_SHUTDOWN } from './communities.ts';
import { isTransitive } from './extended-communities.ts';
import { clusterIdOf } from './import.ts';
import { withPath } from './path-store.ts';
import { type Peer, toldType } from './peer.ts';
import type { Router } from './router.ts';
import { isReflection } from './suppression.ts';

/** A path on its way from the table to one peer. */
export interface Egress {
  readonly router: Router;
  readonly peer: Peer;
  /** Whom the path was learned from; null: made here. */
  readonly from: Peer | null;
  readonly keepsNextHop: boolean;
}

/**
 * The path before export policy: a received MED does not reach another AS (RFC 4271 5.1.4) unless the policy sets one again,
 * and private or overridden ASNs are already gone.
 */
export function offeredPath({ router, peer, from }: Egress, path: Path): Path {
  const { quirks } = router.config.profile;
  // Everything is still there for the policy to see; what does not leave is taken away behind it.
  if (quirks.medToEbgp === 'policy-only') return path;
  if (!isOutside(router, peer)) return passesAsIs(router, peer) ? path : withLocalPref(router, path);
  const transparent = peer.options.routeServerClient && from?.options.routeServerClient;
  const local = from === null && quirks.medToEbgp === 'local-only';
  const keepsMed = transparent || local || peer.options.attributeUnchanged.med;
  let asPath = withoutPrivate(router, peer, path.asPath);
  if (peer.options.asOverride) {
    const own = standIn(router, peer);
    asPath = replaceAsns(router.context.store.asPaths, asPath, (asn) => (asn === peer.remoteAs ? own : asn));
  }
  if (asPath === path.asPath && (keepsMed || path.med === null)) return path;
  return withPath(router.context.store, path, { asPath, med: keepsMed ? path.med : null });
}

/** Does the attribute set cross a border? Whether a confederation has one inside is the daemon's view. */
export function isOutside({ config }: Router, peer: Peer): boolean {
  const type = toldType(peer);
  return type === 'ebgp' || (type === 'confed' && config.profile.quirks.confedIsExternal === true);
}

/** The AS that takes the place of private and overridden ones. */
function standIn({ bgp, config, publicAs }: Router, { type, config: { localAs } }: Peer): number {
  if (!config.profile.quirks.replacesWithSessionAs) return bgp.asn;
  return localAs?.asn ?? (type === 'ebgp' ? publicAs : bgp.asn);
}

/** Inside the AS the policy finds LOCAL_PREF filled in already (FRR's subgroup_announce_check). */
function withLocalPref({ bgp, context }: Router, path: Path): Path {
  if (path.localPref !== null) return path;
  return withPath(context.store, path, { localPref: bgp.defaultLocalPreference });
}

/** A client of a route server with a table for them is told what the others said, word for word (GoBGP UpdatePathAttrs). */
function passesAsIs({ config }: Router, { options }: Peer): boolean {
  return options.routeServerClient && config.profile.quirks.separatesServerClients === true;
}

const LAST_SHORT_AS = 0xffff;

/** Without `all` only a path that is private throughout is touched; the peer's own ASN stays (FRR). */
function withoutPrivate(router: Router, peer: Peer, path: AsPath): AsPath {
  const remove = peer.options.removePrivateAs;
  if (passesAsIs(router, peer)) return path;
  const { quirks } = router.config.profile;
  const isPrivate = (asn: Asn) => countsAsPrivate(router, asn);
  if (remove === null || (!remove.all && !path.asns.every(isPrivate))) return path;
  const { asPaths } = router.context.store;
  const isGone = (asn: Asn) => isPrivate(asn) && (quirks.removesPeersPrivateAs || asn !== peer.remoteAs);
  if (remove.replaceAs) {
    const own = standIn(router, peer);
    return replaceAsns(asPaths, path, (asn) => (isGone(asn) ? own : asn));
  }
  const left = dropAsns(asPaths, path, isGone, quirks.keepsBareSegments);
  return left === asPaths.empty && path !== left ? asPaths.emptied : left;
}

function countsAsPrivate({ config }: Router, asn: Asn): boolean {
  return isPrivateAsn(asn) || (asn === LAST_SHORT_AS && config.profile.quirks.lastShortAsIsPrivate === true);
}

/** The attributes as they go on the wire (RFC 4271 5.1, RFC 4456 section 8, RFC 5065 section 4). */
export function egressPath(egress: Egress, path: Path): Path {
  const { router } = egress;
  return withPath(router.context.store, path, {
    asPath: sentAsPath(router, egress.peer, path.asPath),
    nextHop: sentNextHop(egress, path),
    med: sentMed(egress, path),
    localPref: sentLocalPref(egress, path),
    communities: sentCommunities(egress, path),
    largeCommunities: sentLargeCommunities(egress, path),
    extendedCommunities: sentExtendedCommunities(egress, path),
    ...sentReflection(egress, path),
    weight: 0,
    tag: 0,
    interface: null,
    source: 'learned',
    nextHopByPolicy: 'no',
    nextHopOnEntry: null,
    cameWithBandwidth: null,
    leadsBy: null,
    linkLocal: sentLinkLocal(egress, path),
    medByPolicy: false,
    originUnset: false,
    emptyLists: router.config.profile.quirks.looseExtendedCommunities ? (path.emptyLists ?? '') : '',
    destination: null,
    own: null,
    distance: 0,
  });
}

/** Where the policy saw a received MED, only one it set itself leaves the AS (BIRD); route servers are transparent. */
function sentMed({ router, peer }: Egress, path: Path): number | null {
  const { medToEbgp } = router.config.profile.quirks;
  const kept =
    medToEbgp !== 'policy-only' ||
    path.medByPolicy === true ||
    toldType(peer) !== 'ebgp' ||
    peer.options.routeServerClient;
  return router.bgp.maxMed ?? (kept ? path.med : null);
}

function sentNextHop(egress: Egress, path: Path): PathData['nextHop'] {
  const { router, peer } = egress;
  const nextHop = chosenNextHop(egress, path);
  if (nextHop && tellsMapped(router, peer)) return null;
  if (!nextHop || peer.family !== 'ipv4-unicast' || !router.config.profile.quirks.nextHopFitsSession)
    return nextHop;
  // Unnumbered sessions have RFC 8950 without being asked.
  const extended = peer.extendedNextHop === true || peer.address === null;
  return (nextHop.family === 6) === extended ? nextHop : null;
}

/**
 * Where FRR has told a route of its own with `::ffff:a.b.c.d`, all others go out with that on the session: the address is written into what the peer
 * is known by (`bpacket_reformat_for_peer`; seen on 8.4.4).
 */
export function tellsMapped({ config, bgp }: Router, { family, ownNextHop }: Peer): boolean {
  if (family !== 'ipv6-unicast' || !config.profile.quirks.nextHopWithoutAddress) return false;
  return (
    ownNextHop !== null &&
    isMappedAddress(ownNextHop) &&
    bgp.originations.some((one) => one.family === family)
  );
}

function chosenNextHop({ peer, keepsNextHop }: Egress, path: Path): PathData['nextHop'] {
  if (path.nextHopByPolicy === 'set' || path.nextHopByPolicy === 'unchanged') return path.nextHop;
  if (path.nextHopByPolicy === 'self') return peer.options.nextHopAddress ?? null;
  return keepsNextHop ? path.nextHop : null;
}

/**
 * Between clients of a route server FRR sends no link-local address; its own routes have it inside the AS too, also where a policy
 * named the next hop (subgroup_announce_check).
 */
function sentLinkLocal({ router, peer, from }: Egress, { nextHop }: Path): boolean | null {
  if (peer.family !== 'ipv6-unicast' || !router.config.profile.quirks.linkLocalNextHop) return null;
  if (peer.options.routeServerClient && from?.options.routeServerClient) return false;
  return from === null && nextHop !== null && !isOutside(router, peer) ? true : null;
}

/** The AS_PATH as sent; it hangs on nothing else of the path. */
export function sentAsPath(router: Router, peer: Peer, asPath: AsPath): AsPath {
  const { asPaths } = router.context.store;
  const type = toldType(peer);
  if (type === 'ibgp') return asPath;
  if (type === 'confed') return prependConfedAs(asPaths, asPath, router.bgp.asn);
  const path = withoutConfed(asPaths, asPath);
  if (peer.type === 'confed') return prependConfedAs(asPaths, path, router.bgp.asn);
  const unchanged = peer.options.attributeUnchanged.asPath && path !== asPaths.empty;
  if (peer.options.routeServerClient || unchanged) return startsBare(path) ? asPaths.empty : path;
  // Towards the outside a confederation has one face (FRR bgp_packet_attribute).
  const localAs = router.bgp.confederation ? null : peer.config.localAs;
  if (!localAs) return prependAs(asPaths, path, router.publicAs);
  // FRR hides an own AS that is private where private ones are removed (bgp_append_local_as).
  const hidden =
    localAs.replaceAs || (peer.options.removePrivateAs !== null && countsAsPrivate(router, router.publicAs));
  const inner = hidden ? path : prependAs(asPaths, path, router.publicAs);
  return prependAs(asPaths, inner, localAs.asn);
}

/** Behind a first segment without an AS nothing is written any more (FRR `aspath_put`). */
function startsBare(path: AsPath): boolean {
  return path.count === 0 || (path.malformed && path.segments[0]?.asns.length === 0);
}

/** The AS that `sentAsPath` puts in front of any sequence and of an empty AS_PATH, where it does nothing else; 0: it does. */
export function ownAs(router: Router, { type, options, config }: Peer): number {
  const plain = type === 'ebgp' && !options.routeServerClient && !options.attributeUnchanged.asPath;
  return plain && (router.bgp.confederation || !config.localAs) ? router.publicAs : 0;
}

function sentLocalPref({ router, peer }: Egress, path: Path): number | null {
  if (passesAsIs(router, peer)) return path.localPref;
  if (isOutside(router, peer)) return peer.options.allowsLocalPref ? path.localPref : null;
  if (router.bgp.gracefulShutdown) return 0;
  return path.localPref ?? peer.options.decision?.defaultLocalPref ?? router.bgp.defaultLocalPreference;
}

function sentCommunities({ router, peer }: Egress, path: Path): readonly number[] {
  if (!peer.options.sendCommunity.standard) return [];
  if (!router.bgp.gracefulShutdown || toldType(peer) !== 'ebgp')
    return sorts(router) ? inOrder(path.communities, (a, b) => a - b) : path.communities;
  return sortedCommunities([...path.communities, GRACEFUL_SHUTDOWN]);
}

function sentLargeCommunities({ router, peer }: Egress, { largeCommunities }: Path): readonly string[] {
  if (!peer.options.sendCommunity.large) return [];
  return sorts(router) ? inOrder(largeCommunities, compareLargeCommunities) : largeCommunities;
}

/** RFC 4360 section 2: what is not transitive stays within the AS. */
function sentExtendedCommunities(
  { router, peer }: Egress,
  { extendedCommunities = [] }: Path,
): readonly string[] {
  if (extendedCommunities.length === 0 || !peer.options.sendCommunity.extended) return [];
  const leaves = toldType(peer) === 'ebgp' && !router.config.profile.quirks.looseExtendedCommunities;
  return leaves ? extendedCommunities.filter(isTransitive) : extendedCommunities;
}

/** What stands twice goes out twice. */
function inOrder<T>(list: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  return list.length < 2 ? list : [...list].sort(compare);
}

function sorts({ config }: Router): boolean {
  return config.profile.quirks.sortsCommunitiesSent === true;
}

/**
 * The id of the cluster a route leaves, and before it that of the cluster it enters, where the two differ (BIRD); of the one it
 * enters only (GoBGP).
 */
function clusterIds(router: Router, from: Peer | null, to: Peer): readonly number[] {
  if (router.config.profile.quirks.reflectionAttributes !== 'rfc4456') return [clusterIdOf(router, to)];
  const idOf = (peer: Peer | null) =>
    peer?.options.routeReflectorClient ? (peer.options.clusterId ?? router.clusterId) : null;
  const ids = [idOf(to), idOf(from)].filter((id) => id !== null);
  return ids.length === 0 ? [router.clusterId] : [...new Set(ids)];
}

/** The originator was written out before (see `named`); here the own cluster id goes in front. */
function sentReflection({ router, peer, from }: Egress, path: Path): Partial<PathData> {
  if (passesAsIs(router, peer)) return {};
  const bare = { originatorId: null, clusterList: [] };
  if (toldType(peer) !== 'ibgp') return bare;
  const prepended = { clusterList: [...clusterIds(router, from, peer), ...path.clusterList] };
  if (router.config.profile.quirks.reflectionAttributes !== 'rfc4456') {
    if (!peer.options.routeReflectorClient) return bare;
    return { originatorId: path.originatorId ?? router.routerId, ...prepended };
  }
  if (from && isReflection(router, from, peer))
    return { originatorId: path.originatorId ?? from.routerId, ...prepended };
  // FRR writes the two only where it reflects (bgp_packet_attribute): what `set originator-id` gave other routes stays here.
  return router.config.profile.quirks.sendsSetOriginator ? {} : bare;
}

import type { Asn } from '../base/asn.ts';
import type { Prefix } from '../base/ip.ts';
import { carriesAigp } from './aigp.ts';
import { type AsPath, countAs, holdsAs } from './as-path.ts';
import { sortedSets } from './as-path-edits.ts';
import { prependAs } from './as-path-table.ts';
import { type Path, type PathData, sortedCommunities, sortedLargeCommunities } from './attributes.ts';
import { BLACKHOLE, GRACEFUL_SHUTDOWN, NO_EXPORT } from './communities.ts';
import { hasBandwidth, sortedExtendedCommunities, withinTheAs } from './extended-communities.ts';
import { mayRefuseOwnNextHop, refusedNextHop } from './next-hop-in.ts';
import { withPath } from './path-store.ts';
import type { Peer } from './peer.ts';
import { evaluateChain, type PolicyReason } from './policy/evaluate.ts';
import type { PolicyChain } from './policy/types.ts';
import { enforcesFirstAs, refusedAsPath, refusedAttributes } from './refused-path.ts';
import { receivedWithRole } from './roles.ts';
import type { Router } from './router.ts';
import { takesNetwork } from './unicast-networks.ts';

/** Phase 1 of RFC 4271 9.1: what becomes of a received route. */
export type ImportOutcome =
  | { readonly path: Path; readonly reason: PolicyReason | null }
  | { readonly path: null; readonly refused: string; readonly reason: PolicyReason | null };

/** The route as the decision will see it, or why it is not used. `wire` is what the peer sent. */
export function importPath(router: Router, peer: Peer, prefix: Prefix, wire: Path): ImportOutcome {
  if (!takesNetwork(router.config.profile, prefix))
    return { path: null, refused: 'it takes no routes to such networks', reason: null };
  const refused = refusal(router, peer, wire);
  if (refused !== null) return { path: null, refused, reason: null };
  const outcome = importThroughPolicy(router, peer, prefix, wire);
  if (outcome.path === null || !namesOwnNextHop(router, outcome.path)) return outcome;
  return { path: null, refused: 'next hop is an own address', reason: outcome.reason };
}

/** Is this router itself the next hop, which RFC 4271 5.1.3 forbids to use? FRR looks when the policy has spoken (bgp_update). */
export function namesOwnNextHop({ config, addresses }: Router, { nextHop }: Path): boolean {
  return config.profile.quirks.dropsOwnNextHop && nextHop !== null && addresses.has(nextHop.text);
}

/**
 * What is refused whatever the policy says: loops (RFC 4271 9.1.2, RFC 4456 section 8), next hops that no policy can mend. These depend
 * on the router itself, the rest of import only on the kind of peer.
 */
export function refusal(router: Router, peer: Peer, wire: Path): string | null {
  const { config } = router;
  const looped = asLoop(router, peer, wire.asPath);
  if (looped !== null) return looped;
  if (peer.type === 'ibgp') {
    if (wire.originatorId === router.routerId) return 'ORIGINATOR_ID is the own router id';
    const { clusterLoopCheck: checks, clusterCheckFromClientsOnly } = config.profile.quirks;
    const checked = checks !== 'send' && (!clusterCheckFromClientsOnly || peer.options.routeReflectorClient);
    if (checked && wire.clusterList.includes(clusterIdOf(router, peer)))
      return 'CLUSTER_LIST holds the own cluster id';
  }
  return refusedNextHop(router, peer, wire);
}

/**
 * The AS for which `refusal` comes down to "the AS_PATH holds it", for paths without a named next hop; 0 where it asks for more.
 */
export function loopAs(router: Router, peer: Peer): Asn {
  const { bgp } = router;
  const {
    type,
    options,
    config: { localAs },
  } = peer;
  if (mayRefuseOwnNextHop(router, peer)) return 0;
  const plain = type === 'ebgp' && !localAs && options.allowasIn === 0 && !options.allowasInOrigin;
  return plain && bgp.confederation === null ? bgp.asn : 0;
}

/** CLUSTER_ID of a session: its own where it has one. */
export function clusterIdOf(router: Router, { options }: Peer): number {
  return options.clusterId ?? router.clusterId;
}

/**
 * What `refusedAsPath` comes down to for a path of one sequence from an external peer: its first AS has to be this one; 0: any.
 */
export function expectedFirstAs(router: Router, peer: Peer): Asn {
  return peer.type === 'ebgp' && enforcesFirstAs(router, peer) ? peer.remoteAs : 0;
}

/** RFC 4271 9.1.2 with `allowas-in` and `local-as` as FRR counts (bgp_update). */
function asLoop({ bgp, config }: Router, peer: Peer, path: AsPath): string | null {
  const { allowasIn: allowed, allowasInOrigin } = peer.options;
  const { localAs } = peer.config;
  if (localAs && config.profile.quirks.localAsIsOwn) return loops(path, localAs.asn, allowed);
  if (localAs && !config.profile.quirks.localAsMayReturn) {
    // Where the local AS is put in front of what arrives, that one counts as well.
    const once = localAs.noPrepend ? 0 : 1;
    if (loops(path, localAs.asn, Math.max(allowed, once) - once) !== null) return LOOP;
  }
  if (allowasInOrigin && lastAs(path) === bgp.asn) return null;
  const outside = config.profile.quirks.identifierMayReturn ? null : bgp.confederation;
  return loops(path, bgp.asn, allowed) ?? (outside ? loops(path, outside.identifier, allowed) : null);
}

/** Of the last sequence, a confederation's or not; sets are passed over (FRR `aspath_get_last_as`). */
function lastAs({ segments }: AsPath): Asn | undefined {
  return segments.findLast(({ kind }) => kind === 'sequence' || kind === 'confed-sequence')?.asns.at(-1);
}

const LOOP = 'AS_PATH holds the own AS';

function loops(path: AsPath, asn: Asn, allowed: number): string | null {
  if (!holdsAs(path, asn) || countAs(path, asn) <= allowed) return null;
  return LOOP;
}

/** RFC 8212 and its daemons' habits: does this session need a policy that is not there? */
export function missesPolicy(router: Router, peer: Peer, chain: PolicyChain): boolean {
  if (!router.bgp.ebgpRequiresPolicy) return false;
  // FRR 8.4 denies confederation peers even with a policy.
  if (peer.type === 'confed') return router.config.profile.quirks.requiresPolicyFromConfed;
  return peer.type === 'ebgp' && chain.length === 0;
}

/** Attribute rules and policy; memoised by callers per kind of peer and path (and prefix, where the policy asks for it). */
export function importThroughPolicy(router: Router, peer: Peer, prefix: Prefix, wire: Path): ImportOutcome {
  const { bgp, context } = router;
  const chain = peer.options.importPolicy;
  const refuse = (refused: string): ImportOutcome => ({ path: null, refused, reason: null });
  if (missesPolicy(router, peer, chain)) return refuse('no import policy on an eBGP session (RFC 8212)');
  const looks = refusedAsPath(router, peer, wire) ?? refusedAttributes(router, peer, wire);
  if (looks !== null) return refuse(looks);
  const received = withPath(context.store, wire, asReceived(router, peer, wire));
  const subject = {
    prefix,
    peer,
    ownNextHop: peer.nextHop,
    learnedFrom: peer,
    localAs: bgp.asn,
  };
  const verdict = evaluateChain(chain, received, subject, context.store, context.tables);
  if (verdict.verdict === 'reject')
    return { path: null, refused: 'denied by policy', reason: verdict.reason };
  const changes = afterPolicy(router, peer, verdict.path);
  const path = withPath(context.store, verdict.path, {
    ...changes,
    nextHopByPolicy: 'no',
    nextHopOnEntry: nextHopOnEntry(router, verdict.path),
    ...bandwidthOnEntry(router, wire, verdict.path),
    medByPolicy: false,
  });
  const marked = receivedWithRole(router, peer, path);
  if (marked === null) return refuse('OTC: the route is only for customers (RFC 9234)');
  return { path: withSite(router, peer, marked), reason: verdict.reason };
}

/** The site of origin stands behind what is there, twice where it is there already (FRR `ecommunity_merge`). */
function withSite({ context }: Router, { options: { siteOfOrigin } }: Peer, path: Path): Path {
  if (siteOfOrigin === undefined) return path;
  const extendedCommunities = [...(path.extendedCommunities ?? []), siteOfOrigin];
  return withPath(context.store, path, { extendedCommunities });
}

/** What becomes of `nextHopByPolicy` once the path is in the table. */
export function nextHopOnEntry({ config }: Router, path: Path): Path['nextHopOnEntry'] {
  const { nextHopByPolicy: by, nextHopOnEntry: asked } = path;
  if (!config.profile.quirks.remembersNextHopOnEntry) return null;
  return asked ?? (by === 'set' || by === 'unchanged' ? by : null);
}

/** Asked for only where bandwidths decide what is installed. */
function bandwidthOnEntry({ bgp }: Router, wire: Path, path: Path): Partial<PathData> {
  if (!bgp.skipsPathsWithoutBandwidth) return {};
  const came = hasBandwidth(wire);
  return came === hasBandwidth(path) ? {} : { cameWithBandwidth: came };
}

function asReceived(router: Router, peer: Peer, wire: Path): Partial<PathData> {
  const { quirks } = router.config.profile;
  const { localAs } = peer.config;
  const external = peer.type === 'ebgp';
  const { asPaths } = router.context.store;
  const received = tidyAsPath(router, wire.asPath);
  return {
    weight: peer.options.weight ?? 0,
    source: 'learned',
    // RFC 4271 5.1.5: from an external peer it must be ignored; GoBGP keeps it.
    localPref: receivedLocalPref(router, peer, wire),
    ...(quirks.keepsCommunityOrder ? {} : tidyCommunities(wire)),
    ...(quirks.looseExtendedCommunities ? narrowBandwidths(wire) : {}),
    ...(quirks.reflectedOnlyWithinAs && peer.type !== 'ibgp' ? { originatorId: null, clusterList: [] } : {}),
    ...(wire.aigp == null || carriesAigp(router, peer) ? {} : { aigp: null }),
    asPath: localAs && !localAs.noPrepend && external ? prependAs(asPaths, received, localAs.asn) : received,
  };
}

/** The AS_PATH as the table shows it, where no policy and no option changes it. */
export function tidyAsPath({ config, context }: Router, asPath: AsPath): AsPath {
  if (asPath.rest !== null || config.profile.quirks.keepsCommunityOrder) return asPath;
  return sortedSets(context.store.asPaths, asPath);
}

/** Link bandwidth is read as the one that stays within the AS, whatever its type says. */
function narrowBandwidths({ extendedCommunities = [] }: Path): Partial<PathData> {
  if (!extendedCommunities.some((one) => one.startsWith(WIDE_BANDWIDTH))) return {};
  return {
    extendedCommunities: extendedCommunities.map((one) =>
      one.startsWith(WIDE_BANDWIDTH) ? withinTheAs(one) : one,
    ),
  };
}

const WIDE_BANDWIDTH = '0004';

function tidyCommunities({
  communities,
  largeCommunities,
  extendedCommunities = [],
}: Path): Partial<PathData> {
  if (communities.length < 2 && largeCommunities.length < 2 && extendedCommunities.length < 2) return {};
  return {
    communities: sortedCommunities(communities),
    largeCommunities: sortedLargeCommunities(largeCommunities),
    extendedCommunities: sortedExtendedCommunities(extendedCommunities),
  };
}

/** BIRD fills in the default on arrival, and may be told to take LOCAL_PREF from an external peer. */
function receivedLocalPref({ config, bgp }: Router, peer: Peer, { localPref }: Path): number | null {
  const { keepsLocalPrefFromEbgp, attachesLocalPref } = config.profile.quirks;
  const ignored = peer.type === 'ebgp' && !keepsLocalPrefFromEbgp && !peer.options.allowsLocalPref;
  // One that came and is ignored counts as seen: BIRD fills in nothing then.
  if (localPref === null) {
    if (!attachesLocalPref) return null;
    return peer.options.decision?.defaultLocalPref ?? bgp.defaultLocalPreference;
  }
  return ignored ? null : localPref;
}

/** RFC 8326 and RFC 7999 where the daemon has them built in; both after the policy. */
function afterPolicy(router: Router, peer: Peer, path: Path): Partial<PathData> {
  const { quirks } = router.config.profile;
  if (peer.type !== 'ebgp') return {};
  const added: number[] = [];
  if (quirks.blackholeAddsNoExport && path.communities.includes(BLACKHOLE)) added.push(NO_EXPORT);
  const leaving = quirks.gracefulShutdownBuiltIn && path.communities.includes(GRACEFUL_SHUTDOWN);
  const { gracefulShutdown } = router.bgp;
  if (!leaving && gracefulShutdown) added.push(GRACEFUL_SHUTDOWN);
  return {
    ...(leaving || gracefulShutdown ? { localPref: 0 } : {}),
    ...(added.length > 0 ? { communities: sortedCommunities([...path.communities, ...added]) } : {}),
  };
}

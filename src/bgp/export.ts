import { addressOf, contains, type Prefix } from '../base/ip.ts';
import { aigpToSend } from './aigp.ts';
import { announcedTo } from './announce.ts';
import type { Path } from './attributes.ts';
import { LLGR_STALE } from './communities.ts';
import { type Egress, egressPath, isOutside, offeredPath } from './egress.ts';
import { afterExport, namedByGateway } from './gateway-next-hop.ts';
import { withPath } from './path-store.ts';
import type { Peer } from './peer.ts';
import { evaluateChain, type PolicyReason } from './policy/evaluate.ts';
import type { PolicyChain } from './policy/types.ts';
import type { Candidate } from './rib/candidate.ts';
import { peerRole, withRole } from './roles.ts';
import type { Router } from './router.ts';
import { isReflection, loopsToPeer, STALE, suppression, unfitNextHop } from './suppression.ts';

/** Phase 3 of RFC 4271 9.1: what a peer is told of the best path. */
export type ExportOutcome =
  | { readonly path: Path; readonly reason: PolicyReason | null }
  | { readonly path: null; readonly suppressed: string; readonly reason: PolicyReason | null };

/** What the peer is sent for the router's best path, or why nothing. */
export function exportPath(router: Router, peer: Peer, prefix: Prefix, best: Candidate): ExportOutcome {
  if (router.config.profile.quirks.originatesOnly) return announcement(router, peer, prefix);
  const suppressed = suppression(router, peer, best) ?? loopsToPeer(router, peer, best);
  if (suppressed !== null) return { path: null, suppressed, reason: null };
  const outcome = exportThroughPolicy(router, peer, prefix, best.peer, named(router, peer, best));
  const unfit = outcome.path === null ? null : unfitNextHop(router, peer, outcome.path);
  return unfit === null ? outcome : { path: null, suppressed: unfit, reason: outcome.reason };
}

function announcement(router: Router, peer: Peer, prefix: Prefix): ExportOutcome {
  const path = announcedTo(router, peer, prefix);
  if (path) return { path, reason: null };
  return { path, suppressed: 'not announced to this peer, and nothing learned is passed on', reason: null };
}

/**
 * The path with what "null" stood for written out, where it will be kept: the next hop of a path that is passed on
 * unchanged, and the originator of a reflected one. Where the router puts in itself the path stays as it is, so that all
 * such sessions share one result.
 */
export function named(router: Router, peer: Peer, best: Candidate): Path {
  const path = namedPath(router, peer, best);
  const aigp = aigpToSend(router, peer, best, path);
  return aigp === (path.aigp ?? null) ? path : withPath(router.context.store, path, { aigp });
}

function namedPath(router: Router, peer: Peer, best: Candidate): Path {
  const { path, peer: from } = best;
  if (router.config.profile.quirks.nextHopByGateway) {
    const reflects = isReflection(router, from, peer) && path.originatorId === null && from !== null;
    const originator = reflects ? { originatorId: from.routerId } : {};
    return withPath(router.context.store, path, { ...namedByGateway(peer, best), ...originator });
  }
  if (from === null) return path;
  const reflects = needsOriginator(router, from, peer) && path.originatorId === null;
  const nextHop = namedNextHop(router, peer, from, path);
  // What is written out for the policy alone is nobody's third party on the way back.
  const ownAgain = nextHop !== null && from === peer && isOwnAgain(router, from, path);
  if (nextHop === path.nextHop && !reflects && !ownAgain) return path;
  return withPath(router.context.store, path, {
    nextHop,
    ...(ownAgain ? { nextHopByPolicy: 'self' as const } : {}),
    ...(reflects ? { originatorId: from.routerId } : {}),
    ...(reflects && router.config.profile.quirks.reflectionSetsMed ? { med: path.med ?? 0 } : {}),
  });
}

/** A third party is one for others: the peer a path came from gets the router's own address again (FRR). */
function namedNextHop(router: Router, peer: Peer, from: Peer, path: Path): Path['nextHop'] {
  if (policyMayKeep(peer.options.exportPolicy)) return path.nextHop ?? from.nextHop;
  if (from === peer) {
    if (keptByConfig(router, from, peer, path)) return path.nextHop ?? from.nextHop;
    return isOwnAgain(router, from, path) ? null : path.nextHop;
  }
  if (path.nextHop !== null || from.address === null) return path.nextHop;
  return keepsNextHop(router, from, peer, path) ? from.nextHop : null;
}

function isOwnAgain(router: Router, peer: Peer, path: Path): boolean {
  return keptByConfig(router, peer, peer, path) === null && path.nextHopByPolicy === 'no';
}

/** `set ip next-hop unchanged`: what "null" stands for has to be written out before the policy runs. */
function policyMayKeep(chain: PolicyChain): boolean {
  let known = mayKeep.get(chain);
  if (known === undefined) {
    known = chain.some(({ statements }) =>
      statements.some(({ actions, call }) =>
        [...actions, ...(call?.statements ?? []).flatMap((called) => called.actions)].some(
          (action) => action.kind === 'next-hop' && action.value === 'unchanged',
        ),
      ),
    );
    mayKeep.set(chain, known);
  }
  return known;
}

/** Chains are immutable: the answer is kept beside them. */
const mayKeep = new WeakMap<PolicyChain, boolean>();

function needsOriginator(router: Router, from: Peer, to: Peer): boolean {
  if (router.config.profile.quirks.reflectionAttributes !== 'rfc4456') return to.options.routeReflectorClient;
  return isReflection(router, from, to);
}

/** RFC 4271 5.1.3: does the peer see the next hop the router itself uses? (Policy may still say otherwise.) */
export function keepsNextHop(router: Router, from: Peer | null, to: Peer, path: Path): boolean {
  const configured = keptByConfig(router, from, to, path);
  if (configured !== null) return configured;
  if (!router.config.profile.quirks.thirdPartyNextHop) return false;
  const nextHop = path.nextHop ?? from?.nextHop ?? null;
  return nextHop !== null && to.sharedNetworks.some((network) => contains(network, nextHop));
}

/** What options and the kind of session say of the next hop; null: it hangs on the segment. */
function keptByConfig(router: Router, from: Peer | null, to: Peer, path: Path): boolean | null {
  const { options } = to;
  if (path.nextHopByPolicy === 'unchanged' || options.nextHopUnchanged || options.attributeUnchanged.nextHop)
    return true;
  const { nextHopOnEntry: entry } = path;
  if (entry) {
    // A route-map makes FRR forget all but `unchanged`, which then stops no more than `next-hop-self`.
    const mapped = options.exportPolicy.some(({ kind }) => kind === 'route-map');
    if (entry === 'unchanged' && !mapped) return true;
    if (entry === 'unchanged' || !mapped) return isOutside(router, to) ? null : true;
  }
  if (options.routeServerClient && from?.options.routeServerClient)
    return router.config.profile.quirks.clientsNeedUnchanged && isOutside(router, to) ? null : true;
  if (options.nextHopSelf === 'force') return false;
  if (options.nextHopSelf === 'yes' && !isReflection(router, from, to)) return false;
  if (!isOutside(router, to)) return true;
  return from === null && path.source === 'announce' && path.nextHop !== null ? true : null;
}

/** Export policy and the attribute rules, in the daemon's order; memoised by callers per kind of peer and path. */
export function exportThroughPolicy(
  router: Router,
  peer: Peer,
  prefix: Prefix,
  from: Peer | null,
  path: Path,
): ExportOutcome {
  const egress = egressOf(router, peer, from, path);
  const listed = refusedByLists(egress, prefix, path);
  if (listed) return { path: null, suppressed: 'denied by policy', reason: listed };
  const seen = router.config.profile.quirks.exportPolicySeesSentPath;
  const bare = offeredPath(egress, path);
  const offered = withRole(egress, bare);
  if (offered === null)
    return { path: null, suppressed: `OTC: not for a ${peerRole(peer)} (RFC 9234)`, reason: null };
  const verdict = seen
    ? applyExportPolicy(egress, prefix, egressPath(egress, offered), path)
    : applyExportPolicy(egress, prefix, offered, path);
  if (verdict.verdict === 'reject')
    return { path: null, suppressed: 'denied by policy', reason: verdict.reason };
  if (comesFromSite(peer, verdict.path))
    return { path: null, suppressed: "it comes from the peer's site (soo)", reason: null };
  const passed = nextHopSettled(egress, verdict.path);
  const sent = seen ? afterPolicyOnly(egress, passed) : egressPath(egress, passed);
  if (seen && peer.refusesStale && sent.communities.includes(LLGR_STALE))
    return { path: null, suppressed: STALE, reason: verdict.reason };
  if (sent.asPath.count > LONGEST_AS_PATH)
    return { path: null, suppressed: 'the AS_PATH does not fit into a message', reason: verdict.reason };
  return { path: sent, reason: verdict.reason };
}

/** FRR `subgroup_announce_check`: behind the route-map, whatever communities the peer is sent. */
function comesFromSite({ options: { siteOfOrigin } }: Peer, { extendedCommunities }: Path): boolean {
  return siteOfOrigin !== undefined && extendedCommunities?.includes(siteOfOrigin) === true;
}

export function egressOf(router: Router, peer: Peer, from: Peer | null, path: Path): Egress {
  return { router, peer, from, keepsNextHop: keepsNextHop(router, from, peer, path) };
}

/** What the export policy says of a path just as it is given. */
export function passesExportPolicy(egress: Egress, prefix: Prefix, path: Path): boolean {
  return applyExportPolicy(egress, prefix, path).verdict !== 'reject';
}

function nextHopSettled({ router, peer, from }: Egress, path: Path): Path {
  if (!router.config.profile.quirks.nextHopByGateway) return path;
  return withPath(router.context.store, path, { nextHopByPolicy: afterExport(peer, from, path) });
}

/** 4096 octets of message (RFC 4271 4.1) hold no more; paths that grow in a circle end here. */
export const LONGEST_AS_PATH = 1000;

/** What refuses the path as it stands in the table; null: nothing. */
function refusedByLists(egress: Egress, prefix: Prefix, path: Path): PolicyReason | null {
  const { router, peer } = egress;
  const lists = peer.options.exportPolicy.filter(({ judgesTable }) => judgesTable);
  if (lists.length === 0) return null;
  const { store, tables } = router.context;
  const verdict = evaluateChain(lists, path, subjectOf(egress, prefix, path), store, tables, false);
  return verdict.verdict === 'reject' ? verdict.reason : null;
}

/** The route-map of FRR finds the next hop of the table; GoBGP's conditions do, where the table has one, and its `unchanged` whatever it has. */
function subjectOf({ router, peer, from }: Egress, prefix: Prefix, table: Path) {
  const received = from === null ? null : (table.nextHop ?? from.nextHop);
  const { exportPolicySeesSentPath: seesSent, exportPolicyKnowsNoPeer } = router.config.profile.quirks;
  const judged = received ?? table.nextHop ?? addressOf(prefix.family, 0n);
  return {
    prefix,
    peer,
    ...(exportPolicyKnowsNoPeer ? { peerUnknown: true } : {}),
    ownNextHop: seesSent ? peer.ownNextHop : received,
    ...(seesSent ? { judgedNextHop: judged } : {}),
    learnedFrom: from,
    localAs: router.bgp.asn,
    defaultLocalPref: router.bgp.defaultLocalPreference,
  };
}

/** `table`: the path as it stands there; some of it the policy still sees (FRR: a MED that is taken off). */
function applyExportPolicy(egress: Egress, prefix: Prefix, path: Path, table: Path = path) {
  const { router, peer, from } = egress;
  const { store, tables } = router.context;
  const { quirks } = router.config.profile;
  const sets =
    quirks.policySetsReflected || router.bgp.allowsOutboundPolicy || !isReflection(router, from, peer);
  const chain = peer.options.exportPolicy;
  const rest = chain.some(({ judgesTable }) => judgesTable) ? chain.filter((one) => !one.judgesTable) : chain;
  const subject = subjectOf(egress, prefix, table);
  const hidden = quirks.exportPolicySeesSentPath || path.med !== null ? null : table.med;
  const seen = hidden === null ? subject : { ...subject, medTakenOff: hidden };
  return evaluateChain(rest, path, seen, store, tables, sets);
}

/** GoBGP: everything but LOCAL_PREF was settled before the policy. */
function afterPolicyOnly({ router, peer }: Egress, path: Path): Path {
  return withPath(router.context.store, path, {
    localPref: isOutside(router, peer) && !peer.options.allowsLocalPref ? null : path.localPref,
    weight: 0,
    tag: 0,
    interface: null,
    source: 'learned',
    nextHopByPolicy: 'no',
  });
}

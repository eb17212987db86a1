import type { IpFamily } from '../../base/ip.ts';
import type { Path } from '../../bgp/attributes.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { Router } from '../../bgp/router.ts';
import { type ResolvedNextHop, resolveNextHop } from '../kernel/next-hops.ts';
import { copyAt, tableOfNextHops } from '../table/beside.ts';
import { resolveInTable } from '../table/resolve.ts';
import { candidateOf, type Engine, type SlotCandidate } from './engine.ts';
import { IN_SERVER_TABLE, isServerClient } from './server-table.ts';

/** Looks up the next hop of a candidate: usable or not, and how far. */
export function judgeNextHop(engine: Engine, node: number, router: Router, candidate: SlotCandidate): void {
  const { slot, path } = candidate;
  if (candidate.peer && isServerClient(router, candidate.peer)) {
    candidate.invalid = IN_SERVER_TABLE;
    return;
  }
  const resolved = resolutionOf(engine, node, router, candidate);
  if (router.config.table) {
    candidate.unresolved = resolved?.problem ?? null;
    candidate.hops = resolved?.hops ?? [];
    candidate.igpMetric = resolved?.metric ?? 0;
    if (resolved?.throughBgp) engine.throughBgp = true;
    return;
  }
  if (slot >= 0)
    engine.judged[slot] = staysJudged(engine, path) && resolved === engine.ownResolution[slot] ? 1 : 0;
  candidate.invalid = resolved?.problem ?? null;
  candidate.igpMetric = resolved?.metric ?? 0;
  if (resolved?.throughBgp) engine.throughBgp = true;
  const address = candidate.path.nextHop ?? candidate.peer?.nextHop;
  // A host route cannot lead to its own next hop, unless a client of this reflector says so, or a link-local one stands beside it (bgp_nht).
  if (
    engine.isHostRoute &&
    !(candidate.peer?.interface && leadsToSender(candidate.peer, path)) &&
    address?.value === engine.prefix.value &&
    address.family === engine.prefix.family &&
    router.config.profile.quirks.tracksNextHops &&
    !candidate.peer?.options.routeReflectorClient
  ) {
    candidate.invalid = 'the route is its own next hop';
  }
}

/** Does the judgement of a path hang on its peer alone? */
export function staysJudged({ isHostRoute }: Engine, { nextHop, destination }: Path): boolean {
  return nextHop === null && !isHostRoute && (destination ?? null) === null;
}

/** null: an unnumbered neighbour's link-local address, which needs no route. */
export function resolutionOf(
  engine: Engine,
  node: number,
  router: Router,
  candidate: SlotCandidate,
): ResolvedNextHop | null {
  const { path, peer, slot } = candidate;
  if (router.config.table) return peer ? inTable(engine, node, router, candidate, peer) : null;
  const own = path.nextHop === null;
  const known = own ? engine.ownResolution[slot] : null;
  if (known) return known;
  const address = path.nextHop ?? peer?.nextHop ?? null;
  if (address === null) return null;
  if (peer?.interface && leadsToSender(peer, path)) return onLink(peer, peer.interface);
  const resolved = resolveNextHop(engine.nextHops, node, router, peer, address, engine.prefix);
  if (own && !resolved.throughBgp) engine.ownResolution[slot] = resolved;
  return resolved;
}

/**
 * Does a link-local address, the peer's, stand beside the next hop? An internal peer's own IPv6 route has it too, be its next hop
 * somebody else.
 */
function leadsToSender({ viaLinkLocal, ownViaLinkLocal }: Peer, path: Path): boolean {
  const { nextHop, asPath, originatorId, linkLocal = null } = path;
  if (path.nextHopOnEntry === 'prefer-global' || linkLocal === false) return false;
  if (viaLinkLocal) return true;
  const own = linkLocal === true || (asPath.count === 0 && originatorId === null);
  return ownViaLinkLocal === true && nextHop !== null && own;
}

/** A copy leads where its source does, and is not looked up again, unless the pipe says where it leads (BIRD drops its `hostentry`). */
function inTable(
  engine: Engine,
  node: number,
  router: Router,
  { slot, path }: SlotCandidate,
  peer: Peer,
): ResolvedNextHop {
  const source = copyAt(engine.topology, slot)?.source ?? -1;
  if (source >= 0) {
    const original = candidateOf(engine, source);
    if (original.path.destination === path.destination)
      return inTable(engine, engine.topology.owner[source] ?? node, router, original, peer);
  }
  const { topology, nextHops } = engine;
  const tableFor = (family: IpFamily) => tableOfNextHops(topology, node, peer, family);
  return resolveInTable(nextHops, tableFor, router, peer, path);
}

/** Straight to the neighbour; its own address stands for the link-local one. */
function onLink({ nextHop }: Peer, name: string): ResolvedNextHop {
  const gateway = nextHop?.family === 6 ? nextHop : null;
  return { problem: null, metric: 0, hops: [{ interface: name, gateway }], throughBgp: false };
}

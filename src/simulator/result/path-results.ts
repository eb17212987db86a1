import type { FamilyName } from '../../base/family.ts';
import { addressOf, isLinkLocal } from '../../base/ip.ts';
import { communityText } from '../../bgp/communities.ts';
import type { Peer } from '../../bgp/peer.ts';
import { compareCandidates, type DecidingStep, decide, decidingStep } from '../../bgp/rib/decide.ts';
import type { Router } from '../../bgp/router.ts';
import { type Engine, routerAt, type SlotCandidate } from '../engine/engine.ts';
import { SUPPRESSED } from '../engine/flaps.ts';
import { IN_SERVER_TABLE } from '../engine/server-table.ts';
import { usedPaths } from '../kernel/fib.ts';
import type { PathResult } from './result.ts';

const originNames = ['igp', 'egp', 'incomplete'] as const;

/** The table of one node for the prefix the engine holds: best first, then those used with it, then by age. */
export function pathResults(engine: Engine, node: number, family: FamilyName): readonly PathResult[] {
  return rankedPaths(engine, node, family)
    .filter(({ candidate }) => candidate.invalid !== IN_SERVER_TABLE)
    .map(({ result }) => result);
}

/** The same with the candidate behind each row, and with what the router keeps apart for others. */
export function rankedPaths(
  engine: Engine,
  node: number,
  family: FamilyName,
): readonly { readonly candidate: SlotCandidate; readonly result: PathResult }[] {
  const list = engine.lists[node] ?? [];
  // Nobody to ask on a host without a running daemon.
  if (list.length === 0) return [];
  const best = engine.best[node] ?? null;
  const used = new Set(usedPaths(engine, node, family));
  const reasons = decisionReasons(engine, node);
  const rank = (candidate: SlotCandidate) =>
    candidate === best ? 0 : used.has(candidate) ? 1 : candidate.invalid === null ? 2 : 3;
  const router = routerAt(engine.topology, node);
  return list
    .toSorted((a, b) => rank(a) - rank(b) || a.arrival - b.arrival)
    .map((candidate) => ({
      candidate,
      result: {
        best: candidate === best,
        multipath: used.size > 1 && used.has(candidate) && !router.config.profile.quirks.hidesMultipath,
        valid: isValid(candidate),
        ...shownOf(router, candidate, family),
        reason: candidate.invalid ?? candidate.unresolved ?? reasons.get(candidate) ?? '',
      },
    }));
}

/** A suppressed path has a next hop that works. */
function isValid({ invalid, unresolved = null }: SlotCandidate): boolean {
  return (invalid === null || invalid === SUPPRESSED) && unresolved === null;
}

/** What beat a path, and at which step. */
export interface Loss {
  readonly step: DecidingStep;
  readonly winner: SlotCandidate;
}

/** For each loser the step that beat it (see `losses`); for the best the latest step it needed. */
function decisionReasons(engine: Engine, node: number): ReadonlyMap<SlotCandidate, string> {
  const { process } = routerAt(engine.topology, node);
  const best = engine.best[node] ?? null;
  const lost = losses(engine, node);
  const reasons = new Map<SlotCandidate, string>([...lost].map(([loser, { step }]) => [loser, step]));
  if (!best) return reasons;
  const order: readonly DecidingStep[] = [...process.profile.steps, 'list-order'];
  const needed = Math.max(-1, ...[...lost.values()].map(({ step }) => order.indexOf(step)));
  return reasons.set(best, order[needed] ?? 'only path');
}

/**
 * For each loser the step at which the best path wins over it. Where the best would not win directly (MED is no order: the two
 * were never held against each other) it is the step of the path that did beat it.
 */
export function losses(engine: Engine, node: number): ReadonlyMap<SlotCandidate, Loss> {
  const { process } = routerAt(engine.topology, node);
  const met = new Map<SlotCandidate, Loss>();
  const best = decide(process, engine.lists[node] ?? [], (loser, winner, step) =>
    met.set(loser as SlotCandidate, { step, winner: winner as SlotCandidate }),
  );
  if (!best) return met;
  return new Map(
    [...met].map(([loser, loss]) => {
      const direct = compareCandidates(process, best, loser) < 0;
      return [loser, direct ? { step: decidingStep(process, best, loser), winner: best } : loss];
    }),
  );
}

/** What a table shows of a path. */
export function shownOf(router: Router, { path, peer }: SlotCandidate, family: FamilyName) {
  const { aggregateNextHop } = router.config.profile.quirks;
  const aggregated = path.source === 'aggregate' ? aggregateNextHop : undefined;
  const unspecified = aggregated ?? (family === 'ipv4-unicast' ? '0.0.0.0' : '::');
  const gateway = peer === null ? (path.destination?.hops[0]?.gateway ?? null) : null;
  const { showsMappedAsIpv4 } = router.config.profile.quirks;
  const held = gateway ?? path.nextHop ?? peer?.nextHop ?? null;
  const mapped = showsMappedAsIpv4 && held?.family === 6 && held.value >> 32n === 0xffffn;
  const nextHop = mapped ? addressOf(4, held.value & 0xffffffffn) : held;
  return {
    nextHop: nextHop?.text ?? (peer ? unnamedNextHop(peer) : unspecified),
    asPath: path.asPath.text,
    localPref: path.localPref,
    med: path.med,
    weight: router.config.profile.quirks.localWeight === null ? null : path.weight,
    origin: path.originUnset ? null : originNames[path.origin],
    communities: path.communities.map((one) => nameOf(router, communityText(one))),
    largeCommunities: path.largeCommunities.map((one) => nameOf(router, one)),
    originatorId: path.originatorId === null ? null : routerIdText(path.originatorId),
    clusterList: path.clusterList.map(routerIdText),
    from: peer ? peer.name : '',
  };
}

/** Beside a link-local address that was given by hand stands `::`; one that the kernel drew goes by its interface. */
function unnamedNextHop({ address, interface: near, name }: Peer): string {
  return address && isLinkLocal(address) ? '::' : (near ?? name);
}

/** Well-known ones have names of their own. */
function nameOf({ bgp: { communityNames } }: Router, community: string): string {
  return (community.startsWith('65535:') ? undefined : communityNames?.[community]) ?? community;
}

function routerIdText(id: number): string {
  return addressOf(4, BigInt(id)).text;
}

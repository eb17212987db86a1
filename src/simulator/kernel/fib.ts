import { type FamilyName, familyOf } from '../../base/family.ts';
import { type Address, compareAddresses, type Prefix } from '../../base/ip.ts';
import { kernelPolicyOf, type RouterConfig } from '../../bgp/config.ts';
import { distanceOf } from '../../bgp/distance.ts';
import { hasBandwidth } from '../../bgp/extended-communities.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { PolicyReason, PolicyVerdict } from '../../bgp/policy/evaluate.ts';
import type { Candidate } from '../../bgp/rib/candidate.ts';
import { multipathSet } from '../../bgp/rib/multipath.ts';
import type { Router } from '../../bgp/router.ts';
import { type Engine, routerAt, type SlotCandidate } from '../engine/engine.ts';
import { resolutionOf } from '../engine/judge.ts';
import { pathVerdict } from '../engine/path-verdict.ts';
import { hostOf } from '../table/beside.ts';
import { kernelHops } from '../table/installed.ts';
import type { Hop, KernelRoute } from './kernel-table.ts';
import { isSingleHop, type ResolvedNextHop } from './next-hops.ts';

/** One way out with the node it leads to, where that is known without looking (unnumbered neighbours). */
export interface FibHop extends Hop {
  readonly toNode: number | null;
}

/** Sets of next hops, each once; tables name them by number. 0: no route. */
export interface HopSets {
  readonly sets: (readonly FibHop[])[];
  readonly byKey: Map<string, number>;
  /** Sets of slots whose paths have the peer itself as next hop: what they come to. See `slotSetHops`. */
  readonly slotSets: SlotSets;
  /** What a single path comes to by what became of its next hop. */
  readonly single: Map<ResolvedNextHop, number>;
}

/** Sets of slots as a tree of numbers: set plus one more slot is another set. */
interface SlotSets {
  readonly slots: number;
  readonly longer: Map<number, number>;
  /** By number of the slot set: the hop set, -1 where it is not known yet. */
  readonly hops: number[];
}

/** Numbered like those `before`, where there are any: routes of the two can be compared. */
export function createHopSets(slots: number, before?: HopSets): HopSets {
  const { sets, byKey } = before ?? { sets: [[]], byKey: new Map([['none', 0]]) };
  return { sets, byKey, slotSets: { slots, longer: new Map(), hops: [-1] }, single: new Map() };
}

/** The black hole of an aggregate: a route without a way out. */
const NOWHERE = 'nowhere';

export function internHops(hopSets: HopSets, hops: readonly FibHop[]): number {
  const key = hops.length === 0 ? NOWHERE : hops.map(hopText).join(' ');
  let id = hopSets.byKey.get(key);
  if (id === undefined) {
    id = hopSets.sets.length;
    hopSets.sets.push(hops);
    hopSets.byKey.set(key, id);
  }
  return id;
}

export function hopText({ interface: name, gateway, toNode }: FibHop): string {
  return `${gateway?.text ?? ''}%${name}>${toNode ?? ''}`;
}

/** Where a candidate's traffic goes; null: nowhere the kernel would take, empty: a black hole. `recursive`: through other routes as well. */
function hopsOf(
  engine: Engine,
  node: number,
  candidate: SlotCandidate,
  recursive: boolean,
): readonly FibHop[] | null {
  if (candidate.slot < 0) return null;
  const resolved = resolutionOf(engine, node, routerAt(engine.topology, node), candidate);
  if (resolved) {
    if (resolved.inactive || (resolved.recursive && !recursive)) return null;
    return resolved.hops.map((hop) => ({ ...hop, toNode: null }));
  }
  const far = engine.topology.reverse[candidate.slot] ?? 0;
  const name = candidate.peer?.interface ?? '';
  return [
    { interface: name, gateway: null, toNode: hostOf(engine.topology, engine.topology.owner[far] ?? -1) },
  ];
}

/** The paths a router uses together for the prefix the engine holds; empty where it has none. */
export function usedPaths(engine: Engine, node: number, family: FamilyName): readonly SlotCandidate[] {
  const best = engine.best[node];
  return best ? pathsUsedWith(engine, node, best, family) : [];
}

/** The same for any path that is to be the best one. */
export function pathsUsedWith(
  engine: Engine,
  node: number,
  best: SlotCandidate,
  family: FamilyName,
): readonly SlotCandidate[] {
  const list = engine.lists[node] ?? [];
  if (list.length === 1) return [best];
  const { process } = routerAt(engine.topology, node);
  return multipathSet(process, family, list, best, (candidate) => {
    const { path, peer } = candidate;
    const nextHop = path.nextHop ?? peer?.nextHop;
    // bgp_path_info_nexthop_cmp: where a link-local address came along, that one counts.
    const own = path.nextHop === null && path.asPath.count === 0 && path.clusterList.length === 0;
    const came = peer?.viaLinkLocal || (peer?.ownViaLinkLocal && (own || path.linkLocal === true));
    const local = came && path.linkLocal !== false;
    const onlyGlobal = path.nextHopOnEntry === 'prefer-global';
    return (local && !onlyGlobal) || !nextHop ? linkLocalOf(engine, candidate) : nextHop.text;
  });
}

/** An interface has one link-local address, whichever sessions lead to it. */
function linkLocalOf({ topology: { owner, peers, reverse } }: Engine, { slot, peer }: SlotCandidate): string {
  const far = reverse[slot] ?? -1;
  return `link-local of ${owner[far] ?? ''} ${peers.at(far)?.interface ?? ''} by ${peer?.interface ?? ''}`;
}

/**
 * FRR bgp_zebra_use_nhop_weighted; without any link bandwidth all paths stay. Whether there is one is asked of the table, whose next hops stay of what came:
 * with bandwidths that the own policy put there alone nothing is installed.
 */
function withBandwidth(used: readonly SlotCandidate[]): readonly SlotCandidate[] {
  if (used.length < 2 || !used.some(({ path }) => hasBandwidth(path))) return used;
  return used.filter(({ path }) => path.cameWithBandwidth ?? hasBandwidth(path));
}

/** What the router would install (`present`: the route it has without BGP) for the prefix and the paths it uses, as the number of a hop set; 0: nothing. */
export function installedHops(
  engine: Engine,
  node: number,
  used: readonly SlotCandidate[],
  present: KernelRoute | undefined,
  hopSets: HopSets,
): number {
  const best = engine.best[node];
  if (!best) return 0;
  const router = routerAt(engine.topology, node);
  if (router.config.table) {
    const hops = kernelHops(engine, node, used, engine.topology.family);
    return hops === null ? 0 : internHops(hopSets, unite(hops.map((hop) => ({ ...hop, toNode: null }))));
  }
  if (notInstalled(router, best, engine.prefix, present, used) !== null) return 0;
  if (best.peer === null) return internHops(hopSets, []);
  const weighed = router.bgp.skipsPathsWithoutBandwidth ? withBandwidth(used) : used;
  const taken = weighed.filter((one) => tableVerdict(router, one, engine.prefix)?.verdict !== 'reject');
  const slotSet = slotSetOf(engine, hopSets.slotSets, taken);
  const known = slotSet < 0 ? -1 : (hopSets.slotSets.hops[slotSet] ?? -1);
  if (known >= 0) return known;
  const recursive = mayRecurse(router, best.peer, taken);
  const active = taken.flatMap((candidate) => {
    const ways = hopsOf(engine, node, candidate, recursive);
    const alive = ways?.filter(({ dead }) => !dead) ?? [];
    const nextHop = candidate.path.nextHop ?? candidate.peer?.nextHop ?? null;
    return ways === null || (ways.length > 0 && alive.length === 0) ? [] : [{ nextHop, ways: alive }];
  });
  const id = active.length === 0 ? 0 : internHops(hopSets, together(active));
  if (slotSet >= 0) hopSets.slotSets.hops[slotSet] = id;
  return id;
}

interface ActiveHop {
  readonly nextHop: Address | null;
  /** None: a black hole. */
  readonly ways: readonly FibHop[];
}

/** zebra sorts next hops by address: the first one makes the route a black hole or not, and any later black hole is left out. */
function together(active: readonly ActiveHop[]): readonly FibHop[] {
  const isHole = active.some(({ ways, nextHop }) => {
    if (ways.length > 0 || nextHop === null) return false;
    return active.every((one) => one.nextHop === null || compareAddresses(nextHop, one.nextHop) <= 0);
  });
  return isHole ? [] : unite(active.flatMap(({ ways }) => ways));
}

/**
 * May next hops lead through other routes? Of paths used together the best one says it for all, unless external ones are used with internal
 * ones (`peer-type multipath-relax`): then all may (FRR's bgp_zebra_announce).
 */
function mayRecurse({ config, bgp }: Router, best: Peer, used: readonly SlotCandidate[]): boolean {
  if (!config.profile.quirks.singleHopInstallsConnected || !isSingleHop(best)) return true;
  return (
    bgp.decision.peerTypeMultipathRelax && used.some(({ peer }) => peer !== null && peer.type !== 'ebgp')
  );
}

/** The hop set of a route with one path, whose next hop is no BGP route's; `connected`: only where it leads straight there. */
export function singleHops(hopSets: HopSets, resolved: ResolvedNextHop, connected: boolean): number {
  if (resolved.inactive || (resolved.recursive && connected)) return 0;
  let id = hopSets.single.get(resolved);
  if (id === undefined) {
    const alive = resolved.hops.filter(({ dead }) => !dead);
    const isDead = resolved.hops.length > 0 && alive.length === 0;
    id = isDead ? 0 : internHops(hopSets, unite(alive.map((hop) => ({ ...hop, toNode: null }))));
    hopSets.single.set(resolved, id);
  }
  return id;
}

/** The number of the set of slots, where each path's next hop is its peer, reached without BGP; else -1. */
function slotSetOf(
  { ownResolution, topology }: Engine,
  sets: SlotSets,
  used: readonly SlotCandidate[],
): number {
  let set = 0;
  for (const { slot, path } of used) {
    if (path.nextHop !== null || slot < 0) return -1;
    const resolution = ownResolution[slot] ?? null;
    if (resolution?.recursive || (resolution === null && topology.peers.at(slot)?.nextHop !== null))
      return -1;
    const key = set * sets.slots + slot;
    const next = sets.longer.get(key);
    if (next !== undefined) set = next;
    else {
      set = sets.hops.length;
      sets.hops.push(-1);
      sets.longer.set(key, set);
    }
  }
  return set;
}

/** Why a best path brings no route into the kernel. */
export type NotInstalled =
  | { readonly kind: 'local' }
  | { readonly kind: 'daemon' }
  | { readonly kind: 'distance'; readonly own: number; readonly present: KernelRoute }
  | { readonly kind: 'policy'; readonly reason: PolicyReason };

const localOnly: NotInstalled = { kind: 'local' };
const daemonDoesNot: NotInstalled = { kind: 'daemon' };

/**
 * What keeps a best path from the kernel, where `present` is the route it has without BGP; null: it is installed. Local paths
 * install nothing (their route is there already), but an aggregate installs its black hole. `used`: the paths used together.
 */
export function notInstalled(
  router: Router,
  best: Candidate,
  prefix: Prefix,
  present: KernelRoute | undefined,
  used: readonly Candidate[] = [best],
): NotInstalled | null {
  if (!router.config.installsRoutes) return daemonDoesNot;
  if (best.peer === null && best.path.source !== 'aggregate') return localOnly;
  const own = present ? distanceOf(router, best, prefix) : 0;
  if (present && present.distance <= own) return { kind: 'distance', own, present };
  const verdict = kernelVerdict(router, best, prefix);
  if (verdict?.verdict === 'reject') return { kind: 'policy', reason: verdict.reason };
  const kept = tableVerdict(router, best, prefix);
  if (kept?.verdict !== 'reject') return null;
  const passes = used.some((one) => tableVerdict(router, one, prefix)?.verdict !== 'reject');
  return passes ? null : { kind: 'policy', reason: kept.reason };
}

/** `ip protocol bgp route-map`: what it says of the best path; null: there is none. */
export function kernelVerdict(router: Router, best: Candidate, prefix: Prefix): PolicyVerdict | null {
  const kernelPolicy = kernelPolicyOf(router.config, prefix.family);
  return kernelPolicy && pathVerdict(router, [kernelPolicy], prefix, best);
}

/** `table-map`: what bgpd says of a path before it tells zebra; null: there is none. */
export function tableVerdict(router: Router, candidate: Candidate, prefix: Prefix): PolicyVerdict | null {
  const policy = router.bgp.tablePolicies?.[familyOf(prefix.family)];
  return policy ? pathVerdict(router, [policy], prefix, candidate) : null;
}

/** Does a policy stand between the table and the kernel? Then a choice alone does not say what is installed. */
export function judgesKernel({ kernelPolicy, kernelPolicy6 = null, bgp }: RouterConfig): boolean {
  return kernelPolicy !== null || kernelPolicy6 !== null || bgp?.tablePolicies !== undefined;
}

/** Each way once, in the order of output. */
function unite(hops: readonly FibHop[]): readonly FibHop[] {
  const byText = new Map(hops.map((hop) => [hopText(hop), hop]));
  return [...byText.values()].sort(compareHops);
}

function compareHops(a: FibHop, b: FibHop): number {
  if (a.gateway && b.gateway)
    return compareAddresses(a.gateway, b.gateway) || (a.interface < b.interface ? -1 : 1);
  if (a.gateway || b.gateway) return a.gateway ? -1 : 1;
  return a.interface < b.interface ? -1 : a.interface > b.interface ? 1 : 0;
}

/** Next hops as the result prints them: the address, or the interface where there is only a link-local one. */
export function hopNames(hops: readonly FibHop[]): readonly string[] {
  return [...new Set(hops.map(({ gateway, interface: name }) => gateway?.text ?? name))];
}

import type { FamilyName } from '../base/family.ts';
import type { Prefix } from '../base/ip.ts';
import { compareAddresses } from '../base/ip.ts';
import { evaluateChain } from '../bgp/policy/evaluate.ts';
import type { Candidate } from '../bgp/rib/candidate.ts';
import { multipathSet } from '../bgp/rib/multipath.ts';
import type { Router } from '../bgp/router.ts';
import { type Engine, resolutionOf, routerAt, type SlotCandidate } from './engine.ts';
import type { Hop, KernelTable } from './kernel-table.ts';

/** One way out with the node it leads to, where that is known without looking (unnumbered neighbours). */
export interface FibHop extends Hop {
  readonly toNode: number | null;
}

/** Sets of next hops, each once; tables name them by number. 0: no route. */
export interface HopSets {
  readonly sets: (readonly FibHop[])[];
  readonly byKey: Map<string, number>;
  /** By slot: the set of a path whose next hop is the peer itself. */
  readonly bySlot: Int32Array;
}

export function createHopSets(slots: number): HopSets {
  return { sets: [[]], byKey: new Map([['none', 0]]), bySlot: new Int32Array(slots) };
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

function hopText({ interface: name, gateway, toNode }: FibHop): string {
  return `${gateway?.text ?? ''}%${name}>${toNode ?? ''}`;
}

/** Where a candidate's traffic goes, as far as the router knows; empty: nowhere the kernel would take. */
export function hopsOf(engine: Engine, node: number, candidate: SlotCandidate): readonly FibHop[] {
  if (candidate.slot < 0) return [];
  const resolved = resolutionOf(engine, node, routerAt(engine.topology, node), candidate);
  if (resolved) return resolved.hops.map((hop) => ({ ...hop, toNode: null }));
  const far = engine.topology.reverse[candidate.slot] ?? 0;
  const name = candidate.peer?.interface ?? '';
  return [{ interface: name, gateway: null, toNode: engine.topology.owner[far] ?? null }];
}

/** The paths a router uses together for the prefix the engine holds; empty where it has none. */
export function usedPaths(engine: Engine, node: number, family: FamilyName): readonly SlotCandidate[] {
  const best = engine.best[node];
  if (!best) return [];
  const list = engine.lists[node] ?? [];
  if (list.length === 1) return [best];
  const { process } = routerAt(engine.topology, node);
  return multipathSet(process, family, list, best, (candidate) => {
    const nextHop = candidate.path.nextHop ?? candidate.peer?.nextHop;
    return nextHop?.text ?? candidate.peer?.name ?? '';
  });
}

/** What the router would install in the kernel for the prefix, as the number of a hop set; 0: nothing. */
export function installedHops(
  engine: Engine,
  node: number,
  family: FamilyName,
  table: KernelTable | undefined,
  hopSets: HopSets,
): number {
  const best = engine.best[node];
  if (!best) return 0;
  const router = routerAt(engine.topology, node);
  if (!installs(router, best, engine.prefix, table)) return 0;
  if (best.peer === null) return internHops(hopSets, []);
  const used = usedPaths(engine, node, family);
  if (used.length === 1 && best.path.nextHop === null) return ownHops(engine, node, best, hopSets);
  const hops = unite(used.flatMap((candidate) => hopsOf(engine, node, candidate)));
  return hops.length === 0 ? 0 : internHops(hopSets, hops);
}

function ownHops(engine: Engine, node: number, best: SlotCandidate, hopSets: HopSets): number {
  const { slot } = best;
  const known = hopSets.bySlot[slot];
  if (known) return known;
  const hops = hopsOf(engine, node, best);
  const id = hops.length === 0 ? 0 : internHops(hopSets, hops);
  if (engine.ownResolution[slot] || hops[0]?.toNode !== null) hopSets.bySlot[slot] = id;
  return id;
}

/** Local paths install nothing (their route is there already), but an aggregate installs its black hole. */
function installs(router: Router, best: Candidate, prefix: Prefix, table: KernelTable | undefined): boolean {
  if (!router.config.installsRoutes || (best.peer === null && best.path.source !== 'aggregate')) return false;
  const { distance } = router.bgp;
  const own = best.peer === null ? distance.local : best.peer.type === 'ebgp' ? distance.ebgp : distance.ibgp;
  const present = table?.routes.get(prefix.text);
  if (present && present.distance <= own) return false;
  return kernelPolicyAccepts(router, best, prefix);
}

function kernelPolicyAccepts(router: Router, best: Candidate, prefix: Prefix): boolean {
  const { kernelPolicy } = router.config;
  if (!kernelPolicy) return true;
  const { store, tables } = router.context;
  const { peer } = best;
  const subject = {
    prefix,
    peer,
    ownNextHop: peer?.nextHop ?? null,
    learnedFrom: peer,
    localAs: router.bgp.asn,
  };
  return evaluateChain([kernelPolicy], best.path, subject, store, tables).verdict === 'accept';
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

import { contentKey } from '../../bgp/policy/analyse.ts';
import { inPrefixSet } from '../../bgp/policy/match-prefix.ts';
import type { Router } from '../../bgp/router.ts';
import { tellLanes } from '../engine/add-path.ts';
import { beginPrefix } from '../engine/begin-prefix.ts';
import { redecide } from '../engine/choose.ts';
import { convergePrefix, drain, layCircumstances, meetPeers, type Oscillation } from '../engine/converge.ts';
import { type Engine, nextSecond } from '../engine/engine.ts';
import { keepsSilent } from '../engine/fib-pending.ts';
import { addOwn } from '../engine/own-paths.ts';
import { tellAgain, tellAll } from '../engine/tell.ts';
import { keepLeaders, resetLeaders } from '../peers/update-groups.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';
import { hostOf, nodesOf, sameTable } from '../table/beside.ts';
import {
  copyLanes,
  copySlots,
  copyTable,
  copyUnderWay,
  isResumed,
  isStarted,
  rejudged,
} from './carry-tables.ts';
import type { Carrying } from './carrying.ts';
import { copyCounted, dampingOf } from './dampening.ts';
import { habitsOf } from './habits.ts';
import { type LateAggregates, lateAggregates, makeLate, staysOverlooked } from './late-aggregates.ts';
import type { Past } from './past.ts';
import { pipeAgain } from './pipe-again.ts';
import { ownNow } from './standing-aggregates.ts';
import { toldAgain } from './told-again.ts';

/**
 * Makes the engine hold the tables of one prefix: from nothing, or, where the state grew out of another, from the tables of that one
 * and what has changed since.
 */
export function settlePrefix(
  state: SimulationState,
  familyState: FamilyState,
  kept: PrefixState,
): Oscillation {
  const { past } = state;
  if (familyState.engine.damping === undefined) familyState.engine.damping = dampingOf(state, familyState);
  if (!past) return convergePrefix(familyState.engine, kept.prefix, kept, state.order);
  const before = past.previous.families[familyState.family];
  const old = before.byText.get(kept.prefix.text) ?? null;
  if (old) settlePrefix(past.previous, before, old);
  else beginPrefix(before.engine, kept.prefix);
  return carryOver({ past, from: before.engine, to: led(state, familyState), old, kept });
}

/** The engine of a state, with the leaders of its update groups. */
function led({ past }: SimulationState, { family, engine }: FamilyState): Engine {
  if (engine.sharedAs.every(({ leader }) => leader !== null)) return engine;
  if (past) keepLeaders(engine, led(past.previous, past.previous.families[family]), past.slots[family]);
  else resetLeaders(engine, true);
  return engine;
}

function carryOver(carrying: Carrying): Oscillation {
  const { past, to, kept } = carrying;
  beginPrefix(to, kept.prefix);
  to.inRounds = true;
  to.arrivals = carrying.from.arrivals;
  nextSecond(to);
  layCircumstances(to, kept);
  const places = copySlots(carrying);
  copyCounted(carrying);
  const changed = new Set<number>();
  for (const old of carrying.from.touched) {
    const node = sameTable(carrying.from.topology, to.topology, old);
    const router = to.topology.routers[node];
    if (!router || isStarted(carrying, node)) continue;
    if (keepsSilent(carrying.from, old, router)) to.waiting.add(node);
    if (copyTable(carrying, old, node, places, ownNow(carrying, node))) changed.add(node);
  }
  for (const node of pipeAgain(to, (slot) => rejudged(past, to, slot))) changed.add(node);
  for (const node of decidingAnew(carrying)) changed.add(node);
  copyLanes(carrying, places);
  copyUnderWay(carrying, places);
  const fresh = unheard(carrying);
  const late = lateAggregates(carrying, fresh);
  const announcing = addOrigins(carrying, late);
  for (const node of announcing) if (!isStarted(carrying, node)) changed.add(node);
  for (const node of inOrder(changed)) redecide(to, node);
  for (const slot of toldAgain(past, carrying.from.topology, to.topology)) tellAgain(to, slot);
  for (const node of retold(carrying)) tellAll(to, node);
  const restless = tellNew(carrying, announcing, fresh, late);
  if (restless) return restless;
  hearAgain(carrying);
  to.lanes.forEach((lanes, node) => {
    if (lanes && (changed.has(node) || !waitsForChange(carrying, node, fresh))) tellLanes(to, node);
  });
  for (const node of inOrder(past.started)) if (to.defaults.has(node)) tellAll(to, node);
  return drain(to) ?? dropStale(carrying);
}

/** Other policies alone have such a router say nothing: no path changed, and nobody is new or has to be told again (GoBGP). */
function waitsForChange({ past, from, to }: Carrying, node: number, fresh: readonly number[]): boolean {
  if (!past.reread.has(hostOf(to.topology, node))) return false;
  if (!habitsOf(to.topology.routers[node]).reloadsImportOnly) return false;
  const told = toldAgain(past, from.topology, to.topology);
  return ![...fresh, ...told].some((slot) => to.topology.owner[slot] === node);
}

/** Asked for every prefix. */
const deciding = new WeakMap<Past, readonly number[]>();

/** Nodes whose new files say otherwise how paths are compared (FRR: `bgp_recalculate_all_bestpaths`). */
function decidingAnew({ past, from, to }: Carrying): readonly number[] {
  let found = deciding.get(past);
  if (!found) {
    found = [...past.reread]
      .flatMap((host) => nodesOf(to.topology, host))
      .filter((node) => {
        const [router, before] = [to.topology.routers[node], from.topology.routers[node]];
        if (!router || !before || router.bgp === before.bgp || habitsOf(router).reloadsImportOnly)
          return false;
        return decisionKey(router) !== decisionKey(before);
      });
    deciding.set(past, found);
  }
  return found;
}

function decisionKey({ bgp }: Router): string {
  return contentKey([bgp.decision, bgp.defaultLocalPreference]);
}

/**
 * What routers have for peers they have just met, and what those of `announcing` that have just started make themselves: see `meetPeers`.
 */
function tellNew(
  carrying: Carrying,
  announcing: ReadonlySet<number>,
  fresh: readonly number[],
  late: LateAggregates,
): Oscillation {
  const { to } = carrying;
  for (const slot of fresh) to.open[slot] = 0;
  for (const node of inOrder(announcing)) if (isStarted(carrying, node)) redecide(to, node);
  return meetPeers(to, fresh, late.size === 0 ? null : (heard) => makeLate(carrying, late, heard));
}

/** What the peer does not announce again goes with its End-of-RIB. */
function dropStale(carrying: Carrying): Oscillation {
  const { to } = carrying;
  const { reverse, peers } = to.topology;
  for (let slot = 0; slot < peers.length; slot++) {
    if (to.received[slot] === 0 || !isResumed(carrying, slot)) continue;
    if (to.sent[reverse[slot] ?? -1] === 0) to.queue.push(slot, 0);
  }
  return drain(to);
}

/** What was refused before is judged by the policies of new files as well: the daemon has kept it, or asks for it (ROUTE-REFRESH). */
function hearAgain({ past, to, kept }: Carrying): void {
  const { family } = to.topology;
  past.slots[family].subarray(0, to.topology.copies.first).forEach((old, slot) => {
    const wire = to.received[slot] ?? 0;
    if (old < 0 || wire === 0 || to.inList[slot] === 1 || !rejudged(past, to, slot)) return;
    const told = past.keptBack[family].get(slot);
    if (told && !inPrefixSet(told, kept.prefix)) return;
    to.received[slot] = 0;
    to.queue.push(slot, wire);
  });
}

function inOrder(nodes: ReadonlySet<number>): readonly number[] {
  return [...nodes].sort((a, b) => a - b);
}

/** Paths of a router's own that were not there before; the nodes that have any. */
function addOrigins(carrying: Carrying, late: LateAggregates): ReadonlySet<number> {
  const { to, kept, past } = carrying;
  const announcing = new Set<number>();
  const makers = [...kept.idle.keys(), ...kept.origins.keys(), ...kept.originsBeside.keys()];
  for (const node of new Set(makers)) {
    const present = new Set((to.lists[node] ?? []).filter(({ slot }) => slot < 0).map(({ path }) => path));
    for (const [path, why] of ownNow(carrying, node)) {
      if (present.has(path)) continue;
      if (path.source === 'aggregate' && late.has(node)) continue;
      if (staysOverlooked(carrying, node, path)) continue;
      if (addOwn(to, node, path, kept.aggregates, why)) announcing.add(node);
    }
  }
  for (const host of past.started)
    for (const node of nodesOf(to.topology, host))
      if ((to.lists[node]?.length ?? 0) > 0) announcing.add(node);
  return announcing;
}

/** Nodes that may have to say something else although their best path is the same: other default routes, other summaries. */
function retold({ past, to, old, kept }: Carrying): readonly number[] {
  const nodes = new Set<number>();
  for (const node of old?.defaults.keys() ?? []) nodes.add(node);
  for (const node of kept.defaults.keys()) nodes.add(node);
  for (const node of kept.summarisedAt) nodes.add(node);
  for (const node of old?.summarisedAt ?? []) nodes.add(node);
  for (const node of [...(old?.met.keys() ?? []), ...kept.met.keys()]) nodes.add(node);
  to.groups.forEach((groups, node) => {
    if (groups.some(({ conditional }) => conditional)) nodes.add(node);
  });
  past.slots[to.topology.family].forEach((before, slot) => {
    if (kept.full.includes(slot) || old?.full.includes(before)) nodes.add(to.topology.owner[slot] ?? -1);
  });
  const started = (node: number) => past.started.has(hostOf(to.topology, node));
  return inOrder(nodes).filter((node) => to.topology.routers[node] && !started(node));
}

/** Slots whose peer has not heard what is said on it: new sessions, and those on which nothing arrived for a while. */
function unheard({ past, from, to }: Carrying): readonly number[] {
  const { reverse, family } = to.topology;
  const slots: number[] = [];
  past.slots[family].forEach((old, slot) => {
    if ((reverse[slot] ?? -1) < 0) return;
    if (old < 0 || (from.topology.reverse[old] ?? -1) < 0) slots.push(slot);
  });
  return slots;
}

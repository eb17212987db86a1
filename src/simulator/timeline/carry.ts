import type { Path } from '../../bgp/attributes.ts';
import { tellLanes } from '../add-path.ts';
import { redecide } from '../choose.ts';
import {
  convergePrefix,
  drain,
  layCircumstances,
  type Oscillation,
  openSlot,
  tellFirst,
} from '../converge.ts';
import { imported } from '../deliver.ts';
import {
  addLocal,
  beginPrefix,
  candidateOf,
  type Engine,
  nextSecond,
  noteSlot,
  routerAt,
  type SlotCandidate,
  touch,
} from '../engine.ts';
import { judgeNextHop } from '../judge.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';
import { hostOf, nodesOf, sameTable } from '../table/beside.ts';
import { noteTold, tellAll } from '../tell.ts';
import { habitsOf } from './habits.ts';
import type { Past } from './past.ts';
import { pipeAgain } from './pipe-again.ts';

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
  if (!past) return convergePrefix(familyState.engine, kept.prefix, kept, state.order);
  const before = past.previous.families[familyState.family];
  const old = before.byText.get(kept.prefix.text) ?? null;
  if (old) settlePrefix(past.previous, before, old);
  else beginPrefix(before.engine, kept.prefix);
  return carryOver({ past, from: before.engine, to: familyState.engine, old, kept });
}

/** One prefix on its way from the state before to the next. */
interface Carrying {
  readonly past: Past;
  readonly from: Engine;
  readonly to: Engine;
  readonly old: PrefixState | null;
  readonly kept: PrefixState;
}

function carryOver(carrying: Carrying): Oscillation {
  const { past, to, kept } = carrying;
  beginPrefix(to, kept.prefix);
  to.arrivals = carrying.from.arrivals;
  nextSecond(to);
  layCircumstances(to, kept);
  const places = copySlots(carrying);
  const changed = new Set<number>();
  for (const old of carrying.from.touched) {
    const node = sameTable(carrying.from.topology, to.topology, old);
    if (to.topology.routers[node] && !isStarted(carrying, node) && copyTable(carrying, old, node, places))
      changed.add(node);
  }
  for (const node of pipeAgain(to, (slot) => rejudged(past, to, slot))) changed.add(node);
  copyLanes(carrying, places);
  copyUnderWay(carrying, places);
  const announcing = addOrigins(carrying);
  for (const node of announcing) if (!isStarted(carrying, node)) changed.add(node);
  for (const node of inOrder(changed)) redecide(to, node);
  for (const node of retold(carrying)) tellAll(to, node);
  const restless = tellNew(carrying);
  if (restless) return restless;
  hearAgain(carrying);
  to.lanes.forEach((lanes, node) => {
    if (lanes) tellLanes(to, node);
  });
  for (const node of inOrder(announcing)) if (isStarted(carrying, node)) redecide(to, node);
  for (const node of inOrder(past.started)) if (to.defaults.has(node)) tellAll(to, node);
  return drain(to) ?? dropStale(carrying);
}

/** Has the daemon begun anew, with empty tables? */
function isStarted({ past, to }: Carrying, node: number): boolean {
  return past.started.has(hostOf(to.topology, node));
}

/** What routers have for peers they have just met: FRR says it a second after the others (`firstAnnouncementWaits`). */
function tellNew(carrying: Carrying): Oscillation {
  const { to } = carrying;
  const waits = (slot: number) =>
    routerAt(to.topology, to.topology.owner[slot] ?? 0).config.profile.quirks.firstAnnouncementWaits === true;
  const slots = unheard(carrying);
  const waiting = slots.filter(waits);
  if (waiting.length === 0 || waiting.length === slots.length) {
    for (const slot of slots) tellFirst(to, slot);
    return null;
  }
  for (const slot of waiting) to.open[slot] = 0;
  for (const slot of slots) if (!waits(slot)) tellFirst(to, slot);
  const restless = drain(to);
  nextSecond(to);
  for (const slot of waiting) {
    openSlot(to, slot);
    tellFirst(to, slot);
  }
  return restless;
}

/** The session is new to the peer, while this end has kept what it had heard before (RFC 4724). */
function isResumed({ past, to }: Carrying, slot: number): boolean {
  const { reverse, family } = to.topology;
  const slots = past.slots[family];
  const other = reverse[slot] ?? -1;
  return (slots[slot] ?? -1) >= 0 && other >= 0 && slots[other] === -1;
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

function rejudged({ reread, unjudged }: Past, { topology }: Engine, slot: number): boolean {
  return reread.has(hostOf(topology, topology.owner[slot] ?? -1)) && !unjudged[topology.family].has(slot);
}

/** What was refused before is judged by the policies of new files as well: the daemon has kept it, or asks for it (ROUTE-REFRESH). */
function hearAgain({ past, to }: Carrying): void {
  const { family } = to.topology;
  past.slots[family].subarray(0, to.topology.copies.first).forEach((old, slot) => {
    const wire = to.received[slot] ?? 0;
    if (old < 0 || wire === 0 || to.inList[slot] === 1 || !rejudged(past, to, slot)) return;
    to.received[slot] = 0;
    to.queue.push(slot, wire);
  });
}

function inOrder(nodes: ReadonlySet<number>): readonly number[] {
  return [...nodes].sort((a, b) => a - b);
}

/** What was received and sent on the sessions that are still there; the answer leads from old slots to new ones. */
function copySlots(carrying: Carrying): ReadonlyMap<number, number> {
  const { past, from, to } = carrying;
  const places = new Map<number, number>();
  to.openness = null;
  const { reverse, family } = to.topology;
  past.slots[family].forEach((old, slot) => {
    if ((reverse[slot] ?? -1) >= 0) to.open[slot] = 1;
    if (old < 0) return;
    noteSlot(to, slot);
    places.set(old, slot);
    to.received[slot] = from.received[old] ?? 0;
    // A peer that has begun anew knows nothing of what it was told.
    to.sent[slot] = isResumed(carrying, slot) ? 0 : (from.sent[old] ?? 0);
    to.toldFrom[slot] = from.toldFrom[old] ?? 0;
  });
  return places;
}

/** Where the state before never came to rest, messages were still under way. */
function copyUnderWay({ from: { queue }, to }: Carrying, places: ReadonlyMap<number, number>): void {
  const mask = queue.slots.length - 1;
  for (let i = queue.head; i < queue.tail; i++) {
    const slot = places.get(queue.slots[i & mask] ?? -1);
    if (slot !== undefined) to.queue.push(slot, queue.paths[i & mask] ?? 0);
  }
}

/** Which path each lane was for, and what was said there last. */
function copyLanes({ past, from, to }: Carrying, places: ReadonlyMap<number, number>): void {
  const { family } = to.topology;
  const before = new Map(from.lanes.flatMap((own) => own ?? []).map((lanes) => [lanes.slot, lanes]));
  for (const lanes of to.lanes.flatMap((own) => own ?? [])) {
    const old = before.get(past.slots[family][lanes.slot] ?? -1);
    if (!old || past.started.has(hostOf(to.topology, lanes.node))) continue;
    old.holders.slice(0, lanes.targets.length).forEach((holder, lane) => {
      lanes.holders[lane] = holder && holderNow(to, lanes.node, holder, places);
      lanes.sent[lane] = lanes.holders[lane] ? (old.sent[lane] ?? 0) : 0;
      if (holder && !lanes.holders[lane]) to.queue.push(lanes.targets[lane] ?? 0, 0);
    });
  }
}

function holderNow(
  engine: Engine,
  node: number,
  { slot, path }: SlotCandidate,
  places: ReadonlyMap<number, number>,
): SlotCandidate | null {
  const list = engine.lists[node] ?? [];
  if (slot < 0) return list.find((one) => one.slot < 0 && one.path === path) ?? null;
  return list.find((one) => one.slot === places.get(slot)) ?? null;
}

/** The table of one node (`old` before), in its order; true where a path went, or is judged differently now. */
function copyTable(
  { past, from, to, kept }: Carrying,
  old: number,
  node: number,
  places: ReadonlyMap<number, number>,
): boolean {
  const own = ownPaths(kept, node);
  let changed = false;
  touch(to, node);
  for (const candidate of from.lists[old] ?? []) {
    const stays =
      candidate.slot < 0
        ? copyLocal(to, node, candidate, own)
        : copyLearned(
            to,
            node,
            candidate,
            places.get(candidate.slot) ?? -1,
            rejudged(past, to, places.get(candidate.slot) ?? -1),
          );
    if (stays !== 'as it was') changed = true;
  }
  const best = from.best[old] ?? null;
  to.bestPath[node] = from.bestPath[old] ?? 0;
  to.best[node] = best && bestCarried(to, node, best, places);
  // Whatever a group was told last: its members say it slot by slot.
  for (const group of to.groups[node] ?? []) {
    noteTold(to, group);
    group.sent = -1;
  }
  return changed;
}

type Carried = 'as it was' | 'changed' | 'gone';

/** The paths a node makes of the prefix now: usable ones, and those that are not, with the reason. */
function ownPaths(
  { origins, originsBeside, idle }: PrefixState,
  node: number,
): ReadonlyMap<Path, string | null> {
  const made = new Map<Path, string | null>();
  for (const { path, why } of idle.get(node) ?? []) made.set(path, why);
  for (const path of origins.get(node) ?? originsBeside.get(node) ?? []) made.set(path, null);
  return made;
}

function copyLocal(
  engine: Engine,
  node: number,
  { path, invalid, arrival, selected }: SlotCandidate,
  own: ReadonlyMap<Path, string | null>,
): Carried {
  const why = own.get(path);
  if (why === undefined) return 'gone';
  const { arrivals } = engine;
  const candidate = addLocal(engine, node, path, why);
  engine.arrivals = arrivals;
  candidate.arrival = arrival;
  candidate.selected = selected;
  return why === invalid ? 'as it was' : 'changed';
}

function copyLearned(
  engine: Engine,
  node: number,
  old: SlotCandidate,
  slot: number,
  reread: boolean,
): Carried {
  if (slot < 0) return 'gone';
  const candidate = candidateOf(engine, slot);
  const router = routerAt(engine.topology, node);
  const path = reread ? imported(engine, slot, router) : old.path;
  if (path === null) return 'gone';
  candidate.path = path;
  candidate.arrival = old.arrival;
  candidate.selected = old.selected;
  engine.inList[slot] = 1;
  engine.lists[node]?.push(candidate);
  judgeNextHop(engine, node, router, candidate);
  const same =
    path === old.path && candidate.invalid === old.invalid && candidate.igpMetric === old.igpMetric;
  return same ? 'as it was' : 'changed';
}

/** The best path of before: the same candidate where it is still there, else the old one, for what has to be taken back. */
function bestCarried(
  engine: Engine,
  node: number,
  old: SlotCandidate,
  places: ReadonlyMap<number, number>,
): SlotCandidate {
  const list = engine.lists[node] ?? [];
  const slot = old.slot < 0 ? -1 : (places.get(old.slot) ?? -2);
  const found = list.find((one) => one.slot === slot && (slot >= 0 || one.path === old.path));
  return found ?? { ...old, slot: -1 };
}

/** Paths of a router's own that were not there before; the nodes that have any. */
function addOrigins({ to, kept, past }: Carrying): ReadonlySet<number> {
  const announcing = new Set<number>();
  const makers = [...kept.idle.keys(), ...kept.origins.keys(), ...kept.originsBeside.keys()];
  for (const node of new Set(makers)) {
    const present = new Set((to.lists[node] ?? []).filter(({ slot }) => slot < 0).map(({ path }) => path));
    for (const [path, why] of ownPaths(kept, node)) {
      if (present.has(path)) continue;
      addLocal(to, node, path, why);
      announcing.add(node);
    }
  }
  for (const host of past.started)
    for (const node of nodesOf(to.topology, host))
      if ((to.lists[node]?.length ?? 0) > 0) announcing.add(node);
  return announcing;
}

/** Nodes that may have to say something else although their best path is the same: other policies, other default routes, other summaries. */
function retold({ past, to, old, kept }: Carrying): readonly number[] {
  const nodes = new Set<number>();
  for (const host of past.reread)
    if (!habitsOf(to.topology.routers[host]).reloadsImportOnly)
      for (const node of nodesOf(to.topology, host)) nodes.add(node);
  for (const node of old?.defaults.keys() ?? []) nodes.add(node);
  for (const node of kept.defaults.keys()) nodes.add(node);
  for (const node of kept.summarisedAt) nodes.add(node);
  for (const node of old?.summarisedAt ?? []) nodes.add(node);
  for (const node of [...(old?.met.keys() ?? []), ...kept.met.keys()]) nodes.add(node);
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

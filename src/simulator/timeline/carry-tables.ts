import type { Path } from '../../bgp/attributes.ts';
import { stalePath } from '../../bgp/long-lived.ts';
import { announce } from '../engine/dampened.ts';
import { imported, keepsEarlier } from '../engine/deliver.ts';
import {
  addLocal,
  candidateOf,
  type Engine,
  newCandidate,
  noteSlot,
  routerAt,
  type SlotCandidate,
  touch,
} from '../engine/engine.ts';
import { damperOf, isHistory, judgeFlapping } from '../engine/flaps.ts';
import { noteTold } from '../engine/tell.ts';
import type { PrefixState } from '../state.ts';
import { hostOf } from '../table/beside.ts';
import type { Carrying } from './carrying.ts';
import { flapsNow, isSwitched } from './dampening.ts';
import { forcedSlots } from './forced.ts';
import type { Past } from './past.ts';

// The tables of one prefix, from the engine of the state before to that of the next.

/** Has the daemon begun anew, with empty tables? */
export function isStarted({ past, to }: Carrying, node: number): boolean {
  return past.started.has(hostOf(to.topology, node));
}

/** The session is new to the peer, while this end has kept what it had heard before (RFC 4724). */
export function isResumed({ past, to }: Carrying, slot: number): boolean {
  const { reverse, family } = to.topology;
  const slots = past.slots[family];
  const other = reverse[slot] ?? -1;
  return (slots[slot] ?? -1) >= 0 && other >= 0 && slots[other] === -1;
}

export function rejudged({ reread, unjudged }: Past, { topology }: Engine, slot: number): boolean {
  return reread.has(hostOf(topology, topology.owner[slot] ?? -1)) && !unjudged[topology.family].has(slot);
}

/** What was received and sent on the sessions that are still there; the answer leads from old slots to new ones. */
export function copySlots(carrying: Carrying): ReadonlyMap<number, number> {
  const { past, from, to } = carrying;
  const places = new Map<number, number>();
  to.openness = null;
  const { reverse, family } = to.topology;
  const forced = forcedSlots(past, from, to);
  past.slots[family].forEach((old, slot) => {
    if ((reverse[slot] ?? -1) >= 0) to.open[slot] = 1;
    if (old < 0) return;
    noteSlot(to, slot);
    places.set(old, slot);
    to.received[slot] = from.received[old] ?? 0;
    // A peer that has begun anew knows nothing of what it was told.
    to.sent[slot] = isResumed(carrying, slot) ? 0 : (from.sent[old] ?? 0);
    to.toldFrom[slot] = forced.has(slot) ? 0 : (from.toldFrom[old] ?? 0);
    const missed = isResumed(carrying, slot) ? undefined : from.missed.get(old);
    if (missed !== undefined) to.missed.set(slot, missed);
    const told = isResumed(carrying, slot) || forced.has(slot) ? undefined : from.toldByPath.get(old);
    if (told) to.toldByPath.set(slot, new Map(told));
  });
  return places;
}

/** Where the state before never came to rest, messages were still under way. */
export function copyUnderWay({ from: { queue }, to }: Carrying, places: ReadonlyMap<number, number>): void {
  const mask = queue.slots.length - 1;
  for (let i = queue.head; i < queue.tail; i++) {
    const slot = places.get(queue.slots[i & mask] ?? -1);
    if (slot !== undefined) to.queue.push(slot, queue.paths[i & mask] ?? 0);
  }
}

/** Which path each lane was for, and what was said there last. */
export function copyLanes({ past, from, to }: Carrying, places: ReadonlyMap<number, number>): void {
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

/** The table of one node (`old` before), in its order, with what it makes itself now; true where a path went, or is judged differently now. */
export function copyTable(
  carrying: Carrying,
  old: number,
  node: number,
  places: ReadonlyMap<number, number>,
  own: ReadonlyMap<Path, string | null>,
): boolean {
  const { from, to } = carrying;
  let changed = false;
  touch(to, node);
  for (const candidate of from.lists[old] ?? []) {
    const stays =
      candidate.peer === null
        ? copyLocal(to, node, candidate, own)
        : copyLearned(carrying, node, candidate, places.get(candidate.slot) ?? -1);
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
export function ownPaths(
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

/** Is it kept beyond the restart time of its peer, be it one of several paths? */
function isKeptOn({ topology }: Engine, slot: number): boolean {
  const { stale, leftLanes } = topology;
  if (stale.size === 0) return false;
  return stale.has(slot) || [...stale].some((one) => leftLanes.get(one)?.includes(slot));
}

function copyLearned({ past, from, to }: Carrying, node: number, old: SlotCandidate, place: number): Carried {
  const flaps = flapsNow(from, to, node, old);
  const isOver = place < 0 && old.slot >= 0;
  if (place < 0 && (!isHistory(flaps) || (isOver && flaps === 'forgotten'))) return 'gone';
  const slot = place < 0 ? slotOfPeer(to, node, old.peer) : place;
  const router = routerAt(to.topology, node);
  // What was refused is not among the paths that are judged again, and the one before it stays as it was (GoBGP: `softResetIn` takes accepted paths).
  const reread = !isHistory(flaps) && rejudged(past, to, slot) && !keepsEarlier(to, slot, router);
  const fresh = reread ? imported(to, slot, router) : old.path;
  const path = fresh && slot >= 0 && isKeptOn(to, slot) ? stalePath(router.context.store, fresh) : fresh;
  if (path === null) return 'gone';
  const candidate = slot < 0 ? newCandidate(-1, old.peer, old.path) : candidateOf(to, slot);
  candidate.path = old.path;
  candidate.arrival = old.arrival;
  candidate.selected = old.selected;
  if (slot >= 0) {
    noteSlot(to, slot);
    to.inList[slot] = 1;
  }
  to.lists[node]?.push(candidate);
  if (flaps) to.damping?.flaps.set(candidate, flaps);
  const damper = damperOf(to, node, candidate.peer);
  const isSeen = path === old.path || !damper || announce(to, damper, candidate, path);
  candidate.path = path;
  judgeFlapping(to, node, candidate);
  if (isOver) return 'changed';
  if (!isSeen || isHistory(flaps)) return 'as it was';
  // Whoever forgets the flaps of a path does not look at its prefix.
  if (path === old.path && from.damping?.flaps.has(old) && isSwitched(from, to, node)) return 'as it was';
  return path === old.path && leadsAsBefore(candidate, old) ? 'as it was' : 'changed';
}

function leadsAsBefore(now: SlotCandidate, before: SlotCandidate): boolean {
  return (
    now.invalid === before.invalid &&
    now.igpMetric === before.igpMetric &&
    (now.unresolved ?? null) === (before.unresolved ?? null)
  );
}

/** The session with this peer, where it has one again. */
function slotOfPeer({ topology }: Engine, node: number, peer: SlotCandidate['peer']): number {
  const { slotStart, peers } = topology;
  for (let slot = slotStart[node] ?? 0; slot < (slotStart[node + 1] ?? 0); slot++)
    if (peers.at(slot)?.name === peer?.name) return slot;
  return -1;
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

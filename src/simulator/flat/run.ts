import type { Prefix } from '../../base/ip.ts';
import { bitsOf } from '../../base/ip.ts';
import { leadsToPeer, loopsToPeer } from '../../bgp/export.ts';
import { refusal } from '../../bgp/import.ts';
import { better, decide } from '../../bgp/rib/decide.ts';
import { hashAlike } from '../alike.ts';
import { type Circumstances, inOrder, type StartOrder } from '../converge.ts';
import { beginPrefix, routerAt, type SlotCandidate } from '../engine.ts';
import { exportOf, importOf, pathOf } from './answers.ts';
import { candidateAt, fillJudged, judgeSlot, listOf, placesOf, rankSlots, useObjects } from './candidates.ts';
import {
  addressKey,
  BY_AGE,
  beginFlat,
  beginNode,
  CHANGED,
  type Flat,
  G,
  GROUP_CELLS,
  JUDGED,
  KEEPS_EARLIER,
  LENGTH_FIRST,
  localPlace,
  MOVES,
  N,
  NODE_CELLS,
  OBJECTS,
  ONE_BY_ONE,
  ORDERED,
  push,
  RANKED,
  S,
  SAME_MED,
  SLOT_CELLS,
  SUPPRESSES_ALIKE,
  USABLE,
} from './layout.ts';
import { noteAsPath, noteAttributes, OWN_HOP } from './numbers.ts';

/**
 * Converges one prefix with all routers starting together, as `convergePrefix` does. False where that came upon something only the
 * engine knows; what was done so far is then worth nothing.
 */
export function runFlat(
  flat: Flat,
  prefix: Prefix,
  { origins, idle }: Circumstances,
  order: StartOrder,
): boolean {
  const { engine } = flat;
  beginPrefix(engine, prefix, 1);
  if (prefix.length === bitsOf(prefix.family) && flat.nextHops.has(addressKey(prefix))) return false;
  beginFlat(flat);
  for (const [node, made] of idle) for (const { path, why } of made) addOwn(flat, node, path, why);
  const starting = inOrder(order, [...origins.keys()]);
  for (const node of starting) for (const path of origins.get(node) ?? []) addOwn(flat, node, path, null);
  for (const node of starting) redecide(flat, node);
  return drainFlat(flat, null);
}

/**
 * What follows in the tables of the prefix at hand where sessions end: nothing arrives in slots that are `closed`, and what stands in
 * the slots that are `gone` is taken out. False as above.
 */
export function endSessions(flat: Flat, closed: Uint8Array, gone: readonly number[]): boolean {
  const { cells } = flat;
  flat.events = 0;
  const changed = new Set<number>();
  for (const slot of gone) {
    if ((cells[slot * SLOT_CELLS + S.arrival] ?? 0) <= flat.base) continue;
    const node = cells[slot * SLOT_CELLS] ?? 0;
    takeOut(flat, node, slot);
    changed.add(node);
  }
  for (const node of [...changed].sort((a, b) => a - b)) {
    redecide(flat, node);
  }
  return drainFlat(flat, closed);
}

function drainFlat(flat: Flat, closed: Uint8Array | null): boolean {
  const limit = Math.max(5000, 50 * flat.slots);
  while (flat.head !== flat.tail) {
    if (flat.events >= limit || flat.failed) return false;
    const { queue } = flat;
    const at = flat.head % queue.length;
    flat.head += 3;
    deliverTo(flat, closed, queue[at] ?? 0, queue[at + 1] ?? 0, queue[at + 2] ?? 0);
  }
  return !flat.failed;
}

/** To all of a group, or (`who` below 0) to one slot. */
function deliverTo(
  flat: Flat,
  closed: Uint8Array | null,
  who: number,
  asPath: number,
  attributes: number,
): void {
  if (who < 0) {
    if (closed?.[~who] !== 1) deliver(flat, ~who, asPath, attributes);
    return;
  }
  const { groups, hearers } = flat;
  const g = who * GROUP_CELLS;
  const end = groups[g + G.end] ?? 0;
  for (let at = groups[g + G.start] ?? 0; at < end; at++) {
    const slot = hearers[at] ?? 0;
    if (closed === null || closed[slot] !== 1) deliver(flat, slot, asPath, attributes);
  }
}

function addOwn(flat: Flat, node: number, path: SlotCandidate['path'], invalid: string | null): void {
  if (flat.nodes[node * NODE_CELLS + N.epoch] !== flat.epoch) beginNode(flat, node);
  const arrival = flat.arrivals + 1 - flat.base;
  const place = localPlace(flat, node, {
    ...{ slot: -1, path, peer: null, invalid, igpMetric: 0, selected: false, arrival },
  });
  const c = place * SLOT_CELLS;
  flat.cells[c + S.asPath] = noteAsPath(flat.numbers, path.asPath);
  flat.cells[c + S.attributes] = noteAttributes(flat.numbers, path);
  append(flat, node, place);
  const n = node * NODE_CELLS;
  flat.nodes[n + N.flags] = (flat.nodes[n + N.flags] ?? 0) | OBJECTS;
}

function append(flat: Flat, node: number, place: number): void {
  const { cells, nodes } = flat;
  const [c, n] = [place * SLOT_CELLS, node * NODE_CELLS];
  cells[c + S.arrival] = ++flat.arrivals;
  cells[c + S.next] = -1;
  if (place < flat.slots) flat.holding[place >>> 5] = (flat.holding[place >>> 5] ?? 0) | (1 << (place & 31));
  const tail = nodes[n + N.tail] ?? -1;
  if (tail < 0) nodes[n + N.head] = place;
  else cells[tail * SLOT_CELLS + S.next] = place;
  nodes[n + N.tail] = place;
  nodes[n + N.count] = (nodes[n + N.count] ?? 0) + 1;
}

function unlink(flat: Flat, node: number, place: number): void {
  const { cells, nodes } = flat;
  const n = node * NODE_CELLS;
  let before = -1;
  for (let at = nodes[n + N.head] ?? -1; at >= 0 && at !== place; at = cells[at * SLOT_CELLS + S.next] ?? -1)
    before = at;
  const next = cells[place * SLOT_CELLS + S.next] ?? -1;
  if (before < 0) nodes[n + N.head] = next;
  else cells[before * SLOT_CELLS + S.next] = next;
  if (next < 0) nodes[n + N.tail] = before;
  cells[place * SLOT_CELLS + S.arrival] = 0;
  flat.holding[place >>> 5] = (flat.holding[place >>> 5] ?? 0) & ~(1 << (place & 31));
  nodes[n + N.count] = (nodes[n + N.count] ?? 0) - 1;
}

function deliver(flat: Flat, slot: number, wireAsPath: number, wireAttributes: number): void {
  flat.events++;
  const { cells, nodes } = flat;
  const c = slot * SLOT_CELLS;
  const node = cells[c] ?? 0;
  const n = node * NODE_CELLS;
  if (nodes[n] !== flat.epoch) beginNode(flat, node);
  const attributes = wireAttributes === 0 ? 0 : importOf(flat, slot, wireAsPath, wireAttributes);
  const present = (cells[c + S.arrival] ?? 0) > flat.base;
  if (attributes === 0) {
    if (!present || keepsEarlier(flat, node, slot, wireAsPath, wireAttributes)) return;
    takeOut(flat, node, slot);
  } else {
    const { asPath } = flat;
    if (present && cells[c + S.attributes] === attributes && cells[c + S.asPath] === asPath) return;
    cells[c + S.asPath] = asPath;
    cells[c + S.attributes] = attributes;
    place(flat, node, slot, present);
    if (flat.failed) return;
  }
  decideQuickly(flat, node, slot, attributes);
}

function takeOut(flat: Flat, node: number, slot: number): void {
  const { nodes } = flat;
  const n = node * NODE_CELLS;
  unlink(flat, node, slot);
  if (((nodes[n + N.flags] ?? 0) & OBJECTS) !== 0) candidateAt(flat, slot).selected = false;
  nodes[n + N.flags] = (nodes[n + N.flags] ?? 0) | CHANGED;
}

/** Was the path refused in a way that leaves the one before in the table? */
function keepsEarlier(flat: Flat, node: number, slot: number, asPath: number, attributes: number): boolean {
  if (((flat.nodes[node * NODE_CELLS + N.flags] ?? 0) & KEEPS_EARLIER) === 0 || attributes === 0)
    return false;
  const { topology } = flat.engine;
  const peer = topology.peers[slot];
  return (
    peer !== undefined && refusal(routerAt(topology, node), peer, pathOf(flat, asPath, attributes)) !== null
  );
}

/** The path of a slot is new or another. */
function place(flat: Flat, node: number, slot: number, present: boolean): void {
  const { cells, nodes, numbers } = flat;
  const [c, n] = [slot * SLOT_CELLS, node * NODE_CELLS];
  const attributes = cells[c + S.attributes] ?? 0;
  if (present) nodes[n + N.flags] = (nodes[n + N.flags] ?? 0) | CHANGED;
  if (present && ((nodes[n + N.flags] ?? 0) & MOVES) !== 0) {
    unlink(flat, node, slot);
    append(flat, node, slot);
  } else if (!present) append(flat, node, slot);
  const own = ((numbers.flags[attributes] ?? 0) & OWN_HOP) !== 0;
  if (!own || ((cells[c + S.flags] ?? 0) & JUDGED) === 0) {
    if (!own || !judgeSlot(flat, slot, pathOf(flat, cells[c + S.asPath] ?? 0, attributes))) {
      flat.ownHops = false;
      useObjects(flat, node);
    }
  }
  if (((nodes[n + N.flags] ?? 0) & OBJECTS) !== 0) {
    fillJudged(flat, slot);
    return;
  }
  const a = (cells[c + S.asPath] ?? 0) * 4;
  if (
    cells[c + S.choice] === nodes[n + N.choice] &&
    cells[c + S.choiceAttributes] === attributes &&
    cells[c + S.choiceLength] === numbers.asPaths[a] &&
    cells[c + S.choiceFirst] === numbers.asPaths[a + 1]
  )
    nodes[n + N.matches] = (nodes[n + N.matches] ?? 0) + 1;
}

/** As the engine's: the best path stays or the one that came takes its place, or all are looked at. */
function decideQuickly(flat: Flat, node: number, slot: number, attributes: number): void {
  const { nodes, cells, numbers } = flat;
  const n = node * NODE_CELLS;
  const flags = nodes[n + N.flags] ?? 0;
  const best = nodes[n + N.best] ?? -1;
  if (best >= 0 && best !== slot && (flags & ORDERED) !== 0 && (flags & SAME_MED) !== 0) {
    if (attributes === 0) return;
    if (numbers.meds[attributes] === numbers.meds[cells[best * SLOT_CELLS + S.attributes] ?? 0]) {
      if (betterSlot(flat, node, slot, best, best) === slot) choose(flat, node, slot);
      return;
    }
  }
  redecide(flat, node);
}

/** As `better`; `selected` was chosen by the decision before this one. */
function betterSlot(flat: Flat, node: number, challenger: number, before: number, selected: number): number {
  const { cells, numbers } = flat;
  const flags = flat.nodes[node * NODE_CELLS + N.flags] ?? 0;
  const [a, b] = [challenger * SLOT_CELLS, before * SLOT_CELLS];
  if ((flags & OBJECTS) === 0 && cells[a + S.attributes] === cells[b + S.attributes]) {
    if (((cells[a + S.flags] ?? 0) & USABLE) === 0) return before;
    const [p, q] = [(cells[a + S.asPath] ?? 0) * 4, (cells[b + S.asPath] ?? 0) * 4];
    if (numbers.asPaths[p + 3] === 1 && numbers.asPaths[q + 3] === 1) {
      const difference = (numbers.asPaths[p] ?? 0) - (numbers.asPaths[q] ?? 0);
      if (difference === 0) {
        if ((flags & RANKED) !== 0 || rankSlots(flat, node, candidateAt(flat, challenger).path))
          return byRank(flat, challenger, before, selected);
      } else if ((flags & LENGTH_FIRST) !== 0) return difference < 0 ? challenger : before;
    }
  }
  const { process } = routerAt(flat.engine.topology, node);
  return better(process, candidateAt(flat, challenger), candidateAt(flat, before)) ===
    candidateAt(flat, before)
    ? before
    : challenger;
}

function byRank({ cells }: Flat, challenger: number, before: number, selected: number): number {
  const [a, b] = [challenger * SLOT_CELLS, before * SLOT_CELLS];
  let difference = (cells[a + S.rankBeforeAge] ?? 0) - (cells[b + S.rankBeforeAge] ?? 0);
  if (difference !== 0) return difference < 0 ? challenger : before;
  if (((cells[a + S.flags] ?? 0) & (cells[b + S.flags] ?? 0) & BY_AGE) !== 0) {
    if (challenger === selected) return challenger;
    if (before === selected) return before;
  }
  difference = (cells[a + S.rank] ?? 0) - (cells[b + S.rank] ?? 0);
  if (difference !== 0) return difference < 0 ? challenger : before;
  return (cells[a + S.arrival] ?? 0) < (cells[b + S.arrival] ?? 0) ? challenger : before;
}

/** Decision over the whole table, and where it changed, export. */
function redecide(flat: Flat, node: number): void {
  const { nodes, cells } = flat;
  const n = node * NODE_CELLS;
  const best = bestOf(flat, node);
  if (
    best !== (nodes[n + N.best] ?? -1) ||
    (best >= 0 &&
      (cells[best * SLOT_CELLS + S.asPath] !== nodes[n + N.bestAsPath] ||
        cells[best * SLOT_CELLS + S.attributes] !== nodes[n + N.bestAttributes]))
  )
    choose(flat, node, best);
}

function bestOf(flat: Flat, node: number): number {
  const { nodes, cells, numbers } = flat;
  const n = node * NODE_CELLS;
  const flags = nodes[n + N.flags] ?? 0;
  nodes[n + N.flags] = flags & ~SAME_MED;
  const head = nodes[n + N.head] ?? -1;
  if (head < 0) return -1;
  const med = numbers.meds[cells[head * SLOT_CELLS + S.attributes] ?? 0];
  let same = true;
  for (let at = head; at >= 0; at = cells[at * SLOT_CELLS + S.next] ?? -1)
    if (numbers.meds[cells[at * SLOT_CELLS + S.attributes] ?? 0] !== med) same = false;
  let best = -1;
  if ((flags & OBJECTS) === 0 && (nodes[n + N.count] === 1 || (same && (flags & ORDERED) !== 0))) {
    const selected = nodes[n + N.best] ?? -1;
    for (let at = head; at >= 0; at = cells[at * SLOT_CELLS + S.next] ?? -1) {
      if (((cells[at * SLOT_CELLS + S.flags] ?? 0) & USABLE) === 0) continue;
      best = best < 0 ? at : betterSlot(flat, node, at, best, selected);
    }
  } else {
    const places = placesOf(flat, node);
    const list = listOf(flat, node);
    const chosen = decide(routerAt(flat.engine.topology, node).process, list);
    best = chosen === null ? -1 : (places[list.indexOf(chosen)] ?? -1);
  }
  if (best >= 0 && same) nodes[n + N.flags] = flags | SAME_MED;
  return best;
}

/** Makes a path the best one and tells the neighbours. */
function choose(flat: Flat, node: number, best: number): void {
  const { nodes, cells } = flat;
  const n = node * NODE_CELLS;
  const before = nodes[n + N.best] ?? -1;
  if (((nodes[n + N.flags] ?? 0) & OBJECTS) !== 0) {
    if (before >= 0) candidateAt(flat, before).selected = false;
    if (best >= 0) candidateAt(flat, best).selected = true;
  }
  nodes[n + N.best] = best;
  nodes[n + N.bestAsPath] = best < 0 ? 0 : (cells[best * SLOT_CELLS + S.asPath] ?? 0);
  nodes[n + N.bestAttributes] = best < 0 ? 0 : (cells[best * SLOT_CELLS + S.attributes] ?? 0);
  const end = nodes[n + N.groupEnd] ?? 0;
  for (let group = nodes[n + N.groupStart] ?? 0; group < end; group++) tellGroup(flat, group, best);
}

function tellGroup(flat: Flat, group: number, best: number): void {
  const { groups } = flat;
  const g = group * GROUP_CELLS;
  const attributes = exportOf(flat, group, best);
  const asPath = attributes === 0 ? 0 : flat.asPath;
  const flags = groups[g + G.flags] ?? 0;
  const from = best < flat.slots ? best : -1;
  if (
    attributes === groups[g + G.sent] &&
    (attributes === 0 ||
      (asPath === groups[g + G.sentAsPath] && ((flags & ONE_BY_ONE) === 0 || from === groups[g + G.from])))
  )
    return;
  groups[g + G.sentAsPath] = asPath;
  groups[g + G.sent] = attributes;
  groups[g + G.from] = from;
  if ((flags & ONE_BY_ONE) !== 0) {
    tellOneByOne(flat, group, best, asPath, attributes);
    return;
  }
  const had = groups[g + G.had] ?? 0;
  if (had === attributes && (had === 0 || groups[g + G.hadAsPath] === asPath)) return;
  if ((flags & SUPPRESSES_ALIKE) !== 0 && best >= 0) {
    const c = best * SLOT_CELLS;
    if (had !== 0 && attributes !== 0 && groups[g + G.hadAsPath] === asPath) {
      const before = pathOf(flat, asPath, had);
      const source = pathOf(flat, groups[g + G.toldAsPath] ?? 0, groups[g + G.told] ?? 0);
      const { path } = candidateAt(flat, best);
      if (hashAlike(before, pathOf(flat, asPath, attributes), source, path)) return;
    }
    groups[g + G.toldAsPath] = flat.cells[c + S.asPath] ?? 0;
    groups[g + G.told] = flat.cells[c + S.attributes] ?? 0;
  }
  groups[g + G.hadAsPath] = asPath;
  groups[g + G.had] = attributes;
  push(flat, group, asPath, attributes);
}

/** Where the rules look at the single peer. */
function tellOneByOne(
  flat: Flat,
  group: number,
  best: number,
  groupsAsPath: number,
  groupsWire: number,
): void {
  const { groups, tellers, hearers, told, engine } = flat;
  const g = group * GROUP_CELLS;
  const router = routerAt(engine.topology, groups[g + G.node]);
  const candidate = best < 0 ? null : candidateAt(flat, best);
  const wirePath = groupsWire === 0 ? undefined : pathOf(flat, groupsAsPath, groupsWire);
  for (let at = groups[g + G.start] ?? 0; at < (groups[g + G.end] ?? 0); at++) {
    const slot = tellers[at] ?? 0;
    let wire = groupsWire;
    if (wire !== 0 && candidate) {
      const peer = engine.topology.peers[slot];
      if (peer && (loopsToPeer(router, peer, candidate) !== null || leadsToPeer(router, peer, wirePath)))
        wire = 0;
    }
    const asPath = wire === 0 ? 0 : groupsAsPath;
    const t = slot * 4;
    if (told[t] === wire && told[t + 1] === asPath) continue;
    if (((groups[g + G.flags] ?? 0) & SUPPRESSES_ALIKE) !== 0 && candidate) {
      const [had, source] = [told[t] ?? 0, told[t + 2] ?? 0];
      if (
        had !== 0 &&
        wire !== 0 &&
        source !== 0 &&
        hashAlike(
          pathOf(flat, told[t + 1] ?? 0, had),
          pathOf(flat, asPath, wire),
          pathOf(flat, told[t + 3] ?? 0, source),
          candidate.path,
        )
      )
        continue;
      told[t + 2] = flat.cells[best * SLOT_CELLS + S.attributes] ?? 0;
      told[t + 3] = flat.cells[best * SLOT_CELLS + S.asPath] ?? 0;
    }
    told[t] = wire;
    told[t + 1] = asPath;
    push(flat, ~(hearers[at] ?? 0), asPath, wire);
  }
}

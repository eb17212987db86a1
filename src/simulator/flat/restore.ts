import { loopsToPeer, unfitNextHop } from '../../bgp/suppression.ts';
import type { HeldSlots } from '../compact/held-slots.ts';
import { addNode, hasNode } from '../compact/node-set.ts';
import { routerAt } from '../engine/engine.ts';
import { exportOf, importOf, pathOf } from './answers.ts';
import { candidateAt, judgeSlot, useObjects } from './candidates.ts';
import {
  G,
  GROUP_CELLS,
  JUDGED,
  N,
  NODE_CELLS,
  OBJECTS,
  ONE_BY_ONE,
  S,
  SAME_MED,
  SLOT_CELLS,
  SUPPRESSES_ALIKE,
  TOLD,
} from './cells.ts';
import { beginNode, type Flat } from './layout.ts';
import { OWN_HOP } from './numbers.ts';
import { bestThen, isOrderless, type Standing } from './standing.ts';
import { countMatch } from './table.ts';

/** The settled tables that are gone on from; routers are laid out as they are reached. */
export interface Restored {
  readonly standing: Standing;
  /** The slots that held a path. */
  readonly holding: HeldSlots;
  /** By slot: 1 where its path is taken out. */
  readonly gone: Uint8Array;
}

/** What routers had told when all was settled, as far as somebody has asked: with the number of the prefix, AS_PATH and attributes each. */
export interface Told {
  readonly groups: Int32Array;
  /** By slot, where peers are told one by one. */
  readonly slots: Int32Array;
  /** By router: the number of the prefix for which its best path is laid out, and where that is (-1: none). */
  readonly nodes: Int32Array;
  readonly best: Int32Array;
  /** By slot: its group. */
  readonly groupOf: Int32Array;
}

export function createTold({ engine, exportGroups, told, tellers, groups }: Flat): Told {
  const groupOf = new Int32Array(engine.topology.peers.length);
  for (let group = 0; group < exportGroups.length; group++) {
    const g = group * GROUP_CELLS;
    for (let at = groups[g + G.start] ?? 0; at < (groups[g + G.end] ?? 0); at++)
      groupOf[tellers[at] ?? 0] = group;
  }
  return {
    groups: new Int32Array(3 * exportGroups.length),
    slots: new Int32Array(told.length > 0 ? 3 * engine.topology.peers.length : 0),
    nodes: new Int32Array(engine.topology.routers.length),
    best: new Int32Array(engine.topology.routers.length),
    groupOf,
  };
}

/**
 * Lays out the best path a router had, with those it came from: from the router that made it on, each one's best path is what the
 * next one was told. The answer is its place, -1: none.
 */
function layBest(flat: Flat, told: Told, { standing }: Restored, node: number): number {
  const { reverse, routers } = flat.engine.topology;
  const way: number[] = [];
  for (let at = node; told.nodes[at] !== flat.epoch; ) {
    told.nodes[at] = flat.epoch;
    const best = bestThen(flat, standing, at);
    told.best[at] = best;
    endOfLast(flat, at);
    if (best < 0 || best >= flat.slots) break;
    way.push(best);
    const group = told.groupOf[reverse[best] ?? 0] ?? 0;
    if (told.groups[group * 3] === flat.epoch || way.length > routers.length) break;
    at = flat.groups[group * GROUP_CELLS + G.node] ?? 0;
  }
  for (let slot = way.pop(); slot !== undefined && !flat.failed; slot = way.pop()) layPath(flat, told, slot);
  return told.best[node] ?? -1;
}

/** The router may not have been reached yet for this prefix: what its candidates were in the one before is void. */
function endOfLast({ nodes, epoch }: Flat, node: number): void {
  const n = node * NODE_CELLS;
  if (nodes[n] !== epoch) nodes[n + N.flags] = (nodes[n + N.flags] ?? 0) & ~OBJECTS;
}

/** The path that stood in a slot: what the other end had told, as it is imported here. */
function layPath(flat: Flat, told: Told, slot: number): void {
  const { reverse } = flat.engine.topology;
  const teller = reverse[slot] ?? 0;
  const group = told.groupOf[teller] ?? 0;
  toldGroup(flat, told, group);
  const one = ((flat.groups[group * GROUP_CELLS + G.flags] ?? 0) & ONE_BY_ONE) !== 0;
  if (one) toldSlot(flat, told, group, teller);
  const from = one ? told.slots : told.groups;
  const at = 3 * (one ? teller : group);
  const wire = from[at + 2] ?? 0;
  const attributes = wire === 0 ? 0 : importOf(flat, slot, from[at + 1] ?? 0, wire);
  if (attributes === 0) flat.failed = true;
  const c = slot * SLOT_CELLS;
  flat.cells[c + S.asPath] = attributes === 0 ? 0 : flat.asPath;
  flat.cells[c + S.attributes] = attributes;
}

/** What a group had been told, into `told.groups`. */
function toldGroup(flat: Flat, told: Told, group: number): void {
  const at = group * 3;
  if (told.groups[at] === flat.epoch) return;
  told.groups[at] = flat.epoch;
  // Its best path is laid out: whoever asks comes along the way of it, or has seen to it.
  const node = flat.groups[group * GROUP_CELLS + G.node] ?? 0;
  const { restored } = flat;
  const best = restored ? layBest(flat, told, restored, node) : -1;
  const attributes = exportOf(flat, group, best);
  told.groups[at + 1] = attributes === 0 ? 0 : flat.asPath;
  told.groups[at + 2] = attributes;
}

/** What one peer of a group had been told, into `told.slots`. */
function toldSlot(flat: Flat, told: Told, group: number, teller: number): void {
  const at = teller * 3;
  if (told.slots[at] === flat.epoch) return;
  const { topology } = flat.engine;
  let wire = told.groups[group * 3 + 2] ?? 0;
  const asPath = told.groups[group * 3 + 1] ?? 0;
  const node = flat.groups[group * GROUP_CELLS + G.node] ?? 0;
  const best = told.best[node] ?? -1;
  const peer = topology.peers.at(teller);
  if (wire !== 0 && best >= 0 && peer) {
    const router = routerAt(topology, node);
    const candidate = candidateAt(flat, best);
    if (
      loopsToPeer(router, peer, candidate) !== null ||
      unfitNextHop(router, peer, pathOf(flat, asPath, wire)) !== null
    )
      wire = 0;
  }
  told.slots[at] = flat.epoch;
  told.slots[at + 1] = wire === 0 ? 0 : asPath;
  told.slots[at + 2] = wire;
}

/** The first thing that reaches a router. */
export function reach(flat: Flat, node: number): void {
  beginNode(flat, node);
  if (flat.restored && flat.was) restoreNode(flat, flat.restored, flat.was, node);
}

/** Its table as it stood, without what is taken out, and what it had told. */
function restoreNode(flat: Flat, restored: Restored, told: Told, node: number): void {
  const { nodes, cells } = flat;
  const n = node * NODE_CELLS;
  const best = layBest(flat, told, restored, node);
  nodes[n + N.best] = best;
  flat.selected[node] = best;
  nodes[n + N.bestAsPath] = best < 0 ? 0 : (cells[best * SLOT_CELLS + S.asPath] ?? 0);
  nodes[n + N.bestAttributes] = best < 0 ? 0 : (cells[best * SLOT_CELLS + S.attributes] ?? 0);
  for (let group = nodes[n + N.groupStart] ?? 0; group < (nodes[n + N.groupEnd] ?? 0); group++)
    restoreGroup(flat, told, group, best);
  nodes[n + N.flags] = (nodes[n + N.flags] ?? 0) | TOLD;
  const list = restored.standing.lists?.get(node);
  let objects = false;
  if (list) {
    for (const place of list) {
      if (place >= flat.slots) objects = true;
      link(flat, restored, told, node, place);
    }
  } else {
    const { slotStart } = flat.engine.topology;
    const end = slotStart[node + 1] ?? 0;
    for (let slot = slotStart[node] ?? 0; slot < end; slot++)
      if (((flat.holding[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0)
        link(flat, restored, told, node, slot);
  }
  if (best >= 0 && haveSameMed(flat, node)) nodes[n + N.flags] = (nodes[n + N.flags] ?? 0) | SAME_MED;
  // A path could not be told: the engine does it all.
  if (flat.failed) return;
  if (hasNode(flat.foreign, node)) objects = true;
  if (objects) useObjects(flat, node);
  if (objects && best >= 0) candidateAt(flat, best).selected = true;
  if (!list && !isOrderless(nodes[n + N.flags] ?? 0, nodes[n + N.count] ?? 0)) flat.failed = true;
}

function haveSameMed({ nodes, cells, numbers }: Flat, node: number): boolean {
  const head = nodes[node * NODE_CELLS + N.head] ?? -1;
  if (head < 0) return true;
  const med = numbers.meds[cells[head * SLOT_CELLS + S.attributes] ?? 0];
  for (let at = head; at >= 0; at = cells[at * SLOT_CELLS + S.next] ?? -1)
    if (numbers.meds[cells[at * SLOT_CELLS + S.attributes] ?? 0] !== med) return false;
  return true;
}

function restoreGroup(flat: Flat, told: Told, group: number, best: number): void {
  const { groups, tellers, cells } = flat;
  const g = group * GROUP_CELLS;
  toldGroup(flat, told, group);
  const [asPath, attributes] = [told.groups[group * 3 + 1] ?? 0, told.groups[group * 3 + 2] ?? 0];
  groups[g + G.sentAsPath] = groups[g + G.hadAsPath] = asPath;
  groups[g + G.sent] = groups[g + G.had] = attributes;
  groups[g + G.from] = best < flat.slots ? best : -1;
  const source = best < 0 ? 0 : best * SLOT_CELLS;
  const suppresses = ((groups[g + G.flags] ?? 0) & SUPPRESSES_ALIKE) !== 0 && best >= 0;
  groups[g + G.toldAsPath] = suppresses ? (cells[source + S.asPath] ?? 0) : 0;
  groups[g + G.told] = suppresses ? (cells[source + S.attributes] ?? 0) : 0;
  if (((groups[g + G.flags] ?? 0) & ONE_BY_ONE) === 0) return;
  for (let at = groups[g + G.start] ?? 0; at < (groups[g + G.end] ?? 0); at++) {
    const teller = tellers[at] ?? 0;
    toldSlot(flat, told, group, teller);
    const t = teller * 4;
    flat.told[t] = told.slots[teller * 3 + 2] ?? 0;
    flat.told[t + 1] = told.slots[teller * 3 + 1] ?? 0;
    flat.told[t + 2] = suppresses ? (cells[source + S.attributes] ?? 0) : 0;
    flat.told[t + 3] = suppresses ? (cells[source + S.asPath] ?? 0) : 0;
  }
}

/** Puts a path that stood in the table behind those that are there. */
function link(flat: Flat, { gone }: Restored, told: Told, node: number, place: number): void {
  const { nodes, cells } = flat;
  const [c, n] = [place * SLOT_CELLS, node * NODE_CELLS];
  if (place < flat.slots) {
    if (gone[place] === 1) return;
    if (place !== nodes[n + N.best]) layPath(flat, told, place);
    if (flat.failed) return;
    if (((flat.numbers.flags[cells[c + S.attributes] ?? 0] ?? 0) & OWN_HOP) === 0)
      addNode(flat.foreign, node);
    else if (((cells[c + S.flags] ?? 0) & JUDGED) === 0) {
      const path = pathOf(flat, cells[c + S.asPath] ?? 0, cells[c + S.attributes] ?? 0);
      if (!judgeSlot(flat, place, path)) {
        flat.failed = true;
        return;
      }
    }
    countMatch(flat, n, c, cells[c + S.asPath] ?? 0, cells[c + S.attributes] ?? 0);
  }
  cells[c + S.arrival] = ++flat.arrivals;
  cells[c + S.next] = -1;
  const tail = nodes[n + N.tail] ?? -1;
  if (tail < 0) nodes[n + N.head] = place;
  else cells[tail * SLOT_CELLS + S.next] = place;
  nodes[n + N.tail] = place;
  nodes[n + N.count] = (nodes[n + N.count] ?? 0) + 1;
}

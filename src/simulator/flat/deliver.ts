import { refusal } from '../../bgp/import.ts';
import { routerAt } from '../engine/engine.ts';
import { classAnswer, importOf, looped, pathOf } from './answers.ts';
import { judgeAddress } from './candidates.ts';
import {
  CLASS_SHIFT,
  JUDGED,
  KEEPS_EARLIER,
  N,
  NODE_CELLS,
  OBJECTS,
  ORDERED,
  S,
  SAME_MED,
  SLOT_CELLS,
  USABLE,
} from './cells.ts';
import { betterSlot, choose, decideQuickly, redecide } from './decide.ts';
import type { Flat } from './layout.ts';
import { bitOf, OWN_HOP, PLAIN } from './numbers.ts';
import { reach } from './restore.ts';
import { append, countMatch, place, takeOut } from './table.ts';
import { behindFollowers, strayWhereNamed } from './twins.ts';

/** To the hearers from place `start` to before `end`; not where they are `closed`. */
export function deliverTo(
  flat: Flat,
  closed: Uint8Array,
  start: number,
  end: number,
  asPath: number,
  attributes: number,
): void {
  const { hearers, twins } = flat;
  if (isPlainWire(flat, asPath, attributes)) deliverPlain(flat, closed, start, end, asPath, attributes);
  else
    for (let at = start; at < end; at++) {
      const next = twins === null ? at : behindFollowers(twins, flat.epoch, at, end);
      if (next > at) {
        strayWhereNamed(flat, asPath, at);
        flat.events += arriving(flat, closed, at, next);
        at = next - 1;
        continue;
      }
      const slot = hearers[at] ?? 0;
      if (closed[slot] !== 1) deliver(flat, slot, asPath, attributes);
    }
}

/** To how many of these hearers something comes. */
function arriving({ hearers }: Flat, closed: Uint8Array, start: number, end: number): number {
  if (closed.length === 0) return end - start;
  let count = 0;
  for (let at = start; at < end; at++) if (closed[hearers[at] ?? 0] !== 1) count++;
  return count;
}

/** Is it something that `importOf` asks the classes about? */
function isPlainWire({ numbers }: Flat, asPath: number, attributes: number): boolean {
  return (
    attributes !== 0 &&
    ((numbers.flags[attributes] ?? 0) & PLAIN) !== 0 &&
    numbers.asPaths[asPath * 4 + 3] === 1
  );
}

/**
 * `deliver` for one path to many: what hangs on the path, or on the class of the peer, is looked up once. Nearly all of a simulation
 * happens here: a router learns its first path, or one more that the best one is compared with.
 */
function deliverPlain(
  flat: Flat,
  closed: Uint8Array,
  start: number,
  end: number,
  wireAsPath: number,
  wire: number,
): void {
  const { cells, nodes, hearers, numbers, base, epoch, twins } = flat;
  const [first, bits] = [numbers.asPaths[wireAsPath * 4 + 1] ?? 0, numbers.asPaths[wireAsPath * 4 + 2] ?? 0];
  let [lastClass, answer, answersAsPath, ownHop] = [-1, 0, 0, 0];
  for (let at = start; at < end; at++) {
    const next = twins === null ? at : behindFollowers(twins, epoch, at, end);
    if (next > at) {
      strayWhereNamed(flat, wireAsPath, at);
      flat.events += arriving(flat, closed, at, next);
      at = next - 1;
      continue;
    }
    const slot = hearers[at] ?? 0;
    if (closed[slot] === 1) continue;
    const c = slot * SLOT_CELLS;
    const loop = cells[c + S.loopAs] ?? 0;
    if (loop === 0 || (wireAsPath === 0 && cells[c + S.firstAs] !== 0)) {
      deliver(flat, slot, wireAsPath, wire);
      continue;
    }
    let attributes = 0;
    if (
      ((bits & bitOf(loop)) === 0 || !looped(flat, wireAsPath, loop)) &&
      (cells[c + S.firstAs] === 0 || cells[c + S.firstAs] === first)
    ) {
      const peerClass = (cells[c + S.flags] ?? 0) >>> CLASS_SHIFT;
      if (peerClass !== lastClass) {
        answer = classAnswer(flat, slot, wireAsPath, wire);
        lastClass = peerClass;
        answersAsPath = flat.asPath;
        ownHop = (numbers.flags[answer] ?? 0) & OWN_HOP;
      }
      attributes = answer;
    }
    flat.events++;
    const node = cells[c] ?? 0;
    const n = node * NODE_CELLS;
    if (nodes[n] !== epoch) reach(flat, node);
    const flags = nodes[n + N.flags] ?? 0;
    if (
      attributes === 0 ||
      ownHop === 0 ||
      (cells[c + S.arrival] ?? 0) > base ||
      (flags & OBJECTS) !== 0 ||
      (((cells[c + S.flags] ?? 0) & JUDGED) === 0 && !judgeAddress(flat, slot))
    ) {
      arrive(flat, node, slot, wireAsPath, wire, answersAsPath, attributes);
      continue;
    }
    cells[c + S.asPath] = answersAsPath;
    cells[c + S.attributes] = attributes;
    append(flat, node, slot);
    countMatch(flat, n, c, answersAsPath, attributes);
    const best = nodes[n + N.best] ?? -1;
    if (best < 0) {
      if (nodes[n + N.count] !== 1) redecide(flat, node);
      else if (((cells[c + S.flags] ?? 0) & USABLE) !== 0) {
        nodes[n + N.flags] = flags | SAME_MED;
        choose(flat, node, slot);
      }
      continue;
    }
    const bestAttributes = nodes[n + N.bestAttributes] ?? 0;
    if (
      (flags & (ORDERED | SAME_MED)) === (ORDERED | SAME_MED) &&
      (attributes === bestAttributes || numbers.meds[attributes] === numbers.meds[bestAttributes])
    ) {
      if (betterSlot(flat, node, slot, best, flat.selected[node] ?? -1) === slot) choose(flat, node, slot);
    } else redecide(flat, node);
  }
}

function deliver(flat: Flat, slot: number, wireAsPath: number, wireAttributes: number): void {
  flat.events++;
  const { cells, nodes } = flat;
  const c = slot * SLOT_CELLS;
  const node = cells[c] ?? 0;
  const n = node * NODE_CELLS;
  if (nodes[n] !== flat.epoch) reach(flat, node);
  const attributes = wireAttributes === 0 ? 0 : importOf(flat, slot, wireAsPath, wireAttributes);
  arrive(flat, node, slot, wireAsPath, wireAttributes, flat.asPath, attributes);
}

/** What the import made of a path (`asPath`, `attributes`; 0: nothing) reaches the table. */
function arrive(
  flat: Flat,
  node: number,
  slot: number,
  wireAsPath: number,
  wireAttributes: number,
  asPath: number,
  attributes: number,
): void {
  const { cells } = flat;
  const c = slot * SLOT_CELLS;
  const present = (cells[c + S.arrival] ?? 0) > flat.base;
  if (attributes === 0) {
    if (!present || keepsEarlier(flat, node, slot, wireAsPath, wireAttributes)) return;
    takeOut(flat, node, slot);
  } else {
    if (present && cells[c + S.attributes] === attributes && cells[c + S.asPath] === asPath) return;
    cells[c + S.asPath] = asPath;
    cells[c + S.attributes] = attributes;
    place(flat, node, slot, present);
    if (flat.failed) return;
  }
  decideQuickly(flat, node, slot, attributes);
}

/** Was the path refused in a way that leaves the one before in the table? */
function keepsEarlier(flat: Flat, node: number, slot: number, asPath: number, attributes: number): boolean {
  if (((flat.nodes[node * NODE_CELLS + N.flags] ?? 0) & KEEPS_EARLIER) === 0 || attributes === 0)
    return false;
  const { topology } = flat.engine;
  const peer = topology.peers.at(slot);
  return (
    peer !== undefined && refusal(routerAt(topology, node), peer, pathOf(flat, asPath, attributes)) !== null
  );
}

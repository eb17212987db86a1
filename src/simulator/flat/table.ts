import { addNode } from '../compact/node-set.ts';
import { newCandidate, type SlotCandidate } from '../engine/engine.ts';
import { pathOf } from './answers.ts';
import { candidateAt, fillJudged, judgeSlot, useObjects } from './candidates.ts';
import { CHANGED, JUDGED, MOVES, N, NODE_CELLS, OBJECTS, S, SLOT_CELLS } from './cells.ts';
import { beginNode, type Flat, localPlace } from './layout.ts';
import { noteAsPath, noteAttributes, OWN_HOP } from './numbers.ts';

export function addOwn(flat: Flat, node: number, path: SlotCandidate['path'], invalid: string | null): void {
  if (flat.nodes[node * NODE_CELLS + N.epoch] !== flat.epoch) beginNode(flat, node);
  append(flat, node, layOwn(flat, node, path, invalid));
  const n = node * NODE_CELLS;
  flat.nodes[n + N.flags] = (flat.nodes[n + N.flags] ?? 0) | OBJECTS;
}

/** Makes room for an own path, which is in no table yet; the answer is its place. */
export function layOwn(
  flat: Flat,
  node: number,
  path: SlotCandidate['path'],
  invalid: string | null,
): number {
  const candidate = newCandidate(-1, null, path);
  candidate.invalid = invalid;
  candidate.arrival = flat.arrivals + 1 - flat.base;
  const place = localPlace(flat, node, candidate);
  const c = place * SLOT_CELLS;
  flat.cells[c + S.asPath] = noteAsPath(flat.numbers, path.asPath);
  flat.cells[c + S.attributes] = noteAttributes(flat.numbers, path);
  return place;
}

export function append(flat: Flat, node: number, place: number): void {
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

export function takeOut(flat: Flat, node: number, slot: number): void {
  const { nodes } = flat;
  const n = node * NODE_CELLS;
  unlink(flat, node, slot);
  if (flat.selected[node] === slot) flat.selected[node] = -1;
  if (((nodes[n + N.flags] ?? 0) & OBJECTS) !== 0) candidateAt(flat, slot).selected = false;
  nodes[n + N.flags] = (nodes[n + N.flags] ?? 0) | CHANGED;
}

/** The path of a slot is new or another. */
export function place(flat: Flat, node: number, slot: number, present: boolean): void {
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
    if (!own) addNode(flat.foreign, node);
    if (!own || !judgeSlot(flat, slot, pathOf(flat, cells[c + S.asPath] ?? 0, attributes))) {
      if (own) flat.judgedOnce = false;
      useObjects(flat, node);
    }
  }
  if (((nodes[n + N.flags] ?? 0) & OBJECTS) !== 0) {
    fillJudged(flat, slot);
    return;
  }
  countMatch(flat, n, c, cells[c + S.asPath] ?? 0, attributes);
}

/** Is the path in a slot (at `c`) the same, but for its AS_PATH, as in the last choice of its router (at `n`)? */
export function countMatch(
  { cells, nodes, numbers }: Flat,
  n: number,
  c: number,
  asPath: number,
  attributes: number,
): void {
  if (
    cells[c + S.choice] === nodes[n + N.choice] &&
    cells[c + S.choiceAttributes] === attributes &&
    cells[c + S.choiceLength] === numbers.asPaths[asPath * 4] &&
    cells[c + S.choiceFirst] === numbers.asPaths[asPath * 4 + 1]
  )
    nodes[n + N.matches] = (nodes[n + N.matches] ?? 0) + 1;
}

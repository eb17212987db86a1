import { better, decide } from '../../bgp/rib/decide.ts';
import { routerAt } from '../engine/engine.ts';
import { candidateAt, listOf, placesOf, rankSlots } from './candidates.ts';
import {
  BY_AGE,
  LENGTH_FIRST,
  N,
  NODE_CELLS,
  OBJECTS,
  ORDERED,
  RANKED,
  S,
  SAME_MED,
  SAYS_CHANGES,
  SLOT_CELLS,
  USABLE,
} from './cells.ts';
import { sayChanges } from './changes.ts';
import type { Flat } from './layout.ts';
import { isQuiet, noteQuiet } from './quiet.ts';
import { tellGroup } from './tell.ts';

/** As the engine's: the best path stays or the one that came takes its place, or all are looked at. */
export function decideQuickly(flat: Flat, node: number, slot: number, attributes: number): void {
  const { nodes, cells, numbers } = flat;
  const n = node * NODE_CELLS;
  const flags = nodes[n + N.flags] ?? 0;
  const best = nodes[n + N.best] ?? -1;
  if (best >= 0 && best !== slot && (flags & ORDERED) !== 0 && (flags & SAME_MED) !== 0) {
    if (attributes === 0) return;
    if (numbers.meds[attributes] === numbers.meds[cells[best * SLOT_CELLS + S.attributes] ?? 0]) {
      if (betterSlot(flat, node, slot, best, flat.selected[node] ?? -1) === slot) choose(flat, node, slot);
      return;
    }
  }
  redecide(flat, node);
}

/** As `better`; `selected` is what counts as older. */
export function betterSlot(
  flat: Flat,
  node: number,
  challenger: number,
  before: number,
  selected: number,
): number {
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
export function redecide(flat: Flat, node: number): void {
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
    const selected = flat.selected[node] ?? -1;
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

/** The round is over: as `settleChoices`. */
export function settleChoices(flat: Flat): void {
  const { unsettled, nodes } = flat;
  for (let i = 0; i < flat.unsettledCount; i++) {
    const node = unsettled[i] ?? 0;
    flat.isUnsettled[node] = 0;
    select(flat, node, nodes[node * NODE_CELLS + N.best] ?? -1);
  }
  flat.unsettledCount = 0;
}

function select(flat: Flat, node: number, best: number): void {
  const before = flat.selected[node] ?? -1;
  flat.selected[node] = best;
  if (((flat.nodes[node * NODE_CELLS + N.flags] ?? 0) & OBJECTS) === 0) return;
  if (before >= 0) candidateAt(flat, before).selected = false;
  if (best >= 0) candidateAt(flat, best).selected = true;
}

/** Makes a path the best one and tells the neighbours. */
export function choose(flat: Flat, node: number, best: number): void {
  const { nodes, cells } = flat;
  const n = node * NODE_CELLS;
  const before = nodes[n + N.best] ?? -1;
  if (flat.engine.gathers[node] === 1) {
    if (flat.isUnsettled[node] === 0) flat.unsettled[flat.unsettledCount++] = node;
    flat.isUnsettled[node] = 1;
  } else select(flat, node, best);
  const says = ((nodes[n + N.flags] ?? 0) & SAYS_CHANGES) !== 0;
  const [asPath, attributes] = [nodes[n + N.bestAsPath] ?? 0, nodes[n + N.bestAttributes] ?? 0];
  nodes[n + N.best] = best;
  nodes[n + N.bestAsPath] = best < 0 ? 0 : (cells[best * SLOT_CELLS + S.asPath] ?? 0);
  nodes[n + N.bestAttributes] = best < 0 ? 0 : (cells[best * SLOT_CELLS + S.attributes] ?? 0);
  if (says) {
    sayChanges(flat, node, best, { place: before, asPath, attributes });
    return;
  }
  if (isQuiet(flat, n, best)) return;
  const end = nodes[n + N.groupEnd] ?? 0;
  for (let group = nodes[n + N.groupStart] ?? 0; group < end; group++) tellGroup(flat, group, best);
  noteQuiet(flat, n, best);
}

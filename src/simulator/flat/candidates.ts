import { candidateOf, routerAt, type SlotCandidate } from '../engine/engine.ts';
import { judgeNextHop } from '../engine/judge.ts';
import { resolveOnce } from '../kernel/next-hops.ts';
import { pathOf } from './answers.ts';
import {
  BY_ADDRESS,
  BY_AGE,
  CONNECTED,
  JUDGED,
  N,
  NODE_CELLS,
  OBJECTS,
  RANKED,
  S,
  SLOT_CELLS,
  UNRANKED,
  USABLE,
} from './cells.ts';
import type { Flat } from './layout.ts';
import { stray } from './twins.ts';

/** The candidate of the engine in a place, with all that its numbers say. */
export function candidateAt(flat: Flat, place: number): SlotCandidate {
  const { engine, cells, nodes } = flat;
  const c = place * SLOT_CELLS;
  const node = cells[c + S.owner] ?? 0;
  if (place >= flat.slots || ((nodes[node * NODE_CELLS + N.flags] ?? 0) & OBJECTS) !== 0)
    return kept(flat, place);
  const candidate = kept(flat, place);
  fill(flat, candidate, place);
  engine.judged[place] === 1 || judge(flat, candidate, node);
  return candidate;
}

function kept(flat: Flat, place: number): SlotCandidate {
  const found = place >= flat.slots ? flat.locals[place - flat.slots] : candidateOf(flat.engine, place);
  if (!found) throw new Error(`no candidate in place ${place}`);
  return found;
}

function fill(flat: Flat, candidate: SlotCandidate, place: number): void {
  const { cells } = flat;
  const c = place * SLOT_CELLS;
  candidate.path = pathOf(flat, cells[c + S.asPath] ?? 0, cells[c + S.attributes] ?? 0);
  candidate.arrival = (cells[c + S.arrival] ?? 0) - flat.base;
  candidate.selected = flat.selected[cells[c + S.owner] ?? 0] === place;
}

function judge(flat: Flat, candidate: SlotCandidate, node: number): void {
  const { engine } = flat;
  judgeNextHop(engine, node, routerAt(engine.topology, node), candidate);
  if (engine.throughBgp) flat.failed = true;
}

/** Writes a candidate of a router that has objects anew. */
export function fillJudged(flat: Flat, place: number): void {
  if (place >= flat.slots) return;
  const candidate = kept(flat, place);
  fill(flat, candidate, place);
  judge(flat, candidate, flat.cells[place * SLOT_CELLS] ?? 0);
}

/** From now on, for this prefix, the router's candidates are objects, always up to date. */
export function useObjects(flat: Flat, node: number): void {
  const n = node * NODE_CELLS;
  const flags = flat.nodes[n + N.flags] ?? 0;
  if ((flags & OBJECTS) !== 0) return;
  stray(flat, node);
  for (const place of placesOf(flat, node)) fillJudged(flat, place);
  flat.nodes[n + N.flags] = flags | OBJECTS;
}

/** The table of a router, in its order. */
export function placesOf({ nodes, cells }: Flat, node: number): readonly number[] {
  const places: number[] = [];
  for (let at = nodes[node * NODE_CELLS + N.head] ?? -1; at >= 0; at = cells[at * SLOT_CELLS + S.next] ?? -1)
    places.push(at);
  return places;
}

export function listOf(flat: Flat, node: number): SlotCandidate[] {
  return placesOf(flat, node).map((place) => candidateAt(flat, place));
}

/**
 * Judges a slot by the address of its peer, once and for all and without a candidate, which looks at what is kept here when it is
 * made. False where more is asked.
 */
export function judgeAddress(flat: Flat, slot: number): boolean {
  const { cells, asked } = flat;
  const c = slot * SLOT_CELLS;
  if (((cells[c + S.flags] ?? 0) & JUDGED) !== 0) return true;
  const node = cells[c + S.owner] ?? 0;
  if (asked[node] === 1) return askAddress(flat, slot);
  // All slots of the router while its routes are at hand: one after another they are asked for between those of a thousand others.
  asked[node] = 1;
  const { slotStart } = flat.engine.topology;
  const end = slotStart[node + 1] ?? 0;
  for (let one = slotStart[node] ?? 0; one < end; one++) askAddress(flat, one);
  return ((cells[c + S.flags] ?? 0) & JUDGED) !== 0;
}

function askAddress(flat: Flat, slot: number): boolean {
  const { cells, engine } = flat;
  const c = slot * SLOT_CELLS;
  const flags = cells[c + S.flags] ?? 0;
  if ((flags & JUDGED) !== 0) return true;
  const { ownResolution, topology, nextHops, prefix } = engine;
  const address = (flags & BY_ADDRESS) === 0 ? null : topology.peers.nextHop(slot);
  if (address === null) return false;
  const node = cells[c + S.owner] ?? 0;
  let resolved = ownResolution[slot] ?? null;
  if (resolved === null) {
    const connected = (flags & CONNECTED) !== 0;
    resolved = resolveOnce(nextHops, node, routerAt(topology, node), connected, address, prefix);
    if (resolved.throughBgp) return false;
    ownResolution[slot] = resolved;
  }
  cells[c + S.flags] = flags | JUDGED | (resolved.problem === null ? USABLE : 0);
  return true;
}

/** The same for all slots that can be judged once and for all. `path`: any with its sender as next hop. */
export function judgeSlot(flat: Flat, slot: number, path: SlotCandidate['path']): boolean {
  return judgeAddress(flat, slot) || judgeCandidate(flat, slot, path);
}

/** By the candidate, which is judged from then on. */
function judgeCandidate(flat: Flat, slot: number, path: SlotCandidate['path']): boolean {
  const { engine, cells } = flat;
  const c = slot * SLOT_CELLS;
  const flags = cells[c + S.flags] ?? 0;
  if (engine.judged[slot] === 1 && (flags & JUDGED) !== 0) return true;
  const node = cells[c + S.owner] ?? 0;
  const candidate = kept(flat, slot);
  const { throughBgp, isHostRoute } = engine;
  candidate.path = path;
  engine.isHostRoute = false;
  judgeNextHop(engine, node, routerAt(engine.topology, node), candidate);
  engine.isHostRoute = isHostRoute;
  engine.throughBgp = throughBgp;
  if (engine.judged[slot] !== 1) return false;
  cells[c + S.flags] = flags | JUDGED | (candidate.invalid === null ? USABLE : 0);
  return true;
}

/**
 * Numbers the slots of a router in the order in which the decision would put paths that differ in nothing but their peer: before age
 * is asked, and by all steps. False where it cannot be told once and for all.
 */
export function rankSlots(flat: Flat, node: number, path: SlotCandidate['path']): boolean {
  const { engine, cells, nodes } = flat;
  const n = node * NODE_CELLS;
  const flags = nodes[n + N.flags] ?? 0;
  if ((flags & (RANKED | UNRANKED)) !== 0) return (flags & RANKED) !== 0;
  const { slotStart } = engine.topology;
  const [start, end] = [slotStart[node] ?? 0, slotStart[node + 1] ?? 0];
  const slots = Array.from({ length: end - start }, (_, i) => start + i);
  if (!slots.every((slot) => judgeCandidate(flat, slot, path))) {
    nodes[n + N.flags] = flags | UNRANKED;
    return false;
  }
  const { peerSteps } = routerAt(engine.topology, node).process;
  const candidates = slots.map((slot) => ({ ...kept(flat, slot), path, selected: false, arrival: 0 }));
  const age = peerSteps.findIndex(({ name }) => name === 'older-selected');
  for (const [place, steps] of [
    [S.rank, peerSteps],
    [S.rankBeforeAge, peerSteps.slice(0, Math.max(age, 0))],
  ] as const) {
    const compare = (a: SlotCandidate, b: SlotCandidate) => {
      for (const step of steps) {
        const difference = step.compare(a, b);
        if (difference !== 0) return difference;
      }
      return 0;
    };
    const sorted = candidates.toSorted(compare);
    let rank = 0;
    sorted.forEach((one, i) => {
      const before = sorted[i - 1];
      if (before && compare(before, one) !== 0) rank++;
      cells[one.slot * SLOT_CELLS + place] = rank;
    });
  }
  for (const one of candidates) {
    const older = peerSteps[age]?.compare({ ...one, selected: true }, one) ?? 0;
    if (older === 0) continue;
    const f = one.slot * SLOT_CELLS + S.flags;
    cells[f] = (cells[f] ?? 0) | BY_AGE;
  }
  nodes[n + N.flags] = flags | RANKED;
  return true;
}

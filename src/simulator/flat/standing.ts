import { type BestPlan, BestTable, put } from './best-table.ts';
import { KEEPS_EARLIER, N, NODE_CELLS, OBJECTS, ORDERED, S, SAME_MED, SLOT_CELLS } from './cells.ts';
import { leaderOf, ledBy, reachedNow } from './follow.ts';
import type { Flat } from './layout.ts';
import { createSlab, type Slab } from './slab.ts';

/**
 * What is kept of a settled prefix to go on from it later. The best path of each router says what it told its neighbours, and
 * that, through their import, what they hold: so the place of the best path is enough, a number of one octet for most routers.
 */
export interface Standing {
  /** 0: no path, else the place among the router's slots plus one, behind these its own paths. */
  readonly best: BestTable;
  /** Tables in which the order counts, or that hold own paths, as places; all others are in `PrefixState.holding`. */
  readonly lists: ReadonlyMap<number, Int32Array> | null;
  /** Groups of routers that otherwise do as one (`twins.ts`), where each did for itself; null: none did as one. */
  readonly alone: readonly number[] | null;
}

/** Octets kept for one family; beyond it nothing is, and prefixes are worked out again. */
const MOST_KEPT = 256 << 20;
/** Own paths of one router for one prefix that fit into its number. */
const OWN_PATHS = 8;
const ONE_OCTET = 255 - OWN_PATHS;
const TWO_OCTETS = 65_535 - OWN_PATHS;

/** null: nothing is kept, since there is too much of it, or a daemon keeps paths that nobody stands behind any more. */
export function planStanding(flat: Flat, prefixes: number): BestPlan | null {
  const { slotStart, routers } = flat.engine.topology;
  const at = new Int32Array(routers.length + 1);
  let octets = 0;
  for (let node = 0; node < routers.length; node++) {
    at[node] = octets;
    const slots = (slotStart[node + 1] ?? 0) - (slotStart[node] ?? 0);
    if (slots > TWO_OCTETS || ((flat.nodes[node * NODE_CELLS + N.flags] ?? 0) & KEEPS_EARLIER) !== 0)
      return null;
    octets += slots > ONE_OCTET ? 2 : 1;
  }
  at[routers.length] = octets;
  if (octets * prefixes > MOST_KEPT || !flat.ageless) return null;
  return { at, room: createSlab(octets, prefixes, (length) => new Uint8Array(length)) };
}

/** Keeps how the prefix at hand stands, on top of how it stood `before` it was gone on from; undefined: that cannot be told so briefly. */
export function keepStanding(
  flat: Flat,
  before: Standing | null = null,
  room: Slab<Uint8Array> | undefined = flat.plan?.room,
): Standing | undefined {
  const { plan, touched, reached } = flat;
  if (!plan || !room || flat.storied) return undefined;
  for (let i = 0; i < reached; i++) if (numberAt(flat, touched[i] ?? 0) < 0) return undefined;
  const now = (node: number) => numberAt(flat, leaderOf(flat, node));
  const best = before ? before.best.with(reachedNow(flat), now, room) : bestNow(flat, plan, room.take());
  return { best, lists: listsNow(flat, before), alone: flat.twins && flat.alone };
}

function bestNow(flat: Flat, plan: BestPlan, octets: Uint8Array): BestTable {
  for (let i = 0; i < flat.reached; i++) {
    const node = flat.touched[i] ?? 0;
    const number = numberAt(flat, node);
    put(plan, octets, node, number);
    const led = ledBy(flat, node);
    for (let k = 0; k < led.length; k++) put(plan, octets, led[k] ?? 0, number);
  }
  return new BestTable(plan, octets);
}

/** On top of those `before`. */
function listsNow(flat: Flat, before: Standing | null): Standing['lists'] {
  const { nodes, touched, reached } = flat;
  const { slotStart } = flat.engine.topology;
  let lists = before?.lists ? new Map(before.lists) : null;
  for (let i = 0; i < reached; i++) {
    const node = touched[i] ?? 0;
    const n = node * NODE_CELLS;
    const led = ledBy(flat, node);
    if (isOrderless(nodes[n + N.flags] ?? 0, nodes[n + N.count] ?? 0)) {
      lists?.delete(node);
      for (let k = 0; lists && k < led.length; k++) lists.delete(led[k] ?? 0);
      continue;
    }
    lists ??= new Map();
    const places = placesIn(flat, node);
    lists.set(node, places);
    for (const follower of led) {
      const offset = (slotStart[follower] ?? 0) - (slotStart[node] ?? 0);
      lists.set(
        follower,
        places.map((place) => place + offset),
      );
    }
  }
  return lists;
}

/** Does nobody ask in which order the paths came, and are all of them learned? */
export function isOrderless(flags: number, count: number): boolean {
  if ((flags & OBJECTS) !== 0) return false;
  return count < 2 || (flags & (ORDERED | SAME_MED)) === (ORDERED | SAME_MED);
}

function placesIn({ nodes, cells }: Flat, node: number): Int32Array {
  const n = node * NODE_CELLS;
  const places = new Int32Array(nodes[n + N.count] ?? 0);
  let i = 0;
  for (let at = nodes[n + N.head] ?? -1; at >= 0; at = cells[at * SLOT_CELLS + S.next] ?? -1)
    places[i++] = at;
  return places;
}

function numberAt(flat: Flat, node: number): number {
  const place = flat.nodes[node * NODE_CELLS + N.best] ?? -1;
  if (place < 0) return 0;
  const { slotStart } = flat.engine.topology;
  const start = slotStart[node] ?? 0;
  if (place < flat.slots) return place - start + 1;
  let own = 0;
  for (let at = flat.slots; at < place; at++) if (flat.cells[at * SLOT_CELLS] === node) own++;
  return own < OWN_PATHS ? (slotStart[node + 1] ?? 0) - start + 1 + own : -1;
}

/** The place of the best path a router had; -1: none. */
export function bestThen(flat: Flat, { best }: Standing, node: number): number {
  const number = best.at(node);
  if (number === 0) return -1;
  const { slotStart } = flat.engine.topology;
  const start = slotStart[node] ?? 0;
  const slots = (slotStart[node + 1] ?? 0) - start;
  if (number <= slots) return start + number - 1;
  let own = number - slots - 1;
  for (let place = flat.slots; place < flat.slots + flat.locals.length; place++)
    if (flat.cells[place * SLOT_CELLS] === node && own-- === 0) return place;
  return -1;
}

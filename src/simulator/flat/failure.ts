import { heldSince, heldSlots, holdsAny } from '../compact/held-slots.ts';
import { HopTable } from '../compact/hop-table.ts';
import {
  dropNode,
  isAnyIn,
  isEmpty,
  type NodeSet,
  nodesIn,
  noNodes,
  settled,
  withoutNodes,
} from '../compact/node-set.ts';
import type { Origins } from '../engine/converge.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';
import { type Disturbance, disturbanceOf } from '../timeline/untouched.ts';
import { NODE_CELLS, SLOT_CELLS } from './cells.ts';
import { holdAlike, reachedNow } from './follow.ts';
import type { Flat } from './layout.ts';
import { type Disturbed, endSessions, goneByNode, goOn, runFlat } from './run.ts';
import { createSlab, type Slab } from './slab.ts';
import { keepStanding } from './standing.ts';
import { flatTables } from './tables.ts';
import { takeApart, unevenGroups } from './twins.ts';

/**
 * What becomes of a prefix where sessions have ended or come up again, as `settlePrefix` carries it over: the tables of before, without what came over
 * these sessions, settle again. False: the engine has to do it.
 */
export function failFlat(state: SimulationState, familyState: FamilyState, kept: PrefixState): boolean {
  const { past } = state;
  const old = past?.previous.families[familyState.family].byText.get(kept.prefix.text);
  if (!past || !old?.holding || kept.full.length > 0) return false;
  const disturbance = disturbanceOf(state, past, familyState);
  if (!disturbance || disturbance.routes.has(kept.prefix.text)) return false;
  const flat = disturbance.base.madeEngine?.flat;
  if (!flat || flat === 'never' || !flat.ageless) return false;
  const { holding } = old;
  if (holdsAny(holding, disturbance.judged)) return false;
  // Where other next hops than the peers' lead is looked up in the tables of the base.
  if (isAnyIn(old.foreign, disturbance.reroutedSince)) return false;
  if (!sameWhereAlive(state, kept, old)) return false;
  const went = goOnFrom(state, flat, disturbance, old) || again(state, flat, disturbance, old);
  if (!went || !flat.judgedOnce || isAnyIn(flat.foreign, disturbance.reroutedSince)) return false;
  holdAlike(flat);
  if (disturbance.judgedSince.some((slot) => isHeld(flat, slot))) return false;
  const { events } = flat;
  const kernel = state.kernel.byPrefix.get(kept.prefix.text);
  const before = flat.restored ? old : null;
  const room = roomOf(familyState, flat);
  const fib = before ? flat.installed : room.fibs.take();
  const { byAge, metrics } = flatTables(flat, kernel, disturbance.base.hopSets, fib, before);
  const gone = (node: number) => !state.routers[node];
  kept.fib = hopsAfter(flat, fib, old.fib, disturbance.dead, past.leftover, room);
  kept.byAge = withoutNodes(byAge, nodesIn(byAge).filter(gone));
  kept.metrics = metrics.size > 0 ? new Map([...metrics].filter(([node]) => !gone(node))) : metrics;
  kept.holding = before
    ? heldSince(holding, flat.holding, room.holding.take)
    : heldSlots(flat.holding, room.holding.take);
  kept.foreign = foreignNow(flat, before?.foreign);
  if (!heldByClosed(flat, disturbance))
    kept.standing = keepStanding(flat, before && (old.standing ?? null), room.best);
  kept.events = events;
  kept.oscillation = null;
  kept.throughBgp = false;
  return true;
}

/** `fib`: what those have that the prefix has reached; the others have what they had, if it was gone on from that. */
function hopsAfter(
  flat: Flat,
  fib: Uint32Array,
  before: HopTable,
  dead: readonly number[],
  leftover: ReadonlySet<number>,
  room: Room,
): HopTable {
  for (const node of dead) fib[node] = 0;
  for (const node of leftover) fib[node] = before.at(node);
  if (fib !== flat.installed) return new HopTable(fib);
  const nodes = [...dead, ...reachedNow(flat)];
  return before.with(nodes, (node) => fib[node] ?? 0, room.fibs.take);
}

/** Of the routers that were not reached, those `before`. */
function foreignNow(flat: Flat, before: NodeSet = noNodes): NodeSet {
  if (before.length === 0) return isEmpty(flat.foreign) ? noNodes : flat.foreign.slice();
  const now = before.slice();
  for (let i = 0; i < flat.reached; i++) dropNode(now, flat.touched[i] ?? 0);
  for (let i = 0; i < now.length; i++) now[i] = (now[i] ?? 0) | (flat.foreign[i] ?? 0);
  return settled(now);
}

interface Room {
  readonly fibs: Slab<Uint32Array>;
  readonly holding: Slab<Uint32Array>;
  readonly best: Slab<Uint8Array>;
}

/** For what a state keeps of its prefixes. */
const rooms = new WeakMap<FamilyState, Room>();

function roomOf(familyState: FamilyState, flat: Flat): Room {
  const known = rooms.get(familyState);
  if (known) return known;
  const { engine, plan } = flat;
  const { routers } = engine.topology;
  const count = familyState.prefixes.length;
  const room = {
    fibs: createSlab(routers.length, count, (length) => new Uint32Array(length)),
    holding: createSlab(flat.holding.length, count, (length) => new Uint32Array(length)),
    best: createSlab(plan?.at.at(-1) ?? 0, count, (length) => new Uint8Array(length)),
  };
  rooms.set(familyState, room);
  return room;
}

/** From what was kept. */
function goOnFrom(
  { past }: SimulationState,
  flat: Flat,
  disturbance: Disturbance,
  { prefix, standing, holding }: PrefixState,
): boolean {
  const first = disturbance.base.byText.get(prefix.text);
  if (!past || !standing || !holding || !first) return false;
  const { order } = past.previous;
  const restored = { standing, holding, gone: disturbance.isGone };
  const disturbed = disturbedIn(flat, disturbance);
  while (!goOn(flat, prefix, first, order, restored, disturbed)) {
    if (flat.strays.length === 0) return false;
    takeApart(flat, flat.strays);
  }
  return true;
}

/** Asked for every prefix. */
const disturbedBy = new WeakMap<Disturbance, Disturbed>();

function disturbedIn(flat: Flat, disturbance: Disturbance): Disturbed {
  let found = disturbedBy.get(disturbance);
  if (!found) {
    const { closed, gone, opened } = disturbance;
    found = { closed, gone: goneByNode(flat, gone), opened, uneven: unevenGroups(flat, disturbance) };
    disturbedBy.set(disturbance, found);
  }
  return found;
}

/** From nothing: what was not kept can be worked out once more for a state that began from nothing. */
function again({ past }: SimulationState, flat: Flat, disturbance: Disturbance, old: PrefixState): boolean {
  if (!past || past.previous.past || disturbance.opened.length > 0) return false;
  return (
    runFlat(flat, old.prefix, old, past.previous.order) &&
    endSessions(flat, disturbance.closed, disturbance.gone)
  );
}

/** Does a path stand where its sender is not heard any more? Then what the sender says now is not what stands there. */
function heldByClosed(
  { holding, cells, nodes, epoch, engine }: Flat,
  { silent, isGone }: Disturbance,
): boolean {
  const { reverse } = engine.topology;
  return silent.some((slot) => {
    if (isGone[slot] === 1 || !isHeld({ holding }, slot)) return false;
    return wasReached({ cells, nodes, epoch }, reverse[slot] ?? 0);
  });
}

function isHeld({ holding }: Pick<Flat, 'holding'>, slot: number): boolean {
  return ((holding[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0;
}

function wasReached({ cells, nodes, epoch }: Pick<Flat, 'cells' | 'nodes' | 'epoch'>, slot: number): boolean {
  return nodes[(cells[slot * SLOT_CELLS] ?? 0) * NODE_CELLS] === epoch;
}

/** Do the routers that go on make what they made? */
function sameWhereAlive(state: SimulationState, kept: PrefixState, old: PrefixState): boolean {
  if (kept.idle.size + old.idle.size > 0) return false;
  const { configured: now } = kept;
  const { configured: then } = old;
  return sameIn(state, now, then) && sameIn(state, then, now);
}

function sameIn({ routers }: SimulationState, now: Origins, then: Origins): boolean {
  if (now === then) return true;
  for (const [node, paths] of now) {
    if (!routers[node]) continue;
    const others = then.get(node) ?? [];
    if (paths.length !== others.length || paths.some((path, i) => path !== others[i])) return false;
  }
  return true;
}

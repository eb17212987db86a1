import type { Prefix } from '../../base/ip.ts';
import { bitsOf } from '../../base/ip.ts';
import { layHeld } from '../compact/held-slots.ts';
import { beginPrefix } from '../engine/begin-prefix.ts';
import { type Circumstances, inOrder, type StartOrder } from '../engine/converge.ts';
import { nodesInTurns } from '../engine/first-announcement.ts';
import { S, SLOT_CELLS } from './cells.ts';
import { isNextHop } from './create.ts';
import { redecide, settleChoices } from './decide.ts';
import { deliverTo } from './deliver.ts';
import { twinsOf } from './find-twins.ts';
import { beginFlat, type Flat } from './layout.ts';
import { createTold, type Restored, reach } from './restore.ts';
import { addOwn, layOwn, takeOut } from './table.ts';
import { tellFirst } from './tell-first.ts';
import { apartBy, goTogether, isLed } from './twins.ts';

/** What a prefix is converged with; `kernel`: routers with other routes for it. */
export interface Ground extends Pick<Circumstances, 'origins' | 'idle'> {
  readonly kernel: Iterable<number>;
}

/**
 * As `runFlat`, with one router doing what a group of them does alike. False also where they do not (`flat.strays`): what they did is
 * in the tables of those alone that did it, and of the others nobody may ask but `follow.ts`.
 */
export function runTogether(flat: Flat, prefix: Prefix, ground: Ground, order: StartOrder): boolean {
  return run(flat, prefix, ground, order, true);
}

/**
 * Converges one prefix with all routers starting together, as `convergePrefix` does. False where that came upon something only the
 * engine knows; what was done so far is then worth nothing.
 */
export function runFlat(
  flat: Flat,
  prefix: Prefix,
  { origins, idle }: Pick<Circumstances, 'origins' | 'idle'>,
  order: StartOrder,
): boolean {
  return run(flat, prefix, { origins, idle, kernel: [] }, order, false);
}

function run(
  flat: Flat,
  prefix: Prefix,
  { origins, idle, kernel }: Ground,
  order: StartOrder,
  together: boolean,
): boolean {
  const { engine } = flat;
  beginPrefix(engine, prefix, 1);
  if (prefix.length === bitsOf(prefix.family) && isNextHop(flat, prefix)) return false;
  beginFlat(flat);
  const twins = together ? twinsOf(flat) : null;
  if (twins) goTogether(flat, twins, apartBy(flat, twins, [...origins.keys(), ...idle.keys(), ...kernel]));
  for (const [node, made] of idle) for (const { path, why } of made) addOwn(flat, node, path, why);
  const starting = inOrder(order, [...origins.keys()]);
  for (const node of starting) for (const path of origins.get(node) ?? []) addOwn(flat, node, path, null);
  for (const turn of nodesInTurns(engine.topology, starting)) {
    if (!drainFlat(flat, noneClosed)) return false;
    for (const node of turn) redecide(flat, node);
  }
  return drainFlat(flat, noneClosed);
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

/** Slots of one router: the number of a word of `Flat.holding` and its bits, in turn. */
export interface GoneAt {
  readonly node: number;
  readonly slots: readonly number[];
}

/** By router, ascending. */
export function goneByNode({ cells }: Flat, gone: readonly number[]): readonly GoneAt[] {
  const byNode = new Map<number, Map<number, number>>();
  for (const slot of gone) {
    const node = cells[slot * SLOT_CELLS] ?? 0;
    const words = byNode.get(node) ?? new Map<number, number>();
    byNode.set(node, words.set(slot >>> 5, (words.get(slot >>> 5) ?? 0) | (1 << (slot & 31))));
  }
  return [...byNode].sort(([a], [b]) => a - b).map(([node, words]) => ({ node, slots: [...words].flat() }));
}

/** Sessions that end or come up again; `uneven`: groups of routers that do as one otherwise, and to which not the same happens. */
export interface Disturbed {
  readonly closed: Uint8Array;
  readonly gone: readonly GoneAt[];
  readonly opened: readonly (readonly number[])[];
  readonly uneven: readonly number[];
}

/**
 * What follows in the tables of a prefix that had settled, where sessions end: nothing arrives in slots that are `closed`; those that
 * are gone lie in `restored`. Or where sessions come up: the slots that are `opened` are told what there is, in turns. False as above.
 */
export function goOn(
  flat: Flat,
  prefix: Prefix,
  { origins, idle }: Pick<Circumstances, 'origins' | 'idle'>,
  order: StartOrder,
  restored: Restored,
  { closed, gone, opened, uneven }: Disturbed,
): boolean {
  beginPrefix(flat.engine, prefix, 1);
  beginFlat(flat);
  flat.was ??= createTold(flat);
  flat.restored = restored;
  const { alone } = restored.standing;
  const twins = alone === null ? null : twinsOf(flat);
  if (alone && twins)
    goTogether(flat, twins, uneven.length === 0 ? alone : [...new Set([...alone, ...uneven])]);
  layHeld(restored.holding, flat.holding);
  for (const [node, made] of idle) for (const { path, why } of made) layOwn(flat, node, path, why);
  for (const node of inOrder(order, [...origins.keys()]))
    for (const path of origins.get(node) ?? []) layOwn(flat, node, path, null);
  const changed: number[] = [];
  for (let i = 0; i < gone.length; i++) {
    const { node, slots } = gone[i] ?? nowhere;
    if (!letGo(flat.holding, slots) || isLed(flat, node)) continue;
    reach(flat, node);
    changed.push(node);
  }
  for (let i = 0; i < changed.length && !flat.failed; i++) redecide(flat, changed[i] ?? 0);
  return openInTurns(flat, closed, opened) && drainFlat(flat, closed);
}

/** Whoever is told something in a later turn hears nothing before. */
function openInTurns(flat: Flat, closed: Uint8Array, opened: Disturbed['opened']): boolean {
  const { reverse } = flat.engine.topology;
  const shut = (slots: readonly number[], is: 0 | 1) => {
    for (const slot of slots) closed[reverse[slot] ?? -1] = is;
  };
  for (let turn = 1; turn < opened.length; turn++) shut(opened[turn] ?? [], 1);
  let goes = true;
  for (let turn = 0; turn < opened.length; turn++) {
    const slots = opened[turn] ?? [];
    goes &&= turn === 0 || drainFlat(flat, closed);
    if (turn > 0) shut(slots, 0);
    for (let i = 0; goes && i < slots.length && !flat.failed; i++) tellFirst(flat, slots[i] ?? 0);
  }
  return goes;
}

const nowhere: GoneAt = { node: 0, slots: [] };

/** Nothing stands in these slots any more; did something? */
function letGo(holding: Uint32Array, slots: GoneAt['slots']): boolean {
  let held = 0;
  for (let i = 0; i < slots.length; i += 2) {
    const [word, bits] = [slots[i] ?? 0, slots[i + 1] ?? 0];
    held |= (holding[word] ?? 0) & bits;
    holding[word] = (holding[word] ?? 0) & ~bits;
  }
  return held !== 0;
}

/** Beyond the end of it no slot is marked. With null the compiler would have to begin again at the first failure. */
const noneClosed = new Uint8Array(0);

function drainFlat(flat: Flat, closed: Uint8Array): boolean {
  const limit = Math.max(5000, 50 * flat.slots);
  let left = 0;
  while (flat.head !== flat.tail) {
    if (left === 0) {
      settleChoices(flat);
      left = flat.tail - flat.head;
    }
    left -= 4;
    if (flat.events >= limit || flat.failed) return false;
    const { queue } = flat;
    const at = flat.head % queue.length;
    flat.head += 4;
    deliverTo(flat, closed, queue[at] ?? 0, queue[at + 1] ?? 0, queue[at + 2] ?? 0, queue[at + 3] ?? 0);
  }
  settleChoices(flat);
  return !flat.failed;
}

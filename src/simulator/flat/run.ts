import type { Prefix } from '../../base/ip.ts';
import { bitsOf } from '../../base/ip.ts';
import { type Circumstances, inOrder, type StartOrder } from '../converge.ts';
import { beginPrefix } from '../engine.ts';
import { redecide } from './decide.ts';
import { deliverTo } from './deliver.ts';
import { addressKey, beginFlat, type Flat, S, SLOT_CELLS } from './layout.ts';
import { addOwn, takeOut } from './table.ts';

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

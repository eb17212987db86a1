import { G, GROUP_CELLS, NODE_CELLS, ONE_BY_ONE, SLOT_CELLS } from './cells.ts';
import { type Flat, push } from './layout.ts';
import { reach } from './restore.ts';
import { isLed, stray } from './twins.ts';

/** A session has come up: its slot is told what the others of its group have, before anything else is told to anybody. */
export function tellFirst(flat: Flat, slot: number): void {
  const { cells, nodes, groups, told, placeOf, was } = flat;
  const node = cells[slot * SLOT_CELLS] ?? 0;
  // Whoever does as another one passes nothing on.
  if (isLed(flat, node)) return;
  if (nodes[node * NODE_CELLS] !== flat.epoch) reach(flat, node);
  const g = (was?.groupOf[slot] ?? 0) * GROUP_CELLS;
  const one = ((groups[g + G.flags] ?? 0) & ONE_BY_ONE) !== 0;
  const attributes = (one ? told[slot * 4] : groups[g + G.had]) ?? 0;
  if (attributes === 0) return;
  stray(flat, node);
  const asPath = (one ? told[slot * 4 + 1] : groups[g + G.hadAsPath]) ?? 0;
  const place = placeOf[slot] ?? 0;
  push(flat, place, place + 1, asPath, attributes);
}

import { FOR_GOOD, N, NODE_CELLS, S, SAME_MED, SLOT_CELLS, TOLD } from './cells.ts';
import type { Flat } from './layout.ts';
import { append, countMatch } from './table.ts';
import { togetherAs } from './twins.ts';

/** What one router of a group came to, for the others (see `twins.ts`): their slots stand as many places from their first as its own. */

const nobody = new Int32Array(0);

/** The routers for which this one did what they do about the prefix at hand. */
export function ledBy(flat: Flat, node: number): Int32Array {
  const group = togetherAs(flat, node);
  const members = group === 0 ? undefined : flat.twins?.groups[group];
  return members && members[0] === node ? members.subarray(1) : nobody;
}

/** Who does for a router what it does about the prefix at hand. */
export function leaderOf(flat: Flat, node: number): number {
  const group = togetherAs(flat, node);
  return group === 0 ? node : (flat.twins?.groups[group]?.[0] ?? node);
}

/** The routers that the prefix at hand has reached, each behind the one that did it for them. */
export function reachedNow(flat: Flat): number[] {
  const nodes: number[] = [];
  for (let i = 0; i < flat.reached; i++) {
    const node = flat.touched[i] ?? 0;
    nodes.push(node);
    const led = ledBy(flat, node);
    for (let k = 0; k < led.length; k++) nodes.push(led[k] ?? 0);
  }
  return nodes;
}

/** What the followers installed when they followed the present choice of their leader; null: they have not. */
export function followedHops({ nodes, twins }: Flat, leader: number): Int32Array | null {
  const group = twins?.groupOf[leader] ?? 0;
  return twins?.choices[group] === nodes[leader * NODE_CELLS + N.choice]
    ? (twins?.hops[group] ?? null)
    : null;
}

/** They are about to follow it: the answer is where what they install is to be written. */
export function followAnew({ nodes, twins }: Flat, leader: number): Int32Array {
  const group = twins?.groupOf[leader] ?? 0;
  if (twins) twins.choices[group] = nodes[leader * NODE_CELLS + N.choice] ?? 0;
  return twins?.hops[group] ?? nobody;
}

/** Gives the router the table of its leader. */
export function layAlike(flat: Flat, leader: number, node: number): void {
  const { nodes, cells, engine } = flat;
  const { slotStart } = engine.topology;
  const offset = (slotStart[node] ?? 0) - (slotStart[leader] ?? 0);
  const [n, m] = [leader * NODE_CELLS, node * NODE_CELLS];
  nodes[m + N.head] = nodes[m + N.tail] = -1;
  nodes[m + N.count] = nodes[m + N.matches] = 0;
  nodes[m + N.flags] =
    ((nodes[m + N.flags] ?? 0) & (FOR_GOOD | TOLD)) | ((nodes[n + N.flags] ?? 0) & SAME_MED);
  for (let at = nodes[n + N.head] ?? -1; at >= 0; at = cells[at * SLOT_CELLS + S.next] ?? -1) {
    const [from, to] = [at * SLOT_CELLS, (at + offset) * SLOT_CELLS];
    const [asPath, attributes] = [cells[from + S.asPath] ?? 0, cells[from + S.attributes] ?? 0];
    cells[to + S.asPath] = asPath;
    cells[to + S.attributes] = attributes;
    append(flat, node, at + offset);
    countMatch(flat, m, to, asPath, attributes);
  }
  const best = nodes[n + N.best] ?? -1;
  nodes[m + N.best] = best < 0 ? -1 : best + offset;
  flat.selected[node] = best < 0 ? -1 : best + offset;
  nodes[m + N.bestAsPath] = nodes[n + N.bestAsPath] ?? 0;
  nodes[m + N.bestAttributes] = nodes[n + N.bestAttributes] ?? 0;
}

/** Of every router: which slots hold a path. */
export function holdAlike(flat: Flat): void {
  if (!flat.twins) return;
  const { touched, reached, holding, engine } = flat;
  const { slotStart } = engine.topology;
  for (let i = 0; i < reached; i++) {
    const leader = touched[i] ?? 0;
    const led = ledBy(flat, leader);
    const [start, end] = [slotStart[leader] ?? 0, slotStart[leader + 1] ?? 0];
    for (let slot = led.length === 0 ? end : start; slot < end; slot++) {
      const bit = ((holding[slot >>> 5] ?? 0) >>> (slot & 31)) & 1;
      for (let k = 0; k < led.length; k++) {
        const own = slot - start + (slotStart[led[k] ?? 0] ?? 0);
        holding[own >>> 5] = ((holding[own >>> 5] ?? 0) & ~(1 << (own & 31))) | (bit << (own & 31));
      }
    }
  }
}

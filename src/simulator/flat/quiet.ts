import { isShort } from './answers.ts';
import { G, GROUP_CELLS, INTERNAL, LEAD_CELLS, N, S, SLOT_CELLS, TO_INTERNAL, TOLD } from './cells.ts';
import type { Flat } from './layout.ts';

/**
 * Most routers pass nothing on: hosts that announce what is theirs, internal peers of internal peers. That a path of a slot is told to
 * nobody is noted there, by its attributes and, where policies look at AS_PATHs, by what they found: then neither the groups nor
 * their answers are looked at, each of which is a line of the processor's cache.
 */
const ATTRIBUTES_BITS = 20;
const ATTRIBUTES = (1 << ATTRIBUTES_BITS) - 1;
const MOST_KNOWN = 1 << 11;

/** Is nobody told of the best path of the router at `n`, who was told nothing yet? */
export function isQuiet(flat: Flat, n: number, best: number): boolean {
  const { cells, nodes, classes, slots } = flat;
  if (best < 0 || best >= slots || ((nodes[n + N.flags] ?? 0) & TOLD) !== 0) return false;
  const quiet = cells[best * SLOT_CELLS + S.quiet] ?? 0;
  if (quiet === 0 || (quiet & ATTRIBUTES) !== nodes[n + N.bestAttributes]) return false;
  const asPath = nodes[n + N.bestAsPath] ?? 0;
  if (!isShort(flat, asPath)) return false;
  const known = quiet >>> ATTRIBUTES_BITS;
  return known === 0 || classes.views[(nodes[n + N.view] ?? 0) - 1]?.known[asPath] === known;
}

/** Notes it where the answers for all groups, which were just asked for, say so. */
export function noteQuiet(flat: Flat, n: number, best: number): void {
  const { cells, nodes, groups, leads, classes } = flat;
  if (best < 0 || best >= flat.slots || ((nodes[n + N.flags] ?? 0) & TOLD) !== 0) return;
  const c = best * SLOT_CELLS;
  const attributes = cells[c + S.attributes] ?? 0;
  if (attributes > ATTRIBUTES || !isShort(flat, cells[c + S.asPath] ?? 0)) return;
  const internal = ((cells[c + S.flags] ?? 0) & INTERNAL) !== 0;
  const start = nodes[n + N.groupStart] ?? 0;
  const asked = classes.views[(nodes[n + N.view] ?? 0) - 1]?.known[cells[c + S.asPath] ?? 0] ?? 0;
  let known = 0;
  for (let group = start; group < (nodes[n + N.groupEnd] ?? 0); group++) {
    if (internal && ((groups[group * GROUP_CELLS + G.flags] ?? 0) & TO_INTERNAL) !== 0) continue;
    const at = LEAD_CELLS * ((cells[c + S.leads] ?? 0) + group - start);
    if (leads[at] !== attributes) return;
    if (leads[at + 1] === 0) continue;
    // Refused for what the policy found in the AS_PATH; all that look at it ask the same.
    if (asked === 0 || leads[at + 2] !== asked || leads[at + 3] !== 0) return;
    known = asked;
  }
  if (known < MOST_KNOWN) cells[c + S.quiet] = attributes | (known << ATTRIBUTES_BITS);
}

import { addNode, dropNode, type NodeSet, noNodes, roomFor, settled } from '../compact/node-set.ts';
import { routerAt } from '../engine/engine.ts';
import { type HopSets, installedHops, judgesKernel, singleHops, usedPaths } from '../kernel/fib.ts';
import type { KernelRoute } from '../kernel/kernel-table.ts';
import { decidedByAge } from '../orders/order-dependence.ts';
import { candidateAt, listOf, placesOf } from './candidates.ts';
import {
  CHANGED,
  CHOSEN_BY_AGE,
  INSTALLS,
  INSTALLS_CONNECTED,
  JUDGED,
  N,
  NODE_CELLS,
  OBJECTS,
  ORDERED,
  S,
  SAME_MED,
  SLOT_CELLS,
} from './cells.ts';
import { followAnew, followedHops, layAlike, ledBy } from './follow.ts';
import type { Flat } from './layout.ts';
import { HAS_MED, OWN_HOP } from './numbers.ts';
import { countMatch } from './table.ts';

/** What is kept of a converged prefix beside its hop sets. */
export interface FlatTables {
  readonly byAge: NodeSet;
  readonly metrics: ReadonlyMap<number, number>;
}

const none: ReadonlyMap<number, number> = new Map();

/**
 * Reads off what each router that was reached installs, into `fib`; of those that were not, what stands in `before` stays. `kernel`:
 * routes without BGP, by node.
 */
export function flatTables(
  flat: Flat,
  kernel: ReadonlyMap<number, KernelRoute> | undefined,
  hopSets: HopSets,
  fib: Uint32Array,
  before: FlatTables | null = null,
): FlatTables {
  const { nodes, engine, numbers } = flat;
  let byAge: NodeSet | null = before && before.byAge.length > 0 ? before.byAge.slice() : null;
  let metrics = before?.metrics.size ? new Map(before.metrics) : null;
  for (let i = 0; i < flat.reached; i++) {
    const node = flat.touched[i] ?? 0;
    const n = node * NODE_CELLS;
    const best = nodes[n + N.best] ?? -1;
    const led = ledBy(flat, node);
    if (before) {
      for (const one of [node, ...led]) {
        fib[one] = 0;
        metrics?.delete(one);
        if (byAge) dropNode(byAge, one);
      }
    }
    if (best < 0) continue;
    install(flat, node, kernel?.get(node), hopSets);
    fib[node] = nodes[n + N.choiceHops] ?? 0;
    if (led.length > 0) follow(flat, node, led, hopSets, fib);
    if (((nodes[n + N.flags] ?? 0) & CHOSEN_BY_AGE) !== 0) {
      byAge ??= roomFor(fib.length);
      for (const one of [node, ...led]) addNode(byAge, one);
    }
    if (((numbers.flags[nodes[n + N.bestAttributes] ?? 0] ?? 0) & HAS_MED) === 0) continue;
    metrics ??= new Map();
    const med = candidateAt(flat, best).path.med ?? 0;
    for (const one of [node, ...led])
      if (engine.topology.routers[one]?.config.profile.quirks.bgpMetricIsMed) metrics.set(one, med);
  }
  return { byAge: byAge ? settled(byAge) : noNodes, metrics: metrics ?? none };
}

function install(flat: Flat, node: number, present: KernelRoute | undefined, hopSets: HopSets): void {
  if (present || !(isSameChoice(flat, node) || installSingle(flat, node, hopSets)))
    workOut(flat, node, present, hopSets);
}

/** Writes down what the followers of a router install. */
function follow(flat: Flat, leader: number, led: Int32Array, hopSets: HopSets, fib: Uint32Array): void {
  let hops = followedHops(flat, leader);
  if (hops === null) {
    hops = followAnew(flat, leader);
    for (let i = 0; i < led.length; i++) {
      const node = led[i] ?? 0;
      layAlike(flat, leader, node);
      install(flat, node, undefined, hopSets);
      hops[i] = flat.nodes[node * NODE_CELLS + N.choiceHops] ?? 0;
    }
  }
  for (let i = 0; i < led.length; i++) fib[led[i] ?? 0] = hops[i] ?? 0;
}

/** As that of `outcomes.ts`; paths were compared as they came, and are once more where they changed since. */
function isSameChoice(flat: Flat, node: number): boolean {
  const { nodes, cells } = flat;
  const n = node * NODE_CELLS;
  const flags = nodes[n + N.flags] ?? 0;
  if ((flags & (OBJECTS | SAME_MED)) !== SAME_MED || nodes[n + N.choiceCount] !== nodes[n + N.count])
    return false;
  if ((flags & CHANGED) !== 0) {
    nodes[n + N.matches] = 0;
    for (let at = nodes[n + N.head] ?? -1; at >= 0; at = cells[at * SLOT_CELLS + S.next] ?? -1) {
      const c = at * SLOT_CELLS;
      countMatch(flat, n, c, cells[c + S.asPath] ?? 0, cells[c + S.attributes] ?? 0);
    }
  }
  return nodes[n + N.matches] === nodes[n + N.count] && nodes[n + N.choiceBest] === nodes[n + N.best];
}

/** The route of a router with one path whose next hop is its sender; false where more is asked. */
function installSingle(flat: Flat, node: number, hopSets: HopSets): boolean {
  const { nodes, cells, numbers, engine } = flat;
  const n = node * NODE_CELLS;
  const flags = nodes[n + N.flags] ?? 0;
  const best = nodes[n + N.best] ?? -1;
  if ((flags & (INSTALLS | OBJECTS)) !== INSTALLS || nodes[n + N.count] !== 1 || best >= flat.slots)
    return false;
  const c = best * SLOT_CELLS;
  const attributes = cells[c + S.attributes] ?? 0;
  const slotFlags = cells[c + S.flags] ?? 0;
  const resolved = engine.ownResolution[best] ?? null;
  if (resolved === null || (slotFlags & JUDGED) === 0 || ((numbers.flags[attributes] ?? 0) & OWN_HOP) === 0)
    return false;
  nodes[n + N.choiceHops] = singleHops(hopSets, resolved, (slotFlags & INSTALLS_CONNECTED) !== 0);
  nodes[n + N.flags] = flags & ~CHOSEN_BY_AGE;
  nodes[n + N.choiceCount] = 0;
  nodes[n + N.choice] = (nodes[n + N.choice] ?? 0) + 1;
  if ((flags & (ORDERED | SAME_MED)) !== (ORDERED | SAME_MED)) return true;
  const a = (cells[c + S.asPath] ?? 0) * 4;
  if (numbers.asPaths[a + 3] !== 1) return true;
  noteSlot(flat, n, c);
  nodes[n + N.choiceCount] = 1;
  nodes[n + N.choiceBest] = best;
  return true;
}

/** The slot (at `c`) is part of the choice of its router (at `n`). */
function noteSlot({ cells, nodes, numbers }: Flat, n: number, c: number): void {
  const a = (cells[c + S.asPath] ?? 0) * 4;
  cells[c + S.choice] = nodes[n + N.choice] ?? 0;
  cells[c + S.choiceAttributes] = cells[c + S.attributes] ?? 0;
  cells[c + S.choiceLength] = numbers.asPaths[a] ?? 0;
  cells[c + S.choiceFirst] = numbers.asPaths[a + 1] ?? 0;
}

function workOut(flat: Flat, node: number, present: KernelRoute | undefined, hopSets: HopSets): void {
  const { engine, nodes } = flat;
  const n = node * NODE_CELLS;
  const best = nodes[n + N.best] ?? -1;
  const list = engine.lists[node];
  if (!list) return;
  list.push(...listOf(flat, node));
  engine.best[node] = candidateAt(flat, best);
  const used = usedPaths(engine, node, engine.topology.family);
  nodes[n + N.choiceHops] = installedHops(engine, node, used, present, hopSets);
  const flags = (nodes[n + N.flags] ?? 0) & ~CHOSEN_BY_AGE;
  nodes[n + N.flags] = decidedByAge(engine, node, used) ? flags | CHOSEN_BY_AGE : flags;
  for (const candidate of list) candidate.selected = false;
  list.length = 0;
  engine.best[node] = null;
  nodes[n + N.choiceCount] = 0;
  nodes[n + N.choice] = (nodes[n + N.choice] ?? 0) + 1;
  if (!present) note(flat, node, best);
}

/** As `noteOutcome`. */
function note(flat: Flat, node: number, best: number): void {
  const { cells, nodes, numbers, engine } = flat;
  const n = node * NODE_CELLS;
  const flags = nodes[n + N.flags] ?? 0;
  if ((flags & (ORDERED | SAME_MED | OBJECTS)) !== (ORDERED | SAME_MED)) return;
  if (judgesKernel(routerAt(engine.topology, node).config)) return;
  const places = placesOf(flat, node);
  for (const slot of places) {
    const c = slot * SLOT_CELLS;
    const a = (cells[c + S.asPath] ?? 0) * 4;
    if (((cells[c + S.flags] ?? 0) & JUDGED) === 0 || numbers.asPaths[a + 3] !== 1) return;
    if (engine.topology.peers.at(slot)?.type !== 'ebgp' && places.length > 1) return;
    noteSlot(flat, n, c);
  }
  nodes[n + N.choiceCount] = places.length;
  nodes[n + N.choiceBest] = best;
}

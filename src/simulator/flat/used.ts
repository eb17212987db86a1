import type { SlotCandidate } from '../engine/engine.ts';
import { usedPaths } from '../kernel/fib.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';
import { candidateAt, listOf } from './candidates.ts';
import { N, NODE_CELLS } from './cells.ts';
import { layAlike, ledBy } from './follow.ts';
import { convergeInNumbers } from './index.ts';
import type { Flat } from './layout.ts';
import { flatTables } from './tables.ts';

/** What each router uses for a prefix, by node. */
export interface UsesInNumbers {
  /** As long as it is the same, so are the senders of the paths used together; 0: the router has no path. */
  readonly choice: Int32Array;
  /** Of the best path; the AS_PATH is -1 for an own one. */
  readonly asPath: Int32Array;
  readonly attributes: Int32Array;
  /** Who did it: the router itself, or the one that leads it. */
  readonly leader: Int32Array;
}

export function createUses(nodes: number): UsesInNumbers {
  const [choice, asPath] = [new Int32Array(nodes), new Int32Array(nodes)];
  return { choice, asPath, attributes: new Int32Array(nodes), leader: new Int32Array(nodes) };
}

/** Converges a prefix again in numbers; null where the engine has to do it. What is in `uses` holds until the next prefix. */
export function useInNumbers(
  state: SimulationState,
  { engine, hopSets }: FamilyState,
  kept: PrefixState,
  uses: UsesInNumbers,
): Flat | null {
  const { flat } = engine;
  if (state.past || !kept.held || !flat || flat === 'never') return null;
  const kernel = state.kernel.byPrefix.get(kept.prefix.text);
  if (!convergeInNumbers(flat, kept, kernel?.keys() ?? [], state.order)) return null;
  flatTables(flat, kernel, hopSets, new Uint32Array(state.tables.length));
  uses.choice.fill(0);
  for (let i = 0; i < flat.reached; i++) {
    const node = flat.touched[i] ?? 0;
    if ((flat.nodes[node * NODE_CELLS + N.best] ?? -1) < 0) continue;
    const choice = (flat.nodes[node * NODE_CELLS + N.choice] ?? 0) + 1;
    note(uses, flat, node, node, choice);
    const led = ledBy(flat, node);
    // The numbers of its leader's choices are not its own ones.
    for (let k = 0; k < led.length; k++) note(uses, flat, led[k] ?? 0, node, -choice);
  }
  return flat;
}

function note(uses: UsesInNumbers, flat: Flat, node: number, leader: number, choice: number): void {
  const n = leader * NODE_CELLS;
  uses.choice[node] = choice;
  uses.asPath[node] = (flat.nodes[n + N.best] ?? 0) >= flat.slots ? -1 : (flat.nodes[n + N.bestAsPath] ?? 0);
  uses.attributes[node] = flat.nodes[n + N.bestAttributes] ?? 0;
  uses.leader[node] = leader;
}

/** The paths that a router uses together, the best one first. */
export function pathsInUse(
  flat: Flat,
  { leader }: UsesInNumbers,
  node: number,
): readonly [SlotCandidate, ...SlotCandidate[]] {
  const { engine } = flat;
  const first = leader[node] ?? node;
  if (first !== node) layAlike(flat, first, node);
  const best = candidateAt(flat, flat.nodes[node * NODE_CELLS + N.best] ?? -1);
  const list = engine.lists[node];
  if (!list) return [best];
  list.push(...listOf(flat, node));
  engine.best[node] = best;
  const used = usedPaths(engine, node, engine.topology.family);
  for (const candidate of list) candidate.selected = false;
  list.length = 0;
  engine.best[node] = null;
  return [best, ...used.filter((one) => one !== best)];
}

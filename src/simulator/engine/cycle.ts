import type { Oscillation } from './converge.ts';
import type { Engine } from './engine.ts';

/** The slots whose path a node chose one after the other, until it chose the first again; below 0: its own path, or none. */
export interface Turns {
  readonly node: number;
  readonly slots: readonly number[];
}

const ROUNDS_WATCHED = 500;
/** Where every answer makes more than one new question the rounds grow without end. */
const ROUND_AT_MOST = 20_000;

/** Delivers round by round until a state comes back; remembers who changed on the way, and to what. */
export function watchCycle(engine: Engine, deliverNext: (engine: Engine) => void): Oscillation {
  const { queue } = engine;
  const seen = new Map<string, number>();
  const chosen = new Map<number, { readonly round: number; readonly slot: number }[]>();
  const nodes = () => [...chosen.keys()].sort((a, b) => a - b);
  for (let round = 0; round < ROUNDS_WATCHED && queue.tail - queue.head < ROUND_AT_MOST; round++) {
    const state = stateKey(engine);
    const first = seen.get(state);
    if (first !== undefined) return { nodes: nodes(), repeats: true, turns: turnsSince(first, chosen) };
    seen.set(state, round);
    const before = engine.bestPath.slice();
    for (let waiting = queue.tail - queue.head; waiting > 0; waiting--) deliverNext(engine);
    before.forEach((path, node) => {
      if (path === engine.bestPath[node]) return;
      const choices = chosen.get(node) ?? [];
      chosen.set(node, choices);
      choices.push({ round, slot: engine.best[node]?.slot ?? -1 });
    });
    if (queue.head === queue.tail) return null;
  }
  return { nodes: nodes(), repeats: false };
}

function turnsSince(
  first: number,
  chosen: ReadonlyMap<number, readonly { readonly round: number; readonly slot: number }[]>,
): readonly Turns[] {
  return [...chosen]
    .sort(([a], [b]) => a - b)
    .map(([node, choices]) => ({
      node,
      slots: [...new Set(choices.filter(({ round }) => round >= first).map(({ slot }) => slot))],
    }))
    .filter(({ slots }) => slots.length > 0);
}

/** Everything that decides what comes next: what is best where, what was received, what is under way. */
function stateKey({ bestPath, received, queue }: Engine): string {
  const mask = queue.slots.length - 1;
  const waiting: number[] = [];
  for (let i = queue.head; i < queue.tail; i++)
    waiting.push(queue.slots[i & mask] ?? 0, queue.paths[i & mask] ?? 0);
  return `${bestPath.join()};${received.join()};${waiting.join()}`;
}

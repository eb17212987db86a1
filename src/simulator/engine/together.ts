import type { Engine } from './engine.ts';

/**
 * FRR looks at a prefix 50 ms after something has come, and then at all that has come: which of it was first does not count, and of two paths that are told
 * apart by age alone the lower router id is best. Messages are passed on in rounds, one for each router on the way; what a router has chosen
 * is selected, and thereby the older path, when the round is over.
 */
export function noteChoice(engine: Engine, node: number): boolean {
  if (!engine.inRounds || engine.gathers[node] !== 1) return false;
  if (engine.isUnsettled[node] === 0) engine.unsettled.push(node);
  engine.isUnsettled[node] = 1;
  return true;
}

/** The round is over. */
export function settleChoices(engine: Engine): void {
  for (const node of engine.unsettled) {
    engine.isUnsettled[node] = 0;
    for (const candidate of engine.lists[node] ?? []) candidate.selected = false;
    const best = engine.best[node];
    if (best) best.selected = true;
  }
  engine.unsettled.length = 0;
}

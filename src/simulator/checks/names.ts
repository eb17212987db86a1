import type { SimulationState } from '../state.ts';

const SHOWN = 5;

export function nameOf(state: SimulationState, node: number): string {
  return state.network.nodes[node]?.name ?? '';
}

/** `r1, r2, r3, r4, r5 and 12 more`. */
export function someNames(state: SimulationState, nodes: readonly number[]): string {
  const names = nodes.slice(0, SHOWN).map((node) => nameOf(state, node));
  const rest = nodes.length - names.length;
  return rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(', ');
}

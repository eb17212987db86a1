import { decidingStep } from '../../bgp/rib/decide.ts';
import { nodesIn } from '../compact/node-set.ts';
import { redecide } from '../engine/choose.ts';
import { drain } from '../engine/converge.ts';
import { type Engine, routerAt, type SlotCandidate } from '../engine/engine.ts';
import { holdPrefix } from '../result/hosts.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';
import { type Difference, differenceNow } from './orders.ts';

/**
 * What would be if, wherever age decided, the other path had come first: the tie is turned round in the converged tables, and they
 * settle again. null: the kernels would hold the same. Far cheaper than another start, and what it finds is a state that stays.
 */
export function hadOthersComeFirst(
  state: SimulationState,
  familyState: FamilyState,
  kept: PrefixState,
): Difference | null {
  const { engine } = familyState;
  holdPrefix(state, familyState, kept);
  const turned = nodesIn(kept.byAge).filter((node) => turn(engine, node));
  if (turned.length === 0 || drain(engine)) return null;
  return differenceNow(state, familyState, kept, turned, { name: 'in another order', order: state.order });
}

/** Lets the first candidate that only age beat be the one that came first; false where there is none. */
function turn(engine: Engine, node: number): boolean {
  const list = engine.lists[node];
  const best = engine.best[node];
  if (!list || !best) return false;
  const { process } = routerAt(engine.topology, node);
  const other = list.find((candidate) => {
    if (candidate === best || candidate.invalid !== null) return false;
    const step = decidingStep(process, best, candidate);
    return step === 'older-selected' || step === 'older-received' || step === 'list-order';
  });
  if (!other) return false;
  swap(list, best, other);
  redecide(engine, node);
  return engine.best[node] === other;
}

/** They change places in the list, in age, and in being the one that was selected. */
function swap(list: SlotCandidate[], best: SlotCandidate, other: SlotCandidate): void {
  const [at, there] = [list.indexOf(best), list.indexOf(other)];
  list[at] = other;
  list[there] = best;
  const { arrival } = best;
  best.arrival = other.arrival;
  other.arrival = arrival;
  best.selected = false;
  other.selected = true;
}

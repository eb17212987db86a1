import { type DecidingStep, type DecisionProcess, decidingStep } from '../../bgp/rib/decide.ts';
import { comparesAge } from '../../bgp/rib/steps.ts';
import { type Engine, routerAt, type SlotCandidate } from '../engine/engine.ts';

/**
 * Was the best path chosen because it came first? Paths that are used together with it do not count: traffic is the same
 * whichever of them is called best.
 */
export function decidedByAge(engine: Engine, node: number, together: readonly SlotCandidate[]): boolean {
  const best = engine.best[node];
  const list = engine.lists[node] ?? [];
  if (!best || best.peer === null || list.length <= together.length) return false;
  const { process } = routerAt(engine.topology, node);
  return list.some((candidate) => {
    if (candidate === best || candidate.invalid !== null || together.includes(candidate)) return false;
    const step = decidingStep(process, best, candidate);
    if (step === 'older-selected' || step === 'older-received' || step === 'list-order') return true;
    return isBehindAge(process, step) && comparesAge(best, candidate, process.config.decision);
  });
}

/** A step that only decides because both came in the same second, which another time they may not. */
function isBehindAge({ profile: { steps } }: DecisionProcess, step: DecidingStep): boolean {
  const age = steps.indexOf('older-received');
  return age >= 0 && step !== 'list-order' && steps.indexOf(step) > age;
}

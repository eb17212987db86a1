import type { Path } from '../attributes.ts';
import type { DecisionStep } from '../profile.ts';
import type { Candidate } from './candidate.ts';
import type { DecisionProcess } from './decide.ts';

/** Equal cost is judged before the first of these; a profile without the 'multipath' mark means the tie-breakers. */
const afterEquality: ReadonlySet<DecisionStep> = new Set([
  'multipath',
  'older-selected',
  'older-received',
  'router-id',
]);

/** What `peer-type multipath-relax` leaves out of equal cost; it still decides which path is best. */
const peerType: ReadonlySet<DecisionStep> = new Set(['ebgp-over-ibgp', 'confed-external']);

/** The sign of the first step that tells `a` and `b` apart; 0 where none does. */
export function compareCandidates(process: DecisionProcess, a: Candidate, b: Candidate): number {
  const steps = equalByPath(a.path, b.path) ? process.peerSteps : process.steps;
  for (let i = 0; i < steps.length; i++) {
    const difference = steps[i]?.compare(a, b) ?? 0;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Does no step that looks at the path alone tell the two apart? */
export function equalByPath(a: Path, b: Path): boolean {
  return (
    a === b ||
    (a.attributes === b.attributes &&
      a.asPath.length === b.asPath.length &&
      a.asPath.confedLength === b.asPath.confedLength)
  );
}

/** Do all steps tie that come before those that only break ties? */
export function equalUpToTies(process: DecisionProcess, best: Candidate, other: Candidate): boolean {
  const relaxed = process.config.decision.peerTypeMultipathRelax;
  for (const step of process.steps) {
    if (afterEquality.has(step.name)) break;
    if (relaxed && peerType.has(step.name)) continue;
    if (step.compare(best, other) !== 0) return false;
  }
  return true;
}

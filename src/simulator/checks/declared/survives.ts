import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { SimulationState } from '../../state.ts';
import { allFailures, combinations } from '../../what-if/failures.ts';
import { baselineOf } from '../../what-if/impact.ts';
import { type FailureResult, lastingChecks, passingBefore, tryFailure } from '../../what-if/sweep.ts';
import type { DeclaredCheck, SurvivesAssertion } from './types.ts';

/** Failures told apart; the rest are counted. */
const MAX_TOLD = 10;

/**
 * After any such failures the named checks still pass; where none are named, those of reachability, leaks and spread do, and every
 * host that is left reaches what it reached before.
 */
export function checkSurvives(
  state: SimulationState,
  { source }: DeclaredCheck,
  { what, count, checks: names }: SurvivesAssertion,
  all: readonly DeclaredCheck[],
): readonly Diagnostic[] {
  const wanted = names ? all.filter(({ name }) => names.includes(name)) : lastingChecks(all);
  const passing = passingBefore(state, wanted);
  const { failures, leftOut } = combinations(state, allFailures(state, what), count);
  const baseline = baselineOf(state);
  const findings: Diagnostic[] = [];
  let failed = 0;
  for (const failure of failures) {
    const result = tryFailure(baseline, failure, passing);
    const message = complaint(result, names === null);
    if (message === null) continue;
    failed++;
    if (failed <= MAX_TOLD) findings.push(finding(`after ${failure.text} ${message}`, failure.text, source));
  }
  if (failed > MAX_TOLD) {
    const rest = failed - MAX_TOLD;
    findings.push(
      finding(`${rest} more of ${failures.length} failures are not survived`, `${rest} more`, source),
    );
  }
  if (leftOut > 0) {
    const message = `${leftOut} combinations of failures were not tried`;
    findings.push({ ...finding(message, `${failures.length} tried`, source), severity: 'warning' });
  }
  return findings;
}

/** What is wrong after the failure; null: nothing. */
function complaint({ checks, lost, effect }: FailureResult, everything: boolean): string | null {
  const [check] = checks;
  if (check) return `the check ${check.name} fails: ${check.message}`;
  if (!everything) return null;
  const [first] = lost;
  if (first) return `${first.from.slice(0, 3).join(', ')} cannot reach ${first.prefix}: ${first.why}`;
  return effect === 'unsettled' ? 'the routes never settle' : null;
}

function finding(message: string, found: string, source: DeclaredCheck['source']): Diagnostic {
  return {
    rule: 'check-survives',
    severity: 'error',
    message,
    ranges: [source],
    found,
    expected: 'the fabric goes on working',
    fix: 'give the traffic a second way: fabricgen simulate --fail with this failure shows what is left',
  };
}

import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { SimulationState } from '../../state.ts';
import { allFailures, combinations } from '../../what-if/failures.ts';
import { baselineOf, carriesTraffic } from '../../what-if/impact.ts';
import { type FailureResult, lastingChecks, passingBefore, tryFailure } from '../../what-if/sweep.ts';
import type { DeclaredCheck, SurvivesAssertion } from './types.ts';

/** Failures told apart; the rest are counted. */
const MAX_TOLD = 10;

/**
 * After any such failures the named checks still pass; where none are named, those of reachability, leaks and spread do, and every
 * host that is left reaches what it reached before. Where nothing can fail, or nothing can be lost, it has not passed: nothing was tried.
 */
export function checkSurvives(
  state: SimulationState,
  { source }: DeclaredCheck,
  assertion: SurvivesAssertion,
  all: readonly DeclaredCheck[],
): readonly Diagnostic[] {
  const { what, count, checks: names } = assertion;
  const wanted = names ? all.filter(({ name }) => names.includes(name)) : lastingChecks(all);
  const passing = passingBefore(state, wanted);
  const single = allFailures(state, what);
  const { failures, leftOut } = combinations(state, single, count);
  const baseline = baselineOf(state);
  const findings: Diagnostic[] = names ? failedBefore(wanted, passing, source) : [];
  if (failures.length === 0) findings.push(nothingToTry(assertion, single.length, source));
  else if (!names && passing.length === 0 && !carriesTraffic(baseline)) findings.push(nothingToLose(source));
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

/** A named check that fails already says nothing of the failures, and cannot be left to pass here. */
function failedBefore(
  wanted: readonly DeclaredCheck[],
  passing: readonly DeclaredCheck[],
  source: DeclaredCheck['source'],
): Diagnostic[] {
  return wanted
    .filter((check) => !passing.includes(check))
    .map(({ name }) => ({
      ...finding(`the check ${name} fails before anything has failed`, name, source),
      fix: `mend what ${name} finds first, or take it out of this check`,
    }));
}

function nothingToTry(
  { what, count }: SurvivesAssertion,
  single: number,
  source: DeclaredCheck['source'],
): Diagnostic {
  const asked = `${what.join(' and ')}: ${count}`;
  const things = single === 1 && what.length === 1 ? what.join('').replace(/s$/, '') : what.join(' and ');
  return {
    ...finding(`there is nothing to try, the fabric has ${single} ${things}`, asked, source),
    expected: 'failures to be survived',
    fix: single === 0 ? 'name something else that can fail, or remove this check' : 'let fewer fail at once',
  };
}

function nothingToLose(source: DeclaredCheck['source']): Diagnostic {
  return {
    ...finding(
      'there is nothing to lose, no host reaches a network of another before anything has failed',
      'no traffic',
      source,
    ),
    fix: 'see with fabricgen simulate why nothing is announced or arrives, or name checks that have to hold',
  };
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

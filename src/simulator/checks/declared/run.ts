import { type Diagnostic, hasErrors } from '../../../base/diagnostic.ts';
import type { SimulationState } from '../../state.ts';
import { type CheckContext, checkContext, type Disturbance } from './context.ts';
import { checkNoLoss } from './forwarding.ts';
import { checkNoLeak } from './no-leak.ts';
import { checkOrderIndependent } from './order.ts';
import { checkReachable } from './reachable.ts';
import { checkRoutes } from './routes.ts';
import { checkDeclaredSessions } from './sessions.ts';
import { checkSpread } from './spread.ts';
import { checkSurvives } from './survives.ts';
import type { CheckOutcome, DeclaredCheck } from './types.ts';

/**
 * Runs the checks of checks.yml on one state, in their order. After a failure (`disturbance`) hosts that are gone are not asked, and
 * what has to be reached is what had to be before.
 */
export function runChecks(
  state: SimulationState,
  checks: readonly DeclaredCheck[],
  disturbance: Disturbance | null = null,
): readonly CheckOutcome[] {
  const context = checkContext(state, disturbance);
  return checks.map((check) => {
    const findings = fewer(judge(context, check, checks));
    const { name, source, assertion } = check;
    return { name, kind: assertion.kind, source, passed: !hasErrors(findings), findings };
  });
}

/** Findings of one check that are told one by one: those of a recorded file can be hosts times prefixes. */
const MAX_TOLD = 50;

function fewer(findings: readonly Diagnostic[]): readonly Diagnostic[] {
  const [first] = findings;
  if (!first || findings.length <= MAX_TOLD) return findings;
  const count = findings.length - MAX_TOLD;
  const rest: Diagnostic = {
    rule: first.rule,
    severity: 'error',
    message: `this check fails in ${count} more ${count === 1 ? 'way' : 'ways'}`,
    ranges: first.ranges.slice(0, 1),
    fix: 'mend those above first: most of them have one cause',
  };
  return [...findings.slice(0, MAX_TOLD), rest];
}

function judge(
  context: CheckContext,
  check: DeclaredCheck,
  all: readonly DeclaredCheck[],
): readonly Diagnostic[] {
  const { state, gone } = context;
  const { assertion } = check;
  switch (assertion.kind) {
    case 'reachable':
      return checkReachable(context, check, assertion);
    case 'route':
    case 'routes':
      return checkRoutes(state, check, assertion);
    case 'sessions':
      return checkDeclaredSessions(state, check, assertion);
    case 'no_leak':
      return checkNoLeak(state, check, assertion);
    case 'spread':
      return checkSpread(state, gone, check, assertion);
    case 'no_loop':
    case 'no_black_hole':
      return checkNoLoss(context, check, assertion);
    case 'order_independent':
      return checkOrderIndependent(context, check, assertion);
    case 'survives':
      return checkSurvives(state, check, assertion, all);
  }
}

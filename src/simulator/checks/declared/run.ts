import { type Diagnostic, hasErrors } from '../../../base/diagnostic.ts';
import type { SimulationState } from '../../state.ts';
import { type CheckContext, checkContext } from './context.ts';
import { checkNoLoss } from './forwarding.ts';
import { checkNoLeak } from './no-leak.ts';
import { checkOrderIndependent } from './order.ts';
import { checkReachable } from './reachable.ts';
import { checkRoutes } from './routes.ts';
import { checkDeclaredSessions } from './sessions.ts';
import { checkSpread } from './spread.ts';
import type { CheckOutcome, DeclaredCheck } from './types.ts';

/** Runs the checks of checks.yml on one state, in their order. */
export function runChecks(state: SimulationState, checks: readonly DeclaredCheck[]): readonly CheckOutcome[] {
  const context = checkContext(state);
  return checks.map((check) => {
    const findings = judge(context, check);
    const { name, source, assertion } = check;
    return { name, kind: assertion.kind, source, passed: !hasErrors(findings), findings };
  });
}

function judge(context: CheckContext, check: DeclaredCheck): readonly Diagnostic[] {
  const { state } = context;
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
      return checkSpread(state, check, assertion);
    case 'no_loop':
    case 'no_black_hole':
      return checkNoLoss(state, check, assertion);
    case 'order_independent':
      return checkOrderIndependent(state, check, assertion);
    case 'survives':
      return [];
  }
}

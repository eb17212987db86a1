import { hasErrors } from '../../base/diagnostic.ts';
import type { CheckOutcome, DeclaredCheck } from '../../simulator/checks/declared/types.ts';
import type { Asked, AtRest } from './asked.ts';
import { pinged } from './reachable.ts';
import { routesFound } from './routes.ts';
import { sessionsFound } from './sessions.ts';

/** What checks.yml came to on the real daemons. */
export interface RealChecks {
  readonly outcomes: readonly CheckOutcome[];
  /** In words: what cannot be asked of a running fabric, and why. */
  readonly notAsked: readonly string[];
}

/**
 * Asks the running daemons what checks.yml wants of the fabric: sessions and routes of their tables, reachability of real packets. What
 * asks for other orders of start, or for what fails, is the simulator's to answer.
 */
export async function runRealChecks(checks: readonly DeclaredCheck[], fabric: AtRest): Promise<RealChecks> {
  const outcomes: CheckOutcome[] = [];
  const notAsked: string[] = [];
  for (const check of checks) {
    const { name, source, assertion } = check;
    const found = await ask(check, fabric);
    if (typeof found === 'string') notAsked.push(`check ${JSON.stringify(name)} is not asked: ${found}`);
    else outcomes.push({ name, kind: assertion.kind, source, passed: !hasErrors(found), findings: found });
  }
  return { outcomes, notAsked };
}

function ask({ assertion, source }: DeclaredCheck, fabric: AtRest): Asked | Promise<Asked> {
  switch (assertion.kind) {
    case 'sessions':
      return sessionsFound(assertion, source, fabric);
    case 'route':
    case 'routes':
      return routesFound(assertion, source, fabric);
    case 'reachable':
      return pinged(assertion, source, fabric);
    default:
      return `what ${assertion.kind} asks only the simulator can answer`;
  }
}

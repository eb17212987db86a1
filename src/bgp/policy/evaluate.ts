import type { Path, PathData } from '../attributes.ts';
import { internPath, type PathStore } from '../path-store.ts';
import { applyAction } from './actions.ts';
import type { Miss } from './describe.ts';
import { conditionHolds, type PolicySubject } from './match.ts';
import type { PolicyTables } from './policy-tables.ts';
import { runProgram } from './program/run.ts';
import type { Program } from './program/types.ts';
import type { Policy, PolicyChain, Statement } from './types.ts';

/** What decided: the statement, or null where none did and the policy's default spoke. */
export interface PolicyReason {
  readonly policy: Policy;
  readonly statement: Statement | null;
  /** The policy called by the statement, where that one denied. */
  readonly called?: PolicyReason;
  /** Where no statement matched and that denied: what each asked for. Worked out when asked, for explanations. */
  readonly missed?: () => readonly Miss[];
}

export type PolicyVerdict =
  | { readonly verdict: 'accept'; readonly path: Path; readonly reason: PolicyReason | null }
  | { readonly verdict: 'reject'; readonly reason: PolicyReason };

/** `call` may go round in a circle; FRR stops at a depth as well. */
const MAX_CALLS = 16;

interface Working {
  path: PathData;
  /** What conditions look at where it is another path than the one that is changed. */
  readonly matched?: PathData;
  readonly subject: PolicySubject;
  readonly store: PathStore;
  readonly tables: PolicyTables;
}

/**
 * Runs the chain: all must accept, each seeing what the one before made of the route. An empty chain accepts. `applySets` false: what set clauses
 * made is seen by what comes behind them, and forgotten in the end (FRR on reflected routes).
 */
export function evaluateChain(
  chain: PolicyChain,
  path: Path,
  subject: PolicySubject,
  store: PathStore,
  tables: PolicyTables,
  applySets = true,
): PolicyVerdict {
  const working: Working = { path, subject, store, tables };
  let reason: PolicyReason | null = null;
  for (const policy of chain) {
    const outcome = evaluatePolicy(policy, working, 0);
    reason = outcome.reason;
    if (!outcome.accepted) return { verdict: 'reject', reason };
  }
  const changed = applySets && working.path !== path;
  return { verdict: 'accept', path: changed ? internPath(store, working.path) : path, reason };
}

/**
 * Matches one path and changes another, as FRR's `default-originate route-map` does: `changed` with the set clauses of what
 * matched and the number of the entry that ended it (Infinity: none did, `on-match next` led over the last one); null where
 * the policy denies.
 */
export function evaluateOnto(
  policy: Policy,
  matched: Path,
  changed: Path,
  subject: PolicySubject,
  store: PathStore,
  tables: PolicyTables,
): { readonly path: Path; readonly entry: number } | null {
  const working: Working = { path: changed, matched, subject, store, tables };
  const { accepted, reason } = evaluatePolicy(policy, working, 0);
  return accepted
    ? { path: internPath(store, working.path), entry: endedAt(policy, reason.statement) }
    : null;
}

/** FRR's `pref` of route_map_apply_ext: a `goto` beyond the last entry stops at the last one. */
function endedAt({ statements }: Policy, last: Statement | null): number {
  if (!last || last.onMatch === 'next') return Number.POSITIVE_INFINITY;
  if (last.onMatch === 'exit') return Number(last.label);
  const target = last.onMatch.goto;
  if (statements.some(({ label }) => Number(label) >= target)) return Number.POSITIVE_INFINITY;
  return Number(statements.at(-1)?.label);
}

function evaluatePolicy(
  policy: Policy,
  working: Working,
  calls: number,
): { readonly accepted: boolean; readonly reason: PolicyReason } {
  if (policy.program) return evaluateProgram(policy, policy.program, working);
  const by = (accepted: boolean, statement: Statement | null) => ({
    accepted,
    reason: { policy, statement },
  });
  let acceptedBy: Statement | null = null;
  let target = -1;
  let goesOn = false;
  for (const statement of policy.statements) {
    if (Number(statement.label) < target) continue;
    if ((statement.onlyGoingOn && !goesOn) || !matches(statement, working)) {
      // Seen on FRR 8.4: what `on-match next` accepted is forgotten at the next entry that does not match.
      acceptedBy = null;
      continue;
    }
    if (statement.verdict === 'reject') return by(false, statement);
    perform(statement, working);
    if (statement.call) {
      const called = calls >= MAX_CALLS ? null : evaluatePolicy(statement.call, working, calls + 1);
      if (!called) return by(false, statement);
      if (!called.accepted) return { accepted: false, reason: { policy, statement, called: called.reason } };
    }
    if (statement.verdict === 'next') continue;
    if (statement.onMatch === 'exit') return by(true, statement);
    acceptedBy = statement;
    goesOn = true;
    target = statement.onMatch === 'next' ? -1 : statement.onMatch.goto;
  }
  if (acceptedBy || policy.otherwise === 'accept') return by(true, acceptedBy);
  const seen = { ...working };
  return { accepted: false, reason: { policy, statement: null, missed: () => misses(policy, seen) } };
}

/** Statement by statement what it asked for in vain. */
function misses(policy: Policy, { path, matched, subject, tables }: Working): readonly Miss[] {
  return policy.statements.flatMap((statement) => {
    const condition = statement.conditions.find(
      (one) => !conditionHolds(one, matched ?? path, subject, tables),
    );
    return condition ? [{ statement, condition, prefix: subject.prefix, path: matched ?? path }] : [];
  });
}

/** The line that decided stands for a statement. */
function evaluateProgram(
  policy: Policy,
  program: Program,
  working: Working,
): { readonly accepted: boolean; readonly reason: PolicyReason } {
  const { accepted, path, source, fault } = runProgram(program, working.path, working.subject, working.store);
  if (accepted) working.path = path;
  if (!source) return { accepted, reason: { policy, statement: null } };
  const label = fault === null ? `line ${source.line}` : `line ${source.line} (${fault})`;
  const statement: Statement = {
    label,
    conditions: [],
    actions: [],
    verdict: accepted ? 'accept' : 'reject',
    call: null,
    onMatch: 'exit',
    source,
  };
  return { accepted, reason: { policy, statement } };
}

function matches(statement: Statement, { path, matched, subject, tables }: Working): boolean {
  return statement.conditions.every((condition) =>
    conditionHolds(condition, matched ?? path, subject, tables),
  );
}

function perform(statement: Statement, working: Working): void {
  for (const action of statement.actions) {
    const { path, subject, store, tables } = working;
    working.path = { ...path, ...applyAction(action, path, subject, store, tables) };
  }
}

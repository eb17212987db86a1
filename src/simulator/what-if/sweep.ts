import type { Diagnostic } from '../../base/diagnostic.ts';
import { runChecks } from '../checks/declared/run.ts';
import type { CheckOutcome, DeclaredCheck, FailureKind } from '../checks/declared/types.ts';
import type { SimulationState } from '../state.ts';
import { afterFailure, allFailures, combinations, type Failure } from './failures.ts';
import { type Baseline, baselineOf, type Impact, impactOf, type LostPrefix } from './impact.ts';

/** What a sweep looks for. */
export interface SweepRequest {
  readonly what: readonly FailureKind[];
  /** How many fail at once. */
  readonly count: number;
}

/** One failure of a sweep. */
export interface FailureResult extends Impact {
  readonly failure: string;
  /** Hosts that are gone with it. */
  readonly hosts: readonly string[];
  /** 'none': no traffic takes another way; 'moved': it does, and arrives; 'lost': some does not, or a check fails; 'unsettled'. */
  readonly effect: 'none' | 'moved' | 'lost' | 'unsettled';
  /** Checks of checks.yml that pass without the failure and fail with it. */
  readonly checks: readonly { readonly name: string; readonly message: string }[];
}

export interface Sweep {
  readonly results: readonly FailureResult[];
  /** How many things there are that can fail. */
  readonly single: number;
  /** Combinations that were not tried because there are too many. */
  readonly leftOut: number;
}

/** Kinds of checks that still mean something when a part has failed; the others describe the undisturbed fabric. */
const lasting: ReadonlySet<string> = new Set(['reachable', 'no_leak', 'spread', 'no_loop', 'no_black_hole']);

export function lastingChecks(checks: readonly DeclaredCheck[]): readonly DeclaredCheck[] {
  return checks.filter(({ assertion }) => lasting.has(assertion.kind));
}

/** Fails everything that can fail, one after the other, each from the converged state, and says what it does. */
export function sweepFailures(
  state: SimulationState,
  { what, count }: SweepRequest,
  checks: readonly DeclaredCheck[],
): Sweep {
  const all = allFailures(state, what);
  const { failures, leftOut } = combinations(state, all, count);
  const baseline = baselineOf(state);
  const passing = passingBefore(state, checks);
  const results = failures.map((failure) => tryFailure(baseline, failure, passing));
  return { results, single: all.length, leftOut };
}

/** What fails already is not the failure's fault. */
export function passingBefore(
  state: SimulationState,
  checks: readonly DeclaredCheck[],
): readonly DeclaredCheck[] {
  const passed = new Set(runChecks(state, checks).flatMap((one) => (one.passed ? [one.name] : [])));
  return checks.filter(({ name }) => passed.has(name));
}

export function tryFailure(
  baseline: Baseline,
  failure: Failure,
  checks: readonly DeclaredCheck[],
): FailureResult {
  const after = afterFailure(baseline.state, failure);
  const impact = impactOf(baseline, after, failure);
  const failed = runChecks(after, checks, { before: baseline.state, gone: failure.hosts }).filter(
    ({ passed }) => !passed,
  );
  const unsettled = after.inconclusive.length > baseline.state.inconclusive.length;
  const lost = impact.lost.length > 0 || failed.length > 0;
  return {
    failure: failure.text,
    hosts: failure.hosts,
    effect: lost ? 'lost' : unsettled ? 'unsettled' : impact.moved.length > 0 ? 'moved' : 'none',
    ...impact,
    checks: failed.map(({ name, findings }) => ({ name, message: firstError(findings) })),
  };
}

function firstError(findings: CheckOutcome['findings']): string {
  return findings.find(({ severity }) => severity === 'error')?.message ?? '';
}

/** A finding for each failure that loses something; `severity` error: the sweep was asked whether it does. */
export function sweepFindings({ results, leftOut }: Sweep): readonly Diagnostic[] {
  const findings = results.flatMap((result) => {
    if (result.effect === 'lost') return [impactFinding(result)];
    return result.effect === 'unsettled' ? [unsettledFinding(result)] : [];
  });
  if (leftOut === 0) return findings;
  return [
    ...findings,
    {
      rule: 'failure-impact',
      severity: 'info',
      message: `${leftOut} combinations of failures were left out; ${results.length} were tried`,
      ranges: [],
      fix: 'let fewer kinds fail at once, or single ones',
    },
  ];
}

function impactFinding({ failure, lost, checks }: FailureResult): Diagnostic {
  const [first] = lost;
  if (first) return lostFinding(failure, first, lost.length - 1);
  const [check] = checks;
  return {
    rule: 'failure-impact',
    severity: 'error',
    message: `after ${failure} the check ${check?.name ?? ''} fails: ${check?.message ?? ''}`,
    ranges: [],
    found: failure,
    fix: 'give the traffic a second way, or take the check out of the file',
  };
}

/** One prefix that the failure cuts off, and how many others there are. */
export function lostFinding(
  failure: string,
  { prefix, of, from, count, why }: LostPrefix,
  others: number,
): Diagnostic {
  const more = others > 0 ? ` (and ${others} more ${others === 1 ? 'prefix' : 'prefixes'})` : '';
  return {
    rule: 'failure-impact',
    severity: 'error',
    message: `after ${failure} ${some(from, count)} cannot reach ${prefix} of ${some(of, of.length)}${more}: ${why}`,
    ranges: [],
    ...(from[0] === undefined ? {} : { host: from[0] }),
    found: failure,
    fix: 'give the traffic a second way, or declare with survives what has to hold',
  };
}

function unsettledFinding({ failure }: FailureResult): Diagnostic {
  return {
    rule: 'oscillation',
    severity: 'warning',
    message: `after ${failure} the routes never settle`,
    ranges: [],
    found: failure,
    fix: `look at it with fabricgen simulate --fail ${failure.replaceAll(' + ', ' --fail ')}`,
  };
}

const SHOWN = 3;

/** `a, b, c and 4 more`. */
function some(names: readonly string[], count: number): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return count > SHOWN ? `${shown} and ${count - SHOWN} more` : shown;
}

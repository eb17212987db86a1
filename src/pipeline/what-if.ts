import { type Diagnostic, hasErrors } from '../base/diagnostic.ts';
import { runChecks } from '../simulator/checks/declared/run.ts';
import type { CheckOutcome, DeclaredCheck } from '../simulator/checks/declared/types.ts';
import { outcome, outcomesAfterFailure } from '../simulator/checks/index.ts';
import { nameOf } from '../simulator/checks/names.ts';
import { checkSessions } from '../simulator/checks/sessions.ts';
import { tryOrders } from '../simulator/checks/start-order.ts';
import type { Intent } from '../simulator/kernel/network.ts';
import type { SimulationResult } from '../simulator/result/result.ts';
import type { SessionEnd } from '../simulator/sessions/sessions.ts';
import type { SimulationState } from '../simulator/state.ts';
import {
  afterFailure,
  type Failure,
  failureNamed,
  isUnknown,
  together,
  type UnknownFailure,
} from '../simulator/what-if/failures.ts';
import { baselineOf, impactOf } from '../simulator/what-if/impact.ts';
import {
  lastingChecks,
  lostFinding,
  type Sweep,
  type SweepRequest,
  sweepFailures,
  sweepFindings,
} from '../simulator/what-if/sweep.ts';
import type { ReadChecks } from './checks/read.ts';

/** A fabric after what `--fail` names has failed. */
export interface Failed {
  readonly before: SimulationState;
  /** The same as `before` where nothing fails. */
  readonly state: SimulationState;
  /** null: nothing fails. */
  readonly failure: Failure | null;
  /** Names that the fabric does not have. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Lets everything that is named fail at once; with a name that is not known nothing fails. */
export function failNamed(before: SimulationState, names: readonly string[]): Failed {
  const resolved = names.map((name) => failureNamed(before, name));
  const diagnostics = resolved.filter(isUnknown).map(unknownTarget);
  const parts = resolved.flatMap((one) => (isUnknown(one) ? [] : [one]));
  if (hasErrors(diagnostics) || parts.length === 0) {
    return { before, state: before, failure: null, diagnostics };
  }
  const failure = together(parts);
  return { before, state: afterFailure(before, failure), failure, diagnostics };
}

/** Names of what could fail, as far as a sentence holds them. */
const MAX_NAMED = 12;

function unknownTarget({ text, why, expected, nearest, known }: UnknownFailure): Diagnostic {
  const kind = /^(?:link|host|session):/.exec(text)?.[0] ?? '';
  const more = known.length > MAX_NAMED ? ` or ${known.length - MAX_NAMED} more` : '';
  const meant = nearest === null ? null : `${kind}${nearest}`;
  return {
    rule: 'failure-target',
    severity: 'error',
    message: `--fail ${text}: ${why}`,
    ranges: [],
    found: text,
    expected,
    ...(meant ? { nearest: meant } : {}),
    fix: meant
      ? `write ${meant}`
      : `use one of ${known
          .slice(0, MAX_NAMED)
          .map((name) => kind + name)
          .join(', ')}${more}`,
  };
}

/** The checks on a fabric in which something has failed. `intents`: what is meant to be announced. */
export function outcomesOfFailed(
  failed: Failed,
  intents: readonly Intent[],
  checks: readonly DeclaredCheck[],
): readonly CheckOutcome[] {
  const { state, before, failure } = failed;
  const gone = failure?.hosts ?? [];
  const left = intents.filter(({ host }) => !gone.includes(host));
  const lasting = outcomesAfterFailure(state, left).map(({ name, findings }) =>
    outcome(
      name,
      // What was reached before is looked at for all prefixes alike.
      findings.filter(({ rule }) => rule !== 'unreachable'),
    ),
  );
  return [
    ...expectedDown(lasting, failed),
    ...(failure ? [reachabilityKept(failed, failure)] : []),
    ...runChecks(state, lastingChecks(checks), { before, gone }),
  ];
}

/** What `--failures` and `--orders` ask of a state, as fields of the result and as findings; nothing where the checks have errors. */
export function whatIf(
  state: SimulationState,
  { checks, diagnostics }: ReadChecks,
  { sweep: request, orders: count }: { readonly sweep?: SweepRequest; readonly orders?: number },
): {
  readonly result: Pick<SimulationResult, 'failures' | 'failuresLeftOut' | 'orders'>;
  readonly findings: readonly Diagnostic[];
} {
  if (hasErrors(diagnostics) && (request || count !== undefined)) return notAsked(diagnostics, request);
  const sweep = request ? sweepFailures(state, request, lastingChecks(checks)) : null;
  const orders = count === undefined ? null : tryOrders(state, count);
  return {
    result: {
      ...(sweep ? { failures: sweep.results, failuresLeftOut: sweep.leftOut } : {}),
      ...(orders ? { orders: orders.orders } : {}),
    },
    findings: [
      ...(sweep && request ? nothingTried(sweep, request) : []),
      ...(sweep ? sweepFindings(sweep) : []),
      ...(orders?.findings ?? []),
    ],
  };
}

/** It may take long, and without the checks that cannot be read it would have to be done again. */
function notAsked(
  diagnostics: readonly Diagnostic[],
  request: SweepRequest | undefined,
): ReturnType<typeof whatIf> {
  const finding: Diagnostic = {
    rule: 'failure-target',
    severity: 'info',
    message: `${request ? '--failures' : '--orders'}: nothing is tried as long as the checks cannot be read`,
    ranges: diagnostics.flatMap(({ ranges }) => ranges.slice(0, 1)).slice(0, 1),
    fix: 'correct the file with the checks, and ask again',
  };
  return { result: {}, findings: [finding] };
}

/** Prefixes told one by one; the last of them counts the rest. */
const MAX_LOST = 20;

/** What was reached before and is not now, as an outcome beside those of the checks. */
function reachabilityKept({ before, state }: Failed, failure: Failure): CheckOutcome {
  const { lost } = impactOf(baselineOf(before), state, failure);
  const findings = lost.map((one, index) =>
    lostFinding(failure.text, one, index === MAX_LOST - 1 ? lost.length - MAX_LOST : 0),
  );
  return outcome('what was reached before the failure still is', findings.slice(0, MAX_LOST));
}

/** Sessions that are down because of the failure are no mistake of the configurations: one note counts them. */
function expectedDown(
  outcomes: readonly CheckOutcome[],
  { before, state, failure }: Failed,
): readonly CheckOutcome[] {
  const down = new Set(
    before.ends.filter((end) => end.state !== 'Established').map((end) => endKey(before, end)),
  );
  const fresh = state.ends.filter(
    (end) => end.state !== 'Established' && !down.has(endKey(state, end)) && !end.config.shutdown,
  );
  const known = new Set(checkSessions(before).map(({ message }) => message));
  return outcomes.map((one) => {
    const kept = one.findings.filter(({ rule, message }) => rule !== 'session-down' || known.has(message));
    return outcome(
      one.name,
      kept.length < one.findings.length ? [...kept, sessionsDown(fresh.length, failure, before)] : kept,
    );
  });
}

function sessionsDown(count: number, failure: Failure | null, { wiring }: SimulationState): Diagnostic {
  // Two hosts were named, and more lose the link: a segment of many is one link.
  const shared = (failure?.changes ?? []).flatMap((change) => {
    const hosts = change.kind === 'link-down' ? (wiring.links.get(change.link)?.length ?? 0) : 0;
    return change.kind === 'link-down' && hosts > 2 ? [`${change.link} is one link of ${hosts} hosts`] : [];
  });
  return {
    rule: 'session-down',
    severity: 'info',
    message: `${count} session ${count === 1 ? 'end is' : 'ends are'} down after ${failure?.text ?? ''}`,
    ranges: [],
    ...(shared.length > 0 ? { found: shared.join(', ') } : {}),
    fix: 'nothing: this is what the failure does',
  };
}

function endKey(state: SimulationState, end: SessionEnd): string {
  return `${nameOf(state, end.node)} ${end.peerAddress?.text ?? end.config.interface ?? ''}`;
}

/** A fabric of which nothing was asked has not passed. */
function nothingTried({ results, single }: Sweep, { what, count }: SweepRequest): readonly Diagnostic[] {
  if (results.length > 0) return [];
  const asked = count === 1 ? what.join(',') : `${what.join(',')}=${count}`;
  const things = single === 1 && what.length === 1 ? what.join('').replace(/s$/, '') : what.join(' and ');
  return [
    {
      rule: 'failure-target',
      severity: 'error',
      message: `--failures ${asked}: there is nothing to try, the fabric has ${single} ${things}`,
      ranges: [],
      found: asked,
      fix: single === 0 ? 'ask for something else that can fail' : 'let fewer fail at once',
    },
  ];
}

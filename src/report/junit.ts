import type { Diagnostic } from '../base/diagnostic.ts';
import { formatSource } from '../base/source.ts';
import type { CheckOutcome } from '../simulator/checks/declared/types.ts';
import type { SimulationResult } from '../simulator/result/result.ts';
import type { FailureResult } from '../simulator/what-if/sweep.ts';
import { sentence } from './diagnostics-sarif.ts';

interface Case {
  readonly name: string;
  readonly suite: string;
  readonly failure: string | null;
}

/**
 * JUnit XML as CI systems read it: a case per session of the hosts shown, per check (always on or declared), per failure of a sweep
 * and per error that belongs to none of them, plus the outcome itself. Names are the same in every run.
 */
export function formatJunit(result: SimulationResult): string {
  const cases = [
    ...sessionCases(result),
    ...result.checks.map(checkCase),
    ...(result.failures ?? []).map(failureCase),
    ...findingCases(elsewhere(result)),
    outcomeCase(result),
  ];
  const failures = cases.filter((one) => one.failure !== null).length;
  const body = cases.map(caseXml).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="fabricgen" tests="${cases.length}" failures="${failures}">\n <testsuite name="simulate" tests="${cases.length}" failures="${failures}">\n${body} </testsuite>\n</testsuites>\n`;
}

function sessionCases(result: SimulationResult): Case[] {
  return Object.entries(result.hosts).flatMap(([name, host]) =>
    host.sessions.map((session) => ({
      suite: `sessions.${name}`,
      name: `session to ${session.host || session.peer} (${session.peer}) is established`,
      failure: session.state === 'Established' ? null : `${session.state}: ${session.reason}`,
    })),
  );
}

function checkCase({ name, kind, findings }: CheckOutcome): Case {
  const errors = findings.filter(({ severity }) => severity === 'error').map(placed);
  return {
    suite: kind === 'always-on' ? 'checks.always-on' : `checks.${kind}`,
    name,
    failure: errors.length > 0 ? errors.join('\n') : null,
  };
}

function failureCase({ failure, effect, lost, checks }: FailureResult): Case {
  const lines = [
    ...lost.map(
      ({ prefix, of, from, why }) => `${prefix} of ${of.join(', ')} from ${from.join(', ')}: ${why}`,
    ),
    ...checks.map(({ name, message }) => `check ${name}: ${message}`),
  ];
  const failed = effect === 'lost' || effect === 'unsettled';
  return {
    suite: 'failures',
    name: `the fabric survives ${failure}`,
    failure: failed ? lines.join('\n') || 'the routes never settle' : null,
  };
}

/** Findings that are not told by a check or a failure already. */
function elsewhere({ checks, failures, findings }: SimulationResult): readonly Diagnostic[] {
  const key = ({ rule, message }: Diagnostic) => `${rule} ${message}`;
  const told = new Set(checks.flatMap((check) => check.findings.map(key)));
  return findings.filter((one) => !told.has(key(one)) && !(failures && one.rule === 'failure-impact'));
}

function findingCases(findings: readonly Diagnostic[]): Case[] {
  return findings
    .filter((finding) => finding.severity === 'error')
    .map((finding) => ({
      suite: `findings.${finding.rule}`,
      name: finding.message,
      failure: placed(finding),
    }));
}

/** `checks.yml:3:5: what is wrong`. */
function placed(finding: Diagnostic): string {
  const [range] = finding.ranges;
  return `${range ? `${formatSource(range)}: ` : ''}${sentence(finding)}`;
}

function outcomeCase(result: SimulationResult): Case {
  const matters = result.unmodelled.filter((line) => line.matters);
  const why = matters.map((line) => `${line.file}:${line.line}: ${line.text}: ${line.effect}`).join('\n');
  const failed = result.outcome !== 'pass';
  return {
    suite: 'outcome',
    name: 'the simulation passes',
    failure: failed ? `${result.outcome}\n${why}`.trim() : null,
  };
}

function caseXml({ name, suite, failure }: Case): string {
  const open = `  <testcase classname="${xml(suite)}" name="${xml(name)}"`;
  if (failure === null) return `${open}/>\n`;
  return `${open}>\n   <failure message="${xml(failure.split('\n')[0] ?? '')}">${xml(failure)}</failure>\n  </testcase>\n`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A text between tags or quotes. */
export function xml(text: string): string {
  // XML 1.0 has no way to write most control characters.
  return text.replace(/(?![\t\n\r])\p{Cc}/gu, '?').replace(/[&<>"']/g, (c) => entities[c] ?? c);
}

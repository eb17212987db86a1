import type { Diagnostic } from '../base/diagnostic.ts';
import { formatSource } from '../base/source.ts';
import type { SimulationResult } from '../simulator/result.ts';
import { sentence } from './diagnostics-sarif.ts';

interface Case {
  readonly name: string;
  readonly suite: string;
  readonly failure: string | null;
}

/** JUnit XML as CI systems read it: a case per session and one per kind of finding, plus the outcome itself. */
export function formatJunit(result: SimulationResult): string {
  const cases = [...sessionCases(result), ...findingCases(result.findings), outcomeCase(result)];
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

function findingCases(findings: readonly Diagnostic[]): Case[] {
  return findings
    .filter((finding) => finding.severity === 'error')
    .map((finding) => {
      const [range] = finding.ranges;
      const where = range ? `${formatSource(range)}: ` : '';
      return {
        suite: `checks.${finding.rule}`,
        name: finding.message,
        failure: `${where}${sentence(finding)}`,
      };
    });
}

function outcomeCase(result: SimulationResult): Case {
  const matters = result.unmodelled.filter((line) => line.matters);
  const why = matters
    .map((line) => `${line.host}/${line.file}:${line.line}: ${line.text}: ${line.effect}`)
    .join('\n');
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

function xml(text: string): string {
  // XML 1.0 has no way to write most control characters.
  return text.replace(/(?![\t\n\r])\p{Cc}/gu, '?').replace(/[&<>"']/g, (c) => entities[c] ?? c);
}

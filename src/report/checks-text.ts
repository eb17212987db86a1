import type { Diagnostic } from '../base/diagnostic.ts';
import { formatSource } from '../base/source.ts';
import type { CheckOutcome } from '../simulator/checks/declared/types.ts';
import type { SimulationResult } from '../simulator/result/result.ts';
import { plain, type Style } from './style.ts';

/** A line for each check: `ok`, `warn` or `FAIL`, its name, and where it stands; `all` false leaves out those that are well. */
export function formatChecks(
  { checks }: Pick<SimulationResult, 'checks'>,
  all: boolean,
  style: Style = plain,
): string {
  return checks
    .filter((check) => all || check.findings.length > 0)
    .map((check) => {
      const where = check.source ? style.dim(` (${formatSource(check.source)})`) : '';
      return `${markOf(check, style)}  ${visible(check.name)}${where}\n`;
    })
    .join('');
}

function markOf({ passed, findings }: CheckOutcome, style: Style): string {
  if (!passed) return style.error('FAIL');
  return findings.length > 0 ? style.warning('warn') : style.good('ok  ');
}

/** `FAIL  11 of 12 checks passed`. */
export function formatCheckVerdict(
  { checks, outcome, findings }: SimulationResult,
  style: Style = plain,
): string {
  const key = ({ rule, message }: Diagnostic) => `${rule} ${message}`;
  const judged = new Set(checks.flatMap((check) => check.findings.map(key)));
  const outside = findings.filter(
    (finding) => finding.severity === 'error' && !judged.has(key(finding)),
  ).length;
  const files = outside === 0 ? '' : `, ${outside} ${outside === 1 ? 'error' : 'errors'} in the files`;
  const passed = checks.filter((check) => check.passed).length;
  const colour = { pass: style.good, fail: style.error, inconclusive: style.warning }[outcome];
  return `${colour(outcome.toUpperCase())}  ${passed} of ${checks.length} checks passed${files}\n`;
}

function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}

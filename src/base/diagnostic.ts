import type { RuleId } from './rule-ids.ts';
import type { SourceRange } from './source.ts';

export type Severity = 'error' | 'warning' | 'info';

/** A further place that belongs to a diagnostic, with the words that say why ("first defined here"). */
export interface RelatedRange extends SourceRange {
  readonly note: string;
}

/**
 * One finding, as data (rule 8 of the design): printing it is the business of `report/`.
 * `message` is one sentence without a full stop; it names the host, address or key that is wrong.
 */
export interface Diagnostic {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly message: string;
  /** The first is the place to look at; absent places (a missing file) leave it empty. */
  readonly ranges: readonly SourceRange[];
  readonly related?: readonly RelatedRange[];
  readonly host?: string;
  readonly found?: string;
  readonly expected?: string;
  /** The nearest valid name, where the value looks like a slip of the pen. */
  readonly nearest?: string;
  /** What to do, in one sentence. */
  readonly fix?: string;
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error';
}

export function hasErrors(diagnostics: Iterable<Diagnostic>): boolean {
  for (const diagnostic of diagnostics) if (isError(diagnostic)) return true;
  return false;
}

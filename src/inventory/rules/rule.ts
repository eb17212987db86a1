import type { RelatedRange, Severity } from '../../base/diagnostic.ts';
import type { RuleId } from '../../base/rule-ids.ts';
import type { SourceRange } from '../../base/source.ts';
import type { Host } from '../../model/fabric.ts';
import type { RuleContext } from './context.ts';

/** What a rule finds; the runner adds the id, the severity and the opt-outs. */
export interface Finding {
  /** Whose opt-outs count, and the host the message begins with. */
  readonly host: Host;
  readonly message: string;
  /** The place to look at. */
  readonly at: SourceRange;
  readonly related?: readonly RelatedRange[];
  readonly found?: string;
  readonly expected?: string;
  readonly nearest?: string;
  readonly fix: string;
  /** Where this finding is worse or better than the rule's own severity. */
  readonly severity?: Severity;
  /**
   * Findings with the same text are one mistake that many hosts share: the first one is shown, with the number of the
   * others. Without it only equal messages at the same place are one.
   */
  readonly shared?: string;
}

/** One row of the registry. */
export interface Rule {
  readonly id: RuleId;
  readonly severity: Severity;
  readonly check: (context: RuleContext) => Iterable<Finding>;
}

import type { Prefix } from '../../base/ip.ts';
import type { PathData } from '../attributes.ts';
import { describeCondition, describeMiss } from './describe-condition.ts';
import type { Condition, Policy, Statement } from './types.ts';

/** What decided, as `evaluate.ts` hands it out; see there. */
interface Reason {
  readonly policy: Policy;
  readonly statement: Statement | null;
  readonly called?: Reason;
  readonly missed?: () => readonly Miss[];
}

/** A statement that did not apply, and the first of its conditions that did not hold. */
export interface Miss {
  readonly statement: Statement;
  readonly condition: Condition;
  /** What it looked at. */
  readonly prefix: Prefix;
  readonly path: PathData;
}

const SHOWN = 3;

/**
 * Words for explanations: `route-map foo seq 10 (prefix-list hosts)`, `policy import, statement deny-all`, `route-map foo, no entry
 * matches (seq 10 asks for prefix-list hosts)`.
 */
export function describeReason({ policy, statement, called, missed: inVain }: Reason): string {
  const { kind = 'policy', name, program } = policy;
  if (called) return `${describeReason(called)}, called by ${describeReason({ policy, statement })}`;
  const entry = kind === 'route-map' ? 'seq' : 'statement';
  if (!statement && (kind === 'route-map' || kind === 'policy')) {
    const missed = inVain?.() ?? [];
    const asks = missed
      .slice(0, SHOWN)
      .map((miss) => `${entry} ${miss.statement.label} asks for ${describeMiss(miss)}`);
    const more = missed.length > SHOWN ? [`${missed.length - SHOWN} more`] : [];
    const why = asks.length > 0 ? ` (${[...asks, ...more].join(', ')})` : '';
    return `${kind} ${name}, no ${kind === 'route-map' ? 'entry' : 'statement'} matches${why}`;
  }
  // A filter of BIRD's that comes to its end has refused.
  if (!statement && program) return `${kind} ${name}`.trim().concat(', which ends without accept');
  if (!statement || (kind !== 'route-map' && kind !== 'policy')) return `${kind} ${name}`.trim();
  const place = kind === 'route-map' ? `seq ${statement.label}` : `statement ${statement.label}`;
  const conditions = statement.conditions.map(describeCondition);
  const matching =
    statement.verdict === 'reject' && conditions.length > 0 ? ` (${conditions.join(', ')})` : '';
  return `${kind} ${name}${kind === 'route-map' ? ' ' : ', '}${place}${matching}`;
}

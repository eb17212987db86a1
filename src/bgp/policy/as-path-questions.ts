import type { AsPath } from '../as-path.ts';
import { conditionsOf } from './analyse.ts';
import { asPathConditionHolds } from './match-as-path.ts';
import type { PolicyTables } from './policy-tables.ts';
import type { Condition, PolicyChain } from './types.ts';

/** A condition that looks at the AS_PATH and at nothing else. */
export type AsPathCondition = Extract<Condition, { readonly kind: 'as-path' | 'as-path-length' }>;

/**
 * All that a chain asks of an AS_PATH. Two AS_PATHs with the same answers get the same verdict and the same attributes: a policy
 * need not be run again for every new AS_PATH there is.
 */
export interface AsPathQuestions {
  /** Equal for equal questions. */
  readonly key: string;
  readonly conditions: readonly AsPathCondition[];
}

/** One bit each. */
const MOST_QUESTIONS = 24;

/** null: too many, or policies that call each other without end. Programs are not looked into. */
export function asPathQuestions(chain: PolicyChain): AsPathQuestions | null {
  const found = conditionsOf(chain, isAsPathCondition);
  if (found === null || found.size > MOST_QUESTIONS) return null;
  return { key: [...found.keys()].join(), conditions: [...found.values()] };
}

function isAsPathCondition(condition: Condition): condition is AsPathCondition {
  return condition.kind === 'as-path' || condition.kind === 'as-path-length';
}

/** The answers, a bit each. */
export function answersFor({ conditions }: AsPathQuestions, asPath: AsPath, tables: PolicyTables): number {
  let bits = 0;
  let bit = 1;
  for (const condition of conditions) {
    if (asPathConditionHolds(condition, asPath, tables)) bits |= bit;
    bit <<= 1;
  }
  return bits;
}

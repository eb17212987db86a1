import type { AsPath } from '../as-path.ts';
import { contentKey } from './analyse.ts';
import { asPathConditionHolds, type PolicyTables } from './match.ts';
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
  const found = new Map<string, AsPathCondition>();
  if (!collect(chain, found, 0) || found.size > MOST_QUESTIONS) return null;
  return { key: [...found.keys()].join(), conditions: [...found.values()] };
}

function collect(chain: PolicyChain, found: Map<string, AsPathCondition>, depth: number): boolean {
  if (depth > 16) return false;
  for (const { program, statements } of chain) {
    if (program) return false;
    for (const { conditions, call } of statements) {
      for (const condition of conditions)
        if (condition.kind === 'as-path' || condition.kind === 'as-path-length')
          found.set(contentKey(condition), condition);
      if (call && !collect([call], found, depth + 1)) return false;
    }
  }
  return true;
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

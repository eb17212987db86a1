import type { Prefix } from '../../base/ip.ts';
import { conditionsOf } from './analyse.ts';
import { prefixConditionHolds } from './match-prefix.ts';
import type { Condition, PolicyChain } from './types.ts';

/** A condition that looks at the prefix and at nothing else. */
export type PrefixCondition = Extract<Condition, { readonly kind: 'prefix' | 'prefix-length' | 'family' }>;

/** All that a chain asks of a prefix: where two give the same answers, it does the same to their paths. */
export interface PrefixQuestions {
  readonly conditions: readonly PrefixCondition[];
}

/** null: it cannot be told. */
export function prefixQuestions(chain: PolicyChain): PrefixQuestions | null {
  const found = conditionsOf(chain, isPrefixCondition);
  return found === null ? null : { conditions: [...found.values()] };
}

function isPrefixCondition(condition: Condition): condition is PrefixCondition {
  return condition.kind === 'prefix' || condition.kind === 'prefix-length' || condition.kind === 'family';
}

/** The answers: bits, or where there are many a text. */
export function prefixAnswers({ conditions }: PrefixQuestions, prefix: Prefix): number | string {
  if (conditions.length > 30)
    return conditions.map((condition) => (prefixConditionHolds(condition, prefix) ? '1' : '0')).join('');
  let bits = 0;
  let bit = 1;
  for (const condition of conditions) {
    if (prefixConditionHolds(condition, prefix)) bits |= bit;
    bit <<= 1;
  }
  return bits;
}

import type { AsPath } from '../as-path.ts';
import { TRANSIENT } from '../as-path-table.ts';
import { type PolicyTables, regexFits } from './policy-tables.ts';
import type { Comparison, Condition, Quantifier, RegexSet } from './types.ts';

/** Does a condition that looks at the AS_PATH only hold? */
export function asPathConditionHolds(
  condition: Extract<Condition, { readonly kind: 'as-path' | 'as-path-length' }>,
  asPath: AsPath,
  tables: PolicyTables,
): boolean {
  return condition.kind === 'as-path'
    ? asPathFits(condition.set, condition.quantifier, asPath, tables)
    : compares(asPath.length, condition.compare, condition.value);
}

function asPathFits(set: RegexSet, quantifier: Quantifier, asPath: AsPath, tables: PolicyTables): boolean {
  const fits = (regex: string) => asPathAnswer(tables, regex, asPath);
  if (quantifier === 'all') return set.entries.every((entry) => fits(entry.regex));
  const decided = set.entries.find((entry) => fits(entry.regex))?.permit ?? false;
  return quantifier === 'invert' ? !decided : decided;
}

function asPathAnswer(tables: PolicyTables, regex: string, asPath: AsPath): boolean {
  // "What I made myself": in nearly every host's policy, and asked for every AS_PATH there is.
  if (regex === '^$') return asPath.count === 0;
  if (asPath.id === TRANSIENT) return regexFits(tables, regex, asPath.text);
  let answers = tables.asPathAnswers.get(regex);
  if (!answers) {
    answers = new Map();
    tables.asPathAnswers.set(regex, answers);
  }
  let answer = answers.get(asPath.id);
  if (answer === undefined) {
    answer = regexFits(tables, regex, asPath.text);
    answers.set(asPath.id, answer);
  }
  return answer;
}

export function compares(left: number, comparison: Comparison, right: number): boolean {
  if (comparison === 'eq') return left === right;
  return comparison === 'ge' ? left >= right : left <= right;
}

import { compileRegex } from '../base/regex.ts';
import { wildcardExpression } from '../base/wildcard.ts';

export type NameTest = (name: string) => boolean;

/**
 * The test behind one host pattern: `~` begins a regular expression that must match from the start of the name (Python's
 * `re.match`), anything else is a shell wildcard (Python's `fnmatch`) for the whole name. A string says why not.
 */
export function nameTest(pattern: string): NameTest | string {
  if (pattern.startsWith('~')) return compiled(`^(?:${pattern.slice(1)})`);
  if (!/[*?[]/.test(pattern)) return (name) => name === pattern;
  return compiled(wildcardExpression(pattern));
}

function compiled(expression: string): NameTest | string {
  const regex = compileRegex(expression, { border: false });
  return typeof regex === 'string' ? regex : regex.test;
}

import { compileRegex } from '../../../base/regex.ts';
import { wildcardExpression } from '../../../base/wildcard.ts';

/** The names of the files that a line includes, below the host's folder and in the order in which BIRD reads them. */
export interface Included {
  readonly names: readonly string[];
  /** A file that is named has to be there; a pattern may find nothing. */
  readonly isPattern: boolean;
}

/**
 * A relative name begins where the file that names it stands. An absolute one begins somewhere on the machine that the files were
 * copied from: of its end, the longest that is here counts. `chain`: the files that are being read, the last one innermost.
 */
export function includedNames(names: Iterable<string>, chain: readonly string[], pattern: string): Included {
  const all = [...names];
  const isPattern = /[*?[]/.test(pattern);
  const isAbsolute = pattern.startsWith('/');
  const parts = partsOf(isAbsolute ? [] : (chain.at(-1) ?? '').split('/').slice(0, -1), pattern);
  const first = all.filter(matcher(parts));
  if (first.length > 0 || (isPattern && !isAbsolute)) return { names: first.sort(byBytes), isPattern };
  for (let skipped = 1; skipped < parts.length; skipped++) {
    const matches = matcher(parts.slice(skipped));
    // The folder of the pattern is not this one: the file that stands here is not in it.
    const found = all.filter((name) => matches(name) && !(isPattern && chain.includes(name)));
    if (found.length > 0) return { names: found.sort(byBytes), isPattern };
  }
  return { names: [], isPattern };
}

/** The way to the file, `.` and `..` taken. */
function partsOf(folder: readonly string[], pattern: string): readonly string[] {
  const parts = [...folder];
  for (const part of pattern.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}

/** As glob(3) without escapes: wildcards within one part of the name, none of them for a dot in front. */
function matcher(parts: readonly string[]): (name: string) => boolean {
  const tests = parts.map(partTest);
  return (name) => {
    const own = name.split('/');
    return own.length === tests.length && tests.every((test, place) => test(own[place] ?? ''));
  };
}

function partTest(part: string): (name: string) => boolean {
  if (!/[*?[]/.test(part)) return (name) => name === part;
  const regex = compileRegex(wildcardExpression(part, '!^'), { border: false });
  // A range that ends before it begins.
  if (typeof regex === 'string') return () => false;
  const takesDot = part.startsWith('.');
  return (name) => (takesDot || !name.startsWith('.')) && regex.test(name);
}

/** As the C library sorts without a locale. */
function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

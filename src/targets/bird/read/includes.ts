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

/** As glob(3) without escapes: `*`, `?` and `[...]` within one part of the name, and no leading dot for a wildcard. */
function matcher(parts: readonly string[]): (name: string) => boolean {
  try {
    const shape = new RegExp(`^${parts.map(partShape).join('/')}$`, 's');
    return (name) => shape.test(name);
  } catch {
    return () => false; // A range that ends before it begins.
  }
}

function partShape(part: string): string {
  const shape = part.replace(/\[[!^]?\]?[^\]]*\]|[\s\S]/g, (found) => {
    if (found === '*') return '[^/]*';
    if (found === '?') return '[^/]';
    if (found.length === 1) return escaped(found);
    const inner = found.slice(1, -1);
    const negated = /^[!^]/.test(inner);
    const items = (negated ? inner.slice(1) : inner).replace(/[\\\][^]/g, '\\$&');
    return `(?!/)[${negated ? '^' : ''}${items}]`;
  });
  return /^[*?[]/.test(part) ? `(?!\\.)${shape}` : shape;
}

function escaped(character: string): string {
  return /[.+^${}()|[\]\\/]/.test(character) ? `\\${character}` : character;
}

/** As the C library sorts without a locale. */
function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

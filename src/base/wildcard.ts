/**
 * A shell wildcard for a whole name as a regular expression: `*`, `?` and `[...]`, no escapes. `negates`: what turns a set round when it
 * stands first in it (Python's `fnmatch`: `!`; the C library: `^` as well).
 */
export function wildcardExpression(pattern: string, negates: '!' | '!^' = '!'): string {
  let text = '';
  const sets = negates === '!' ? /^\[(!?)(\]?[^\]]*)\]/ : /^\[([!^]?)(\]?[^\]]*)\]/;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    const set = char === '[' ? sets.exec(pattern.slice(at)) : null;
    if (set?.[2]) {
      text += `[${set[1] ? '^' : ''}${set[2].replace(/[\\[^]/g, '\\$&')}]`;
      at += set[0].length - 1;
    } else if (char === '*') text += pattern[at - 1] === '*' ? '' : '.*';
    else if (char === '?') text += '.';
    else text += /[\\^$.|+()[\]{}]/.test(char) ? `\\${char}` : char;
  }
  return `^(?:${text})$`;
}

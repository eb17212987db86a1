import { compileRegex } from '../base/regex.ts';

export type NameTest = (name: string) => boolean;

/**
 * The test behind one host pattern: `~` begins a regular expression that must match from the start of the name (Python's
 * `re.match`), anything else is a shell wildcard (Python's `fnmatch`) for the whole name. A string says why not.
 */
export function nameTest(pattern: string): NameTest | string {
  if (pattern.startsWith('~')) return compiled(`^(?:${pattern.slice(1)})`);
  if (!/[*?[]/.test(pattern)) return (name) => name === pattern;
  return compiled(`^(?:${fromWildcard(pattern)})$`);
}

function compiled(expression: string): NameTest | string {
  const regex = compileRegex(expression, { border: false });
  return typeof regex === 'string' ? regex : regex.test;
}

function fromWildcard(pattern: string): string {
  let text = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    const set = char === '[' ? /^\[(!?)(\]?[^\]]*)\]/.exec(pattern.slice(at)) : null;
    if (set?.[2]) {
      text += `[${set[1] ? '^' : ''}${set[2].replace(/[\\[^]/g, '\\$&')}]`;
      at += set[0].length - 1;
    } else if (char === '*') text += pattern[at - 1] === '*' ? '' : '.*';
    else if (char === '?') text += '.';
    else text += /[\\^$.|+()[\]{}]/.test(char) ? `\\${char}` : char;
  }
  return text;
}

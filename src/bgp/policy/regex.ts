import { compileRegex as compile, type Regex } from '../../base/regex.ts';

export type { Regex };

/** The expressions of as-path and community lists, with `_` for a border; a string says why one cannot be used. */
export function compileRegex(text: string): Regex | string {
  return compile(text, { border: true, looseClose: true, references: true });
}

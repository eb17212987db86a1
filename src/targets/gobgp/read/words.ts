import type { SourceRange } from '../../../base/source.ts';

export interface Word {
  readonly text: string;
  readonly source: SourceRange;
}

/** The words of one line as sh sees them: blanks separate, quotes hold together, `#` starts a comment. No expansion. */
export function words(line: string, file: string, number: number): readonly Word[] {
  const found: Word[] = [];
  const pattern = /\s+|#.*|(?:"[^"]*"?|'[^']*'?|[^\s"'])+/y;
  while (pattern.lastIndex < line.length) {
    const start = pattern.lastIndex;
    const [token = ''] = pattern.exec(line) ?? [];
    if (token === '' || token.startsWith('#')) break;
    if (/^\s/.test(token)) continue;
    const text = token.replace(/"([^"]*)"?|'([^']*)'?/g, (_, double, single) => double ?? single ?? '');
    const source = {
      file,
      line: number,
      column: start + 1,
      endLine: number,
      endColumn: start + token.length + 1,
    };
    found.push({ text, source });
  }
  return found;
}

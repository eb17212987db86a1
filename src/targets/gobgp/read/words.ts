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

/** A command of `gobgp` without its flags. */
export interface Command {
  readonly family: string;
  readonly rest: readonly Word[];
}

/** Flags may stand anywhere; those with a value take the next word. */
export function withoutFlags(found: readonly Word[]): Command {
  const valued = new Set([
    ...['-a', '--address-family', '-u', '--host', '-p', '--port'],
    ...['-t', '--transport', '--reason', '--target', '--tls-ca-file'],
  ]);
  const rest: Word[] = [];
  let family = '';
  for (let index = 0; index < found.length; index++) {
    const word = found[index];
    if (!word) continue;
    const [name = '', value] = word.text.split('=', 2);
    if (!word.text.startsWith('-')) rest.push(word);
    else {
      const given = value ?? (valued.has(name) ? found[++index]?.text : undefined) ?? '';
      if (name === '-a' || name === '--address-family') family = given;
    }
  }
  return { family, rest };
}

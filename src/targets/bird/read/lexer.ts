import { parseAddress } from '../../../base/ip.ts';
import type { SourceRange } from '../../../base/source.ts';
import { matchesPattern } from '../../../bgp/policy/program/sets.ts';
import type { ConfigFile } from '../../target.ts';
import type { Reading } from './reading.ts';

/** One token of bird.conf. `text` is as written, of a string without its quotes. */
export interface Token {
  readonly kind: 'number' | 'address' | 'rd' | 'text' | 'bytes' | 'word' | 'quoted' | 'sign' | 'end';
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function placeOf({ file, line, column, text }: Token): SourceRange {
  return { file, line, column, endLine: line, endColumn: column + Math.max(1, text.length) };
}

/** What a token may be, in the order of BIRD's lexer; the longest wins, of equal lengths the first (conf/cf-lex.l). */
const shapes: readonly { readonly kind: Token['kind'] | 'skip'; readonly shape: RegExp }[] = [
  { kind: 'skip', shape: /[ \t\r]+|#[^\n]*/y },
  { kind: 'rd', shape: /[0-9]+(?:\.[0-9]+\.[0-9]+\.[0-9]+)?:[0-9]+(?::[0-9]+)?(?![0-9A-Fa-f]*:)/y },
  { kind: 'address', shape: /[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+/y },
  { kind: 'bytes', shape: /[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){15,}|(?:[0-9A-Fa-f]{2}){15,})/y },
  {
    kind: 'address',
    shape: /(?:(?:[0-9A-Fa-f]*:){3,}|[0-9A-Fa-f]*::)(?:[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|[0-9A-Fa-f]*)/y,
  },
  { kind: 'number', shape: /0x[0-9A-Fa-f]+|[0-9]+/y },
  { kind: 'sign', shape: /else:/y },
  { kind: 'word', shape: /[A-Za-z_][A-Za-z_0-9]*/y },
  { kind: 'quoted', shape: /'[A-Za-z_0-9.:-]*'/y },
  { kind: 'text', shape: /"[^"\n]*"/y },
  { kind: 'sign', shape: /!=|!~|<=|>=|&&|\|\||\[=|=\]|\.\.|[={}:;,.()+*/%<>~[\]?!|-]/y },
];

/** BIRD includes files eight deep. */
const DEEPEST_INCLUDE = 8;
const INCLUDE = /[ \t]*include[ \t]*"([^"\n]*)"[ \t]*;/y;

/** The files of a host, by name, for `include`. */
export type Files = ReadonlyMap<string, ConfigFile>;

/** All tokens of a file and of what it includes, ended by one `end`. What cannot be a token is refused. */
export function tokenize(files: Files, name: string, reading: Reading): readonly Token[] {
  const tokens: Token[] = [];
  const main = files.get(name);
  if (main) lexFile({ files, reading, tokens }, main, 0);
  const last = tokens.at(-1);
  const [line, column] = last ? [last.line, last.column + last.text.length] : [1, 1];
  tokens.push({ kind: 'end', text: '', file: last?.file ?? main?.path ?? name, line, column });
  return tokens;
}

interface Lexing {
  readonly files: Files;
  readonly reading: Reading;
  readonly tokens: Token[];
}

function lexFile(lexing: Lexing, { path, text }: ConfigFile, depth: number): void {
  let [at, line, lineStart] = [0, 1, 0];
  while (at < text.length) {
    const place = { file: path, line, column: at - lineStart + 1 };
    if (text[at] === '\n') {
      at++;
      line++;
      lineStart = at;
      continue;
    }
    INCLUDE.lastIndex = at;
    const included = at === lineStart ? INCLUDE.exec(text) : null;
    if (included) {
      include(lexing, included[1] ?? '', { ...place, kind: 'text', text: included[0] }, depth + 1);
      at += included[0].length;
      continue;
    }
    const found = text.startsWith('/*', at) ? comment(text, at) : longestAt(text, at);
    if (!found && text.startsWith('/*', at)) {
      refuseCharacter(lexing.reading, { ...place, kind: 'sign', text: '/' });
      return;
    }
    if (!found) {
      refuseCharacter(lexing.reading, { ...place, kind: 'sign', text: text[at] ?? '' });
      at++;
      continue;
    }
    if (found.kind === 'skip') {
      for (const character of found.text) {
        at++;
        if (character !== '\n') continue;
        line++;
        lineStart = at;
      }
      continue;
    }
    const token = { ...place, kind: found.kind, text: unquoted(found.kind, found.text) };
    checkToken(lexing.reading, token);
    lexing.tokens.push(token);
    at += found.text.length;
  }
}

function comment(text: string, at: number): { readonly kind: 'skip'; readonly text: string } | null {
  const end = text.indexOf('*/', at + 2);
  return end < 0 ? null : { kind: 'skip', text: text.slice(at, end + 2) };
}

function longestAt(
  text: string,
  at: number,
): { readonly kind: Token['kind'] | 'skip'; readonly text: string } | null {
  let best: { kind: Token['kind'] | 'skip'; text: string } | null = null;
  for (const { kind, shape } of shapes) {
    shape.lastIndex = at;
    const found = shape.exec(text)?.[0];
    if (found && found.length > (best?.text.length ?? 0)) best = { kind, text: found };
  }
  return best;
}

function unquoted(kind: Token['kind'], text: string): string {
  return kind === 'text' || kind === 'quoted' ? text.slice(1, -1) : text;
}

function checkToken(reading: Reading, token: Token): void {
  const { kind, text } = token;
  if (kind === 'address' && !parseAddress(text))
    reading.refuse(placeOf(token), `${text} is not an address`, 'Write a complete address.', text);
  if (kind === 'number' && Number(text) > 0xffffffff)
    reading.refuse(placeOf(token), `${text} does not fit into 32 bits`, 'Write a smaller number.', text);
}

function refuseCharacter(reading: Reading, token: Token): void {
  const open: Readonly<Record<string, string>> = { '"': 'string', "'": 'quoted name', '/': 'comment' };
  const what = open[token.text];
  const message = what ? `a ${what} begins here and does not end` : `${token.text} means nothing to BIRD`;
  reading.refuse(placeOf(token), message, what ? 'Close it.' : 'Remove it.', token.text);
}

/** Files stand in the host's folder, whatever folder the line names: that is where they were copied from. */
function include(lexing: Lexing, pattern: string, at: Token, depth: number): void {
  const { files, reading } = lexing;
  if (depth > DEEPEST_INCLUDE) {
    reading.refuse(placeOf(at), 'files include each other more than 8 deep', 'Do not include in a circle.');
    return;
  }
  const name = pattern.split('/').at(-1) ?? '';
  const isPattern = /[*?[]/.test(name);
  const found = [...files].filter(([file]) => (isPattern ? matchesPattern(name, file) : file === name));
  if (found.length === 0 && !isPattern) {
    const fix = 'Put the file beside bird.conf.';
    reading.refuse(
      placeOf(at),
      `the included file ${pattern} is not in the folder of the host`,
      fix,
      pattern,
    );
  }
  for (const [, file] of found.sort(([a], [b]) => (a < b ? -1 : 1))) lexFile(lexing, file, depth);
}

import { parseAddress } from '../../../base/ip.ts';
import type { SourceRange } from '../../../base/source.ts';
import type { ConfigFile } from '../../target.ts';
import { includedNames } from './includes.ts';
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
/** BIRD stops at the first character it does not know; more than a few say that this is no text for it. */
const MOST_STRANGE = 10;
/** Files that include others many times over. */
const MOST_TOKENS = 5_000_000;
const INCLUDE = /[ \t]*include[ \t]*"([^"\n]*)"[ \t]*;/y;

/** The files of a host, by name, for `include`. */
export type Files = ReadonlyMap<string, ConfigFile>;

/** All tokens of a file and of what it includes, ended by one `end`. What cannot be a token is refused. */
export function tokenize(files: Files, name: string, reading: Reading): readonly Token[] {
  const tokens: Token[] = [];
  const main = files.get(name);
  if (main) lexFile({ files, reading, tokens, strange: 0, stopped: false }, main, [name]);
  const last = tokens.at(-1);
  const [line, column] = last ? [last.line, last.column + last.text.length] : [1, 1];
  tokens.push({ kind: 'end', text: '', file: last?.file ?? main?.path ?? name, line, column });
  return tokens;
}

interface Lexing {
  readonly files: Files;
  readonly reading: Reading;
  readonly tokens: Token[];
  /** Characters that were refused. */
  strange: number;
  /** Nothing more is read. */
  stopped: boolean;
}

/** `chain`: the names of the files that include each other, this one last. */
function lexFile(lexing: Lexing, { path, text }: ConfigFile, chain: readonly string[]): void {
  let [at, line, lineStart] = [0, 1, 0];
  while (at < text.length && !lexing.stopped) {
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
      include(lexing, included[1] ?? '', { ...place, kind: 'text', text: included[0] }, chain);
      at += included[0].length;
      continue;
    }
    const found = text.startsWith('/*', at) ? comment(text, at) : longestAt(text, at);
    if (!found && text.startsWith('/*', at)) {
      refuseCharacter(lexing.reading, { ...place, kind: 'sign', text: '/' });
      return;
    }
    if (!found) {
      // Several in a row are one fault.
      const run = strangeFrom(text, at);
      refuseCharacter(lexing.reading, { ...place, kind: 'sign', text: run });
      lexing.stopped = ++lexing.strange >= MOST_STRANGE;
      at += run.length;
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
    if (lexing.tokens.length >= MOST_TOKENS)
      stop(lexing, token, 'the files are too long with all they include', 'Include each file once.');
    at += found.text.length;
  }
}

/** A character that begins no token, and its like behind it. */
function strangeFrom(text: string, start: number): string {
  let at = start + 1;
  while (at < text.length && text[at] === text[start] && at - start < LONGEST_RUN) at++;
  return text.slice(start, at);
}

const LONGEST_RUN = 1 << 20;

/** Gives the whole configuration up. */
function stop(lexing: Lexing, at: Token, message: string, fix: string): void {
  lexing.reading.refuse(placeOf(at), message, fix);
  lexing.stopped = true;
  lexing.tokens.length = 0;
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
  const shown = JSON.stringify(token.text.slice(0, 8));
  const message = what ? `a ${what} begins here and does not end` : `${shown} means nothing to BIRD`;
  reading.refuse(placeOf(token), message, what ? 'Close it.' : 'Remove it.', token.text.slice(0, 8));
}

function include(lexing: Lexing, pattern: string, at: Token, chain: readonly string[]): void {
  const { files, reading } = lexing;
  if (chain.length > DEEPEST_INCLUDE) {
    stop(lexing, at, 'files include each other more than 8 deep', 'Do not include in a circle.');
    return;
  }
  const { names, isPattern } = includedNames(files.keys(), chain, pattern);
  if (names.length === 0 && !isPattern) {
    const message = `the included file ${pattern} is not in the folder of the host`;
    reading.refuse(placeOf(at), message, 'Put the file beside bird.conf.', pattern);
  }
  for (const name of names) {
    const file = files.get(name);
    if (file) lexFile(lexing, file, [...chain, name]);
  }
}

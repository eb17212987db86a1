import { parseAddress } from '../../../base/ip.ts';
import type { Value } from '../../../bgp/policy/program/types.ts';
import { type Cursor, Stop, shown } from './cursor.ts';
import type { Options, OptionValue } from './draft.ts';
import { placeOf, type Token } from './lexer.ts';
import { readCeases, readDebugMask, readDumpMask } from './masks.ts';
import { bfdRequestOptions, type NumberRange, type OptionKind, type OptionRow } from './options.ts';
import { constantTerm } from './set-items.ts';

/** Reads one option of the rows where the coming words are one; false where they are none. The row with most words fits first. */
export function readOption(cursor: Cursor, rows: readonly OptionRow[], options: Options): boolean {
  const row = rows
    .map((one) => ({ one, words: one.words.split(' ') }))
    .filter(({ words }) => words.every((word, place) => cursor.is(word, place)))
    .sort((a, b) => b.words.length - a.words.length)[0];
  if (!row) return false;
  const { one, words } = row;
  const at = cursor.token;
  const start = cursor.position;
  for (const _ of words) cursor.next();
  const behind = cursor.token;
  const value = readValue(cursor, one.kind);
  // -1: `multihop` alone.
  if (one.range && typeof value === 'number' && value !== -1)
    checkRange(cursor, one.words, value, one.range, behind);
  options.set(one.words, { value, source: placeOf(at) });
  const off = value === false || value === 0;
  if (one.effect !== undefined && off === (one.whenOff ?? false))
    cursor.reading.note(placeOf(at), cursor.textFrom(start), one.effect, true);
  return true;
}

function checkRange(
  cursor: Cursor,
  words: string,
  value: number,
  { from, to, orZero = false }: NumberRange,
  at: Token,
): void {
  if ((value >= from && value <= to) || (orZero && value === 0)) return;
  const taken = `${orZero ? '0, or ' : ''}${from} to ${to}`;
  cursor.fail(`'${words}' takes ${taken}, not ${value}`, `Write ${taken}.`, at);
}

function readValue(cursor: Cursor, kind: OptionKind): OptionValue['value'] {
  switch (kind) {
    case 'flag':
      return true;
    case 'bool':
      return readBool(cursor);
    case 'number':
      return readNumber(cursor);
    case 'numbers': {
      const first = readNumber(cursor);
      cursor.expect(',');
      readNumber(cursor);
      return first;
    }
    case 'optional number':
      return cursor.is(';') ? -1 : readNumber(cursor);
    case 'address':
      return readAddress(cursor);
    case 'text':
      return readText(cursor);
    case 'id':
      return readId(cursor);
    case 'next hop':
      return cursor.take('ibgp') ? 'ibgp' : cursor.take('ebgp') ? 'ebgp' : readBool(cursor);
    case 'paths':
      return cursor.take('rx') ? 'rx' : cursor.take('tx') ? 'tx' : readBool(cursor);
    case 'time':
      return readTime(cursor);
    case 'debug':
      return readDebugMask(cursor);
    case 'mrtdump':
      return readDumpMask(cursor);
    case 'cease':
      return cursor.is('{') ? readCeases(cursor) : readBool(cursor);
    case 'bfd':
      return readBfdOption(cursor);
    case 'merge paths':
      return readMerging(cursor);
    case 'authentication':
      return readAuthentication(cursor);
    case 'password':
      readText(cursor);
      return cursor.is('{') ? skipBraces(cursor) : true;
    case 'passwords':
      return skipBraces(cursor);
    case 'role':
      return cursor.oneOf(['peer', 'provider', 'customer', 'rs_server', 'rs_client']);
    case 'lladdr':
      return cursor.oneOf(['self', 'drop', 'ignore']);
    case 'table':
      return readTable(cursor);
    case 'words':
      return readWords(cursor);
  }
}

/** `on`, `yes`, a number that is not 0, or nothing at all. */
export function readBool(cursor: Cursor): boolean {
  if (cursor.is(';') || cursor.is('}')) return true;
  if (cursor.take('on') || cursor.take('yes')) return true;
  if (cursor.take('off') || cursor.take('no')) return false;
  return readNumber(cursor) !== 0;
}

/** A number, a term in parentheses or the name of a constant. */
export function readNumber(cursor: Cursor): number {
  const at = cursor.token;
  const value = simpleValue(cursor, 'a number');
  return value.type === 'int' ? value.value : cursor.fail('a number is expected here', 'Write a number.', at);
}

function simpleValue(cursor: Cursor, what: string): Value {
  const { token } = cursor;
  if (token.kind === 'number') {
    cursor.next();
    return { type: 'int', value: Number(token.text) };
  }
  if (cursor.take('(')) {
    const value = constantTerm(cursor);
    cursor.expect(')');
    return value;
  }
  if (token.kind === 'word' || token.kind === 'quoted') return cursor.known('constant', 'constant').value;
  return cursor.fail(`${what} is expected here, not ${shown(token)}`);
}

export function readAddress(cursor: Cursor) {
  const at = cursor.token;
  if (at.kind === 'address') {
    cursor.next();
    return parseAddress(at.text) ?? cursor.fail(`${at.text} is not an address`, 'Correct it.', at);
  }
  const value = simpleValue(cursor, 'an address');
  return value.type === 'ip' ? value.value : cursor.fail('an address is expected here', 'Correct it.', at);
}

export function readText(cursor: Cursor): string {
  const at = cursor.token;
  if (at.kind === 'text') return cursor.next().text;
  const value = simpleValue(cursor, 'a string');
  return value.type === 'string'
    ? value.value
    : cursor.fail('a string is expected here', 'Put it in quotes.', at);
}

/** A router id: an IPv4 address or a number; the result is the number. */
export function readId(cursor: Cursor): number {
  const at = cursor.token;
  const address = at.kind === 'address' ? parseAddress(cursor.next().text) : null;
  if (address?.family === 4) return Number(address.value);
  if (address) return cursor.fail('an IPv4 address or a number is expected here', 'Correct it.', at);
  const value = simpleValue(cursor, 'a number or an IPv4 address');
  if (value.type === 'int' || value.type === 'quad') return value.value;
  if (value.type === 'ip' && value.value.family === 4) return Number(value.value.value);
  return cursor.fail('a number or an IPv4 address is expected here', 'Correct it.', at);
}

/** A number and its unit; in seconds. */
export function readTime(cursor: Cursor): number {
  const number = readNumber(cursor);
  return number * (secondsOf[cursor.oneOf(['s', 'ms', 'us'])] ?? 1);
}

const secondsOf: Readonly<Record<string, number>> = { s: 1, ms: 1e-3, us: 1e-6 };

/** Into `options`, up to the closing brace: of these rows only. */
export function readBlock(cursor: Cursor, rows: readonly OptionRow[], options: Options): void {
  cursor.expect('{');
  while (!cursor.take('}')) {
    if (!readOption(cursor, rows, options)) {
      unknownOption(cursor, rows, []);
      throw new Stop();
    }
    cursor.expect(';');
  }
}

/** Whether the session is watched; how, changes no table. */
function readBfdOption(cursor: Cursor): OptionValue['value'] {
  if (cursor.take('graceful')) return 'graceful';
  if (!cursor.is('{')) return readBool(cursor);
  const options: Options = new Map();
  readBlock(cursor, bfdRequestOptions, options);
  return options.get('graceful')?.value === true ? 'graceful' : true;
}

/** `on limit 8`, `off`. */
function readMerging(cursor: Cursor): string {
  const on = cursor.is('limit') || readBool(cursor);
  if (!cursor.take('limit')) return on ? 'on' : 'off';
  const at = cursor.token;
  const limit = readNumber(cursor);
  checkRange(cursor, 'merge paths limit', limit, { from: 1, to: 255 }, at);
  return `${on ? 'on' : 'off'} limit ${limit}`;
}

function readAuthentication(cursor: Cursor): string {
  if (cursor.take('none')) return 'none';
  if (cursor.take('simple')) return 'simple';
  cursor.take('meticulous');
  cursor.expect('keyed');
  return cursor.oneOf(['md5', 'sha1']);
}

/** Passwords with the times they hold at: of BFD, whose sessions are told apart by nothing of that. */
function skipBraces(cursor: Cursor): boolean {
  cursor.expect('{');
  cursor.skipBlock();
  return true;
}

function readTable(cursor: Cursor): string {
  const { text } = cursor.token;
  cursor.known('table', 'table');
  return text;
}

function readWords(cursor: Cursor): string {
  const words: string[] = [];
  while (!cursor.is(';') && !cursor.is('}') && cursor.token.kind !== 'end') words.push(cursor.next().text);
  return words.join(' ');
}

/** What an unknown option is said with. */
export function unknownOption(cursor: Cursor, rows: readonly OptionRow[], others: readonly string[]): void {
  const at: Token = cursor.token;
  const names = [...rows.map(({ words }) => words.split(' ')[0] ?? ''), ...others];
  cursor.reading.unrecognised(placeOf(at), at.text, new Set(names));
}

import { bitsOf, parseAddress } from '../../../base/ip.ts';
import { GENERIC } from '../../../bgp/policy/program/operations.ts';
import { evaluateConstant, workedOut } from '../../../bgp/policy/program/run.ts';
import { compareValues } from '../../../bgp/policy/program/sets.ts';
import type { PrefixPattern, SetItem, Value } from '../../../bgp/policy/program/types.ts';
import { type Cursor, shown } from './cursor.ts';
import { parseDistinguisher } from './distinguishers.ts';
import { parseNetwork, parseTerm } from './expressions.ts';
import { enumValue, setOf } from './filter-words.ts';
import type { Token } from './lexer.ts';
import { newScope } from './scope.ts';

/** `[ ... ]`: a set of values, or of prefixes where the first member is one. */
export function parseSet(cursor: Cursor): Value {
  cursor.expect('[');
  if (cursor.take(']')) return { type: 'set', value: [] };
  const prefixes = cursor.token.kind === 'address' && cursor.is('/', 1);
  const value: Value = prefixes
    ? { type: 'prefix set', value: parsePrefixPatterns(cursor) }
    : { type: 'set', value: parseSetItems(cursor) };
  cursor.expect(']');
  return value;
}

function parsePrefixPatterns(cursor: Cursor): readonly PrefixPattern[] {
  const patterns: PrefixPattern[] = [];
  do {
    const network = parseNetwork(cursor);
    const bits = bitsOf(network.family);
    let [low, high] = [network.length, network.length];
    if (cursor.take('+')) high = bits;
    else if (cursor.take('-')) low = 0;
    else if (cursor.take('{')) {
      low = number(cursor);
      cursor.expect(',');
      high = number(cursor);
      if (low > high || high > bits) cursor.fail(`{${low},${high}} is no range of lengths`);
      cursor.expect('}');
    }
    if (patterns[0] && patterns[0].network.family !== network.family)
      cursor.fail('IPv4 and IPv6 prefixes cannot stand in one set', 'Make a set of each.');
    patterns.push({ network, low, high });
  } while (cursor.take(','));
  return patterns;
}

function number(cursor: Cursor): number {
  if (cursor.token.kind !== 'number') cursor.fail(`a number is expected here, not ${shown(cursor.token)}`);
  return Number(cursor.next().text);
}

/** Where members stand: in a set, or as labels of a `case`, which take no names. */
type Place = 'set' | 'label';

/** Members up to the closing bracket or colon, which stays. */
export function parseSetItems(cursor: Cursor, place: Place = 'set'): readonly SetItem[] {
  const items: SetItem[] = [];
  do items.push(cursor.nested(() => parseSetItem(cursor, place)));
  while (cursor.take(','));
  return items;
}

function parseSetItem(cursor: Cursor, place: Place): SetItem {
  if (cursor.is('(')) return parseTuple(cursor, place);
  const from = parseAtom(cursor, place);
  return range(cursor, from, cursor.take('..') ? parseAtom(cursor, place) : from);
}

function range(cursor: Cursor, from: Value, to: Value): SetItem {
  const difference = compareValues(from, to);
  if (difference === null) cursor.fail('the two ends of the range are of different types');
  return { from, to };
}

function parseAtom(cursor: Cursor, place: Place): Value {
  const { token } = cursor;
  if (token.kind === 'number') {
    cursor.next();
    return { type: 'int', value: Number(token.text) };
  }
  if (token.kind === 'address') {
    cursor.next();
    const value = parseAddress(token.text);
    return value ? { type: 'ip', value } : { type: 'void' };
  }
  const named = token.kind === 'word' ? enumValue(token.text) : null;
  if (named) {
    cursor.next();
    return named;
  }
  if (cursor.take('(')) {
    const value = constantTerm(cursor);
    cursor.expect(')');
    return fitsPlace(cursor, token, value, place);
  }
  if (place === 'label')
    return cursor.fail(`a value is expected here, not ${shown(token)}`, `Write (${token.text}).`, token);
  if (token.kind === 'rd') return parseDistinguisher(cursor);
  return fitsPlace(cursor, token, cursor.known('constant', 'constant').value, place);
}

/** Of a value in parentheses, or one with a name: there are no sets of all types, and such a label is a number (filter/config.Y `switch_atom`). */
function fitsPlace(cursor: Cursor, at: Token, value: Value, place: Place): Value {
  const fits =
    place === 'label' ? value.type === 'int' : value.type === 'enum' || setOf(value.type) === 'set';
  return fits ? value : cursor.fail(`${value.type} cannot stand here`, 'Use another value.', at);
}

/** `rt`, `ro`, `generic`, `unknown 0x4003`: the kind of an extended community; null where none comes. */
export function parseKind(cursor: Cursor): number | null {
  if (cursor.is(',', 1)) {
    if (cursor.take('rt')) return 0x02;
    if (cursor.take('ro')) return 0x03;
    if (cursor.take('generic')) return GENERIC;
  }
  if (cursor.is('unknown') && cursor.ahead(1).kind === 'number') {
    cursor.next();
    return number(cursor);
  }
  return null;
}

/** What stands at one place of a pair or community: a number, a range, or `*`. */
type Part = readonly [number, number] | '*';

function parsePart(cursor: Cursor): Part {
  if (cursor.take('*')) return '*';
  const from = constantNumber(cursor);
  return [from, cursor.take('..') ? constantNumber(cursor) : from];
}

/** A term that has a value already: `(MYAS)`, `MYAS * 2`. */
export function constantTerm(cursor: Cursor): Value {
  const term = parseTerm(cursor, newScope());
  const value = workedOut(term);
  return typeof value === 'string' ? cursor.fail(`a value that is known here is expected: ${value}`) : value;
}

function constantNumber(cursor: Cursor): number {
  const value = constantTerm(cursor);
  return value.type === 'int' ? value.value : cursor.fail(`a number is expected here, not ${value.type}`);
}

function parseTuple(cursor: Cursor, place: Place): SetItem {
  const at = cursor.expect('(');
  const kind = parseKind(cursor);
  if (kind !== null) return parseExtended(cursor, kind);
  if (!cursor.is('*')) {
    const value = constantTerm(cursor);
    if (cursor.take(')')) {
      fitsPlace(cursor, at, value, place);
      return range(cursor, value, cursor.take('..') ? parseAtom(cursor, place) : value);
    }
    const from =
      value.type === 'int' ? value.value : cursor.fail(`a number is expected here, not ${value.type}`);
    return parseParts(cursor, [from, cursor.take('..') ? constantNumber(cursor) : from]);
  }
  return parseParts(cursor, parsePart(cursor));
}

function parseParts(cursor: Cursor, first: Part): SetItem {
  const parts: Part[] = [first];
  while (cursor.take(',')) parts.push(parsePart(cursor));
  cursor.expect(')');
  if (parts.length === 2) return pairItem(cursor, parts);
  if (parts.length !== 3) return cursor.fail('a pair has two parts, a large community three');
  const wide = parts.findIndex((part) => part === '*' || part[0] !== part[1]);
  if (wide >= 0 && parts.slice(wide + 1).some((part) => part !== '*'))
    cursor.fail("behind a range or '*' a large community has nothing but '*'", 'Write * there.');
  if (wide >= 0 && cursor.is('..')) cursor.fail("behind a range or '*' there is no other range");
  const to = cursor.take('..') ? parseEnd(cursor, 3) : null;
  const low = parts.map((part) => (part === '*' ? 0 : part[0]));
  const high = to ?? parts.map((part) => (part === '*' ? 0xffffffff : part[1]));
  return { from: { type: 'lc', value: low.join(':') }, to: { type: 'lc', value: high.join(':') } };
}

function pairItem(cursor: Cursor, parts: readonly Part[]): SetItem {
  const limits = (part: Part | undefined): readonly [number, number] => {
    if (part === '*' || part === undefined) return [0, 0xffff];
    if (part[1] > 0xffff || part[0] > part[1])
      cursor.fail('a half of a pair has 16 bits and its range rises');
    return part;
  };
  const [first, second] = [limits(parts[0]), limits(parts[1])];
  if (!cursor.take('..')) return { pairs: { first, second } };
  const [high = 0, low = 0] = parseEnd(cursor, 2);
  return {
    from: { type: 'pair', value: first[0] * 65536 + second[0] },
    to: { type: 'pair', value: high * 65536 + low },
  };
}

/** `(a, b)` behind `..` */
function parseEnd(cursor: Cursor, count: number): readonly number[] {
  cursor.expect('(');
  const numbers = [constantNumber(cursor)];
  while (cursor.take(',')) numbers.push(constantNumber(cursor));
  if (numbers.length !== count) cursor.fail(`the end of the range has ${count} parts as its beginning`);
  cursor.expect(')');
  return numbers;
}

function parseExtended(cursor: Cursor, kind: number): SetItem {
  cursor.expect(',');
  // Sets name the key by its number, an address as well (filter/config.Y `ec_item`).
  const key: Value = { type: 'int', value: constantNumber(cursor) };
  cursor.expect(',');
  const part = parsePart(cursor);
  cursor.expect(')');
  const widest = kind !== GENERIC && key.value > 0xffff ? 0xffff : 0xffffffff;
  const [low, high] = part === '*' ? [0, widest] : part;
  const make = (value: number): Value =>
    evaluateConstant({
      kind: 'operation',
      operation: 'ec',
      operands: [{ type: 'int', value: kind } as const, key, { type: 'int', value } as const].map((one) => ({
        kind: 'constant' as const,
        value: one,
      })),
    }) ?? cursor.fail('this is no extended community');
  return { from: make(low), to: make(high) };
}

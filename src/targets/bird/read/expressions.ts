import { hasHostBits, type Prefix, parseAddress, parsePrefix } from '../../../base/ip.ts';
import { attributes, readsOf } from '../../../bgp/policy/program/attributes.ts';
import { operations } from '../../../bgp/policy/program/operations.ts';
import type { Expression, Value } from '../../../bgp/policy/program/types.ts';
import { type Cursor, Stop, shown } from './cursor.ts';
import { parseDistinguisher } from './distinguishers.ts';
import { enumValue, ownType, unmodelledAttributes } from './filter-words.ts';
import { placeOf, type Token } from './lexer.ts';
import { parseMask } from './path-masks.ts';
import { noteRead, type Scope } from './scope.ts';
import { parseKind, parseSet } from './set-items.ts';
import { checkHolds, checkType, operationOf } from './static-types.ts';

/** Operators by how tightly they bind, loosest first: `&&` and `||` bind alike (conf/confbase.Y). */
const levels: readonly (readonly string[])[] = [
  ['&&', '||'],
  ['=', '!=', '<', '<=', '>', '>=', '~', '!~'],
  ['+', '-'],
  ['*', '/'],
];

/** A term of the filter language. */
export function parseTerm(cursor: Cursor, scope: Scope, level = 0): Expression {
  return cursor.nested(() => parseLevel(cursor, scope, level));
}

function parseLevel(cursor: Cursor, scope: Scope, level: number): Expression {
  const operators = levels[level];
  if (!operators) return parsePrefixed(cursor, scope);
  let left = parseLevel(cursor, scope, level + 1);
  while (cursor.token.kind === 'sign' && operators.includes(cursor.token.text)) {
    const at = cursor.next();
    const right = parseLevel(cursor, scope, level + 1);
    left = level === 0 ? junction(cursor, at, left, right) : operationOf(cursor, at, at.text, [left, right]);
    // Comparisons do not go in a row.
    if (level === 1 && cursor.token.kind === 'sign' && operators.includes(cursor.token.text))
      cursor.fail('comparisons cannot stand in a row', 'Put one of them in parentheses.');
  }
  return left;
}

function junction(cursor: Cursor, at: Token, left: Expression, right: Expression): Expression {
  for (const side of [left, right]) checkType(cursor, at, side, 'bool', `'${at.text}'`);
  return { kind: at.text === '&&' ? 'and' : 'or', left, right };
}

/** `!` binds tighter than `~`: `! a ~ b` is `(!a) ~ b`, as BIRD reads it. */
function parsePrefixed(cursor: Cursor, scope: Scope): Expression {
  const at = cursor.token;
  if (!cursor.take('!')) return parseMembers(cursor, scope);
  const operand = cursor.nested(() => parsePrefixed(cursor, scope));
  return operationOf(cursor, at, '!', [operand]);
}

function parseMembers(cursor: Cursor, scope: Scope): Expression {
  let value = parsePrimary(cursor, scope);
  while (cursor.is('.')) {
    const operation = `.${cursor.ahead(1).text}`;
    // `bgp_path.prepend(...)` is a command and not a value in BIRD 2.0.
    if (!(operation in operations)) cursor.fail(`there is no '${operation}' of a value`);
    cursor.next();
    const at = cursor.next();
    const operands = [value];
    if (operation === '.mask') operands.push(parseArguments(cursor, scope, 1)[0] ?? value);
    value = operationOf(cursor, at, operation, operands);
  }
  return value;
}

/** `(term, term)`, exactly `count` of them. */
export function parseArguments(cursor: Cursor, scope: Scope, count: number): readonly Expression[] {
  cursor.expect('(');
  const operands: Expression[] = [];
  if (!cursor.is(')')) {
    do operands.push(parseTerm(cursor, scope));
    while (cursor.take(','));
  }
  if (operands.length !== count)
    cursor.fail(`${count} arguments are expected, not ${operands.length}`, 'Give the arguments it takes.');
  cursor.expect(')');
  return operands;
}

function constant(value: Value): Expression {
  return { kind: 'constant', value };
}

function parsePrimary(cursor: Cursor, scope: Scope): Expression {
  const { token } = cursor;
  switch (token.kind) {
    case 'number':
      cursor.next();
      return constant({ type: 'int', value: Number(token.text) });
    case 'text':
      cursor.next();
      return constant({ type: 'string', value: token.text });
    case 'rd':
      return constant(parseDistinguisher(cursor));
    case 'address':
      return constant(parseAddressOrPrefix(cursor));
    case 'quoted':
      return parseSymbol(cursor, scope);
    case 'word':
      return parseWord(cursor, scope);
    case 'sign':
      return parseSign(cursor, scope);
    default:
      return cursor.fail(`a value is expected here, not ${shown(token)}`);
  }
}

function parseAddressOrPrefix(cursor: Cursor): Value {
  if (cursor.is('/', 1) && cursor.ahead(2).kind === 'number')
    return { type: 'prefix', value: parseNetwork(cursor) };
  const { text } = cursor.next();
  const value = parseAddress(text);
  return value ? { type: 'ip', value } : { type: 'void' };
}

/** `10.0.0.0/8`; host bits are refused. */
export function parseNetwork(cursor: Cursor): Prefix {
  const at = cursor.token;
  if (at.kind !== 'address') cursor.fail(`a network is expected here, not ${shown(at)}`);
  cursor.next();
  cursor.expect('/');
  const text = `${at.text}/${cursor.next().text}`;
  const prefix = parsePrefix(text);
  if (!prefix) return cursor.fail(`${text} is not a network`, 'Write address/length.', at);
  if (hasHostBits(text)) cursor.fail(`${text} has bits set behind its length`, `Write ${prefix.text}.`, at);
  return prefix;
}

function parseSign(cursor: Cursor, scope: Scope): Expression {
  const { token } = cursor;
  if (token.text === '(') return parseParentheses(cursor, scope);
  if (token.text === '[') return constant(parseSet(cursor));
  if (token.text === '[=') return parseMask(cursor, scope);
  return parseEmpty(cursor) ?? cursor.fail(`a value is expected here, not ${shown(token)}`);
}

/** `+empty+` and its kin: the number of signs says which list. */
function parseEmpty(cursor: Cursor): Expression | null {
  const sign = cursor.token.text;
  if (sign !== '+' && sign !== '-') return null;
  let count = 0;
  while (cursor.is(sign, count)) count++;
  const kind = sign === '+' ? 'bgppath' : (['clist', 'eclist', 'lclist'] as const)[count - 1];
  if (!cursor.is('empty', count) || kind === undefined || (sign === '+' && count !== 1)) return null;
  for (let i = 0; i <= count; i++) cursor.next();
  for (let i = 0; i < count; i++) cursor.expect(sign);
  return constant({ type: kind, value: [], missing: true });
}

/** A term in parentheses, or a pair, an extended or a large community made of terms. */
export function parseParentheses(cursor: Cursor, scope: Scope): Expression {
  const at = cursor.expect('(');
  const kind = parseKind(cursor);
  if (kind !== null) cursor.expect(',');
  const operands: Expression[] = kind === null ? [] : [constant({ type: 'int', value: kind })];
  do operands.push(parseTerm(cursor, scope));
  while (cursor.take(','));
  cursor.expect(')');
  const [first] = operands;
  if (first && operands.length === 1) return first;
  const wanted = kind === null ? [2, 3] : [3];
  if (!wanted.includes(operands.length)) cursor.fail('a pair has two parts, a large community three');
  const operation = kind === null ? (operands.length === 2 ? 'pair' : 'lc') : 'ec';
  return operationOf(cursor, at, operation, operands);
}

/** Functions of the language, with the number of their arguments. */
const builtIn: Readonly<Record<string, number>> = {
  defined: 1,
  prepend: 2,
  add: 2,
  delete: 2,
  filter: 2,
  format: 1,
};

function parseWord(cursor: Cursor, scope: Scope): Expression {
  const { token } = cursor;
  if (token.text === 'true' || token.text === 'false') {
    cursor.next();
    return constant({ type: 'bool', value: token.text === 'true' });
  }
  const named = enumValue(token.text);
  if (named) {
    cursor.next();
    return constant(named);
  }
  const count = builtIn[token.text];
  if (count !== undefined && cursor.is('(', 1)) {
    cursor.next();
    return operationOf(cursor, token, token.text, parseArguments(cursor, scope, count));
  }
  if (token.text === 'roa_check') return parseRoaCheck(cursor, scope);
  return parseAttribute(cursor, scope) ?? parseSymbol(cursor, scope);
}

/** `roa_check(table)` asks about the route itself, `roa_check(table, net, asn)` about others. */
function parseRoaCheck(cursor: Cursor, scope: Scope): Expression {
  const at = cursor.next();
  cursor.expect('(');
  const { family, origins } = cursor.known('table', 'table');
  const table = constant({ type: 'origins', family: family === 'roa6' ? 6 : 4, value: origins });
  const asked: Expression[] = [];
  while (cursor.take(',')) asked.push(parseTerm(cursor, scope));
  cursor.expect(')');
  if (asked.length !== 0 && asked.length !== 2)
    cursor.fail('roa_check takes a table, or a table, a network and an AS', 'Give all three.');
  noteRead(scope, readsOf('bgp_path'));
  noteRead(scope, readsOf('net'));
  const route: Expression[] = [
    { kind: 'attribute', name: 'net' },
    { kind: 'attribute', name: 'bgp_path' },
  ];
  const [, by] = asked;
  if (by) checkType(cursor, at, by, 'int', "'roa_check'");
  return operationOf(cursor, at, 'roa check', [table, ...(asked.length === 2 ? asked : route)]);
}

/** An attribute that the configuration made (`attribute int NAME`). */
export function parseOwnAttribute(cursor: Cursor): (Expression & { kind: 'attribute' }) | null {
  const name = cursor.token.text;
  const found = cursor.meaning(name);
  if (found?.kind !== 'attribute') return null;
  cursor.next();
  return { kind: 'attribute', name, own: found.type };
}

/** An attribute of the route where the coming word names one. */
export function parseAttribute(cursor: Cursor, scope: Scope): (Expression & { kind: 'attribute' }) | null {
  const { token } = cursor;
  const name = token.text;
  if (token.kind !== 'word') return null;
  const own = ownType(name);
  if (name in attributes || own) {
    cursor.next();
    noteRead(scope, readsOf(name));
    return { kind: 'attribute', name, ...(own ? { own } : {}) };
  }
  const effect = unmodelledAttributes[name];
  if (effect === undefined) return null;
  cursor.next();
  cursor.reading.note(placeOf(token), name, effect, true);
  return { kind: 'attribute', name };
}

export function parseSymbol(cursor: Cursor, scope: Scope): Expression {
  const at = cursor.name('a value');
  const found = cursor.meaning(at.text);
  switch (found?.kind) {
    case 'constant':
      return constant(found.value);
    case 'variable':
      return { kind: 'variable', slot: found.slot, type: found.type };
    case 'attribute':
      return { kind: 'attribute', name: at.text, own: found.type };
    case 'function': {
      const { function: called } = found;
      noteRead(scope, called.reads);
      const operands = parseArguments(cursor, scope, called.parameters.length);
      operands.forEach((operand, place) => {
        checkHolds(
          cursor,
          at,
          operand,
          called.parameters[place] ?? 'void',
          `argument ${place + 1} of ${at.text}`,
        );
      });
      return { kind: 'call', function: called, operands };
    }
    default: {
      const known = (['constant', 'variable', 'function'] as const).flatMap((kind) => cursor.names(kind));
      cursor.reading.undefinedName(placeOf(at), 'value', at.text, [...known, ...Object.keys(attributes)]);
      throw new Stop();
    }
  }
}

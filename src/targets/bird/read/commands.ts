import { attributes } from '../../../bgp/policy/program/attributes.ts';
import type { Branch, Command, Expression, ValueType } from '../../../bgp/policy/program/types.ts';
import { type Cursor, Stop, shown } from './cursor.ts';
import { parseAttribute, parseOwnAttribute, parseTerm } from './expressions.ts';
import { readOnly, setOf, staticAttributes, typeNamed } from './filter-words.ts';
import { placeOf, type Token } from './lexer.ts';
import { declare, type Scope } from './scope.ts';
import { parseSetItems } from './set-items.ts';
import { attributeType, checkHolds, checkType, operationOf, staticType } from './static-types.ts';

/** `{ ... }`: commands with a scope of their own. */
export function parseBlock(cursor: Cursor, scope: Scope): readonly Command[] {
  cursor.expect('{');
  const commands = cursor.scoped(() => parseCommands(cursor, scope, () => cursor.is('}')));
  cursor.expect('}');
  return commands;
}

/** Commands until `done` says so or the file ends. */
export function parseCommands(cursor: Cursor, scope: Scope, done: () => boolean): readonly Command[] {
  const commands: Command[] = [];
  while (!done()) {
    if (cursor.token.kind === 'end') cursor.fail("'}' is missing", 'Close the block.');
    commands.push(...cursor.nested(() => parseCommand(cursor, scope)));
  }
  return commands;
}

/** A type, with `set` behind it where there are sets of it; null where the coming word is none. */
export function parseType(cursor: Cursor): ValueType | null {
  const type = cursor.token.kind === 'word' ? typeNamed(cursor.token.text) : null;
  if (type === null) return null;
  const at = cursor.next();
  if (!cursor.take('set')) return type;
  return setOf(type) ?? cursor.fail(`there are no sets of ${type}`, 'Use another type.', at);
}

function parseCommand(cursor: Cursor, scope: Scope): readonly Command[] {
  const at = cursor.token;
  if (cursor.is('{')) return parseBlock(cursor, scope);
  if (cursor.take('if')) return [parseIf(cursor, scope, at)];
  if (cursor.take('for')) return [parseFor(cursor, scope, at)];
  if (cursor.take('case')) return [parseCase(cursor, scope, at)];
  const commands = parseSimple(cursor, scope, at);
  cursor.expect(';');
  return commands;
}

/** Commands that end with a semicolon. */
function parseSimple(cursor: Cursor, scope: Scope, at: Token): readonly Command[] {
  const source = placeOf(at);
  if (cursor.take('return')) return [{ kind: 'return', value: parseTerm(cursor, scope), source }];
  for (const verdict of ['accept', 'reject', 'error']) {
    if (!cursor.take(verdict)) continue;
    return [...parsePrinted(cursor, scope, at), { kind: 'verdict', accept: verdict === 'accept', source }];
  }
  if (cursor.take('print') || cursor.take('printn')) return parsePrinted(cursor, scope, at);
  if (cursor.take('unset')) {
    cursor.expect('(');
    const name = cursor.token;
    const attribute =
      parseAttribute(cursor, scope) ?? cursor.fail('the name of an attribute is expected here');
    if (staticAttributes.has(name.text))
      cursor.fail(`${name.text} cannot be unset`, 'Remove the line.', name);
    cursor.expect(')');
    return [{ ...attribute, kind: 'unset', source }];
  }
  const type = parseType(cursor);
  if (type !== null) return [parseVariable(cursor, scope, type, at)];
  return [parseAssignment(cursor, scope, at)];
}

/** What is printed has no effect unless it fails. */
function parsePrinted(cursor: Cursor, scope: Scope, at: Token): readonly Command[] {
  const commands: Command[] = [];
  while (!cursor.is(';') && !cursor.is('}')) {
    commands.push({ kind: 'evaluate', value: parseTerm(cursor, scope), source: placeOf(at) });
    if (!cursor.take(',')) break;
  }
  return commands;
}

function parseVariable(cursor: Cursor, scope: Scope, type: ValueType, at: Token): Command {
  const name = cursor.name('the name of a variable');
  const value: Expression = cursor.take('=')
    ? parseTerm(cursor, scope)
    : { kind: 'constant', value: { type: 'void' } };
  checkHolds(cursor, at, value, type, name.text);
  return { kind: 'set-variable', slot: declare(cursor, scope, name, type), type, value, source: placeOf(at) };
}

function parseAssignment(cursor: Cursor, scope: Scope, at: Token): Command {
  const source = placeOf(at);
  // Those of the own making are only ever assigned.
  const attribute = parseAttribute(cursor, scope) ?? (cursor.is('=', 1) ? parseOwnAttribute(cursor) : null);
  if (attribute) return parseAttributeCommand(cursor, scope, attribute, at);
  const found = cursor.meaning(at.text);
  if (cursor.is('=', 1) && found?.kind === 'variable') {
    cursor.next();
    cursor.next();
    const { slot, type } = found;
    const value = parseTerm(cursor, scope);
    checkHolds(cursor, at, value, type, at.text);
    return { kind: 'set-variable', slot, type, value, source };
  }
  if (found?.kind === 'function') return { kind: 'evaluate', value: parseTerm(cursor, scope), source };
  if (at.kind === 'word' || at.kind === 'quoted') {
    const known = (['variable', 'function'] as const).flatMap((kind) => cursor.names(kind));
    cursor.reading.undefinedName(source, 'command or variable', at.text, [...words, ...known]);
    throw new Stop();
  }
  return cursor.fail(`a command is expected here, not ${shown(at)}`);
}

const words = [
  ...['if', 'case', 'for', 'return', 'accept', 'reject', 'error', 'print', 'unset'],
  ...Object.keys(attributes),
];

/** `bgp_med = 5;`, `bgp_path.prepend(65001);`, `bgp_community.empty;` */
function parseAttributeCommand(
  cursor: Cursor,
  scope: Scope,
  attribute: Expression & { kind: 'attribute' },
  at: Token,
): Command {
  const source = placeOf(at);
  const { name, own } = attribute;
  const target = { kind: 'set-attribute', name, ...(own ? { own } : {}), source } as const;
  if (cursor.take('=')) {
    const value = parseTerm(cursor, scope);
    if (readOnly.has(name) || (!own && name in attributes && attributes[name]?.takes === null))
      cursor.fail(`${name} cannot be set`, 'Remove the line.', at);
    checkType(cursor, at, value, attributeType(attribute), name);
    return { ...target, value };
  }
  cursor.expect('.');
  const method = cursor.word('what to do with the attribute').text;
  if (method === 'empty') {
    const type = own ?? attributes[name]?.takes;
    if (type !== 'bgppath' && type !== 'clist' && type !== 'eclist' && type !== 'lclist')
      return cursor.fail(`${name} cannot be emptied`, 'Remove the line.', at);
    return { ...target, value: { kind: 'constant', value: { type, value: [], missing: true } } };
  }
  if (!['prepend', 'add', 'delete', 'filter'].includes(method))
    return cursor.fail(
      `there is no '.${method}' of an attribute`,
      'Use prepend, add, delete, filter or empty.',
      at,
    );
  cursor.expect('(');
  const operand = parseTerm(cursor, scope);
  cursor.expect(')');
  return { ...target, value: operationOf(cursor, at, method, [attribute, operand]) };
}

function parseIf(cursor: Cursor, scope: Scope, at: Token): Command {
  const condition = parseTerm(cursor, scope);
  checkType(cursor, at, condition, 'bool', "'if'");
  cursor.expect('then');
  const body = parseCommand(cursor, scope);
  const otherwise = cursor.take('else') ? parseCommand(cursor, scope) : [];
  return { kind: 'if', condition, body, otherwise, source: placeOf(at) };
}

/** The variable is known in the body only; the list is read outside of it. */
function parseFor(cursor: Cursor, scope: Scope, at: Token): Command {
  return cursor.scoped(() => {
    const type = parseType(cursor);
    const name = cursor.name('the name of a variable');
    const known = cursor.meaning(name.text);
    cursor.expect('in');
    const over = parseTerm(cursor, scope);
    const slot =
      type !== null
        ? declare(cursor, scope, name, type)
        : known?.kind === 'variable'
          ? known.slot
          : cursor.fail(`${name.text} is no variable`, 'Give the type of the variable.', name);
    checkWalk(cursor, name, over, type ?? (known?.kind === 'variable' ? known.type : 'void'));
    cursor.expect('do');
    return { kind: 'for', slot, over, body: parseCommand(cursor, scope), source: placeOf(at) };
  });
}

const members: Readonly<Record<string, ValueType>> = {
  bgppath: 'int',
  clist: 'pair',
  eclist: 'ec',
  lclist: 'lc',
};

/** What is walked over has to be a list, and the variable of the type of its members, as far as both are known. */
function checkWalk(cursor: Cursor, at: Token, over: Expression, type: ValueType): void {
  const list = staticType(over);
  if (list === null) return;
  const member = members[list];
  if (member === undefined) cursor.fail(`${list} cannot be walked over`, 'Walk over a path or a list.', at);
  else if (member !== type)
    cursor.fail(`${at.text} has to be ${member}`, `Write '${member} ${at.text}'.`, at);
}

function parseCase(cursor: Cursor, scope: Scope, at: Token): Command {
  const value = parseTerm(cursor, scope);
  cursor.expect('{');
  const branches: Branch[] = [];
  while (!cursor.take('}')) {
    const items = cursor.take('else:') ? null : parseSetItems(cursor, 'label');
    if (items) cursor.expect(':');
    const body = cursor.scoped(() =>
      parseCommands(cursor, scope, () => cursor.is('}') || startsBranch(cursor)),
    );
    branches.push({ items, body });
  }
  return { kind: 'case', value, branches, source: placeOf(at) };
}

/** A branch begins with a value and a command never does. */
function startsBranch(cursor: Cursor): boolean {
  const { token } = cursor;
  if (token.kind === 'number' || token.kind === 'address' || token.kind === 'rd') return true;
  return (
    cursor.is('else:') ||
    cursor.is('(') ||
    /^(?:RTS|RTD|ROA|ORIGIN|SCOPE|NET|AF)_[A-Z0-9_]+$/.test(token.text)
  );
}

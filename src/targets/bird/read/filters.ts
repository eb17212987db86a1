import type { SourceRange } from '../../../base/source.ts';
import { contentKey } from '../../../bgp/policy/analyse.ts';
import type {
  Command,
  Expression,
  FunctionDefinition,
  Program,
  ValueType,
} from '../../../bgp/policy/program/types.ts';
import type { Policy, PolicyChain } from '../../../bgp/policy/types.ts';
import { parseBlock, parseType } from './commands.ts';
import type { Cursor } from './cursor.ts';
import { parseTerm } from './expressions.ts';
import { placeOf } from './lexer.ts';
import { declare, newScope, type Scope } from './scope.ts';
import { checkType } from './static-types.ts';

/** `filter NAME [variables] { ... }` */
export function parseFilterDefinition(cursor: Cursor): void {
  const at = cursor.name('the name of a filter');
  const policy = parseFilterBody(cursor, at.text, placeOf(at));
  cursor.define(at, { kind: 'filter', policy });
}

/** `function NAME ( type name; ... ) [variables] { ... }`; it may call itself. */
export function parseFunctionDefinition(cursor: Cursor): void {
  const at = cursor.name('the name of a function');
  const scope = newScope();
  cursor.scoped(() => {
    const parameters = parseParameters(cursor, scope);
    const definition: FunctionDefinition = {
      name: at.text,
      parameters,
      slots: 0,
      body: [],
      // What it reads is known at its end; calls to itself add nothing.
      reads: { prefix: false, peer: false },
    };
    cursor.defineOutside(at, { kind: 'function', function: definition });
    const body = parseBody(cursor, scope);
    Object.assign(definition, { body, slots: scope.slots, reads: scope.reads });
  });
}

function parseParameters(cursor: Cursor, scope: Scope): readonly ValueType[] {
  cursor.expect('(');
  const types: ValueType[] = [];
  while (!cursor.take(')')) {
    if (types.length > 0) cursor.expect(';');
    const type = parseType(cursor) ?? cursor.fail('the type of an argument is expected here');
    types.push(type);
    declare(cursor, scope, cursor.name('the name of an argument'), type);
  }
  return types;
}

/** Variables in the old style stand before the block. */
function parseBody(cursor: Cursor, scope: Scope): readonly Command[] {
  while (!cursor.is('{')) {
    const type = parseType(cursor) ?? cursor.fail("'{' is expected here");
    declare(cursor, scope, cursor.name('the name of a variable'), type);
    cursor.expect(';');
  }
  return parseBlock(cursor, scope);
}

function parseFilterBody(cursor: Cursor, name: string, source: SourceRange): Policy {
  const scope = newScope();
  const body = cursor.scoped(() => parseBody(cursor, scope));
  return programPolicy('filter', name, programOf(body, scope), source);
}

/** Commands that stand beside a static route: they set attributes and decide nothing. */
export function attributePolicy(commands: readonly Command[], scope: Scope, source: SourceRange): Policy {
  const accept: Command = { kind: 'verdict', accept: true, source };
  return programPolicy('route', '', programOf([...commands, accept], scope), source);
}

/** What stands behind `import` and `export`. */
export function parseChannelPolicy(cursor: Cursor, direction: string): PolicyChain {
  const at = cursor.token;
  const source = placeOf(at);
  if (cursor.take('all')) return [];
  if (cursor.take('none')) return [rejectAll(`${direction} none`, source)];
  if (cursor.take('where')) {
    const scope = newScope();
    const condition = parseTerm(cursor, scope);
    checkType(cursor, at, condition, 'bool', "'where'");
    const verdict = (accept: boolean): Command => ({ kind: 'verdict', accept, source });
    const body: Command = {
      kind: 'if',
      condition,
      body: [verdict(true)],
      otherwise: [verdict(false)],
      source,
    };
    return [programPolicy(`${direction} where`, '', programOf([body], scope), source)];
  }
  cursor.expect('filter');
  if (cursor.is('{') || parseTypeAhead(cursor)) return [parseFilterBody(cursor, '', source)];
  return [cursor.known('filter', 'filter').policy];
}

function parseTypeAhead(cursor: Cursor): boolean {
  return (
    cursor.token.kind === 'word' &&
    cursor.meaning(cursor.token.text) === null &&
    cursor.ahead(1).kind === 'word'
  );
}

/** A policy that lets nothing pass. */
export function rejectAll(name: string, source: SourceRange | null): Policy {
  return { name, kind: '', statements: [], otherwise: 'reject', source };
}

export function letsNothingPass({ program, statements, otherwise }: Policy): boolean {
  return !program && statements.length === 0 && otherwise === 'reject';
}

function programPolicy(kind: string, name: string, program: Program, source: SourceRange): Policy {
  return { name, kind, program, statements: [], otherwise: 'reject', source };
}

function programOf(body: readonly Command[], scope: Scope): Program {
  return { body, slots: scope.slots, reads: scope.reads, key: keyOf(body) };
}

/** The program as text, each function it calls once behind it: calls stand by name, so that the text stays short. */
function keyOf(body: readonly Command[]): string {
  const called = new Map<string, FunctionDefinition>();
  const plain = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(plain);
    if (typeof part !== 'object' || part === null) return part;
    const { function: definition, ...rest } = part as { function?: FunctionDefinition } & Partial<Expression>;
    if (definition) called.set(definition.name, definition);
    const entries = Object.entries(rest).filter(([name]) => name !== 'source');
    return Object.fromEntries([
      ...entries.map(([name, value]) => [name, plain(value)]),
      ...(definition ? [['calls', definition.name]] : []),
    ]);
  };
  const texts = [contentKey(plain(body))];
  // The map grows while it is walked: functions called by functions come behind.
  for (const [name, definition] of called) texts.push(`${name} ${contentKey(plain(definition.body))}`);
  return texts.join('\n');
}

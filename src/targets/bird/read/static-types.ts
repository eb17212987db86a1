import { attributes } from '../../../bgp/policy/program/attributes.ts';
import { workedOut } from '../../../bgp/policy/program/run.ts';
import type { Expression, ValueType } from '../../../bgp/policy/program/types.ts';
import type { Cursor } from './cursor.ts';
import { unmodelledAttributes } from './filter-words.ts';
import type { Token } from './lexer.ts';

/** A type as BIRD knows it while it reads; enumerations are types of their own. */
export type StaticType = Exclude<ValueType, 'void' | 'enum' | 'origins'> | `enum ${string}`;

interface Signature {
  /** By argument; null: of any type. */
  readonly takes: readonly (StaticType | null)[];
  /** 'first': as the first argument; null: known only when it runs. */
  readonly gives: StaticType | 'first' | null;
  /** Both arguments are of one type. */
  readonly alike?: true;
}

const arithmetic: Signature = { takes: ['int', 'int'], gives: 'int' };
const order: Signature = { takes: [null, null], gives: 'bool', alike: true };
const any: Signature = { takes: [null, null], gives: 'bool' };
const ofPath: Signature = { takes: ['bgppath'], gives: 'int' };
const ofList: Signature = { takes: [null, null], gives: 'first' };

/** What each operation takes and gives (filter/f-inst.c). */
const signatures: Readonly<Record<string, Signature>> = {
  '+': arithmetic,
  '-': arithmetic,
  '*': arithmetic,
  '/': arithmetic,
  '=': any,
  '!=': any,
  '<': order,
  '<=': order,
  '>': order,
  '>=': order,
  '~': any,
  '!~': any,
  '!': { takes: ['bool'], gives: 'bool' },
  defined: { takes: [null], gives: 'bool' },
  pair: { takes: ['int', 'int'], gives: 'pair' },
  ec: { takes: ['int', null, 'int'], gives: 'ec' },
  lc: { takes: ['int', 'int', 'int'], gives: 'lc' },
  prepend: { takes: ['bgppath', 'int'], gives: 'bgppath' },
  add: ofList,
  delete: ofList,
  filter: ofList,
  format: { takes: [null], gives: 'string' },
  'roa check': { takes: [null, 'prefix', null], gives: 'enum ROA' },
  '.len': { takes: [null], gives: 'int' },
  '.maxlen': { takes: ['prefix'], gives: 'int' },
  '.src': { takes: ['prefix'], gives: 'prefix' },
  '.dst': { takes: ['prefix'], gives: 'prefix' },
  '.rd': { takes: ['prefix'], gives: 'rd' },
  '.ip': { takes: ['prefix'], gives: 'ip' },
  '.type': { takes: [null], gives: 'enum NET' },
  '.is_v4': { takes: ['ip'], gives: 'bool' },
  '.mask': { takes: ['ip', 'int'], gives: 'ip' },
  '.first': ofPath,
  '.last': ofPath,
  '.last_nonaggregated': ofPath,
  '.asn': { takes: [null], gives: 'int' },
  '.data': { takes: ['pair'], gives: 'int' },
  '.data1': { takes: ['lc'], gives: 'int' },
  '.data2': { takes: ['lc'], gives: 'int' },
  '.min': { takes: [null], gives: null },
  '.max': { takes: [null], gives: null },
};

/** Of attributes that do not simply hold what they take. */
const attributeTypes: Readonly<Record<string, StaticType>> = {
  net: 'prefix',
  proto: 'string',
  source: 'enum RTS',
  scope: 'enum SCOPE',
  dest: 'enum RTD',
  bgp_origin: 'enum ORIGIN',
  bgp_atomic_aggr: 'enum EMPTY',
  bgp_aggregator: 'enum EMPTY',
  bgp_aigp: 'enum EMPTY',
  ospf_router_id: 'quad',
  babel_router_id: 'quad',
  ra_preference: 'enum RA',
  onlink: 'bool',
};

export function attributeType({ name, own }: Expression & { kind: 'attribute' }): StaticType | null {
  const type = own ?? attributeTypes[name] ?? attributes[name]?.takes ?? null;
  if (type === null) return name in unmodelledAttributes ? 'int' : null;
  return known(type);
}

function known(type: ValueType | StaticType): StaticType | null {
  return type === 'void' || type === 'enum' || type === 'origins' ? null : type;
}

/** The type of a term as far as BIRD knows it before it runs; null: it does not. What functions give is never known. */
export function staticType(term: Expression): StaticType | null {
  switch (term.kind) {
    case 'constant':
      return term.value.type === 'enum' ? `enum ${term.value.of}` : known(term.value.type);
    case 'variable':
      return known(term.type);
    case 'attribute':
      return attributeType(term);
    case 'and':
    case 'or':
      return 'bool';
    case 'mask':
      return 'bgpmask';
    case 'call':
      return null;
    case 'operation': {
      const gives = signatures[term.operation]?.gives ?? null;
      const [first] = term.operands;
      return gives === 'first' ? (first ? staticType(first) : null) : gives;
    }
  }
}

/** May the term stand where this type is asked for? A constant IPv4 address is a quad there, `[]` a set of prefixes (`f_const_promotion`). */
function fits(term: Expression, wanted: StaticType): boolean {
  const type = staticType(term);
  if (type === null || type === wanted) return true;
  if (term.kind !== 'constant') return false;
  const { value } = term;
  if (wanted === 'quad') return value.type === 'ip' && value.value.family === 4;
  return wanted === 'prefix set' && value.type === 'set' && value.value.length === 0;
}

/** BIRD does not start where a term is known to be of another type. */
export function checkType(
  cursor: Cursor,
  at: Token,
  term: Expression,
  wanted: StaticType | null,
  where: string,
): void {
  if (wanted === null || fits(term, wanted)) return;
  cursor.fail(`${where} takes ${wanted}, not ${staticType(term)}`, `Give ${wanted}.`, at);
}

/** `checkType` for a variable or an attribute of its own making. */
export function checkHolds(cursor: Cursor, at: Token, term: Expression, type: ValueType, name: string): void {
  checkType(cursor, at, term, known(type), name);
}

/** An operation of terms: types are looked at, and what is constant is worked out while the file is read, as BIRD does. */
export function operationOf(
  cursor: Cursor,
  at: Token,
  operation: string,
  operands: readonly Expression[],
): Expression {
  const signature = signatures[operation];
  operands.forEach((operand, place) => {
    checkType(cursor, at, operand, signature?.takes[place] ?? null, named(operation));
  });
  const [left, right] = operands;
  if (signature?.alike && left && right) checkAlike(cursor, at, left, right, operation);
  const term: Expression = { kind: 'operation', operation, operands: alike(operation, operands) };
  if (!operands.every(({ kind }) => kind === 'constant') || operation === 'roa check') return term;
  const value = workedOut(term);
  if (typeof value !== 'string') return { kind: 'constant', value: value };
  return cursor.fail(`${named(operation)} cannot be worked out: ${value}`, 'Correct the term.', at);
}

/** Beside a set of prefixes `[]` is one. */
function alike(operation: string, operands: readonly Expression[]): readonly Expression[] {
  if (operation !== '=' && operation !== '!=') return operands;
  if (!operands.some((operand) => staticType(operand) === 'prefix set')) return operands;
  return operands.map((operand) =>
    fits(operand, 'prefix set') && operand.kind === 'constant' && operand.value.type === 'set'
      ? { kind: 'constant', value: { type: 'prefix set', value: [] } }
      : operand,
  );
}

function checkAlike(cursor: Cursor, at: Token, left: Expression, right: Expression, operation: string): void {
  const [a, b] = [staticType(left), staticType(right)];
  if (a === null || b === null || fits(left, b) || fits(right, a)) return;
  cursor.fail(
    `${named(operation)} compares values of one type, not ${a} and ${b}`,
    'Compare like with like.',
    at,
  );
}

function named(operation: string): string {
  return `'${operation.replace(/^roa check$/, 'roa_check')}'`;
}

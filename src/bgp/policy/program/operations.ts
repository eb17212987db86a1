import { type Address, bitsOf, contains, prefixOf } from '../../../base/ip.ts';
import type { AsSegment } from '../../as-path.ts';
import { compareValues, inPrefixPatterns, inSet, matchesMask, matchesPattern, sameValues } from './sets.ts';
import type { Value } from './types.ts';

/** What BIRD calls a runtime error: the filter ends and the route is rejected. */
export class RuntimeFault extends Error {}

type Operation = (operands: readonly Value[]) => Value;

export const nothing: Value = { type: 'void' };

export function truth(value: boolean): Value {
  return { type: 'bool', value };
}

export function integer(value: number): Value {
  return { type: 'int', value: value >>> 0 };
}

function operand(operands: readonly Value[], place: number): Value {
  return operands[place] ?? nothing;
}

function fault(message: string): never {
  throw new RuntimeFault(message);
}

function asInteger(value: Value): number {
  return value.type === 'int' ? value.value : fault(`a number is needed, not ${value.type}`);
}

export function asTruth(value: Value): boolean {
  return value.type === 'bool' ? value.value : fault(`true or false is needed, not ${value.type}`);
}

function arithmetic(compute: (a: number, b: number) => number): Operation {
  return (operands) => integer(compute(asInteger(operand(operands, 0)), asInteger(operand(operands, 1))));
}

function ordered(holds: (difference: number) => boolean): Operation {
  return (operands) => {
    const difference = compareValues(operand(operands, 0), operand(operands, 1));
    return difference === null ? fault('values of these types have no order') : truth(holds(difference));
  };
}

/** `~`: membership and matching, by the types of both sides (`val_in_range`). */
function matches(value: Value, into: Value): boolean {
  const found = membership(value, into);
  return found === null ? fault(`~ cannot be applied to ${value.type} and ${into.type}`) : found;
}

function membership(value: Value, into: Value): boolean | null {
  switch (into.type) {
    case 'bgpmask':
      return value.type === 'bgppath' ? matchesMask(value.value, into.value) : null;
    case 'bgppath':
      return value.type === 'int' ? into.value.some(({ asns }) => asns.includes(value.value)) : null;
    case 'clist': {
      const number = communityNumber(value);
      return number === null ? null : into.value.includes(number);
    }
    case 'eclist':
      return value.type === 'ec' ? into.value.includes(value.value) : null;
    case 'lclist':
      return value.type === 'lc' ? into.value.includes(value.value) : null;
    case 'string':
      return value.type === 'string' ? matchesPattern(into.value, value.value) : null;
    case 'prefix':
      return value.type === 'ip' || value.type === 'prefix' ? contains(into.value, value.value) : null;
    case 'prefix set':
      return value.type === 'prefix' ? inPrefixPatterns(into.value, value.value) : null;
    case 'set':
      return into.value.length === 0 ? false : inOrderedSet(value, into);
    default:
      return null;
  }
}

/** Pairs, quads and IPv4 addresses are numbers in a community or cluster list. */
function communityNumber(value: Value): number | null {
  if (value.type === 'pair' || value.type === 'quad') return value.value;
  return value.type === 'ip' && value.value.family === 4 ? Number(value.value.value) : null;
}

function inOrderedSet(value: Value, set: Value & { readonly type: 'set' }): boolean | null {
  const members = elements(value);
  if (!members) return inSet(set.value, value);
  if (!members.kinds.some((kind) => inSet(set.value, kind) !== null)) return null;
  return members.values.some((member) => inSet(set.value, member) === true);
}

/** The members of a list as values; `kinds`: one of each type they can stand for, which an empty list has as well. */
function elements(
  value: Value,
): { readonly values: readonly Value[]; readonly kinds: readonly Value[] } | null {
  switch (value.type) {
    case 'clist':
      return {
        values: value.value.flatMap((one): Value[] => [
          { type: 'pair', value: one },
          { type: 'quad', value: one },
        ]),
        kinds: [
          { type: 'pair', value: 0 },
          { type: 'quad', value: 0 },
        ],
      };
    case 'eclist':
      return {
        values: value.value.map((one) => ({ type: 'ec', value: one })),
        kinds: [{ type: 'ec', value: 0n }],
      };
    case 'lclist':
      return {
        values: value.value.map((one) => ({ type: 'lc', value: one })),
        kinds: [{ type: 'lc', value: '0:0:0' }],
      };
    case 'bgppath':
      return {
        values: value.value.flatMap(({ asns }) => asns.map((asn): Value => ({ type: 'int', value: asn }))),
        kinds: [{ type: 'int', value: 0 }],
      };
    default:
      return null;
  }
}

/** What `for` walks over; null where the value is no list. */
export function walked(value: Value): readonly Value[] | null {
  if (value.type === 'clist') return value.value.map((one) => ({ type: 'pair', value: one }));
  return elements(value)?.values ?? null;
}

function lengthOf(value: Value): number {
  switch (value.type) {
    case 'prefix':
      return value.value.length;
    case 'bgppath':
      return value.value.reduce((sum, { kind, asns }) => sum + hops(kind, asns.length), 0);
    case 'clist':
    case 'eclist':
    case 'lclist':
      return value.value.length;
    default:
      return fault('a prefix, path or list is needed');
  }
}

function hops(kind: AsSegment['kind'], count: number): number {
  return kind === 'sequence' ? count : kind === 'set' ? 1 : 0;
}

function asPath(value: Value): readonly AsSegment[] {
  return value.type === 'bgppath' ? value.value : fault(`a path is needed, not ${value.type}`);
}

function isSequence({ kind }: AsSegment): boolean {
  return kind === 'sequence' || kind === 'confed-sequence';
}

function prepended(path: readonly AsSegment[], asn: number): Value {
  const [first, ...rest] = path;
  if (first?.kind === 'sequence')
    return { type: 'bgppath', value: [{ kind: 'sequence', asns: [asn, ...first.asns] }, ...rest] };
  return { type: 'bgppath', value: [{ kind: 'sequence', asns: [asn] }, ...path] };
}

function extreme(choose: (difference: number) => boolean): Operation {
  return (operands) => {
    const values = walked(operand(operands, 0)) ?? fault('a list is needed');
    const [first, ...rest] = values;
    if (!first) return nothing;
    return rest.reduce((best, one) => (choose(compareValues(one, best) ?? 0) ? one : best), first);
  };
}

type List = Extract<Value, { readonly type: 'clist' | 'eclist' | 'lclist' }>;

function sameList(list: List, members: readonly Value[]): Value {
  const plain = members.map((member) => ('value' in member ? member.value : 0));
  return { type: list.type, value: [...new Set(plain)] } as Value;
}

function listOf(value: Value): List {
  if (value.type === 'clist' || value.type === 'eclist' || value.type === 'lclist') return value;
  return fault(`a list of communities is needed, not ${value.type}`);
}

/** A single community that may stand in this list. */
function memberOf(list: List, value: Value): Value {
  if (list.type === 'clist') {
    const number = communityNumber(value);
    if (number !== null) return { type: 'pair', value: number };
  }
  const wanted = list.type === 'eclist' ? 'ec' : list.type === 'lclist' ? 'lc' : 'pair';
  return value.type === wanted ? value : fault(`${value.type} does not belong into ${list.type}`);
}

function added(list: List, value: Value): Value {
  const present = walked(list) ?? [];
  if (value.type === list.type) return sameList(list, [...present, ...(walked(value) ?? [])]);
  return sameList(list, [...present, memberOf(list, value)]);
}

/** Keeps the members that are (`filter`) or are not (`delete`) among the others. */
function kept(list: Value, among: Value, keep: boolean): Value {
  if (list.type === 'bgppath') return keptInPath(list.value, among, keep);
  const of = listOf(list);
  const isMember = (member: Value): boolean => {
    if (among.type === 'set') {
      const kinds: readonly Value[] =
        member.type === 'pair' ? [member, { type: 'quad', value: member.value }] : [member];
      return kinds.some((kind) => inSet(among.value, kind) === true);
    }
    if (among.type === of.type)
      return (walked(among) ?? []).some((other) => compareValues(member, other) === 0);
    if (keep) return fault('a set or a list is needed');
    return compareValues(member, memberOf(of, among)) === 0;
  };
  // What is taken from nothing is nothing still.
  if (of.missing) return of;
  return sameList(
    of,
    (walked(of) ?? []).filter((member) => isMember(member) === keep),
  );
}

function keptInPath(path: readonly AsSegment[], among: Value, keep: boolean): Value {
  const fits = (asn: number): boolean => {
    if (among.type === 'set') return inSet(among.value, { type: 'int', value: asn }) === true;
    return among.type === 'int' && !keep ? among.value === asn : fault('a number or a set is needed');
  };
  const segments = path.map(({ kind, asns }) => ({ kind, asns: asns.filter((asn) => fits(asn) === keep) }));
  return { type: 'bgppath', value: segments.filter(({ asns }) => asns.length > 0) };
}

function masked(address: Address, length: number): Address {
  const { family, value } = address;
  const network = prefixOf(family, value, Math.min(length, bitsOf(family)));
  return { family, value: network.value, text: network.text.split('/')[0] ?? '' };
}

/** EC_RT and EC_RO of BIRD; the key decides the form (RFC 4360 section 3, RFC 5668). */
function extendedCommunity(kind: number, key: Value, value: number): Value {
  const make = (type: number, high: bigint, shift: bigint): Value => ({
    type: 'ec',
    value: (BigInt(type) << 48n) | (high << shift) | BigInt(value),
  });
  const short = () => (value > 0xffff ? fault('the value does not fit beside a 4-octet key') : undefined);
  if (kind === GENERIC) return { type: 'ec', value: (BigInt(asInteger(key)) << 32n) | BigInt(value) };
  const address = key.type === 'ip' || key.type === 'quad' ? communityNumber(key) : null;
  if (address !== null) {
    short();
    return make(0x0100 | kind, BigInt(address), 16n);
  }
  const asn = asInteger(key);
  if (asn < 0x10000) return make(kind, BigInt(asn), 32n);
  short();
  return make(0x0200 | kind, BigInt(asn), 16n);
}

/** The `generic` kind of an extended community, whose first four octets are the key. */
export const GENERIC = 0xffff;

function pairOf(first: number, second: number): Value {
  if (first > 0xffff || second > 0xffff) fault('a half of a pair has 16 bits');
  return { type: 'pair', value: first * 65536 + second };
}

function isDefined(value: Value): boolean {
  return value.type !== 'void' && !('missing' in value && value.missing);
}

const partOf = (value: Value, part: number): number => {
  if (value.type === 'pair') return part === 0 ? value.value >>> 16 : value.value & 0xffff;
  if (value.type === 'lc') return Number(value.value.split(':')[part] ?? 0);
  return fault(`${value.type} has no such part`);
};

/** Every operator and function of expressions, by the name the reader gives it. `and` and `or` are no operations: they stop early. */
export const operations: Readonly<Record<string, Operation>> = {
  '+': arithmetic((a, b) => a + b),
  '-': arithmetic((a, b) => a - b),
  '*': arithmetic((a, b) => Math.imul(a, b)),
  '/': arithmetic((a, b) => (b === 0 ? fault('division by zero') : Math.floor(a / b))),
  '=': (of) => truth(sameValues(operand(of, 0), operand(of, 1))),
  '!=': (of) => truth(!sameValues(operand(of, 0), operand(of, 1))),
  '<': ordered((difference) => difference < 0),
  '<=': ordered((difference) => difference <= 0),
  '>': ordered((difference) => difference > 0),
  '>=': ordered((difference) => difference >= 0),
  '~': (of) => truth(matches(operand(of, 0), operand(of, 1))),
  '!~': (of) => truth(!matches(operand(of, 0), operand(of, 1))),
  '!': (of) => truth(!asTruth(operand(of, 0))),
  defined: (of) => truth(isDefined(operand(of, 0))),
  pair: (of) => pairOf(asInteger(operand(of, 0)), asInteger(operand(of, 1))),
  lc: (of) => ({ type: 'lc', value: of.map(asInteger).join(':') }),
  ec: (of) => extendedCommunity(asInteger(operand(of, 0)), operand(of, 1), asInteger(operand(of, 2))),
  prepend: (of) => prepended(asPath(operand(of, 0)), asInteger(operand(of, 1))),
  add: (of) => added(listOf(operand(of, 0)), operand(of, 1)),
  delete: (of) => kept(operand(of, 0), operand(of, 1), false),
  filter: (of) => kept(operand(of, 0), operand(of, 1), true),
  format: (of) => ({ type: 'string', value: textOf(operand(of, 0)) }),
  '.len': (of) => integer(lengthOf(operand(of, 0))),
  '.first': (of) => {
    const first = asPath(operand(of, 0))[0];
    return integer(first?.kind === 'sequence' ? (first.asns[0] ?? 0) : 0);
  },
  '.last': (of) => {
    const last = asPath(operand(of, 0)).at(-1);
    return integer(last && isSequence(last) ? (last.asns.at(-1) ?? 0) : 0);
  },
  '.last_nonaggregated': (of) => {
    const path = asPath(operand(of, 0));
    const end = path.findIndex((segment) => !isSequence(segment));
    return integer((end < 0 ? path : path.slice(0, end)).at(-1)?.asns.at(-1) ?? 0);
  },
  '.asn': (of) => integer(partOf(operand(of, 0), 0)),
  '.data': (of) => {
    const value = operand(of, 0);
    return value.type === 'pair' ? integer(value.value & 0xffff) : fault('a pair is needed');
  },
  '.data1': (of) => integer(partOf(operand(of, 0), 1)),
  '.data2': (of) => integer(partOf(operand(of, 0), 2)),
  '.min': extreme((difference) => difference < 0),
  '.max': extreme((difference) => difference > 0),
  '.ip': (of) => {
    const value = operand(of, 0);
    if (value.type !== 'prefix') return fault('a prefix is needed');
    const { family, value: bits, text } = value.value;
    return { type: 'ip', value: { family, value: bits, text: text.split('/')[0] ?? '' } };
  },
  '.is_v4': (of) => {
    const value = operand(of, 0);
    return value.type === 'ip' ? truth(value.value.family === 4) : fault('an address is needed');
  },
  '.type': (of) => {
    const value = operand(of, 0);
    if (value.type !== 'prefix') return fault('a prefix is needed');
    return { type: 'enum', of: 'NET', value: value.value.family === 4 ? 1 : 2 };
  },
  '.mask': (of) => {
    const [value, length] = [operand(of, 0), asInteger(operand(of, 1))];
    return value.type === 'ip'
      ? { type: 'ip', value: masked(value.value, length) }
      : fault('an address is needed');
  },
};

/** As `print` and `format` write a value, where that is plain. */
function textOf(value: Value): string {
  switch (value.type) {
    case 'string':
    case 'lc':
      return value.value;
    case 'ip':
    case 'prefix':
      return value.value.text;
    case 'bool':
      return value.value ? 'TRUE' : 'FALSE';
    case 'pair':
      return `(${value.value >>> 16},${value.value & 0xffff})`;
    case 'void':
      return '(void)';
    default:
      return plainNumber(value);
  }
}

function plainNumber(value: Value): string {
  return 'value' in value && typeof value.value === 'number' ? String(value.value) : value.type;
}

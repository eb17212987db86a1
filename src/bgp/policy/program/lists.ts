import { contains } from '../../../base/ip.ts';
import type { AsSegment } from '../../as-path.ts';
import { compareValues, inPrefixPatterns, inSet, matchesMask, matchesPattern } from './sets.ts';
import type { Value } from './types.ts';
import { fault, type Operation, operand } from './values.ts';

/** `~`: membership and matching, by the types of both sides (`val_in_range`). */
export function matches(value: Value, into: Value): boolean {
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
export function communityNumber(value: Value): number | null {
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

export function lengthOf(value: Value): number {
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

export function asPath(value: Value): readonly AsSegment[] {
  return value.type === 'bgppath' ? value.value : fault(`a path is needed, not ${value.type}`);
}

export function isSequence({ kind }: AsSegment): boolean {
  return kind === 'sequence' || kind === 'confed-sequence';
}

export function prepended(path: readonly AsSegment[], asn: number): Value {
  const [first, ...rest] = path;
  if (first?.kind === 'sequence')
    return { type: 'bgppath', value: [{ kind: 'sequence', asns: [asn, ...first.asns] }, ...rest] };
  return { type: 'bgppath', value: [{ kind: 'sequence', asns: [asn] }, ...path] };
}

/** `.min` and `.max`: of an empty list the number 0 of its members' type. Paths have none. */
export function extreme(choose: (difference: number) => boolean): Operation {
  return (operands) => {
    const list = listOf(operand(operands, 0));
    const [first, ...rest] = walked(list) ?? [];
    if (!first) return zeros[list.type];
    return rest.reduce((best, one) => (choose(compareValues(one, best) ?? 0) ? one : best), first);
  };
}

const zeros: Readonly<Record<List['type'], Value>> = {
  clist: { type: 'pair', value: 0 },
  eclist: { type: 'ec', value: 0n },
  lclist: { type: 'lc', value: '0:0:0' },
};

type List = Extract<Value, { readonly type: 'clist' | 'eclist' | 'lclist' }>;

function sameList(list: List, members: readonly Value[]): Value {
  const plain = members.map((member) => ('value' in member ? member.value : 0));
  return { type: list.type, value: [...new Set(plain)] } as Value;
}

export function listOf(value: Value): List {
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

export function added(list: List, value: Value): Value {
  const present = walked(list) ?? [];
  if (value.type === list.type) return sameList(list, [...present, ...(walked(value) ?? [])]);
  return sameList(list, [...present, memberOf(list, value)]);
}

/** Keeps the members that are (`filter`) or are not (`delete`) among the others. */
export function kept(list: Value, among: Value, keep: boolean): Value {
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

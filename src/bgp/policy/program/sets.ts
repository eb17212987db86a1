import { bitsOf, compareAddresses, comparePrefixes, type Prefix } from '../../../base/ip.ts';
import type { AsSegment } from '../../as-path.ts';
import { compareLargeCommunities } from '../../communities.ts';
import { mayOverlap, placeInTree } from './set-tree.ts';
import type { MaskItem, PrefixPattern, SetItem, Value } from './types.ts';

/** BIRD's `val_compare`: negative, zero or positive; null where the two cannot be compared. No value comes before any. */
export function compareValues(a: Value, b: Value): number | null {
  if (a.type === 'void' || b.type === 'void') return Number(b.type === 'void') - Number(a.type === 'void');
  const [left, right] = [asQuad(a, b), asQuad(b, a)];
  if (left.type === 'enum' && right.type === 'enum')
    return left.of === right.of ? left.value - right.value : null;
  switch (left.type) {
    case 'int':
    case 'pair':
    case 'quad':
      return left.type === right.type ? left.value - (right.value as number) : null;
    case 'bool':
      return right.type === 'bool' ? Number(left.value) - Number(right.value) : null;
    case 'ec':
    case 'rd':
      return right.type === left.type ? signOf(left.value, right.value) : null;
    case 'lc':
      return right.type === 'lc' ? compareLargeCommunities(left.value, right.value) : null;
    case 'ip':
      return right.type === 'ip' ? compareAddresses(left.value, right.value) : null;
    case 'prefix':
      return right.type === 'prefix' ? comparePrefixes(left.value, right.value) : null;
    case 'string':
      return right.type === 'string' ? signOf(left.value, right.value) : null;
    default:
      return null;
  }
}

function signOf<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An IPv4 address beside a quad is one. */
function asQuad(value: Value, beside: Value): Value {
  if (beside.type !== 'quad' || value.type !== 'ip' || value.value.family !== 4) return value;
  return { type: 'quad', value: Number(value.value.value) };
}

/** BIRD's `val_same`; lists and sets are the same where they have the same members in the same order. */
export function sameValues(a: Value, b: Value): boolean {
  const compared = compareValues(a, b);
  if (compared !== null) return compared === 0;
  return a.type === b.type && plain(a) === plain(b);
}

function plain(value: Value): string {
  const of = 'value' in value ? value.value : null;
  return JSON.stringify(of, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
}

/** Is the value one of the set's? null where the set is of another type. */
export function inSet(items: readonly SetItem[], value: Value): boolean | null {
  const place = placeInSet(items, value);
  return place === null ? null : place >= 0;
}

/** The item that a value is found in; -1: none, null: the set is of another type. */
export function placeInSet(items: readonly SetItem[], value: Value): number | null {
  if (value.type === 'void') return items.length === 0 ? -1 : null;
  const found = firstPlace(items, value);
  if (found === null || found < 0 || !mayOverlap(items, compareValues)) return found;
  return placeInTree(items, value, compareValues);
}

function firstPlace(items: readonly SetItem[], value: Value): number | null {
  let comparable = items.length === 0;
  for (const [place, item] of items.entries()) {
    if ('pairs' in item) {
      if (value.type !== 'pair') continue;
      comparable = true;
      const [first, second] = [value.value >>> 16, value.value & 0xffff];
      if (within(first, item.pairs.first) && within(second, item.pairs.second)) return place;
      continue;
    }
    const low = compareValues(value, item.from);
    const high = compareValues(value, item.to);
    if (low === null || high === null) continue;
    comparable = true;
    if (low >= 0 && high <= 0) return place;
  }
  return comparable ? -1 : null;
}

function within(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}

export function inPrefixPatterns(patterns: readonly PrefixPattern[], prefix: Prefix): boolean {
  return patterns.some(({ network, low, high }) => {
    if (network.family !== prefix.family || prefix.length < low || prefix.length > high) return false;
    const shared = Math.min(network.length, prefix.length);
    const host = BigInt(bitsOf(prefix.family) - shared);
    return network.value >> host === prefix.value >> host;
  });
}

/** One place of a path: an AS, or the members of a set. */
type Place = { readonly asn: number } | { readonly members: readonly number[] };

/** BIRD's `as_path_match`: the whole path, place by place; the states reached are kept as a set, so the time is bounded. */
export function matchesMask(segments: readonly AsSegment[], mask: readonly MaskItem[]): boolean {
  const places = segments.flatMap(({ kind, asns }): Place[] =>
    kind === 'set' || kind === 'confed-set' ? [{ members: asns }] : asns.map((asn) => ({ asn })),
  );
  let reached = new Set([0]);
  for (const item of mask) {
    const next = new Set<number>();
    if (item.kind === 'any-number') {
      for (let at = Math.min(...reached); at <= places.length; at++) next.add(at);
    } else {
      for (const start of reached) {
        for (let at = start; ; at++) {
          const place = places[at];
          if (!place || !fits(place, item)) break;
          next.add(at + 1);
          if (!item.loop || next.has(at + 2)) break;
        }
      }
    }
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(places.length);
}

function fits(place: Place, item: Exclude<MaskItem, { readonly kind: 'any-number' }>): boolean {
  const asns = 'asn' in place ? [place.asn] : place.members;
  switch (item.kind) {
    case 'any-one':
      return true;
    case 'range':
      return asns.some((asn) => asn >= item.from && asn <= item.to);
    case 'set':
      return asns.some((asn) => inSet(item.items, { type: 'int', value: asn }) === true);
  }
}

/** Shell-like: `*` for anything, `?` for one character; in time proportional to both lengths multiplied. */
export function matchesPattern(pattern: string, text: string): boolean {
  let [at, star, from] = [0, -1, 0];
  let place = 0;
  while (place < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      from = place;
    } else if (pattern[at] === '?' || pattern[at] === text[place]) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++from;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

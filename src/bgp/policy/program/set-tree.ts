import type { SetItem, Value } from './types.ts';

/** Compares as BIRD does; null: the two cannot be compared. */
type Compare = (a: Value, b: Value) => number | null;

/** An item of a set, or one row of a pair with a range in front: BIRD makes an interval of each (`f_new_pair_set`). */
interface Interval {
  readonly from: Value;
  readonly to: Value;
  readonly place: number;
}

const trees = new WeakMap<readonly SetItem[], readonly Interval[]>();

/**
 * The place of the item in which BIRD finds a value of the set; -1: it finds none. A set is a balanced tree over where items begin
 * (filter/tree.c): where they overlap, the search goes past some that hold the value.
 */
export function placeInTree(items: readonly SetItem[], value: Value, compare: Compare): number {
  let sorted = trees.get(items);
  if (!sorted) {
    sorted = items.flatMap(intervalsOf).sort((a, b) => compare(a.from, b.from) ?? 0);
    trees.set(items, sorted);
  }
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const interval = sorted[middle];
    if (!interval) break;
    const begins = compare(interval.from, value) ?? 1;
    if (begins <= 0 && (compare(interval.to, value) ?? -1) >= 0) return interval.place;
    if (begins < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/** A range of first halves is one interval of pairs where the second half may be anything, else one for each (`f_new_pair_item`, `f_new_pair_set`). */
export function intervalsOf(item: SetItem, place: number): readonly Interval[] {
  if (!('pairs' in item)) return [{ ...item, place }];
  const { first, second } = item.pairs;
  const pair = (high: number, low: number): Value => ({ type: 'pair', value: high * 65536 + low });
  if (second[0] === 0 && second[1] === 0xffff)
    return [{ from: pair(first[0], 0), to: pair(first[1], 0xffff), place }];
  return Array.from({ length: first[1] - first[0] + 1 }, (_, row) => ({
    from: pair(first[0] + row, second[0]),
    to: pair(first[0] + row, second[1]),
    place,
  }));
}

const apart = new WeakMap<readonly SetItem[], boolean>();

/** May two items hold one value? Only then it matters how the set is searched. */
export function mayOverlap(items: readonly SetItem[], compare: Compare): boolean {
  let known = apart.get(items);
  if (known === undefined) {
    known = items.some((item, place) => items.slice(place + 1).some((other) => meets(item, other, compare)));
    apart.set(items, known);
  }
  return known;
}

function meets(a: SetItem, b: SetItem, compare: Compare): boolean {
  if ('pairs' in a && 'pairs' in b)
    return cross(a.pairs.first, b.pairs.first) && cross(a.pairs.second, b.pairs.second);
  // A range of pairs beside rows of them: looked at closely.
  if ('pairs' in a || 'pairs' in b) return true;
  return (compare(a.from, b.to) ?? 1) <= 0 && (compare(b.from, a.to) ?? 1) <= 0;
}

function cross(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] <= b[1] && b[0] <= a[1];
}

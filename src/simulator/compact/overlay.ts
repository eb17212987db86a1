/**
 * What of an array of numbers is another since: of what is kept for every prefix a failure leaves nearly all as it was. Neither the array
 * nor this is written again.
 */
export interface Overlay {
  /** Places that differ, ascending. */
  readonly places: readonly number[];
  /** What holds there instead. */
  readonly values: readonly number[];
}

export const noOverlay: Overlay = { places: [], values: [] };

/** What holds at a place; `below`: the array. */
export function overlaid(over: Overlay, below: ArrayLike<number>, place: number): number {
  const changed = placeIn(over, place);
  return (changed < 0 ? below[place] : over.values[changed]) ?? 0;
}

/** The index of a place among those that differ; -1: it does not. */
export function placeIn({ places }: Overlay, place: number): number {
  let [low, high] = [0, places.length - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = places[middle] ?? 0;
    if (found === place) return middle;
    if (found < place) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/**
 * With what holds now at some places, of which each is named once; itself, if nothing differs. `before`: what held there until now. null: it would list
 * so much of the array (`length`) that another array is better.
 */
export function overlay(
  over: Overlay,
  touched: readonly number[],
  now: (place: number) => number,
  before: (place: number) => number,
  length: number,
): Overlay | null {
  const changed = touched.filter((place) => now(place) !== before(place)).sort((a, b) => a - b);
  if (changed.length === 0) return over;
  const merged =
    over.places.length === 0 ? { places: changed, values: changed.map(now) } : merge(over, changed, now);
  return merged.places.length * LISTED_AT_MOST > length ? null : merged;
}

function merge(
  { places, values }: Overlay,
  changed: readonly number[],
  now: (place: number) => number,
): Overlay {
  const merged = { places: [] as number[], values: [] as number[] };
  const add = (place: number, value: number) => {
    merged.places.push(place);
    merged.values.push(value);
  };
  let at = 0;
  const keepBefore = (end: number) => {
    for (; at < places.length && (places[at] ?? 0) < end; at++) add(places[at] ?? 0, values[at] ?? 0);
  };
  for (const place of changed) {
    keepBefore(place);
    if (places[at] === place) at++;
    add(place, now(place));
  }
  keepBefore(Number.POSITIVE_INFINITY);
  return merged;
}

/** Beyond one place in so many a list takes more than it spares. */
const LISTED_AT_MOST = 8;

/** Writes it over an array. */
export function layOver({ places, values }: Overlay, into: Uint8Array | Uint32Array): void {
  for (let i = 0; i < places.length; i++) into[places[i] ?? 0] = values[i] ?? 0;
}

/**
 * A map from two 32-bit numbers to a positive one, in one flat array: what interning asks for every new path of every prefix,
 * where a Map with a composed key would cost a string or a heap number each time. Open addressing, at most half full.
 */
export interface PairTable {
  /** Three numbers per place: the pair and its value; value 0: free. */
  cells: Int32Array;
  size: number;
}

const FIRST_PLACES = 256;

export function createPairTable(): PairTable {
  const table: PairTable = { cells: noCells, size: 0 };
  // V8 takes a field that was written once for a constant, and compiles all that reads it again when the first table grows.
  table.cells = new Int32Array(3 * FIRST_PLACES);
  return table;
}

const noCells = new Int32Array(0);

/** The value of the pair; 0: none. */
export function pairValue({ cells }: PairTable, a: number, b: number): number {
  return cells[placeOf(cells, a | 0, b | 0) + 2] ?? 0;
}

/** Notes a value above 0 for a pair that has none yet. */
export function notePair(table: PairTable, a: number, b: number, value: number): void {
  if (table.size * 6 >= table.cells.length) refill(table, table.cells.length * 2, Infinity);
  const { cells } = table;
  const place = placeOf(cells, a | 0, b | 0);
  cells[place] = a;
  cells[place + 1] = b;
  cells[place + 2] = value;
  table.size++;
}

/** Drops every pair whose value is `limit` or more. */
export function dropPairs(table: PairTable, limit: number): void {
  refill(table, table.cells.length, limit);
}

function refill(table: PairTable, length: number, limit: number): void {
  const old = table.cells;
  table.cells = new Int32Array(length);
  table.size = 0;
  for (let place = 0; place < old.length; place += 3) {
    const value = old[place + 2] ?? 0;
    if (value > 0 && value < limit) notePair(table, old[place] ?? 0, old[place + 1] ?? 0, value);
  }
}

/** Where the pair stands, or the free place where it would. The number of places is a power of two. */
function placeOf(cells: Int32Array, a: number, b: number): number {
  const mask = cells.length / 3 - 1;
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  hash ^= hash >>> 15;
  for (let at = Math.imul(hash, 0x2c1b3c6d) & mask; ; at = (at + 1) & mask) {
    const place = at * 3;
    if (cells[place + 2] === 0 || (cells[place] === a && cells[place + 1] === b)) return place;
  }
}

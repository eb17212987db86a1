// What the feeders say: drawn from a seed, so that every speaker and every run gets the same octets.

/** Prefix lengths, of a thousand. */
const LENGTHS = [
  [24, 600],
  [22, 110],
  [23, 100],
  [21, 52],
  [20, 45],
  [19, 32],
  [16, 18],
  [18, 18],
  [17, 11],
  [15, 5],
  [14, 4],
  [13, 3],
  [12, 2],
];

/** Destinations that share an attribute set: of a thousand sets so many have from so many to so many. */
const SIZES = [
  [450, 1, 1],
  [180, 2, 2],
  [170, 3, 5],
  [130, 6, 15],
  [55, 16, 50],
  [15, 51, 200],
];

/** Hops of the AS_PATH, the feeder's own among them, of a hundred. */
const HOPS = [
  [8, 2],
  [27, 3],
  [35, 4],
  [20, 5],
  [10, 6],
];

/** Not given to anybody, or for multicast. */
const KEPT = new Set([0, 10, 100, 127, 169, 172, 192, 198, 203]);

/** Mulberry32: numbers from 0 up to 1. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function drawn(rows, place) {
  let sum = 0;
  for (const row of rows) {
    sum += row[0];
    if (place < sum) return row;
  }
  return rows.at(-1);
}

const between = (next, low, high) => low + Math.floor(next() * (high - low + 1));

/** So many distinct prefixes: addresses and lengths. */
export function drawPrefixes(count, seed) {
  const next = random(seed);
  const addresses = new Uint32Array(count);
  const lengths = new Uint8Array(count);
  const index = new PrefixMap(count);
  const rows = LENGTHS.map(([length, share]) => [share, length]);
  for (let place = 0; place < count; ) {
    const [, length] = drawn(rows, next() * 1000);
    const first = between(next, 1, 223);
    const address = ((first << 24) | (next() * 2 ** 24)) & (0xffffffff << (32 - length));
    if (KEPT.has(address >>> 24) || index.place(address >>> 0, length) >= 0) continue;
    addresses[place] = address;
    lengths[place] = length;
    index.add(address >>> 0, length, place++);
  }
  return { addresses, lengths, index };
}

/** Prefix to its place, in flat arrays: the monitor asks it for every announcement. */
export class PrefixMap {
  #addresses;
  #lengths;
  #places;
  #mask;

  constructor(count) {
    let size = 1024;
    while (size < count * 2) size *= 2;
    this.#mask = size - 1;
    this.#addresses = new Uint32Array(size);
    this.#lengths = new Uint8Array(size);
    this.#places = new Int32Array(size).fill(-1);
  }

  #slot(address, length) {
    let slot = Math.imul(address ^ Math.imul(length, 0x9e3779b1), 0x85ebca6b);
    for (slot = (slot ^ (slot >>> 15)) & this.#mask; this.#places[slot] >= 0; slot = (slot + 1) & this.#mask)
      if (this.#addresses[slot] === address && this.#lengths[slot] === length) break;
    return slot;
  }

  place(address, length) {
    return this.#places[this.#slot(address, length)];
  }

  add(address, length, place) {
    const slot = this.#slot(address, length);
    this.#addresses[slot] = address;
    this.#lengths[slot] = length;
    this.#places[slot] = place;
  }
}

/**
 * UPDATEs with these places of the prefixes, in another order, cut into sets. `mark`: AS number that ends every AS_PATH, 0: one that is drawn. `judge` is told of
 * each place how good its path is, less being better.
 */
export function encodeUpdates({ addresses, lengths }, places, { asn, nextHop, seed, mark = 0, judge }) {
  const next = random(seed);
  const order = shuffled(places, next);
  let bytes = Buffer.allocUnsafe(1 << 20);
  let at = 0;
  let messages = 0;
  for (let from = 0; from < order.length; messages++) {
    const [, low, high] = drawn(SIZES, next() * 1000);
    const size = Math.min(between(next, low, high), order.length - from);
    if (at + 4096 > bytes.length) bytes = Buffer.concat([bytes], bytes.length * 2);
    const start = at;
    bytes.fill(0xff, at, at + 16);
    bytes[at + 18] = 2;
    bytes.writeUInt16BE(0, at + 19);
    const attributes = at + 21;
    const set = drawAttributes(next, asn, mark);
    at = putAttributes(bytes, attributes + 2, set, nextHop);
    bytes.writeUInt16BE(at - attributes - 2, attributes);
    for (const place of order.subarray(from, from + size)) {
      judge?.(place, set.path.length * 4 + set.origin);
      bytes[at++] = lengths[place];
      for (let bits = 0; bits < lengths[place]; bits += 8) bytes[at++] = addresses[place] >>> (24 - bits);
    }
    bytes.writeUInt16BE(at - start, start + 16);
    from += size;
  }
  return { bytes: bytes.subarray(0, at), messages };
}

function shuffled(places, next) {
  const order = Int32Array.from(places);
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(next() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

function drawAttributes(next, asn, mark) {
  const [, hops] = drawn(HOPS, next() * 100);
  const path = [asn];
  while (path.length < hops - 1) path.push(between(next, 1000, 63000));
  path.push(mark || (next() < 0.3 ? between(next, 196608, 400000) : between(next, 1000, 63000)));
  const origin = next() < 0.9 ? 0 : 2;
  const med = next() < 0.3 ? between(next, 0, 1000) : null;
  const communities = [];
  if (next() < 0.6)
    for (let left = between(next, 1, 6); left > 0; left--)
      communities.push(between(next, 1000, 63000) * 65536 + between(next, 0, 65535));
  return { path, origin, med, communities };
}

function putAttributes(bytes, start, { path, origin, med, communities }, nextHop) {
  let at = start;
  const head = (flags, code, length) => {
    bytes[at++] = flags;
    bytes[at++] = code;
    bytes[at++] = length;
  };
  const word = (value) => {
    at = bytes.writeUInt32BE(value, at);
  };
  head(0x40, 1, 1);
  bytes[at++] = origin;
  head(0x40, 2, 2 + path.length * 4);
  bytes[at++] = 2;
  bytes[at++] = path.length;
  path.forEach(word);
  head(0x40, 3, 4);
  word(nextHop);
  if (med !== null) {
    head(0x80, 4, 4);
    word(med);
  }
  if (communities.length > 0) {
    head(0xc0, 8, communities.length * 4);
    communities.forEach(word);
  }
  return at;
}

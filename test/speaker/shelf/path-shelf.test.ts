import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../../../src/base/ip.ts';
import { internAsPath, prependAs } from '../../../src/bgp/as-path-table.ts';
import {
  emptyPath,
  type Path,
  type PathData,
  pathText,
  sortedCommunities,
} from '../../../src/bgp/attributes.ts';
import { createTransientPathStore, internPath } from '../../../src/bgp/path-store.ts';
import { decodeAttributes, encodeAttributes } from '../../../src/bgp/wire/attributes.ts';
import { ByteWriter } from '../../../src/bgp/wire/writer.ts';
import { readPath, shelfSession, writePath } from '../../../src/speaker/shelf/codec.ts';
import { PathShelf } from '../../../src/speaker/shelf/path-shelf.ts';
import { attributesOf, pathFrom } from '../../../src/speaker/tables/paths.ts';

const store = createTransientPathStore();
const number32 = fc.nat(0xffffffff);
const asns = fc.array(fc.integer({ min: 1, max: 0xffffffff }), { minLength: 1, maxLength: 70 });
const segment = fc.record({
  kind: fc.constantFrom('sequence', 'set', 'confed-sequence', 'confed-set'),
  asns,
} as const);

const nextHop = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 1, max: 0xffffffff }).map((value) => addressOf(4, BigInt(value))),
  fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }).map((value) => addressOf(6, value)),
);

/** Paths as they come from peers: what is rare is rare here too. */
const learned: fc.Arbitrary<Path> = fc
  .record({
    origin: fc.constantFrom(0, 1, 2),
    segments: fc.oneof(
      { weight: 3, arbitrary: fc.array(segment, { maxLength: 1 }) },
      { weight: 1, arbitrary: fc.array(segment, { maxLength: 4 }) },
    ),
    nextHop,
    med: fc.option(number32),
    localPref: fc.option(number32),
    communities: fc.array(number32, { maxLength: 70 }).map(sortedCommunities),
    rest: fc.option(
      fc.record({
        largeCommunities: fc.constantFrom([], ['65000:1:2'], ['65000:1:2', '65001:4200000000:7']),
        extendedCommunities: fc.constantFrom([], ['0002fde800000064']),
        originatorId: fc.option(number32),
        clusterList: fc.array(number32, { maxLength: 3 }),
        atomicAggregate: fc.boolean(),
        aggregator: fc.option(
          fc.record({ asn: fc.integer({ min: 1, max: 0xffffffff }), routerId: number32 }),
        ),
        otc: fc.option(number32),
      }),
      { freq: 3 },
    ),
  })
  .map(({ segments, rest, ...data }) =>
    internPath(store, {
      ...emptyPath(store),
      ...data,
      ...(rest ?? {}),
      asPath: internAsPath(store.asPaths, segments),
    } as PathData),
  );

describe('the octets of a path', () => {
  it('say all of it', () => {
    fc.assert(
      fc.property(learned, (path) => {
        const writer = new ByteWriter();
        writePath(writer, path);
        const again = readPath(store, writer.bytes(), path.nextHop?.family === 6);
        expect(pathText(again)).toBe(pathText(path));
      }),
      { numRuns: 500 },
    );
  });

  it('are those of the general encoder, and read as the general decoder reads them', () => {
    fc.assert(
      fc.property(
        learned.filter((one) => one.nextHop?.family !== 6),
        (path) => {
          const [short, general] = [new ByteWriter(), new ByteWriter()];
          writePath(short, path);
          const attributes = attributesOf(path, shelfSession, true);
          encodeAttributes(
            general,
            path.nextHop ? { ...attributes, nextHop: path.nextHop } : attributes,
            shelfSession,
          );
          expect(short.bytes()).toEqual(general.bytes());
          const decoded = decodeAttributes(general.bytes(), shelfSession);
          expect(decoded.faults).toEqual([]);
          const { nextHop: said = null } = decoded.attributes;
          const read = pathFrom(store, decoded.attributes, said, shelfSession);
          expect(pathText(readPath(store, general.bytes(), false))).toBe(pathText(read));
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** One of many: differs in MED and AS_PATH. */
function nth(place: number): Path {
  const asPath = prependAs(store.asPaths, store.asPaths.empty, 65000 + (place % 1000));
  return internPath(store, { ...emptyPath(store), asPath, med: place });
}

describe('the shelf', () => {
  it('answers as the path does, whatever is asked of a glance', () => {
    fc.assert(
      fc.property(
        learned,
        fc.constantFrom(
          {},
          { weight: 7 },
          { source: 'network' as const, weight: 32768 },
          { tag: 3, distance: 200 },
        ),
        (bare, local) => {
          const shelf = new PathShelf(store);
          const path = internPath(store, { ...bare, ...local });
          const number = shelf.keep(path);
          expect(shelf.keep(internPath(store, { ...path }))).toBe(number);
          // Others push it out of what is remembered.
          for (const other of [4096, 8192]) for (let i = 0; i < other; i += 1024) shelf.keep(nth(i));
          const glance = shelf.glance(number, 0);
          expect(pathText(glance)).toBe(pathText(path));
          const { length, count, neighborAs, confedLength, neighborConfedAs } = path.asPath;
          expect([glance.asPath.length, glance.asPath.count, glance.asPath.neighborAs]).toEqual([
            length,
            count,
            neighborAs,
          ]);
          expect([glance.asPath.confedLength, glance.asPath.neighborConfedAs]).toEqual([
            confedLength,
            neighborConfedAs,
          ]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('keeps what somebody holds, and gives the numbers of the rest away again', () => {
    const shelf = new PathShelf(store);
    const held = Array.from({ length: 5000 }, (_, place) => shelf.keep(nth(place)));
    for (const number of held) shelf.hold(number);
    for (let place = 5000; place < 20_000; place++) shelf.keep(nth(place));
    // Some thousand at a time.
    let sweeps = 0;
    while (shelf.sweep()) sweeps++;
    expect(sweeps).toBeGreaterThan(1);
    expect(shelf.isSweepDue).toBe(false);
    expect(shelf.size).toBe(5000);
    for (const [place, number] of held.entries()) expect(shelf.path(number).med).toBe(place);
    expect(shelf.keep(nth(4999))).toBe(held[4999]);
    expect(Math.max(...Array.from({ length: 15_000 }, (_, place) => shelf.keep(nth(30_000 + place))))).toBe(
      20_000,
    );
  });

  it('has no more after a million attribute sets than after the first ones', () => {
    const shelf = new PathShelf(store);
    const table = new Int32Array(1000);
    const memory = () => process.memoryUsage().arrayBuffers;
    let before = 0;
    for (let place = 0; place < 1_000_000; place++) {
      if (place === 50_000) before = memory();
      const number = shelf.keep(nth(place));
      shelf.hold(number);
      const last = table[place % 1000] ?? 0;
      if (last !== 0) shelf.drop(last);
      table[place % 1000] = number;
      shelf.sweep();
      if (shelf.size > 6000) throw new Error(`${shelf.size} paths on the shelf`);
    }
    expect(memory() - before).toBeLessThan(1 << 20);
    for (const [place, number] of table.entries()) expect(shelf.path(number).med).toBe(999_000 + place);
  });

  it('finds each of them again, whatever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 400 }), (places) => {
        const shelf = new PathShelf(store);
        const held = new Map<number, number>();
        for (const place of places) {
          const number = held.get(place);
          if (number === undefined) {
            const kept = shelf.keep(nth(place));
            shelf.hold(kept);
            held.set(place, kept);
          } else {
            shelf.drop(number);
            held.delete(place);
          }
          for (let extra = 0; extra < 20; extra++) shelf.keep(nth(10_000 + place * 20 + extra));
          shelf.sweep();
        }
        for (const [place, number] of held) {
          expect(shelf.keep(nth(place))).toBe(number);
          expect(shelf.path(number).med).toBe(place);
        }
      }),
      { numRuns: 50 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/base/ip.ts';
import type { Peer } from '../../src/bgp/peer.ts';
import { SparseList } from '../../src/simulator/compact/sparse-list.ts';
import { PeerList } from '../../src/simulator/peers/peer-list.ts';
import { address } from '../bgp/fixtures.ts';

/** A list over `kinds` (by slot, each number below the count of kinds), and how often a peer of a slot was made. */
function listOf(kinds: readonly number[], extra: readonly number[] = [], given = false) {
  const made = kinds.map(() => 0);
  const make = (slot: number) => {
    made[slot] = (made[slot] ?? 0) + 1;
    return { remoteAs: kinds[slot], name: `peer ${slot}`, nextHop: hopOf(slot) } as unknown as Peer;
  };
  const numbers = [...new Set(kinds)];
  const list = new PeerList({
    sessions: kinds.length,
    extra,
    kinds: () => ({
      kinds: Int32Array.from(kinds, (kind) => numbers.indexOf(kind)),
      firstOf: numbers.map((kind) => kinds.indexOf(kind)),
    }),
    make,
    nextHop: (slot) => (slot % 2 === 0 ? hopOf(slot) : undefined),
    made: given ? kinds.map((_, slot) => make(slot)) : null,
  });
  return { list, made };
}

function hopOf(slot: number): Address {
  return address(`10.0.${slot >> 8}.${slot & 255}`);
}

const kinds = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 600 });

describe('peers', () => {
  it('each is made once, when it is asked for, and kept; for a look it is made without keeping it', () => {
    const { list, made } = listOf([7, 7, 8]);
    expect(list.brief(1)?.name).toBe('peer 1');
    expect(list.at(1)).toBe(list.at(1));
    expect(list.brief(1)).toBe(list.at(1));
    expect(made).toEqual([0, 2, 0]);
    expect([list.at(-1), list.at(3)]).toEqual([undefined, undefined]);
  });

  it('the next hop is told without making the peer where it can be', () => {
    const { list, made } = listOf([7, 7, 7]);
    expect([0, 1, 2].map((slot) => list.nextHop(slot)?.text)).toEqual(['10.0.0.0', '10.0.0.1', '10.0.0.2']);
    expect(made).toEqual([0, 1, 0]);
  });

  it('slots behind the sessions have the peers of sessions', () => {
    const list = listOf([7, 8]).list.withExtra([1, 0]);
    expect(list.length).toBe(4);
    expect(list.at(2)).toBe(list.at(1));
    expect([2, 3].map((slot) => list.kindOf(slot))).toEqual([1, 0]);
    expect(list.nextHop(3)).toEqual(hopOf(0));
  });

  it('options are asked of one peer of each kind, or of all that are there', () => {
    fc.assert(
      fc.property(kinds, fc.boolean(), fc.nat({ max: 5 }), (all, given, wanted) => {
        const { list } = listOf(all, [], given);
        const test = ({ remoteAs }: Peer) => remoteAs === wanted;
        expect(list.kinds).toBe(new Set(all).size);
        expect(list.someKind(test)).toBe(all.includes(wanted));
        expect(list.slotsWhere(test)).toEqual(all.flatMap((kind, slot) => (kind === wanted ? [slot] : [])));
        for (let kind = 0; kind < list.kinds; kind++) {
          expect(list.example(kind)).toBe(list.at(list.firstOf(kind)));
          expect(list.kindOf(list.firstOf(kind))).toBe(kind);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('peers that were there before are the same with other slots behind them', () => {
    const { list } = listOf([7, 8], [], true);
    expect(list.withExtra([0]).at(2)).toBe(list.at(0));
  });
});

it('a sparse list gives back what was put into a place last, and nothing elsewhere', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 2000 }), fc.object({ maxDepth: 0 }))), (puts) => {
      const list = new SparseList<object>();
      for (const [place, value] of puts) list.set(place, value);
      const wanted = new Map(puts);
      for (const place of [0, 255, 256, 2001, ...wanted.keys()])
        expect(list.get(place)).toBe(wanted.get(place));
    }),
    { numRuns: 50 },
  );
});

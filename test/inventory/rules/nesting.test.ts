import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, prefixOf } from '../../../src/base/ip.ts';
import { nested } from '../../../src/inventory/rules/nesting.ts';

const prefixes = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 })), {
    maxLength: 20,
    selector: ([value, length]) => prefixOf(4, BigInt(value), length).text,
  })
  .map((drawn) => drawn.map(([value, length]) => ({ prefix: prefixOf(4, BigInt(value), length) })));

describe('nested', () => {
  it('finds exactly the networks that lie in another one, each with the closest', () => {
    fc.assert(
      fc.property(prefixes, (items) => {
        const pairs = nested(items);
        const around = (inner: (typeof items)[number]) =>
          items.filter((one) => one !== inner && contains(one.prefix, inner.prefix));
        expect(pairs.length).toBe(items.filter((one) => around(one).length > 0).length);
        for (const { outer, inner } of pairs) {
          expect(around(inner)).toContain(outer);
          expect(Math.max(...around(inner).map((one) => one.prefix.length))).toBe(outer.prefix.length);
        }
      }),
    );
  });

  it('counts equal networks as one inside the other', () => {
    const [a, b] = [1, 2].map((owner) => ({ owner, prefix: prefixOf(4, 0n, 24) }));
    expect(
      nested([a, b].flatMap((one) => one ?? [])).map(({ outer, inner }) => [outer.owner, inner.owner]),
    ).toEqual([[1, 2]]);
  });
});

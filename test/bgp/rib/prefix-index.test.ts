import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Prefix, prefixOf } from '../../../src/base/ip.ts';
import { ipv6Nlri } from '../../../src/bgp/rib/ipv6-nlri.ts';
import { Ipv4Index, KeyedIndex, type PrefixIndex } from '../../../src/bgp/rib/prefix-index.ts';
import { ByteWriter } from '../../../src/bgp/wire/writer.ts';

/** Few addresses and lengths, so that the same prefix comes again. */
const ipv4 = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 32 }))
  .map(([address, length]) => prefixOf(4, BigInt(address * 0x1010101) & 0xffffffffn, length));
const ipv6 = fc
  .tuple(fc.bigInt({ min: 0n, max: 300n }), fc.integer({ min: 0, max: 128 }))
  .map(([address, length]) => prefixOf(6, address << 100n, length));

const kinds: readonly [string, () => PrefixIndex, fc.Arbitrary<Prefix>][] = [
  ['IPv4', () => new Ipv4Index(), ipv4],
  ['IPv6', () => new KeyedIndex(ipv6Nlri), ipv6],
];

describe.each(kinds)('an index of %s prefixes', (_, create, prefixes) => {
  it('numbers prefixes as a Map of their texts would, through additions and releases', () => {
    const steps = fc.array(fc.tuple(fc.boolean(), prefixes), { maxLength: 3000 });
    fc.assert(
      fc.property(steps, (list) => {
        const index = create();
        const model = new Map<string, number>();
        for (const [adds, prefix] of list) {
          const known = model.get(prefix.text);
          expect(index.find(prefix)).toBe(known ?? -1);
          if (adds) {
            const place = index.add(prefix);
            if (known !== undefined) expect(place).toBe(known);
            else expect([...model.values()]).not.toContain(place);
            model.set(prefix.text, place);
            expect(index.prefixAt(place).text).toBe(prefix.text);
          } else if (known !== undefined) {
            index.release(known);
            model.delete(prefix.text);
          }
        }
        expect(index.size).toBeLessThanOrEqual(list.length);
      }),
      { numRuns: 30 },
    );
  });

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(fc.array(prefixes, { maxLength: 50 }), (list) => {
        const index = create();
        const writer = new ByteWriter();
        for (const prefix of list) index.write(writer, index.add(prefix));
        const seen: string[] = [];
        const whole = index.read(writer.bytes(), false, false, (place) =>
          seen.push(index.prefixAt(place).text),
        );
        expect(whole).toBe(true);
        expect(seen).toEqual(list.map(({ text }) => text));
      }),
    );
  });

  it('takes any bytes without a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (bytes, addPath) => {
        expect(typeof create().read(bytes, addPath, true, () => undefined)).toBe('boolean');
      }),
    );
  });
});

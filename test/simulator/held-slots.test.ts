import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsOfHeld, heldSlots, holds, holdsAny } from '../../src/simulator/held-slots.ts';

const SLOTS = 500;
const all = Array.from({ length: SLOTS }, (_, slot) => slot);
const slots = fc.uniqueArray(fc.nat({ max: SLOTS - 1 }));

function bitsOf(held: Iterable<number>): Uint32Array {
  const bits = new Uint32Array((SLOTS + 31) >>> 5);
  for (const slot of held) bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) | (1 << (slot & 31));
  return bits;
}

test('holds what was held, and nothing else', () => {
  fc.assert(
    fc.property(slots, slots, (held, others) => {
      const kept = heldSlots(bitsOf(held));
      expect(all.filter((slot) => holds(kept, slot))).toEqual([...held].sort((a, b) => a - b));
      expect(holdsAny(kept, others)).toBe(others.some((slot) => held.includes(slot)));
    }),
  );
});

test('comes back as the bits it was made from, which may be written again meanwhile', () => {
  fc.assert(
    fc.property(slots, (held) => {
      const bits = bitsOf(held);
      const kept = heldSlots(bits);
      bits.fill(0xffffffff);
      expect(bitsOfHeld(kept, SLOTS)).toEqual(bitsOf(held));
    }),
  );
});

test('few are listed, and never takes more than a bit per slot', () => {
  expect(heldSlots(bitsOf([31, 32, 499])).words).toEqual(new Uint32Array([31, 32, 499]));
  fc.assert(fc.property(slots, (held) => heldSlots(bitsOf(held)).words.length <= bitsOf([]).length));
});

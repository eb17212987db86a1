import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type HeldSlots,
  heldSince,
  heldSlots,
  holds,
  holdsAny,
  layHeld,
} from '../../src/simulator/compact/held-slots.ts';

const SLOTS = 500;
const all = Array.from({ length: SLOTS }, (_, slot) => slot);
const slots = fc.uniqueArray(fc.nat({ max: SLOTS - 1 }));

function bitsOf(held: Iterable<number>): Uint32Array {
  const bits = new Uint32Array((SLOTS + 31) >>> 5);
  for (const slot of held) bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) | (1 << (slot & 31));
  return bits;
}

/** Over what was there. */
function bitsOfHeld(kept: HeldSlots): Uint32Array {
  const bits = bitsOf([]).fill(0xffffffff);
  layHeld(kept, bits);
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
      expect(bitsOfHeld(kept)).toEqual(bitsOf(held));
    }),
  );
});

test('few are listed, and never takes more than a bit per slot', () => {
  expect(heldSlots(bitsOf([31, 32, 499])).words).toEqual(new Uint32Array([31, 32, 499]));
  fc.assert(fc.property(slots, (held) => heldSlots(bitsOf(held)).words.length <= bitsOf([]).length));
});

test('what is held since, change after change, is what bits say that are written to', () => {
  const changes = fc.array(fc.nat({ max: SLOTS - 1 }), { minLength: 1, maxLength: 4 });
  let [shared, anew] = [0, 0];
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat({ max: SLOTS - 1 }), { maxLength: 60 }),
      fc.array(changes),
      (first, list) => {
        const bits = bitsOf(first);
        let kept = heldSlots(bits);
        for (const one of list) {
          const before = kept;
          const then = bitsOfHeld(before);
          for (const slot of one) bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) ^ (1 << (slot & 31));
          kept = heldSince(before, bits);
          if (kept.words === before.words) shared++;
          else anew++;
          expect(bitsOfHeld(kept)).toEqual(bits);
          expect(bitsOfHeld(before)).toEqual(then);
          const held = all.filter((slot) => ((bits[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0);
          expect(all.filter((slot) => holds(kept, slot))).toEqual(held);
        }
      },
    ),
    { seed: 3 },
  );
  expect(Math.min(shared, anew)).toBeGreaterThan(20);
});

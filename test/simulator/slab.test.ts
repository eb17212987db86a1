import { expect, test } from 'vitest';
import { createSlab } from '../../src/simulator/flat/slab.ts';

test('what is taken is of the length that was asked for, empty, and nobody else writes into it', () => {
  let made = 0;
  const slab = createSlab(3, 4, (length) => {
    made++;
    return new Uint32Array(length);
  });
  const taken = Array.from({ length: 6 }, (_, i) => {
    const one = slab.take();
    expect([...one]).toEqual([0, 0, 0]);
    return one.fill(i);
  });
  expect(taken.map((one) => [...one])).toEqual(taken.map((_, i) => [i, i, i]));
  // One to measure, one for the four that were expected, and each of the others has its own.
  expect(made).toBe(4);
});

test('arrays of no length at all', () => {
  const slab = createSlab(0, 2, (length) => new Uint8Array(length));
  expect([slab.take().length, slab.take().length, slab.take().length]).toEqual([0, 0, 0]);
});

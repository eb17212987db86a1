import { describe, expect, it } from 'vitest';
import { fuzz, fuzzFromNothing } from './support/fuzz.ts';

/** scripts/fuzz-wire asks for more, with a seed of its own. */
const cases = Number(process.env['FUZZ_CASES'] ?? 90_000);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

describe('whatever arrives is read or refused, and what is read is written so that it is read the same', () => {
  it(`${cases} mutated messages of other programs`, { timeout: 36_000_000 }, () => {
    const began = Date.now();
    const loud = process.env['FUZZ_CASES'] !== undefined;
    const counts = fuzz(cases, seed, (done) => {
      if (loud && done % 500_000 === 0)
        console.info(`${done} after ${Math.round((Date.now() - began) / 1000)} s`);
    });
    if (loud) console.info(JSON.stringify(counts));
    // A fuzzer that is always refused at the door looks at nothing.
    expect(counts.read).toBeGreaterThan(cases / 20);
    expect(counts.withFaults).toBeGreaterThan(cases / 50);
    expect(counts.refused).toBeGreaterThan(cases / 20);
  });

  it(`${Math.ceil(cases / 9)} messages made from nothing`, { timeout: 36_000_000 }, () => {
    fuzzFromNothing(Math.ceil(cases / 9), seed);
  });
});

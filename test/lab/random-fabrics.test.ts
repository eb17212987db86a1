import { expect, it } from 'vitest';
import { runRandom } from './support/random-run.ts';
import { describeLab } from './support/requirements.ts';

/** Seeds for scripts/random-fabrics; without any, one small fabric is tried so that the harness itself stays sound. */
const [from = 44, to = from] = (process.env['RANDOM_SEEDS'] ?? '').split('-').filter(Boolean).map(Number);
const seeds = Array.from({ length: to - from + 1 }, (_, index) => from + index);

/**
 * Random FRR fabrics: what the simulator computes must be what FRR computes. Where FRR itself never comes to rest, the
 * simulator must have said that the result cannot be known; where it said so, the tables may differ.
 */
describeLab('random fabrics', { root: true, programs: ['zebra', 'bgpd', 'staticd', 'vtysh', 'ip'] }, () => {
  it.each(seeds)('seed %i', { timeout: 300_000 }, async (seed) => {
    const { real, simulated, undecided } = await runRandom(seed);
    if (real === null) expect(undecided).not.toEqual([]);
    else if (undecided.length === 0) expect(simulated).toEqual(real);
  });
});

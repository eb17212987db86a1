import { afterAll, expect, it } from 'vitest';
import { type RandomRun, runRandom } from '../../src/lab/fuzz/random-run.ts';
import { describeLab } from './support/requirements.ts';

/** Seeds for scripts/random-fabrics; without any, one small fabric is tried so that the harness itself stays sound. */
const [from = 44, to = from] = (process.env['RANDOM_SEEDS'] ?? '').split('-').filter(Boolean).map(Number);
const seeds = Array.from({ length: to - from + 1 }, (_, index) => from + index);

/**
 * Random fabrics: what the simulator computes must be what the daemons compute. Where that hangs on the order of messages it must
 * be what some order gives, prefix by prefix. Where the daemons never come to rest, the simulator must have said so.
 */
describeLab('random fabrics', { root: true, programs: ['zebra', 'bgpd', 'gobgpd', 'vtysh', 'ip'] }, () => {
  const runs: RandomRun[] = [];
  it.concurrent.each(seeds)('seed %i', { timeout: 600_000 }, async (seed) => {
    const run = await runRandom(seed);
    runs.push(run);
    const { verdict, mismatched, oscillating } = run;
    if (verdict === 'unsettled') expect(oscillating).not.toEqual([]);
    else expect(mismatched.filter((prefix) => !oscillating.includes(prefix))).toEqual([]);
  });
  afterAll(() => {
    console.log(summary(runs));
  });
});

function summary(runs: readonly RandomRun[]): string {
  const verdicts = ['equal', 'one-order', 'mismatch', 'unsettled'] as const;
  return verdicts
    .map((verdict) => {
      const of = runs.filter((run) => run.verdict === verdict).sort((a, b) => a.seed - b.seed);
      const details = of.map(({ seed, byOrder, mismatched }) => {
        const orders = Object.entries(byOrder).map(([prefix, count]) => `${prefix}: one of ${count}`);
        return `  ${[seed, ...orders, ...mismatched.map((prefix) => `${prefix}: none`)].join('  ')}`;
      });
      const listed = verdict === 'equal' ? [`  ${of.map(({ seed }) => seed).join(' ')}`] : details;
      return [`${verdict}: ${of.length}`, ...(of.length > 0 ? listed : [])].join('\n');
    })
    .join('\n');
}

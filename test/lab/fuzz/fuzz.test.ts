import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { fuzz } from '../../../src/lab/fuzz/fuzz.ts';
import { makeRandom } from '../../../src/lab/fuzz/random-run.ts';
import { readPlan } from '../../../src/lab/plan/plan.ts';
import { cleanUp } from '../../../src/lab/run/clean.ts';
import { quietly } from '../../../src/lab/steps.ts';
import { lab, leftovers } from '../support/lab-command.ts';
import { describeLab } from '../support/requirements.ts';

/** The fault: in this process FRR is said to give its own routes MED 7. */
vi.mock('../../../src/targets/frr/decision.ts', async (original) => {
  const real = await original<typeof import('../../../src/targets/frr/decision.ts')>();
  const { frr84Profile: profile } = real;
  return { ...real, frr84Profile: { ...profile, quirks: { ...profile.quirks, localMed: 7 } } };
});

const work = mkdtempSync(join(tmpdir(), 'fabricgen-fuzz-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const SEED = 44;

describeLab('a mismatch', { root: true, programs: ['zebra', 'bgpd', 'staticd', 'vtysh', 'ip'] }, () => {
  it('is made smaller and kept as a folder that the lab runs', { timeout: 300_000 }, async () => {
    const name = `fz-${process.pid}`;
    const request = { name, seeds: [SEED], jobs: 1, output: join(work, 'kept'), attempts: 3 };
    const [run] = await fuzz(request, quietly, () => undefined).finally(() => cleanUp(name));
    expect(run).toMatchObject({ seed: SEED, mismatch: true, verdict: 'mismatch' });
    const kept = run?.kept ?? '';
    expect(readdirSync(kept).sort()).toEqual([
      'README.md',
      'configs',
      'expected.json',
      'simulated.json',
      'topology.yml',
      'up-at.json',
    ]);
    expect(readFileSync(join(kept, 'README.md'), 'utf8')).toContain(run?.mismatched[0] ?? 'a prefix');
    const whole = readPlan(makeRandom(SEED, join(work, 'whole')));
    expect(readPlan(kept).hosts.length).toBeLessThan(whole.hosts.length);
    // The command has no such fault: what is kept is a fabric like any other.
    const { code, out } = await lab(['run', '-c', kept, '--name', name]);
    expect([code, out]).toEqual([0, expect.stringContaining('agrees')]);
    expect(leftovers(name)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { frrTarget, quaggaTarget } from '../../../src/targets/frr/index.ts';
import { daemons, fullHost, meshHost, readBack, rendered } from './fixture.ts';

const cases = [
  ['mesh-quagga', quaggaTarget, meshHost(1, daemons.quagga)],
  ['mesh-frr', frrTarget, meshHost(1, daemons.frr)],
  ['mesh-frr-separate', frrTarget, meshHost(1, daemons.separate)],
  ['full-frr', frrTarget, fullHost(daemons.frr)],
  ['full-frr-10-datacenter', frrTarget, fullHost(daemons.datacenter)],
] as const;

describe('rendered files', () => {
  it.each(cases)('%s equal their golden files', async (name, target, host) => {
    for (const [path, text] of rendered(target, host))
      await expect(text).toMatchFileSnapshot(`golden/${name}/${path}`);
  });

  it.each(cases)('%s read back without a complaint', (_name, target, host) => {
    const result = readBack(target, host, rendered(target, host));
    expect(result.lines).toEqual([]);
    expect(result.diagnostics).toEqual([]);
  });
});

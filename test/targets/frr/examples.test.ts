import { describe, expect, it } from 'vitest';
import { frrTarget, quaggaTarget } from '../../../src/targets/frr/index.ts';
import { exampleFabric } from './examples.ts';
import { expectRoundTrip } from './expect-round-trip.ts';
import { rendered } from './fixture.ts';

describe('the example inventories', () => {
  it.each(['batch-overlay', 'rr-gobgp', 'clos-dualstack'])(
    '%s comes back from the text as it went',
    async (example) => {
      const fabric = await exampleFabric(example);
      let hosts = 0;
      for (const host of fabric.hosts.values()) {
        for (const target of [quaggaTarget, frrTarget].filter((one) => one.applies(host))) {
          hosts++;
          expect(target.limits(host, fabric)).toEqual([]);
          expectRoundTrip(target, host);
        }
      }
      expect(hosts).toBeGreaterThan(2);
    },
  );

  it.each([
    ['batch-overlay', 'web01', quaggaTarget, 'bgpd.conf'],
    ['batch-overlay', 'web06', frrTarget, 'frr.conf'],
  ] as const)('%s: %s looks as it should', async (example, name, target, path) => {
    const host = (await exampleFabric(example)).hosts.get(name);
    if (!host) throw new Error(`${name} is gone from the example`);
    await expect(rendered(target, host).get(path)).toMatchFileSnapshot(`golden/${example}/${name}/${path}`);
  });
});

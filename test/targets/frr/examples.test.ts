import { describe, expect, it } from 'vitest';
import { buildFabric } from '../../../src/inventory/build/build-fabric.ts';
import { readInventoryFiles } from '../../../src/inventory/files.ts';
import { loadInventory } from '../../../src/inventory/load.ts';
import type { Fabric } from '../../../src/model/fabric.ts';
import { frrTarget, quaggaTarget } from '../../../src/targets/frr/index.ts';
import { expectRoundTrip } from './expect-round-trip.ts';
import { rendered } from './fixture.ts';

async function fabricOf(example: string): Promise<Fabric> {
  const { source } = await readInventoryFiles(`inventory/${example}`);
  const built = buildFabric(loadInventory(source));
  expect(built.diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
  return built.fabric;
}

describe('the example inventories', () => {
  it.each(['batch-overlay', 'rr-gobgp', 'clos-dualstack'])(
    '%s comes back from the text as it went',
    async (example) => {
      const fabric = await fabricOf(example);
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
    const host = (await fabricOf(example)).hosts.get(name);
    if (!host) throw new Error(`${name} is gone from the example`);
    await expect(rendered(target, host).get(path)).toMatchFileSnapshot(`golden/${example}/${name}/${path}`);
  });
});

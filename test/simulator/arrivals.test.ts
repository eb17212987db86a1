import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWays, unsureOf } from '../../src/simulator/checks/arrivals.ts';
import { fatesTowards, representative } from '../../src/simulator/checks/fates.ts';
import { destinationOf } from '../../src/simulator/forwarding/destination.ts';
import type { Network } from '../../src/simulator/kernel/network.ts';
import { prepare, settle } from '../../src/simulator/simulate.ts';
import { clos } from './clos.ts';
import { web } from './webs.ts';

/** How many sources have traffic that arrives, and of how many it was found; that nothing else was is checked. */
function compare(network: Network): { arriving: number; found: number } {
  const state = settle(prepare(network));
  const family = state.families['ipv4-unicast'];
  const sources = state.routers.flatMap((router, node) => (router ? [node] : []));
  const ways = createWays(family, state.tables.length);
  let [arriving, found] = [0, 0];
  for (const { prefix, origins } of family.prefixes) {
    for (const origin of origins.keys()) {
      const address = representative(state, prefix, origin);
      const unsure = new Set(unsureOf(ways, destinationOf(state, address), origins, sources));
      const fate = fatesTowards(state, address, origins);
      for (const node of sources) {
        const { kind } = fate(node);
        if (!unsure.has(node)) expect(kind).toBe('arrives');
        if (kind === 'arrives') arriving++;
        if (!unsure.has(node)) found++;
      }
    }
  }
  return { arriving, found };
}

it('what is found to arrive in numbers does arrive: random webs', () => {
  let [arriving, found] = [0, 0];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const counted = compare(web(seed));
      arriving += counted.arriving;
      found += counted.found;
    }),
    { numRuns: 20, seed: 3 },
  );
  expect(found).toBeGreaterThan(arriving * 0.9);
});

it('in a fabric all of it is found', () => {
  const { arriving, found } = compare(
    clos({ spines: 2, racks: 2, torsPerRack: 2, hostsPerRack: 2, maximumPaths: 4, dualStack: false }),
  );
  expect(arriving).toBeGreaterThan(30);
  expect(found).toBe(arriving);
});

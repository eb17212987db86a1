import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LabFabric } from '../../src/lab/fabric.ts';
import type { FabricTables } from '../../src/lab/tables.ts';
import { describeLab } from './support/requirements.ts';
import { scenarios } from './support/scenarios.ts';

/** The recordings are what the daemons still do: one folder of FRR alone, one with GoBGP. */
describeLab(
  'recorded scenarios, live',
  { root: true, programs: ['zebra', 'bgpd', 'staticd', 'vtysh', 'gobgpd', 'gobgp', 'ip'] },
  () => {
    it.each(['route-reflector', 'gobgp-mixed-triangle'])('%s', { timeout: 300_000 }, async (name) => {
      const folder = join(scenarios, name);
      const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as FabricTables;
      const up = Object.values(expected).flatMap(({ sessions }) =>
        sessions.filter(({ state }) => state === 'Established'),
      );
      const lab = await LabFabric.boot(folder, 'scn');
      try {
        expect(await lab.settled(up.length)).toEqual(expected);
      } finally {
        lab.close();
      }
    });
  },
);

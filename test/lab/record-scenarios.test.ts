import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { simulateScenario, upCount } from '../../src/lab/compare/simulated.ts';
import { LabFabric } from '../../src/lab/fabric.ts';
import { eventsOf, play } from '../../src/lab/play.ts';
import { command } from './support/command.ts';
import { describeLab } from './support/requirements.ts';
import { scenarios } from './support/scenarios.ts';

/** Not a test of its own: scripts/record-scenarios runs it to write expected.json of the scenarios named in RECORD_SCENARIOS. */
const names = (process.env['RECORD_SCENARIOS'] ?? '').split(' ').filter((name) => name !== '');

if (names.length > 0) {
  command();
  describeLab('recording', { root: true, programs: ['zebra', 'bgpd', 'staticd', 'vtysh', 'ip'] }, () => {
    it.concurrent.each(names)('%s', { timeout: 400_000 }, async (name) => {
      const folder = join(scenarios, name);
      if (eventsOf(folder)) {
        write(folder, await play(folder, `rec${names.indexOf(name)}`));
        return;
      }
      const lab = await LabFabric.boot(folder, `rec${names.indexOf(name)}`);
      try {
        // How many sessions to wait for; with fewer the recording is made all the same, only later.
        const tables = await lab.settled(upCount(simulateScenario(folder)));
        write(folder, tables);
      } finally {
        lab.close();
      }
    });
  });
} else {
  it.skip('records scenarios when scripts/record-scenarios asks for it', () => {});
}

function write(folder: string, tables: unknown): void {
  writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(tables, null, 2)}\n`);
}

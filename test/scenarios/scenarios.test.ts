import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulatedPhases, simulatedTables, simulateScenario } from '../../src/lab/compare/simulated.ts';
import type { Played } from '../../src/lab/play.ts';
import type { FabricTables } from '../../src/lab/tables.ts';

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(import.meta.dirname, entry.name, 'topology.yml')))
  .map(({ name }) => name)
  .sort();

/** Every folder's simulated tables are those recorded from the real daemons (scripts/record-scenarios). */
describe('scenarios recorded from real daemons', () => {
  it('are there', () => expect(names.length).toBeGreaterThan(0));

  it.each(names)('%s', (name) => {
    const folder = join(import.meta.dirname, name);
    const recorded = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as FabricTables | Played;
    const simulated = simulateScenario(folder);
    expect(simulated.result.unmodelled.filter(({ matters }) => matters)).toEqual([]);
    expect('phases' in recorded ? simulatedPhases(simulated) : simulatedTables(simulated)).toEqual(recorded);
  });
});

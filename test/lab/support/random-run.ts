import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulatedTables, simulateScenario, upCount } from '../../scenarios/support/simulated.ts';
import { LabFabric } from './lab-fabric.ts';
import { writeRandomFabric } from './random-fabric.ts';
import type { FabricTables } from './tables.ts';

export interface RandomRun {
  readonly seed: number;
  /** The fabric with expected.json beside, for a closer look. */
  readonly folder: string;
  readonly simulated: FabricTables;
  /** null: the real tables never came to rest. */
  readonly real: FabricTables | null;
  /** What the simulator says cannot be known: an oscillation, or a result that depends on the start order. */
  readonly undecided: readonly string[];
}

/** One random fabric on real daemons and in the simulator. */
export async function runRandom(seed: number): Promise<RandomRun> {
  const folder = join(tmpdir(), 'fabricgen-random', String(seed));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeRandomFabric(seed, folder);
  const simulation = simulateScenario(folder);
  const undecided = simulation.result.findings
    .filter(({ rule }) => rule === 'oscillation' || rule === 'start-order')
    .map(({ message }) => message);
  const real = await observe(folder, seed, upCount(simulation));
  if (real) writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(real, null, 2)}\n`);
  return { seed, folder, simulated: simulatedTables(simulation), real, undecided };
}

async function observe(folder: string, seed: number, sessions: number): Promise<FabricTables | null> {
  const lab = await LabFabric.boot(folder, `rnd${seed % 10000}`);
  try {
    return await lab.settled(sessions);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('the tables never settle')) return null;
    throw error;
  } finally {
    lab.close();
  }
}

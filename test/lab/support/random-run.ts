import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulatedTables, simulateScenario, upCount } from '../../scenarios/support/simulated.ts';
import { LabFabric } from './lab-fabric.ts';
import { writeRandomFabric } from './random-fabric.ts';
import type { FabricTables } from './tables.ts';

export interface RandomRun {
  readonly seed: number;
  /** The fabric; kept where the tables differ, with expected.json beside. */
  readonly folder: string;
  readonly simulated: FabricTables;
  readonly real: FabricTables;
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
  const lab = await LabFabric.boot(folder, `rnd${seed % 10000}`);
  try {
    const real = await lab.settled(upCount(simulation));
    writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(real, null, 2)}\n`);
    const undecided = simulation.result.findings
      .filter(({ rule }) => rule === 'oscillation' || rule === 'start-order')
      .map(({ message }) => message);
    return { seed, folder, simulated: simulatedTables(simulation), real, undecided };
  } finally {
    lab.close();
  }
}

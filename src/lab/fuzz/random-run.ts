import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Comparison, compareTables } from '../compare/one-order.ts';
import { simulatedTables, simulateFolder, upCount } from '../compare/simulated.ts';
import { LabFabric } from '../fabric.ts';
import type { FabricTables } from '../tables.ts';
import { writeRandomFabric } from './random-fabric.ts';

export interface RandomRun {
  readonly seed: number;
  /** The fabric with expected.json and, where they differ, simulated.json beside, for a closer look. */
  readonly folder: string;
  /** 'unsettled': the real tables never came to rest. */
  readonly verdict: Comparison['verdict'] | 'unsettled';
  readonly byOrder: Comparison['byOrder'];
  readonly mismatched: readonly string[];
  /** Prefixes of which the simulator says that they never settle. */
  readonly oscillating: readonly string[];
}

/** Orders tried where the usual one gives another outcome than the daemons. */
const ORDERS = 100;

/** One random fabric on real daemons and in the simulator. */
export async function runRandom(seed: number): Promise<RandomRun> {
  const folder = join(tmpdir(), 'fabricgen-random', String(seed));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeRandomFabric(seed, folder);
  const usual = simulateFolder(folder, {});
  const oscillating = usual.result.findings
    .filter(({ rule }) => rule === 'oscillation')
    .map(({ message }) => message.split(' ')[0] ?? '');
  const real = await observe(folder, seed, upCount(usual));
  if (!real) return { seed, folder, verdict: 'unsettled', byOrder: {}, mismatched: [], oscillating };
  const write = (name: string, tables: FabricTables) =>
    writeFileSync(join(folder, name), `${JSON.stringify(tables, null, 2)}\n`);
  write('expected.json', real);
  write('simulated.json', simulatedTables(usual));
  return { seed, folder, oscillating, ...compareFolder(folder, real) };
}

/** Holds recorded tables of a folder against the simulator. */
export function compareFolder(folder: string, real: FabricTables): Comparison {
  const simulated = (order: number) =>
    simulatedTables(simulateFolder(folder, order === 0 ? {} : { seed: order }));
  return compareTables(real, simulated, ORDERS);
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

import { expect } from 'vitest';
import { buildFabric } from '../../../src/inventory/build/build-fabric.ts';
import { readInventoryFiles } from '../../../src/inventory/files.ts';
import { loadInventory } from '../../../src/inventory/load.ts';
import type { Fabric } from '../../../src/model/fabric.ts';

/** The model of one shipped example. */
export async function exampleFabric(example: string): Promise<Fabric> {
  const { source } = await readInventoryFiles(`inventory/${example}`);
  const built = buildFabric(loadInventory(source));
  expect(built.diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
  return built.fabric;
}

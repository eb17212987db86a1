import { buildFabric } from '../../src/inventory/build/build-fabric.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import type { Fabric } from '../../src/model/fabric.ts';

/** The model of an inventory in one YAML text; a mistake in the text fails the test that holds it. */
export function fabricOf(yaml: string): Fabric {
  const inventory = loadInventory({ root: '', entry: 'hosts.yml', files: new Map([['hosts.yml', yaml]]) });
  const { fabric, diagnostics } = buildFabric(inventory);
  const errors = [...inventory.diagnostics, ...diagnostics].filter((one) => one.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((one) => one.message).join('\n'));
  return fabric;
}

import { type Diagnostic, hasErrors } from '../base/diagnostic.ts';
import type { Fabric } from '../model/fabric.ts';
import { buildFabric } from './build/build-fabric.ts';
import { loadInventory } from './load.ts';
import type { InventoryFiles } from './sources.ts';
import type { Inventory } from './types.ts';

export interface Validated {
  readonly inventory: Inventory;
  /** null where an error stops the model from being made. */
  readonly fabric: Fabric | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and checks an inventory, phase by phase: all findings of a phase are reported, errors stop before the next. */
export function validateInventory(source: InventoryFiles): Validated {
  const inventory = loadInventory(source);
  if (hasErrors(inventory.diagnostics)) return { inventory, fabric: null, diagnostics: inventory.diagnostics };
  const { fabric, diagnostics: building } = buildFabric(inventory);
  const diagnostics = [...inventory.diagnostics, ...building];
  if (hasErrors(building)) return { inventory, fabric: null, diagnostics };
  return { inventory, fabric, diagnostics };
}

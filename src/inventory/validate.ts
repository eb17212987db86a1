import { type Diagnostic, hasErrors } from '../base/diagnostic.ts';
import type { Fabric } from '../model/fabric.ts';
import { buildFabric } from './build/build-fabric.ts';
import { loadInventory } from './load.ts';
import { checkFabric } from './rules/check.ts';
import type { InventoryFiles } from './sources.ts';
import type { Inventory } from './types.ts';

export interface Validated {
  readonly inventory: Inventory;
  /** Complete, or null where reading or building failed; a rule may still have found errors. */
  readonly fabric: Fabric | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Everything that can be said of an inventory without a daemon, in three phases: reading and merging the files, the variables and
 * the model, the lint rules. All findings of a phase together; a phase with errors is the last one, because what follows
 * would complain of its consequences. Never throws, whatever the files hold.
 */
export function validateInventory(files: InventoryFiles): Validated {
  const inventory = loadInventory(files);
  if (hasErrors(inventory.diagnostics))
    return { inventory, fabric: null, diagnostics: inventory.diagnostics };
  const built = buildFabric(inventory);
  const diagnostics = [...inventory.diagnostics, ...built.diagnostics];
  if (hasErrors(diagnostics)) return { inventory, fabric: null, diagnostics };
  return { inventory, fabric: built.fabric, diagnostics: [...diagnostics, ...checkFabric(built.fabric)] };
}

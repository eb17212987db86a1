/**
 * fabricgen as a library: the same steps as the commands, as functions over plain data. Reading and writing disks is kept in the functions
 * that say so (`readInventoryFiles`, `loadTemplates`, `planWrite` and `applyPlan`, `readOutputFolder`); everything else is pure.
 */
export type { Diagnostic, RelatedRange, Severity } from './base/diagnostic.ts';
export type { RuleId } from './base/rule-ids.ts';
export type { SourceRange } from './base/source.ts';
export type { RouterConfig } from './bgp/config.ts';
export {
  type Behaviour,
  type BehaviourDiff,
  behaviourOf,
  compareBehaviour,
  isEmptyDiff,
} from './diff/behaviour.ts';
export { compareFiles, type FileChange } from './diff/text.ts';
export { readInventoryFiles } from './inventory/files.ts';
export { loadInventory } from './inventory/load.ts';
export { selectHosts } from './inventory/pattern.ts';
export { inventorySchema, varsSchema } from './inventory/schema/publish.ts';
export { type InventoryFiles, stdinSource } from './inventory/sources.ts';
export type { Inventory } from './inventory/types.ts';
export { type Validated, validateInventory } from './inventory/validate.ts';
export type { Fabric, Host } from './model/fabric.ts';
export { type HostFiles, type ReadFabric, readBack } from './pipeline/read-back.ts';
export { type Simulated, simulateFabric } from './pipeline/simulate.ts';
export { filesOfHost, filesOfManifest, intentsOf } from './pipeline/sources.ts';
export { formatDiagnostics } from './report/diagnostics.ts';
export type { SimulationResult } from './simulator/result/result.ts';
export { applyPlan, planWrite } from './targets/output-folder.ts';
export { readOutputFolder } from './targets/output-read.ts';
export { type RenderedHost, renderFabric, renderHost, targetLimits } from './targets/render.ts';
export { loadTemplates } from './targets/template-files.ts';

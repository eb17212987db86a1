import type { Diagnostic } from '../base/diagnostic.ts';
import { hasErrors } from '../base/diagnostic.ts';
import { type ReadInventory, readInventoryFiles } from '../inventory/files.ts';
import { selectHosts } from '../inventory/pattern.ts';
import type { Inventory } from '../inventory/types.ts';
import { validateInventory } from '../inventory/validate.ts';
import type { Fabric, Host } from '../model/fabric.ts';
import { countText, formatDiagnosticText } from '../report/diagnostics-text.ts';
import { type Style, styleOf } from '../report/style.ts';
import { targetLimits } from '../targets/render.ts';
import type { TemplateFiles } from '../targets/template.ts';
import { loadTemplates } from '../targets/template-files.ts';
import type { Io } from './io.ts';
import type { InventoryOptions } from './options.ts';

/** A valid inventory with its model, ready to be rendered or simulated. */
export interface Project {
  readonly inventory: Inventory;
  readonly fabric: Fabric;
  /** The hosts of `--limit`, or all of them. */
  readonly hosts: readonly Host[];
  readonly templates: TemplateFiles;
  /** Warnings and notes; a project has no errors. */
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/** The outcome of reading and checking; without a fabric there is at least one error. */
export interface Examined {
  readonly inventory: Inventory | null;
  readonly fabric: Fabric | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads the files of `-i`, from disk or standard input. */
export function inventoryFiles(path: string, io: Io): Promise<ReadInventory> {
  return readInventoryFiles(path, path === '-' ? io.stdin() : undefined);
}

/** Reads and checks the inventory, what its targets cannot express included; all errors of a phase together. */
export async function examine(path: string, io: Io): Promise<Examined> {
  const { source, diagnostics: reading } = await inventoryFiles(path, io);
  if (hasErrors(reading)) return { inventory: null, fabric: null, diagnostics: reading, texts: source.files };
  const checked = validateInventory(source);
  const limits = checked.fabric && !hasErrors(checked.diagnostics) ? targetLimits(checked.fabric) : [];
  const diagnostics = [...reading, ...checked.diagnostics, ...limits];
  return { ...checked, diagnostics, texts: checked.inventory.texts };
}

/** The way in for every command that goes on from a valid inventory; null after saying what is wrong. */
export async function loadProject(options: InventoryOptions, io: Io): Promise<Project | null> {
  const { inventory, fabric, diagnostics: found, texts } = await examine(options.inventory, io);
  const diagnostics = [...found];
  const loaded = loadTemplates(options.inventory === '-' ? null : options.inventory);
  diagnostics.push(...loaded.diagnostics);
  const limited = options.limit === undefined || !inventory ? null : selectHosts(inventory, options.limit);
  if (limited) diagnostics.push(...limited.diagnostics);
  if (!options.quiet || hasErrors(diagnostics)) sayDiagnostics(diagnostics, texts, io);
  if (!inventory || !fabric || hasErrors(diagnostics)) return null;
  const names = limited ? new Set(limited.hosts) : null;
  const hosts = [...fabric.hosts.values()].filter((host) => !names || names.has(host.name));
  return { inventory, fabric, hosts, templates: loaded.templates, diagnostics, texts };
}

/** Findings on standard error, with a count where there are several. */
export function sayDiagnostics(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  io: Io,
): void {
  if (diagnostics.length === 0) return;
  io.err(formatDiagnosticText(diagnostics, texts, errStyle(io)));
  if (diagnostics.length > 1) io.err(`${countText(diagnostics)}\n`);
}

export function errStyle(io: Io): Style {
  return styleOf(io.colours.err);
}

export function outStyle(io: Io): Style {
  return styleOf(io.colours.out);
}

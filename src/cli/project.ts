import type { Diagnostic } from '../base/diagnostic.ts';
import { hasErrors } from '../base/diagnostic.ts';
import { type ReadInventory, readInventoryFiles } from '../inventory/files.ts';
import { selectHosts } from '../inventory/pattern.ts';
import type { Inventory } from '../inventory/types.ts';
import { validateInventory } from '../inventory/validate.ts';
import type { Fabric, Host } from '../model/fabric.ts';
import { countText, formatDiagnosticText, rulesText } from '../report/diagnostics-text.ts';
import { type Style, styleOf } from '../report/style.ts';
import { targetLimits } from '../targets/render.ts';
import type { TemplateFiles } from '../targets/template.ts';
import { loadTemplates } from '../targets/template-files.ts';
import { type ExitCode, exit, type Io } from './io.ts';
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
  /** Names of the hosts of `--limit`, or of all. */
  readonly hosts: readonly string[];
  readonly templates: TemplateFiles;
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads the files of `-i`, from disk or standard input. */
export function inventoryFiles(path: string, io: Io): Promise<ReadInventory> {
  return readInventoryFiles(path, path === '-' ? io.stdin() : undefined);
}

/**
 * Reads and checks the inventory with its templates and the pattern of `--limit`, and what its targets cannot express; all errors
 * of a phase together. The whole inventory is checked, whatever the limit.
 */
export async function examine(options: InventoryOptions, io: Io): Promise<Examined> {
  const { inventory: path, limit } = options;
  const { source, diagnostics: reading } = await inventoryFiles(path, io);
  const { templates, diagnostics: loading } = loadTemplates(path === '-' ? null : path);
  if (hasErrors(reading)) {
    const texts = source.files;
    return { inventory: null, fabric: null, hosts: [], templates, diagnostics: reading, texts };
  }
  const checked = validateInventory(source);
  const limits = checked.fabric && !hasErrors(checked.diagnostics) ? targetLimits(checked.fabric) : [];
  const limited = limit === undefined ? null : selectHosts(checked.inventory, limit);
  const picking = limited?.diagnostics ?? [];
  const diagnostics = [...reading, ...checked.diagnostics, ...limits, ...loading, ...picking];
  const hosts = limited?.hosts ?? [...checked.inventory.hosts.keys()];
  const texts = withTemplates(checked.inventory.texts, templates);
  return { ...checked, hosts, templates, diagnostics, texts };
}

/** Findings point into templates as well. */
function withTemplates(texts: ReadonlyMap<string, string>, templates: TemplateFiles): Map<string, string> {
  return new Map([...texts, ...[...templates.values()].map(({ path, text }) => [path, text] as const)]);
}

/** Is told what is wrong, with the texts that findings point into. */
export type OnRefusal = (diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>) => void;

/** The way in for every command that goes on from a valid inventory; the exit code after saying what is wrong. */
export async function loadProject(
  options: InventoryOptions,
  io: Io,
  onRefusal?: OnRefusal,
): Promise<Project | ExitCode> {
  const { inventory, fabric, templates, diagnostics, texts, ...limited } = await examine(options, io);
  if (!options.quiet || hasErrors(diagnostics)) sayDiagnostics(diagnostics, texts, io);
  if (!inventory || !fabric || hasErrors(diagnostics)) {
    onRefusal?.(diagnostics, texts);
    return exitOf(diagnostics);
  }
  const names = new Set(limited.hosts);
  const hosts = [...fabric.hosts.values()].filter((host) => names.has(host.name));
  return { inventory, fabric, hosts, templates, diagnostics, texts };
}

const toolFailures: ReadonlySet<string> = new Set(['file-unreadable', 'file-unwritable', 'output-busy']);

/** What findings make of the exit code: where something could not be read or written at all, nothing was judged. */
export function exitOf(diagnostics: readonly Diagnostic[]): ExitCode {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.some(({ rule }) => toolFailures.has(rule))) return exit.usage;
  return errors.length > 0 ? exit.findings : exit.clean;
}

/** Findings on standard error, with a count where there are several, and where their rules are explained. */
export function sayDiagnostics(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  io: Io,
): void {
  if (diagnostics.length === 0) return;
  io.err(formatDiagnosticText(diagnostics, texts, errStyle(io)));
  if (diagnostics.length > 1) io.err(`${countText(diagnostics)}\n`);
  io.err(rulesText(diagnostics, errStyle(io)));
}

export function errStyle(io: Io): Style {
  return styleOf(io.colours.err);
}

export function outStyle(io: Io): Style {
  return styleOf(io.colours.out);
}

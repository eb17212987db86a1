import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { hasErrors } from '../../src/base/diagnostic.ts';
import type { InventoryFiles } from '../../src/inventory/sources.ts';
import { validateInventory } from '../../src/inventory/validate.ts';
import { formatDiagnosticText } from '../../src/report/diagnostics-text.ts';
import { targetLimits } from '../../src/targets/render.ts';

const here = import.meta.dirname;

/** A bad inventory: one file, or a folder of files. */
export interface Case {
  readonly name: string;
  readonly files: InventoryFiles;
}

/** The cases of one folder: every `.yml` or `.json` file, and every sub-folder, by name. */
export function casesIn(folder: string): Case[] {
  const path = join(here, folder);
  return readdirSync(path)
    .filter((name) => !name.endsWith('.txt'))
    .sort()
    .map((name) => {
      const full = join(path, name);
      if (!statSync(full).isDirectory()) {
        const entry = name.endsWith('.json') ? 'hosts.json' : 'hosts.yml';
        return {
          name: name.replace(/\.\w+$/, ''),
          files: inventoryOf({ [entry]: readFileSync(full, 'utf8') }, entry),
        };
      }
      const files = readdirSync(full, { recursive: true, encoding: 'utf8' })
        .filter((file) => statSync(join(full, file)).isFile())
        .map((file) => [relative(full, join(full, file)), readFileSync(join(full, file), 'utf8')] as const);
      return { name, files: inventoryOf(Object.fromEntries(files), null) };
    });
}

/** An inventory in memory; its files are shown as `inventory/...`. */
export function inventoryOf(files: Readonly<Record<string, string>>, entry: string | null): InventoryFiles {
  return { root: 'inventory', entry, files: new Map(Object.entries(files)) };
}

/** What `fabricgen validate` finds: the inventory's diagnostics and, where there are no errors, the limits of the daemons. */
export function diagnose(files: InventoryFiles): readonly Diagnostic[] {
  const { fabric, diagnostics } = validateInventory(files);
  return fabric && !hasErrors(diagnostics) ? [...diagnostics, ...targetLimits(fabric)] : diagnostics;
}

/** What `fabricgen validate` prints for it. */
export function printed(files: InventoryFiles): string {
  const texts = new Map([...files.files].map(([path, text]) => [`${files.root}/${path}`, text]));
  return formatDiagnosticText(diagnose(files), texts);
}

export function goldenOf(folder: string, name: string): string {
  return join(here, folder, `${name}.txt`);
}

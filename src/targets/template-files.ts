import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnostic } from '../base/diagnostic.ts';
import { nearestName } from '../base/nearest.ts';
import { readText } from '../base/read-text.ts';
import { systemReason } from '../base/system-reason.ts';
import type { ConfigFile } from './target.ts';
import type { TemplateFiles } from './template.ts';

/** `templates/` of the package: two folders up from src/targets and from dist/targets alike. */
const builtIn = fileURLToPath(new URL('../../templates', import.meta.url));

const MAX_BYTES = 32 << 20;

export interface LoadedTemplates {
  readonly templates: TemplateFiles;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The built-in templates, each replaced by `<inventory>/templates/<target>/<name>.hbs` where that exists. `inventory` is the
 * path as the user wrote it (a folder, or a file in one), or null for the built-in templates alone. Never throws.
 */
export function loadTemplates(inventory: string | null): LoadedTemplates {
  const templates = new Map<string, ConfigFile>();
  const diagnostics: Diagnostic[] = [];
  for (const { name, path } of templatesBelow(builtIn, diagnostics)) {
    const file = readTemplate(path, `templates/${name}`, diagnostics);
    if (file) templates.set(name, file);
  }
  if (inventory === null) return { templates, diagnostics };
  const names = [...templates.keys()];
  for (const { name, path } of templatesBelow(join(folderOf(inventory), 'templates'), diagnostics)) {
    if (!templates.has(name)) {
      diagnostics.push(unknownOverride(name, path, names));
      continue;
    }
    const file = readTemplate(path, path, diagnostics);
    if (file) templates.set(name, file);
  }
  return { templates, diagnostics };
}

function folderOf(inventory: string): string {
  return isKind(inventory, 'isFile') ? dirname(inventory) : inventory;
}

function isKind(path: string, kind: 'isFile' | 'isDirectory'): boolean {
  try {
    return statSync(path)[kind]();
  } catch {
    return false;
  }
}

/** `<target>/<name>.hbs` for every template below `folder`, sorted; no folder, no templates. */
function templatesBelow(folder: string, diagnostics: Diagnostic[]): { name: string; path: string }[] {
  return entriesOf(folder, diagnostics).flatMap((target) => {
    const inner = join(folder, target);
    if (!isKind(inner, 'isDirectory')) return [];
    return entriesOf(inner, diagnostics)
      .filter((entry) => entry.endsWith('.hbs'))
      .map((entry) => ({ name: `${target}/${entry}`, path: join(inner, entry) }));
  });
}

function entriesOf(folder: string, diagnostics: Diagnostic[]): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (failure) {
    const { code } = failure as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') diagnostics.push(unreadable(folder, failure));
    return [];
  }
}

function readTemplate(path: string, shown: string, diagnostics: Diagnostic[]): ConfigFile | null {
  try {
    return { path: shown, text: readText(path, { most: MAX_BYTES, plain: true, strict: false }).text };
  } catch (failure) {
    diagnostics.push(unreadable(shown, failure));
    return null;
  }
}

function unreadable(path: string, failure: unknown): Diagnostic {
  return {
    rule: 'file-unreadable',
    severity: 'error',
    message: `the template '${path}' cannot be read: ${systemReason(failure)}`,
    ranges: [],
    fix: 'make it readable, or remove it to use the built-in template',
  };
}

function unknownOverride(name: string, path: string, known: readonly string[]): Diagnostic {
  const near = nearestName(name, known);
  return {
    rule: 'template-unknown-override',
    severity: 'error',
    message: `'${path}' overrides nothing: there is no built-in template '${name}'`,
    ranges: [{ file: path, line: 1, column: 1 }],
    found: name,
    ...(near ? { nearest: near } : {}),
    fix: near ? `rename it to '${near}'` : 'give it the name of a built-in template, or remove it',
  };
}

import type { Diagnostic } from '../base/diagnostic.ts';
import { nearestName } from '../base/nearest.ts';
import type { Layer } from './graph.ts';
import { setValue } from './graph.ts';
import { describe } from './group-tree.ts';
import { readData } from './read-text.ts';
import { comparePaths, extensionOf, hasDataExtension, type InventoryFiles, shownPath } from './sources.ts';

/** Ansible's order: the bare name (a folder, or a file without ending) hides the others, then each ending in turn. */
const ENDINGS = ['', '.yml', '.yaml', '.json'];

/** Beyond this many the folder serves another inventory, and guessing at every name would take long. */
const MOST_GUESSES = 50;

/** Finds and reads the files of `group_vars/` or `host_vars/`, each once, and knows which were never asked for. */
export interface VarsFolder {
  /** The merged variables of this group's or host's files; one shared empty layer where there are none. */
  readonly layerOf: (name: string) => Layer;
  /** Files that belong to none of the known names, and files hidden by another. */
  readonly leftovers: (known: ReadonlySet<string>) => readonly Diagnostic[];
}

interface Folder {
  /** Names under the folder (`web`, `web.yml`) to the files behind: one, or those of a whole sub-folder. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly folders: ReadonlySet<string>;
}

export function varsFolder(
  source: InventoryFiles,
  kind: 'group_vars' | 'host_vars',
  diagnostics: Diagnostic[],
): VarsFolder {
  const folder = listFolder(source, kind);
  const used = new Set<string>();
  const layers = new Map<string, Layer>();
  const empty: Layer = new Map();
  const read = (name: string): Layer => {
    // A host may be named like a path (chroot connections); Ansible does not look for files of such names.
    const member = name.startsWith('/')
      ? undefined
      : ENDINGS.map((end) => name + end).find((key) => folder.members.has(key));
    if (member === undefined) return empty;
    used.add(member);
    const layer: Layer = new Map();
    for (const path of folder.members.get(member) ?? []) readInto(layer, source, path, diagnostics);
    return layer;
  };
  return {
    layerOf: (name) => {
      const known = layers.get(name);
      if (known) return known;
      const layer = read(name);
      layers.set(name, layer);
      return layer;
    },
    leftovers: (known) => leftovers(source, kind, folder, used, known),
  };
}

function listFolder(source: InventoryFiles, kind: string): Folder {
  const prefix = `${kind}/`;
  const members = new Map<string, string[]>();
  const folders = new Set<string>();
  const add = (key: string, path?: string): void => {
    const list = members.get(key) ?? [];
    members.set(key, list);
    if (path !== undefined) list.push(path);
  };
  for (const path of source.folders ?? []) {
    if (!path.startsWith(prefix)) continue;
    folders.add(path.slice(prefix.length));
    add(path.slice(prefix.length));
  }
  for (const path of source.files.keys()) {
    if (!path.startsWith(prefix)) continue;
    const steps = path.slice(prefix.length).split('/');
    add(steps.join('/'), path);
    // Every folder above holds the file too, where all below that folder have names that Ansible looks at.
    for (
      let depth = steps.length - 1;
      depth > 0 && isRead(steps[depth] ?? '', depth === steps.length - 1);
      depth--
    ) {
      const above = steps.slice(0, depth).join('/');
      folders.add(above);
      add(above, path);
    }
  }
  for (const list of members.values()) list.sort(comparePaths);
  return { members, folders };
}

/** Within a folder of variables: no hidden files, no backups, known endings; sub-folders have no ending at all. */
function isRead(name: string, isFile: boolean): boolean {
  if (name.startsWith('.') || name.endsWith('~')) return false;
  return isFile ? hasDataExtension(name) : extensionOf(name) === '';
}

function readInto(layer: Layer, source: InventoryFiles, path: string, diagnostics: Diagnostic[]): void {
  const file = shownPath(source.root, path);
  const { root, diagnostics: found } = readData(source.files.get(path) ?? '', file);
  diagnostics.push(...found);
  if (!root) return;
  if (root.entries) {
    for (const [name, entry] of root.entries) setValue(layer, name, entry.node, entry.key);
  } else if (root.value) {
    diagnostics.push({
      rule: 'inventory-structure',
      severity: 'error',
      message: `A file of variables must be a mapping, not ${describe(root.value)}`,
      ranges: [root.source],
      fix: 'Write each variable as "name: value".',
    });
  }
}

function leftovers(
  source: InventoryFiles,
  kind: 'group_vars' | 'host_vars',
  folder: Folder,
  used: ReadonlySet<string>,
  known: ReadonlySet<string>,
): Diagnostic[] {
  const what = kind === 'group_vars' ? 'group' : 'host';
  const found: Diagnostic[] = [];
  for (const member of [...folder.members.keys()].sort()) {
    if (used.has(member) || member.includes('/') || member.startsWith('.')) continue;
    const ending = ENDINGS.includes(extensionOf(member)) ? extensionOf(member) : '';
    const name = folder.folders.has(member) ? member : member.slice(0, member.length - ending.length);
    const shown = shownPath(source.root, `${kind}/${member}`);
    const winner = ENDINGS.map((end) => name + end).find((key) => used.has(key));
    found.push(
      winner === undefined
        ? orphan(shown, what, name, found.length < MOST_GUESSES ? nearestName(name, known) : null)
        : shadowed(shown, shownPath(source.root, `${kind}/${winner}`)),
    );
  }
  return found;
}

function orphan(file: string, what: string, name: string, nearest: string | null): Diagnostic {
  return {
    rule: 'inventory-orphan-file',
    severity: nearest ? 'warning' : 'info',
    message: `${file} is for the ${what} ${name}, which the inventory does not have`,
    ranges: [{ file, line: 1, column: 1 }],
    ...(nearest ? { nearest } : {}),
    fix: nearest ? `Rename it if the ${what} ${nearest} is meant.` : `Add the ${what}, or remove the file.`,
  };
}

function shadowed(file: string, winner: string): Diagnostic {
  return {
    rule: 'inventory-shadowed-file',
    severity: 'warning',
    message: `${file} is not read, because Ansible takes ${winner} alone`,
    ranges: [{ file, line: 1, column: 1 }],
    fix: `Move its variables into ${winner}, or put all files into one folder.`,
  };
}

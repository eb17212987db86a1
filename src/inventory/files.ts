import { accessSync, constants } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { readText } from '../base/read-text.ts';
import { systemReason } from '../base/system-reason.ts';
import { type InventoryFiles, isIgnored, stdinSource } from './sources.ts';

/** Bounds, so that a wrong path (a home folder, a disk image) ends in a sentence and not in a full memory. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
const MAX_TOTAL_BYTES = 512 * 1024 * 1024;
const MAX_FILES = 200_000;
const MAX_UNREADABLE = 20;

export interface ReadInventory {
  readonly source: InventoryFiles;
  readonly diagnostics: readonly Diagnostic[];
}

interface Reading {
  readonly root: string;
  readonly files: Map<string, string>;
  readonly executables: Set<string>;
  readonly folders: Set<string>;
  readonly diagnostics: Diagnostic[];
  bytes: number;
  stopped: boolean;
}

/**
 * Reads an inventory folder, a single inventory file (with the group_vars and host_vars beside it) or, for `-`, the
 * given text of standard input. Symbolic links are followed, as Ansible does. What cannot be read is a
 * `file-unreadable` diagnostic.
 */
export async function readInventoryFiles(path: string, stdin?: string): Promise<ReadInventory> {
  if (path === '-') return { source: stdinSource(stdin ?? ''), diagnostics: [] };
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (error) {
    const missing: InventoryFiles = { root: path, entry: null, files: new Map() };
    return {
      source: missing,
      diagnostics: [unreadable(path, systemReason(error), 'Give the inventory folder or file with -i PATH.')],
    };
  }
  const root = isFolder ? path.replace(/(?<=.)\/+$/, '') : dirname(path);
  if (variableFolders.includes(basename(resolve(root)))) return noInventory(root);
  const reading: Reading = {
    root,
    files: new Map(),
    executables: new Set(),
    folders: new Set(),
    diagnostics: [],
    bytes: 0,
    stopped: false,
  };
  const entry = isFolder ? null : basename(path);
  if (entry === null) await readFolder(reading, '', 'sources', []);
  else readOne(reading, entry);
  for (const name of variableFolders) if (!reading.stopped) await readVars(reading, name);
  const { files, executables, folders, diagnostics } = reading;
  return { source: { root, entry, files, executables, folders }, diagnostics };
}

const variableFolders: readonly string[] = ['group_vars', 'host_vars'];

/** Read as groups, variables would be an error each. */
function noInventory(folder: string): ReadInventory {
  const diagnostic: Diagnostic = {
    rule: 'inventory-format',
    severity: 'error',
    message: `${folder} holds the variables of an inventory, and is none itself`,
    ranges: [],
    expected: 'a folder with hosts.yml, or that file',
    fix: `Give the folder above it: -i ${dirname(folder)}`,
  };
  return { source: { root: folder, entry: null, files: new Map() }, diagnostics: [diagnostic] };
}

/** `above` holds the real paths of the folders on the way, to notice a link that leads back to one of them. */
async function readFolder(
  reading: Reading,
  folder: string,
  kind: 'sources' | 'vars',
  above: readonly string[],
): Promise<void> {
  const path = join(reading.root, folder);
  try {
    const real = await realpath(path);
    if (above.includes(real)) {
      fail(reading, unreadable(path, 'a symbolic link leads back to a folder above it', 'Remove the link.'));
      return;
    }
    const names = (await readdir(path)).sort();
    for (const name of names) {
      if (reading.stopped) return;
      const skip =
        kind === 'sources' ? isIgnored(name, folder === '') : name.startsWith('.') || name.endsWith('~');
      if (!skip) await readEntry(reading, folder === '' ? name : `${folder}/${name}`, kind, [...above, real]);
    }
  } catch (error) {
    fail(reading, unreadable(path, systemReason(error)));
  }
}

async function readEntry(
  reading: Reading,
  path: string,
  kind: 'sources' | 'vars',
  above: readonly string[],
): Promise<void> {
  const full = join(reading.root, path);
  let info: Awaited<ReturnType<typeof stat>>;
  try {
    info = await stat(full);
  } catch (error) {
    fail(reading, unreadable(full, systemReason(error)));
    return;
  }
  if (!info.isDirectory()) return readOne(reading, path);
  if (kind === 'sources' && isRendered(full)) return;
  if (kind === 'vars') reading.folders.add(path);
  await readFolder(reading, path, kind, above);
}

/** A host's folder that fabricgen wrote: an output folder inside the inventory (`-i . -o build`) is no source of it. */
function isRendered(folder: string): boolean {
  try {
    const { text } = readText(join(folder, 'manifest.json'), {
      most: MAX_FILE_BYTES,
      plain: true,
      strict: false,
    });
    return /^\s*\{\s*"version": \d+,\s*"generator": "fabricgen"/.test(text);
  } catch {
    return false;
  }
}

async function readVars(reading: Reading, name: string): Promise<void> {
  const path = join(reading.root, name);
  const info = await stat(path).catch(() => null);
  if (info?.isDirectory()) await readFolder(reading, name, 'vars', []);
  else if (info)
    fail(
      reading,
      unreadable(path, 'it is not a folder', 'Make it a folder with one file per group or host.'),
    );
}

function readOne(reading: Reading, path: string): void {
  const full = join(reading.root, path);
  try {
    const { text, stats } = readText(full, { most: MAX_FILE_BYTES, plain: true, strict: true });
    reading.bytes += Math.max(stats.size, text.length);
    if (reading.bytes > MAX_TOTAL_BYTES || reading.files.size >= MAX_FILES) {
      stop(reading, `the inventory has more than ${MAX_FILES} files or ${MAX_TOTAL_BYTES / 1024 / 1024} MiB`);
      return;
    }
    reading.files.set(path, text);
    if ((stats.mode & 0o111) !== 0 && mayRun(full)) reading.executables.add(path);
  } catch (error) {
    fail(reading, unreadable(full, systemReason(error)));
  }
}

function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Keeps what is wrong with one file or folder. A wrong path (`/etc`) holds thousands: the first few are enough to see it. */
function fail(reading: Reading, diagnostic: Diagnostic): void {
  reading.diagnostics.push(diagnostic);
  if (reading.diagnostics.length === MAX_UNREADABLE)
    stop(reading, `${MAX_UNREADABLE} files and folders in it cannot be read, and the rest was left alone`);
}

function stop(reading: Reading, reason: string): void {
  if (reading.stopped) return;
  reading.stopped = true;
  reading.diagnostics.push(unreadable(reading.root, reason, 'Check that -i names the inventory folder.'));
}

function unreadable(
  path: string,
  reason: string,
  fix = 'Correct the file or its permissions, or remove it.',
): Diagnostic {
  return {
    rule: 'file-unreadable',
    severity: 'error',
    message: `Cannot read ${path}: ${reason}`,
    ranges: [{ file: path, line: 1, column: 1 }],
    fix,
  };
}

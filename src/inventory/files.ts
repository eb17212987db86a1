import { constants } from 'node:fs';
import { access, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { systemReason } from '../base/system-reason.ts';
import { type InventoryFiles, isIgnored, stdinSource } from './sources.ts';

/** Bounds, so that a wrong path (a home folder, a disk image) ends in a sentence and not in a full memory. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
const MAX_TOTAL_BYTES = 512 * 1024 * 1024;
const MAX_FILES = 200_000;

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
  else await readOne(reading, entry);
  for (const name of ['group_vars', 'host_vars']) await readVars(reading, name);
  const { files, executables, folders, diagnostics } = reading;
  return { source: { root, entry, files, executables, folders }, diagnostics };
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
      reading.diagnostics.push(
        unreadable(path, 'a symbolic link leads back to a folder above it', 'Remove the link.'),
      );
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
    reading.diagnostics.push(unreadable(path, systemReason(error)));
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
    reading.diagnostics.push(unreadable(full, systemReason(error)));
    return;
  }
  if (!info.isDirectory()) return readOne(reading, path);
  if (kind === 'sources' && (await isRendered(full))) return;
  if (kind === 'vars') reading.folders.add(path);
  await readFolder(reading, path, kind, above);
}

/** A host's folder that fabricgen wrote: an output folder inside the inventory (`-i . -o build`) is no source of it. */
async function isRendered(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => '');
  return /^\s*\{\s*"version": \d+,\s*"generator": "fabricgen"/.test(text);
}

async function readVars(reading: Reading, name: string): Promise<void> {
  const path = join(reading.root, name);
  const info = await stat(path).catch(() => null);
  if (info?.isDirectory()) await readFolder(reading, name, 'vars', []);
  else if (info)
    reading.diagnostics.push(
      unreadable(path, 'it is not a folder', 'Make it a folder with one file per group or host.'),
    );
}

async function readOne(reading: Reading, path: string): Promise<void> {
  const full = join(reading.root, path);
  try {
    const info = await stat(full);
    const refusal = !info.isFile()
      ? 'it is not a regular file'
      : info.size > MAX_FILE_BYTES
        ? tooLarge(info.size)
        : null;
    if (refusal) {
      reading.diagnostics.push(unreadable(full, refusal, 'Move it out of the inventory folder.'));
      return;
    }
    reading.bytes += info.size;
    if (reading.bytes > MAX_TOTAL_BYTES || reading.files.size >= MAX_FILES) {
      reading.stopped = true;
      const limit = `the inventory has more than ${MAX_FILES} files or ${MAX_TOTAL_BYTES / 1024 / 1024} MiB`;
      reading.diagnostics.push(unreadable(reading.root, limit, 'Check that -i names the inventory folder.'));
      return;
    }
    reading.files.set(path, new TextDecoder('utf-8', { fatal: true }).decode(await readFile(full)));
    if (
      await access(full, constants.X_OK).then(
        () => (info.mode & 0o111) !== 0,
        () => false,
      )
    )
      reading.executables.add(path);
  } catch (error) {
    reading.diagnostics.push(unreadable(full, systemReason(error)));
  }
}

function tooLarge(size: number): string {
  return `it has ${size} bytes, more than ${MAX_FILE_BYTES}`;
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

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { readText } from '../../base/read-text.ts';
import { systemReason } from '../../base/system-reason.ts';
import type { ConfigFile } from '../../targets/target.ts';
import { type ConfigsFolder, loadedKey } from './configs.ts';
import { readTopology } from './topology.ts';

/** What stands on disk for `simulate --configs DIR`. */
export interface TopologyFolder {
  /** Text of topology.yml; null: it cannot be read (then there is an error). */
  readonly topology: ConfigFile | null;
  readonly configs: ConfigsFolder;
  readonly diagnostics: readonly Diagnostic[];
}

/** Beyond this a file is not a configuration that anybody wrote. */
const MAX_BYTES = 64 << 20;
/** Folders in folders. */
const DEEPEST = 8;

/** Reads DIR/topology.yml, every file of DIR/configs/HOST/, and the folders that events load files from. What cannot be read is a diagnostic; throws nothing. */
export function readTopologyFolder(directory: string): TopologyFolder {
  const diagnostics: Diagnostic[] = [];
  const topology = readConfig(join(directory, 'topology.yml'), diagnostics);
  const shown = join(directory, 'configs');
  if (!topology && !existsSync(shown)) {
    const configs = { shown, hosts: new Map(), unreadable: new Set<string>(), loaded: new Map() };
    return { topology, configs, diagnostics: diagnostics.map((said) => wrongFolder(said, directory)) };
  }
  const hosts = new Map<string, ReadonlyMap<string, ConfigFile>>();
  const unreadable = new Set<string>();
  for (const name of names(shown, diagnostics, true)) {
    const said = diagnostics.length;
    hosts.set(name, readFiles(join(shown, name), diagnostics));
    if (diagnostics.length > said) unreadable.add(name);
  }
  const loaded = topology ? readLoaded(directory, topology, diagnostics) : new Map();
  return { topology, configs: { shown, hosts, unreadable, loaded }, diagnostics };
}

/** Neither the one nor the other is there: the folder is not the one that was meant. */
function wrongFolder(said: Diagnostic, directory: string): Diagnostic {
  const inventory = ['hosts.yml', 'hosts.yaml', 'group_vars'].some((name) =>
    existsSync(join(directory, name)),
  );
  return inventory ? { ...said, fix: `it is an inventory: give it with -i ${directory}` } : said;
}

/** The files of a folder and, named by their way, those of the folders in it: BIRD includes them. */
function readFiles(folder: string, diagnostics: Diagnostic[]): ReadonlyMap<string, ConfigFile> {
  const files = new Map<string, ConfigFile>();
  const add = (below: string, depth: number): void => {
    const place = join(folder, below);
    for (const file of names(place, diagnostics, false)) {
      const read = readConfig(join(place, file), diagnostics);
      if (read) files.set(join(below, file), read);
    }
    if (depth < DEEPEST) for (const inner of foldersIn(place)) add(join(below, inner), depth + 1);
  };
  add('', 0);
  return files;
}

/** Links are not followed: they may lead in a circle. */
function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  } catch {
    return []; // That it cannot be read was said with its files.
  }
}

/** What `files` events load: DIR/FROM/HOST/ or DIR/FROM/, or the same below configs. Faults of the topology are reported elsewhere. */
function readLoaded(
  directory: string,
  topology: ConfigFile,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, ReadonlyMap<string, ConfigFile>> {
  const loaded = new Map<string, ReadonlyMap<string, ConfigFile>>();
  const { events } = readTopology(topology.text, topology.path).topology ?? {};
  for (const { change } of events ?? []) {
    if (change?.kind !== 'files') continue;
    const { host, from } = change;
    const places = [join(from, host), from, join('configs', from, host), join('configs', from)];
    const folder = places.map((place) => join(directory, place)).find(holdsFiles);
    if (folder) loaded.set(loadedKey(change), readFiles(folder, diagnostics));
  }
  return loaded;
}

function holdsFiles(folder: string): boolean {
  try {
    return readdirSync(folder, { withFileTypes: true }).some((entry) => !entry.isDirectory());
  } catch {
    return false;
  }
}

/** Folders or files in a folder, sorted, hidden ones left out. */
function names(folder: string, diagnostics: Diagnostic[], folders: boolean): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(
        (entry) => !entry.name.startsWith('.') && (entry.isSymbolicLink() || entry.isDirectory() === folders),
      )
      .map(({ name }) => name)
      .sort();
  } catch (failure) {
    diagnostics.push(unreadable(folder, failure));
    return [];
  }
}

function readConfig(path: string, diagnostics: Diagnostic[]): ConfigFile | null {
  try {
    const { text } = readText(path, { most: MAX_BYTES, plain: true, strict: false });
    const zero = text.indexOf('\0');
    if (zero < 0) return { path, text };
    diagnostics.push(noText(path, text.slice(0, zero)));
    return null;
  } catch (failure) {
    diagnostics.push({
      ...unreadable(path, failure),
      ...(path.endsWith('topology.yml') ? {} : oneFile),
    });
    return null;
  }
}

/** What helps where one of many files is the trouble. */
const oneFile = { expected: 'a text file', fix: 'correct or remove this file' } as const;

/** No daemon writes or reads a zero byte. */
function noText(path: string, before: string): Diagnostic {
  const lines = before.split('\n');
  return {
    rule: 'file-unreadable',
    severity: 'error',
    message: `Cannot read ${path}: a zero byte stands in it, it is no text file`,
    ranges: [{ file: path, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }],
    ...oneFile,
  };
}

function unreadable(path: string, failure: unknown): Diagnostic {
  return {
    rule: 'file-unreadable',
    severity: 'error',
    message: `Cannot read ${path}: ${systemReason(failure)}`,
    ranges: [],
    expected: 'DIR/topology.yml and DIR/configs/HOST/ with the files of the daemon',
    fix: 'give the folder that holds topology.yml and configs',
  };
}

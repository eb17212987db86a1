import {
  closeSync,
  copyFileSync,
  existsSync,
  fchmodSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { MANIFEST } from './manifest.ts';
import { STAGING } from './output-disk.ts';
import { type PlannedChange, unusable } from './output-plan.ts';

/** Code of the failure where another run holds the lock. */
export const BUSY = 'FABRICGEN_BUSY';

/** Writes files below `<directory>/.fabricgen-staging/new`; the staging folder is also the lock against a second run. */
export class StagingWriter {
  readonly #directory: string;
  readonly #root: string;
  readonly #folders = new Set<string>();
  readonly #chmodNeeded = new Map<number, boolean>();
  /** True while something is being written: tells a failed write from a failed read. */
  writing = false;
  #owned = false;
  #made = false;

  constructor(directory: string) {
    this.#directory = directory;
    this.#root = join(directory, STAGING);
  }

  write(host: string, file: string, text: string, mode: number): void {
    this.open();
    this.writing = true;
    const folder = join(this.#root, 'new', host);
    if (!this.#folders.has(host)) {
      mkdirSync(folder);
      this.#folders.add(host);
    }
    const descriptor = openSync(join(folder, file), 'wx', mode);
    try {
      this.#setMode(descriptor, mode);
      writeFileSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
    this.writing = false;
  }

  /** Leaves the folder as it was found, as far as that is still possible. */
  discard(): void {
    if (this.#owned) succeeds(() => rmSync(this.#root, { recursive: true, force: true }));
    if (this.#made) succeeds(() => rmdirSync(this.#directory));
  }

  /** The mask of the process may take bits away; whether it does is asked once per mode. */
  #setMode(descriptor: number, mode: number): void {
    let needed = this.#chmodNeeded.get(mode);
    if (needed === undefined) {
      needed = (fstatSync(descriptor).mode & 0o777) !== mode;
      this.#chmodNeeded.set(mode, needed);
    }
    if (needed) fchmodSync(descriptor, mode);
  }

  /** Takes the lock; called again it does nothing. */
  open(): void {
    if (this.#owned) return;
    this.writing = true;
    this.#made = makeFolders(this.#directory);
    try {
      mkdirSync(this.#root);
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
      if (isAlive(join(this.#root, 'pid'))) throw Object.assign(new Error('busy'), { code: BUSY });
      // Left behind by a run that was killed: what it had not put in place is not wanted any more.
      rmSync(this.#root, { recursive: true, force: true });
      mkdirSync(this.#root);
    }
    this.#owned = true;
    writeFileSync(join(this.#root, 'pid'), String(process.pid));
    mkdirSync(join(this.#root, 'new'));
    mkdirSync(join(this.#root, 'old'));
    this.writing = false;
  }
}

/** A folder with those above it. Not Node's recursive mkdir: below /proc that asks for ever. True where something had to be made. */
export function makeFolders(directory: string): boolean {
  const missing: string[] = [];
  for (let at = directory; !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const folder of missing) mkdirSync(folder);
  return missing.length > 0;
}

function isAlive(pidFile: string): boolean {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What `putInPlace` needs of a plan. */
export interface StagedChanges {
  readonly directory: string;
  readonly changes: readonly PlannedChange[];
  /** Hosts whose folder is moved into place as a whole; the others are changed file by file. */
  readonly freshHosts: ReadonlySet<string>;
}

/**
 * Puts a plan in place by renaming. Where a step fails, the steps before it are undone and the diagnostic says why; a file is
 * never half written. Returns no diagnostics when all is done.
 */
export function putInPlace(plan: StagedChanges): readonly Diagnostic[] {
  const staging = join(plan.directory, STAGING);
  const undo: (() => void)[] = [];
  try {
    moveIntoPlace(plan, staging, undo);
    return [];
  } catch (failure) {
    const { path } = failure as NodeJS.ErrnoException;
    const failed = undo.reverse().filter((step) => !succeeds(step)).length;
    const finding = unusable('file-unwritable', path ?? plan.directory, failure);
    const rest = failed > 0 ? `; ${failed} earlier changes could not be undone` : '; nothing was changed';
    return [{ ...finding, message: finding.message + rest }];
  } finally {
    succeeds(() => rmSync(staging, { recursive: true, force: true }));
  }
}

function succeeds(step: () => void): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}

function moveIntoPlace(plan: StagedChanges, staging: string, undo: (() => void)[]): void {
  const moved = new Set<string>();
  const emptied = new Set<string>();
  let aside = 0;
  for (const { host, file, change } of plan.changes) {
    const folder = join(plan.directory, host);
    const fresh = join(staging, 'new', host);
    if (plan.freshHosts.has(host)) {
      if (moved.has(host)) continue;
      moved.add(host);
      renameSync(fresh, folder);
      undo.push(() => renameSync(folder, fresh));
      continue;
    }
    const target = join(folder, file);
    const kept = join(staging, 'old', String(aside++));
    if (change === 'remove') renameSync(target, kept);
    else {
      if (change === 'update') keepCopy(target, kept);
      renameSync(join(fresh, file), target);
    }
    undo.push(change === 'create' ? () => rmSync(target) : () => renameSync(kept, target));
    if (change === 'remove' && file === MANIFEST) emptied.add(folder);
  }
  // A folder that still holds something is not ours alone and stays.
  for (const folder of emptied) if (succeeds(() => rmdirSync(folder))) undo.push(() => mkdirSync(folder));
}

/** A second name costs nothing; file systems without hard links get a copy. */
function keepCopy(target: string, kept: string): void {
  try {
    linkSync(target, kept);
  } catch {
    copyFileSync(target, kept);
  }
}

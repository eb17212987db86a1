import { hash } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  type Dirent,
  fchmodSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { hasErrors } from '../base/diagnostic.ts';
import { isSafeName, MANIFEST, type Manifest, manifestText, parseManifest } from './manifest.ts';
import {
  type Existing,
  type PlannedChange,
  refusal,
  unusable,
  type Verdict,
  verdictOnUnwanted,
  verdictOnWanted,
  type WriteCounts,
} from './output-plan.ts';
import type { RenderedHost } from './render.ts';
import type { ConfigFile } from './target.ts';

export interface WriteOptions {
  /** Replace what was edited by hand or stands in the way; links are never followed, with or without. */
  readonly force: boolean;
  /** Remove what was written for hosts that are not among the renderings; false under --limit. */
  readonly removeOthers: boolean;
  /** Only look (`--check`): nothing is written anywhere, and the plan cannot be applied. */
  readonly check: boolean;
}

/** What a run would do. With errors among the diagnostics nothing has been kept and nothing may be applied. */
export interface WritePlan {
  readonly directory: string;
  readonly changes: readonly PlannedChange[];
  readonly counts: WriteCounts;
  readonly diagnostics: readonly Diagnostic[];
  /** Hosts whose folder is moved into place as a whole; the others are changed file by file. */
  readonly freshHosts: ReadonlySet<string>;
  readonly staged: boolean;
}

/** Everything new is written here first, on the same disk, so that putting it in place is only renaming. */
const STAGING = '.fabricgen-staging';
const MAX_FILE = 64 * 1024 * 1024;
const sha256 = (data: string | Uint8Array): string => hash('sha256', data);

/**
 * Compares the renderings with the output folder and writes what differs to a staging folder beside it, host by host, so that
 * no more than one host's texts are in memory. The output itself is not touched before `applyPlan`. Never throws.
 */
export function planWrite(
  directory: string,
  renderings: Iterable<RenderedHost>,
  options: WriteOptions,
): WritePlan {
  const planner = new Planner(directory, options);
  try {
    planner.readDirectory();
    for (const rendering of renderings) planner.attempt(() => planner.host(rendering));
    if (options.removeOthers) planner.attempt(() => planner.removeOthers());
  } catch (failure) {
    planner.fail(failure);
  }
  return planner.finish();
}

class Planner {
  readonly #directory: string;
  readonly #options: WriteOptions;
  readonly #entries = new Map<string, Dirent>();
  readonly #seen = new Set<string>();
  readonly #fresh = new Set<string>();
  readonly #changes: PlannedChange[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #writer: StagingWriter;
  #unchanged = 0;

  constructor(directory: string, options: WriteOptions) {
    this.#directory = directory;
    this.#options = options;
    this.#writer = new StagingWriter(directory);
  }

  /** Goes on after a system call that failed, so that every host gets its findings. */
  attempt(step: () => void): void {
    try {
      step();
    } catch (failure) {
      this.fail(failure);
    }
  }

  readDirectory(): void {
    for (const entry of entriesOf(this.#directory)) this.#entries.set(entry.name, entry);
  }

  host(rendering: RenderedHost): void {
    const { name } = rendering.host;
    this.#seen.add(name);
    this.#diagnostics.push(...rendering.diagnostics);
    if (!rendering.complete || !this.#nameIsUsable(name)) return;
    const entry = this.#entries.get(name);
    const folder = join(this.#directory, name);
    const wanted = wantedFiles(rendering);
    if (!entry) {
      this.#fresh.add(name);
      for (const [file, { text, mode }] of wanted) this.#change('create', name, file, text, mode);
      return;
    }
    if (entry.isSymbolicLink()) this.#diagnostics.push(refusal('symlink', name, folder));
    else if (!entry.isDirectory()) this.#diagnostics.push(refusal('not-ours', name, folder));
    else this.#existingHost(name, folder, wanted);
  }

  /** What was written for hosts that are gone from the inventory. Folders without our manifest are someone else's. */
  removeOthers(): void {
    for (const [name, entry] of this.#entries) {
      if (this.#seen.has(name) || !entry.isDirectory() || !isSafeName(name) || name === STAGING) continue;
      const old = this.#manifestOf(name, join(this.#directory, name));
      if (typeof old === 'string' || old === null) continue;
      this.#removeUnwanted(name, old, new Map());
      this.#changes.push({ host: name, file: MANIFEST, change: 'remove' });
    }
  }

  fail(failure: unknown): void {
    const { path, code } = failure as NodeJS.ErrnoException;
    if (code === undefined) throw failure;
    const rule = this.#writer.writing ? 'file-unwritable' : 'file-unreadable';
    this.#diagnostics.push(
      code === BUSY ? busy(this.#directory) : unusable(rule, path ?? this.#directory, code),
    );
  }

  finish(): WritePlan {
    if (this.#changes.length > 0 && !this.#options.check && !this.#failed()) {
      this.attempt(() => this.#writer.open());
    }
    const failed = this.#failed();
    if (failed) this.#writer.discard();
    const count = (change: string): number => this.#changes.filter((each) => each.change === change).length;
    return {
      directory: this.#directory,
      changes: failed ? [] : this.#changes,
      counts: {
        created: failed ? 0 : count('create'),
        updated: failed ? 0 : count('update'),
        unchanged: this.#unchanged,
        removed: failed ? 0 : count('remove'),
      },
      diagnostics: this.#diagnostics,
      freshHosts: this.#fresh,
      staged: !failed && !this.#options.check,
    };
  }

  #failed(): boolean {
    return this.#diagnostics.length > 0 && hasErrors(this.#diagnostics);
  }

  #existingHost(name: string, folder: string, wanted: ReadonlyMap<string, WantedFile>): void {
    const old = this.#manifestOf(name, folder);
    if (typeof old === 'string' && !this.#options.force) {
      this.#diagnostics.push(badManifest(name, join(folder, MANIFEST), old));
      return;
    }
    const manifest = typeof old === 'string' ? null : old;
    const written = new Map((manifest?.files ?? []).map((file) => [file.path, file.sha256]));
    for (const [file, { text, mode }] of wanted) {
      const existing = existingFile(join(folder, file));
      // The manifest has no digest of its own: if it could be read as ours, it counts as ours.
      const digest = file === MANIFEST ? (manifest ? true : null) : (written.get(file) ?? null);
      const verdict = verdictOnWanted(
        existing,
        () => compare(existing, text, mode, digest),
        this.#options.force,
      );
      this.#take(verdict, name, file, () =>
        this.#change(verdict as 'create' | 'update', name, file, text, mode),
      );
    }
    if (manifest) this.#removeUnwanted(name, manifest, wanted);
  }

  #removeUnwanted(name: string, old: Manifest, wanted: ReadonlyMap<string, WantedFile>): void {
    for (const { path: file, sha256: digest } of old.files) {
      if (wanted.has(file)) continue;
      const existing = existingFile(join(this.#directory, name, file));
      const asWritten = (): boolean => existing.kind === 'file' && sha256(existing.bytes) === digest;
      const verdict = verdictOnUnwanted(existing, asWritten, this.#options.force);
      if (existing.kind === 'absent') continue;
      this.#take(verdict, name, file, () => this.#changes.push({ host: name, file, change: 'remove' }));
    }
  }

  #take(verdict: Verdict, host: string, file: string, change: () => void): void {
    if (verdict === 'unchanged') this.#unchanged++;
    else if (verdict === 'create' || verdict === 'update' || verdict === 'remove') change();
    else this.#diagnostics.push(refusal(verdict, host, join(this.#directory, host, file)));
  }

  #change(change: 'create' | 'update', host: string, file: string, text: string, mode: number): void {
    this.#changes.push({ host, file, change });
    // Once something is wrong nothing will be put in place; the rest is only looked at, for its own findings.
    if (!this.#options.check && !this.#failed()) this.#writer.write(host, file, text, mode);
  }

  #manifestOf(name: string, folder: string): Manifest | string | null {
    const existing = existingFile(join(folder, MANIFEST));
    if (existing.kind === 'absent') return null;
    if (existing.kind !== 'file') return 'it is not a plain file';
    return parseManifest(Buffer.from(existing.bytes).toString('utf8'), name);
  }

  #nameIsUsable(name: string): boolean {
    if (isSafeName(name) && name !== STAGING) return true;
    this.#diagnostics.push({
      rule: 'output-name',
      severity: 'error',
      message: `the host name ${JSON.stringify(name)} cannot be the name of a folder`,
      ranges: [],
      host: name,
      found: name,
      fix: "use letters, digits, '.', '-' and '_' in host names",
    });
    return false;
  }
}

interface WantedFile {
  readonly text: string;
  readonly mode: number;
}

function wantedFiles(rendering: RenderedHost): Map<string, WantedFile> {
  const wanted = new Map<string, WantedFile>();
  for (const { path, text, mode } of rendering.files)
    wanted.set(path, { text, mode: Number.parseInt(mode, 8) });
  wanted.set(MANIFEST, { text: manifestText(rendering.host, rendering.files, sha256), mode: 0o644 });
  return wanted;
}

function compare(existing: Existing, text: string, mode: number, written: string | true | null) {
  if (existing.kind !== 'file') return { sameContent: false, sameMode: false, asWritten: null };
  const sameContent = Buffer.from(text).equals(existing.bytes);
  const asWritten = typeof written === 'string' ? sameContent || sha256(existing.bytes) === written : written;
  return { sameContent, sameMode: existing.mode === mode, asWritten };
}

const BUSY = 'FABRICGEN_BUSY';

/** Writes files below `<directory>/.fabricgen-staging/new`; the staging folder is also the lock against a second run. */
class StagingWriter {
  readonly #directory: string;
  readonly #root: string;
  readonly #folders = new Set<string>();
  readonly #chmodNeeded = new Map<number, boolean>();
  /** True from the first attempt to write. */
  writing = false;
  #owned = false;

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
  }

  discard(): void {
    if (this.#owned) rmSync(this.#root, { recursive: true, force: true });
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
    mkdirSync(this.#directory, { recursive: true });
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
  }
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

/**
 * Puts a plan in place by renaming. Where a step fails, the steps before it are undone and the diagnostic says why; a file is
 * never half written. Returns no diagnostics when all is done.
 */
export function applyPlan(plan: WritePlan): readonly Diagnostic[] {
  if (!plan.staged || plan.changes.length === 0) return plan.diagnostics;
  const staging = join(plan.directory, STAGING);
  const undo: (() => void)[] = [];
  try {
    moveIntoPlace(plan, staging, undo);
    return [];
  } catch (failure) {
    const { path, code } = failure as NodeJS.ErrnoException;
    const failed = undo.reverse().filter((step) => !succeeds(step)).length;
    const finding = unusable('file-unwritable', path ?? plan.directory, code);
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

function moveIntoPlace(plan: WritePlan, staging: string, undo: (() => void)[]): void {
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

function badManifest(host: string, path: string, why: string): Diagnostic {
  return {
    rule: 'output-manifest',
    severity: 'error',
    message: `${host}: the manifest '${path}' cannot be used: ${why}`,
    ranges: [{ file: path, line: 1, column: 1 }],
    host,
    fix: 'choose another output folder, or render with --force to replace it',
  };
}

function busy(directory: string): Diagnostic {
  return {
    rule: 'output-busy',
    severity: 'error',
    message: `another run is writing to '${directory}'`,
    ranges: [],
    fix: `wait for it to end; if there is none, remove '${join(directory, STAGING)}'`,
  };
}

function entriesOf(directory: string): Dirent[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw failure;
  }
}

/** Reads what stands at `path` without following a link, waiting on a pipe, or reading without bound. */
function existingFile(path: string): Existing {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (failure) {
    const { code } = failure as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { kind: 'absent' };
    if (code === 'ELOOP') return { kind: 'symlink' };
    if (code === 'ENXIO') return { kind: 'other' };
    throw failure;
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size > MAX_FILE) return { kind: 'other' };
    const bytes = Buffer.allocUnsafe(stat.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return { kind: 'file', bytes: bytes.subarray(0, length), mode: stat.mode & 0o777 };
  } finally {
    closeSync(descriptor);
  }
}

/** One host as it stands in an output folder. */
export interface OutputHost {
  readonly manifest: Manifest;
  /** The files its manifest names and that are there, by name; `path` is the path to say in diagnostics. */
  readonly files: ReadonlyMap<string, ConfigFile>;
  /** Files whose digest is not the manifest's. */
  readonly edited: readonly string[];
}

export interface OutputFolder {
  readonly hosts: ReadonlyMap<string, OutputHost>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Names of the hosts' folders, sorted: those that hold a manifest are read by `readOutputHost`. Throws nothing. */
export function readOutputFolder(directory: string): OutputFolder {
  const hosts = new Map<string, OutputHost>();
  const diagnostics: Diagnostic[] = [];
  try {
    readdirSync(directory);
    for (const entry of entriesOf(directory)) {
      if (entry.name === STAGING) continue;
      const path = join(directory, entry.name);
      if (entry.isSymbolicLink()) diagnostics.push(refusal('symlink', entry.name, path));
      else if (entry.isDirectory()) {
        const host = readOutputHost(directory, entry.name, diagnostics);
        if (host) hosts.set(entry.name, host);
      }
    }
  } catch (failure) {
    const { path, code } = failure as NodeJS.ErrnoException;
    diagnostics.push(unusable('file-unreadable', path ?? directory, code));
  }
  return { hosts, diagnostics };
}

function readOutputHost(directory: string, name: string, diagnostics: Diagnostic[]): OutputHost | null {
  const folder = join(directory, name);
  const found = existingFile(join(folder, MANIFEST));
  if (found.kind === 'absent') return null;
  const text = found.kind === 'file' ? Buffer.from(found.bytes).toString('utf8') : '';
  const manifest = found.kind === 'file' ? parseManifest(text, name) : 'it is not a plain file';
  if (typeof manifest === 'string') {
    diagnostics.push(badManifest(name, join(folder, MANIFEST), manifest));
    return null;
  }
  const files = new Map<string, ConfigFile>();
  const edited: string[] = [];
  for (const { path: file, sha256: digest } of manifest.files) {
    const path = join(folder, file);
    const existing = existingFile(path);
    if (existing.kind === 'file') {
      files.set(file, { path, text: Buffer.from(existing.bytes).toString('utf8') });
      if (sha256(existing.bytes) !== digest) edited.push(file);
    } else if (existing.kind === 'absent') diagnostics.push(missingFile(name, path));
    else diagnostics.push(refusal(existing.kind === 'symlink' ? 'symlink' : 'not-ours', name, path));
  }
  return { manifest, files, edited };
}

function missingFile(host: string, path: string): Diagnostic {
  return {
    rule: 'config-missing',
    severity: 'error',
    message: `${host}: '${path}' is named by the manifest and is not there`,
    ranges: [],
    host,
    fix: 'render again',
  };
}

import type { Dirent } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { hasErrors } from '../base/diagnostic.ts';
import { isSafeName } from '../base/file-name.ts';
import { MANIFEST, type Manifest, manifestText, parseManifest } from './manifest.ts';
import { entriesOf, existingFile, STAGING, sha256 } from './output-disk.ts';
import {
  badManifest,
  busy,
  type Existing,
  type PlannedChange,
  refusal,
  rootFolder,
  unusable,
  type Verdict,
  verdictOnUnwanted,
  verdictOnWanted,
  type WriteCounts,
} from './output-plan.ts';
import { BUSY, putInPlace, type StagedChanges, StagingWriter } from './output-staging.ts';
import type { RenderedHost } from './render.ts';

export interface WriteOptions {
  /** Replace what was edited by hand or stands in the way; links are never followed, with or without. */
  readonly force: boolean;
  /** Remove what was written for hosts that are not among the renderings; false under --limit. */
  readonly removeOthers: boolean;
  /** Only look (`--check`): nothing is written anywhere, and the plan cannot be applied. */
  readonly check: boolean;
}

/** What a run would do. With errors among the diagnostics nothing has been kept and nothing may be applied. */
export interface WritePlan extends StagedChanges {
  readonly counts: WriteCounts;
  readonly diagnostics: readonly Diagnostic[];
  readonly staged: boolean;
}

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

/**
 * Puts a plan in place. Where a step fails, the steps before it are undone and the diagnostic says why; a file is never half
 * written. A plan that was made to check, or has errors, changes nothing and gives its own diagnostics.
 */
export function applyPlan(plan: WritePlan): readonly Diagnostic[] {
  return plan.staged && plan.changes.length > 0 ? putInPlace(plan) : plan.diagnostics;
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
    const whole = resolve(this.#directory);
    if (dirname(whole) === whole) {
      // The system's own folders are not looked into: who may not read them would be told of each.
      this.#diagnostics.push(rootFolder(this.#directory));
      return;
    }
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
      code === BUSY
        ? busy(this.#directory, join(this.#directory, STAGING))
        : unusable(rule, path ?? this.#directory, failure),
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

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { MANIFEST, type Manifest, parseManifest } from './manifest.ts';
import { entriesOf, existingFile, STAGING, sha256 } from './output-disk.ts';
import { badManifest, refusal, unusable } from './output-plan.ts';
import type { ConfigFile } from './target.ts';

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
    const { path } = failure as NodeJS.ErrnoException;
    diagnostics.push(unusable('file-unreadable', path ?? directory, failure));
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

import type { Diagnostic } from '../base/diagnostic.ts';
import type { SourceRange } from '../base/source.ts';
import { systemReason } from '../base/system-reason.ts';

/** What is to be done with one file of the output folder. */
export type FileChange = 'create' | 'update' | 'remove';

export interface PlannedChange {
  readonly host: string;
  /** Name in the host's folder. */
  readonly file: string;
  readonly change: FileChange;
}

export interface WriteCounts {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly removed: number;
}

/** What stands at a path where a file is wanted. */
export type Existing =
  | { readonly kind: 'absent' }
  | { readonly kind: 'symlink' }
  /** A folder, a device, or larger than anything that is rendered. */
  | { readonly kind: 'other' }
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly mode: number };

export type Verdict = FileChange | 'unchanged' | 'edited' | 'not-ours' | 'symlink';

/** How a file differs from what is wanted, all in digests of its content. */
export interface Comparison {
  /** Equal to the new content and mode. */
  readonly sameContent: boolean;
  readonly sameMode: boolean;
  /** Equal to what fabricgen wrote last; null: it did not write this file. */
  readonly asWritten: boolean | null;
}

/**
 * What may be done with a file that is wanted. A file that already is as wanted is taken over, whoever wrote it: a run that was
 * cut off heals itself that way.
 */
export function verdictOnWanted(existing: Existing, compare: () => Comparison, force: boolean): Verdict {
  if (existing.kind === 'absent') return 'create';
  if (existing.kind === 'symlink') return 'symlink';
  if (existing.kind === 'other') return 'not-ours';
  const { sameContent, sameMode, asWritten } = compare();
  if (sameContent) return sameMode ? 'unchanged' : 'update';
  if (force || asWritten) return 'update';
  return asWritten === null ? 'not-ours' : 'edited';
}

/** What may be done with a file that was written before and is no longer wanted. */
export function verdictOnUnwanted(existing: Existing, asWritten: () => boolean, force: boolean): Verdict {
  if (existing.kind === 'absent') return 'unchanged';
  if (existing.kind === 'symlink') return 'symlink';
  if (existing.kind === 'other') return 'not-ours';
  return force || asWritten() ? 'remove' : 'edited';
}

const firstLine = (file: string): SourceRange => ({ file, line: 1, column: 1 });

/** The finding for a verdict that forbids the change; `path` as the user would type it. */
export function refusal(verdict: 'edited' | 'not-ours' | 'symlink', host: string, path: string): Diagnostic {
  switch (verdict) {
    case 'edited':
      return {
        rule: 'output-edited',
        severity: 'error',
        message: `${host}: '${path}' was edited by hand since it was rendered`,
        ranges: [firstLine(path)],
        host,
        fix: 'carry the edit into the inventory or a template, then render with --force',
      };
    case 'not-ours':
      return {
        rule: 'output-not-ours',
        severity: 'error',
        message: `${host}: '${path}' is in the way and was not written by fabricgen`,
        ranges: [firstLine(path)],
        host,
        fix: 'move it away, choose another output folder, or render with --force to replace a file',
      };
    case 'symlink':
      return {
        rule: 'output-symlink',
        severity: 'error',
        message: `${host}: '${path}' is a symbolic link, and nothing is written through links`,
        ranges: [],
        host,
        fix: 'replace the link by a folder or file of its own, or remove it',
      };
  }
}

/** The finding for a failed system call; never a stack trace. */
export function unusable(
  rule: 'file-unwritable' | 'file-unreadable',
  path: string,
  failure: unknown,
): Diagnostic {
  const { code } = failure as { readonly code?: string };
  const verb = rule === 'file-unwritable' ? 'written' : 'read';
  return {
    rule,
    severity: 'error',
    message: `'${path}' cannot be ${verb}: ${systemReason(failure)}`,
    ranges: [],
    fix:
      code === 'ENOSPC' || code === 'EDQUOT'
        ? 'free some space and run again'
        : 'check the path and its permissions',
  };
}

/** Everything of a machine lies below the root: hosts' folders would lie among the system's own. */
export function rootFolder(directory: string): Diagnostic {
  return {
    rule: 'file-unwritable',
    severity: 'error',
    message: `'${directory}' is the root of the file system, and no folder for rendered files`,
    ranges: [],
    found: directory,
    expected: 'a folder of its own',
    fix: 'give a folder with -o, such as -o build',
  };
}

/** The finding for a manifest that is not ours or not whole. */
export function badManifest(host: string, path: string, why: string): Diagnostic {
  return {
    rule: 'output-manifest',
    severity: 'error',
    message: `${host}: the manifest '${path}' cannot be used: ${why}`,
    ranges: [{ file: path, line: 1, column: 1 }],
    host,
    fix: 'choose another output folder, or render with --force to replace it',
  };
}

/** The finding where another run holds the lock `staging`. */
export function busy(directory: string, staging: string): Diagnostic {
  return {
    rule: 'output-busy',
    severity: 'error',
    message: `another run is writing to '${directory}'`,
    ranges: [],
    fix: `wait for it to end; if there is none, remove '${staging}'`,
  };
}

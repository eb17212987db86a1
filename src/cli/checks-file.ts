import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { readText } from '../base/read-text.ts';
import { systemReason } from '../base/system-reason.ts';
import { type Choice, selectHosts } from '../inventory/pattern.ts';
import type { SelectHosts } from '../pipeline/checks/reading.ts';
import type { ChecksFile } from '../pipeline/simulate.ts';

/** checks.yml as it was found; `file` null and no diagnostics: there is none, and none was asked for. */
export interface FoundChecks {
  readonly file: ChecksFile | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Where checks.yml stands for an inventory (folder or file) or a folder with topology.yml; null: standard input has no place. */
export function checksPath(beside: string): string | null {
  return beside === '-' ? null : join(inventoryFolder(beside), 'checks.yml');
}

/** The folder of an inventory that is a folder or a file in one. */
export function inventoryFolder(path: string): string {
  return existsSync(path) && !statSync(path).isDirectory() ? dirname(path) : path;
}

const MAX_BYTES = 32 << 20;

/** Reads `--checks FILE`, or the checks.yml that stands beside the inventory or the topology. */
export function findChecks(
  named: string | undefined,
  beside: string,
  select: (hosts: readonly string[]) => SelectHosts,
): FoundChecks {
  const path = named ?? checksPath(beside);
  if (path === null || (named === undefined && !existsSync(path))) return { file: null, diagnostics: [] };
  try {
    const { text } = readText(path, { most: MAX_BYTES, plain: true, strict: true });
    return { file: { path, text, select }, diagnostics: [] };
  } catch (failure) {
    return unreadable(path, systemReason(failure));
  }
}

function unreadable(path: string, reason: string): FoundChecks {
  const diagnostic: Diagnostic = {
    rule: 'file-unreadable',
    severity: 'error',
    message: `Cannot read ${path}: ${reason}`,
    ranges: [],
    fix: 'name a file of checks with --checks FILE, or correct the file',
  };
  return { file: null, diagnostics: [diagnostic] };
}

/** Ansible's patterns over an inventory. */
export function selectFrom(choice: Choice): SelectHosts {
  return (pattern) => {
    const { hosts, diagnostics } = selectHosts(choice, pattern);
    const [fault] = diagnostics;
    return {
      hosts,
      fault: fault
        ? {
            message: fault.message,
            ...(fault.nearest === undefined ? {} : { nearest: fault.nearest }),
            ...(fault.fix === undefined ? {} : { fix: fault.fix }),
          }
        : null,
    };
  };
}

/** The same patterns where there is no inventory: the hosts of the topology, and the group `all`. */
export function selectAmong(hosts: readonly string[]): SelectHosts {
  return selectFrom(choiceAmong(hosts));
}

export function choiceAmong(hosts: readonly string[]): Choice {
  return {
    hosts: new Map(hosts.map((name) => [name, null])),
    groups: new Map([['all', { hosts, children: [] }]]),
  };
}

/** Writes a file of checks; one that is there only where `force` says so. null: written. */
export function writeChecks(path: string, text: string, force: boolean): Diagnostic | null {
  const refused = (message: string, fix: string): Diagnostic => ({
    rule: 'file-unwritable',
    severity: 'error',
    message,
    ranges: [],
    fix,
  });
  const kept = 'add --force to replace it, or name another file with --record FILE';
  if (!force && existsSync(path)) return refused(`${path} is already there`, kept);
  const draft = `${path}.fabricgen-new`;
  try {
    writeFileSync(draft, text, { flag: 'wx' });
    renameSync(draft, path);
    return null;
  } catch (failure) {
    const { code = '' } = failure as NodeJS.ErrnoException;
    // Where the file could not even be made there is nothing to remove, and removing it fails in the same way.
    if (code !== 'EEXIST' && existsSync(draft)) rmSync(draft, { force: true });
    const left =
      code === 'EEXIST'
        ? `${draft} is left from another run`
        : `Cannot write ${path}: ${systemReason(failure)}`;
    return refused(left, code === 'EEXIST' ? 'remove it' : 'name a place that can be written');
  }
}

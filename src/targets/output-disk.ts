import { hash } from 'node:crypto';
import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import type { Existing } from './output-plan.ts';

/** Everything new is written here first, on the same disk, so that putting it in place is only renaming. */
export const STAGING = '.fabricgen-staging';

const MAX_FILE = 64 * 1024 * 1024;

/** Lower-case hexadecimal; texts as UTF-8. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data);
}

/** The folder's entries by name; none where it does not exist. */
export function entriesOf(directory: string): Dirent[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw failure;
  }
}

/** Reads what stands at `path` without following a link, waiting on a pipe, or reading without bound. */
export function existingFile(path: string): Existing {
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

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder that goes with the test file; to be called while the file is being collected. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fabricgen-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { programPath } from '../../src/lab/programs.ts';
import { tryRun } from '../../src/lab/shell.ts';
import { refused, taken } from '../targets/bird/refused.ts';
import { describeLab } from './support/requirements.ts';

/** What the reader refuses is what bird refuses, and nothing else. */
describeLab('bird -p', { programs: ['bird'] }, () => {
  it.each(refused)('refuses %s', (text) => {
    expect(codeOf(text)).not.toBe(0);
  });

  it.each(taken)('takes %s', (text) => {
    expect(codeOf(text)).toBe(0);
  });
});

function codeOf(text: string): number | null {
  const folder = mkdtempSync(join(tmpdir(), 'fabricgen-bird-'));
  const file = join(folder, 'bird.conf');
  writeFileSync(file, `router id 1.1.1.1;\nprotocol device { }\n${text}`);
  const { code } = tryRun(programPath('bird') ?? 'bird', ['-p', '-c', file]);
  rmSync(folder, { recursive: true });
  return code;
}

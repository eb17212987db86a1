import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readText } from '../../src/base/read-text.ts';
import { systemReason } from '../../src/base/system-reason.ts';
import { temporaryFolder } from '../support/temporary.ts';

const root = temporaryFolder();

function told(path: string, options: Partial<Parameters<typeof readText>[1]> = {}): string {
  try {
    return readText(path, { most: 100_000, plain: true, strict: true, ...options }).text;
  } catch (error) {
    return systemReason(error);
  }
}

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(root, name), content);
  return join(root, name);
}

it('reads a file up to the last byte it may have', () => {
  expect(told(file('empty', ''))).toBe('');
  const text = 'ä'.repeat(50_000);
  expect(told(file('full', text))).toBe(text);
  expect(told(file('over', `${text}x`))).toBe('it is too large');
});

it('refuses what is no file, no text or not there', () => {
  expect(told(root)).toBe('it is a folder');
  expect(told(join(root, 'nowhere'))).toBe('it does not exist');
  expect(told(file('latin1', new Uint8Array([0xe4])))).toBe('it is not UTF-8 text');
  expect(told(file('latin1', new Uint8Array([0xe4])), { strict: false })).toBe('\uFFFD');
});

it.runIf(process.platform === 'linux')('ends where a file does not, or says nothing of its length', () => {
  expect(told('/dev/zero')).toBe('it is not a regular file');
  expect(told('/dev/zero', { plain: false })).toBe('it is too large');
  expect(told('/proc/self/status')).toContain('Pid:');
  expect(told('/proc/self/status', { most: 10 })).toBe('it is too large');
});

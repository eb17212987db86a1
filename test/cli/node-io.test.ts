import { afterEach, expect, it, vi } from 'vitest';
import { nodeIo } from '../../src/cli/node-io.ts';

vi.mock(import('node:fs'), async (original) => ({
  ...(await original()),
  writeSync: () => {
    throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  },
}));

afterEach(() => {
  vi.restoreAllMocks();
});

it('a reader that is gone (head) ends the program quietly, and not as a pass', () => {
  const ended = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  expect(() => nodeIo().out('FAIL\n')).toThrow('exit 141');
  expect(ended).toHaveBeenCalledOnce();
});

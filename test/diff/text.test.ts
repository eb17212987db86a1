import { describe, expect, it } from 'vitest';
import { compareFiles } from '../../src/diff/text.ts';

const set = (files: Record<string, string>) => new Map(Object.entries(files));

describe('compareFiles', () => {
  it('lists added, removed and changed files by path and leaves equal ones out', () => {
    const changes = compareFiles(
      set({ 'b/bgpd.conf': 'one\n', 'c/x': 'same\n', 'd/gone': 'old\n' }),
      set({ 'b/bgpd.conf': 'two\n', 'c/x': 'same\n', 'a/new': 'new\n' }),
    );
    expect(changes.map(({ path, change }) => [path, change])).toEqual([
      ['a/new', 'added'],
      ['b/bgpd.conf', 'changed'],
      ['d/gone', 'removed'],
    ]);
    expect(changes[1]?.patch).toBe('--- a/b/bgpd.conf\n+++ b/b/bgpd.conf\n@@ -1,1 +1,1 @@\n-one\n+two\n');
    expect(changes[0]?.patch).toMatch(/^--- \/dev\/null\n\+\+\+ b\/a\/new\n/);
  });

  it.each([
    [' neighbor 10.0.0.2 password hunter2', ' neighbor 10.0.0.2 password ********'],
    ['    auth-password = "hunter2"', '    auth-password = "********"'],
    ['password hunter2', 'password ********'],
  ])('masks the secret in %j', (line, shown) => {
    const [change] = compareFiles(set({ f: '' }), set({ f: `${line}\n` }));
    expect(change?.patch).toContain(`+${shown}\n`);
    expect(change?.patch).not.toContain('hunter2');
  });

  it('leaves words about passwords alone', () => {
    const [change] = compareFiles(set({ f: '' }), set({ f: ' description the password rules\n' }));
    expect(change?.patch).toContain('+ description the password rules\n');
  });
});

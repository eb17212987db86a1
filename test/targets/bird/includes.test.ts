import { describe, expect, it } from 'vitest';
import { includedNames } from '../../../src/targets/bird/read/includes.ts';

const names = ['bird.conf', 'lib.conf', 'peers/b.conf', 'peers/a.conf', 'peers/.c.conf', 'peers/old/z.conf'];
const of = (pattern: string, ...chain: string[]) =>
  includedNames(names, ['bird.conf', ...chain], pattern).names;

describe('what a line of BIRD includes', () => {
  it('a pattern stays in its folder, in order, without hidden files', () => {
    expect(of('peers/*.conf')).toEqual(['peers/a.conf', 'peers/b.conf']);
    expect(of('*/[!a].conf')).toEqual(['peers/b.conf']);
    expect(of('peers/?.conf')).toEqual(['peers/a.conf', 'peers/b.conf']);
    expect(of('nowhere/*.conf')).toEqual([]);
    expect(of('l[h-j]b.conf')).toEqual(['lib.conf']);
    expect(of('l[j-h]b.conf')).toEqual([]);
  });

  it('a relative name begins where the file that names it stands', () => {
    expect(of('old/z.conf', 'peers/a.conf')).toEqual(['peers/old/z.conf']);
    expect(of('../lib.conf', 'peers/a.conf')).toEqual(['lib.conf']);
  });

  it('of an absolute name the longest end that is here counts', () => {
    expect(of('/etc/bird/peers/*.conf')).toEqual(['peers/a.conf', 'peers/b.conf']);
    expect(of('/etc/bird/lib.conf')).toEqual(['lib.conf']);
    // The files of that folder were put beside bird.conf, which is not one of them.
    expect(of('/etc/bird/conf.d/*.conf')).toEqual(['lib.conf']);
  });

  it('the file itself is found again where it is named', () => {
    expect(of('bird.conf')).toEqual(['bird.conf']);
    expect(of('*.conf')).toEqual(['bird.conf', 'lib.conf']);
  });

  it('a pattern of many stars is answered, however long the names', () => {
    const long = `${'a'.repeat(250)}.conf`;
    expect(includedNames([long], ['bird.conf'], `${'*a'.repeat(100)}b`).names).toEqual([]);
    expect(includedNames([long], ['bird.conf'], `${'*a'.repeat(100)}*`).names).toEqual([long]);
  });
});

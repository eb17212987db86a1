import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../../src/bgp/policy/regex.ts';

function fits(regex: string, text: string): boolean | string {
  const compiled = compileRegex(regex);
  return typeof compiled === 'string' ? compiled : compiled.test(text);
}

describe('regular expressions of AS_PATHs and communities', () => {
  it.each<[string, string, boolean]>([
    ['^$', '', true],
    ['^$', '1', false],
    ['^65001', '65001 2', true],
    ['_65001$', '1 65001', true],
    ['_65001_', '65001', true],
    ['_65001_', '165001', false],
    ['_2_', '1 {2,3}', true],
    ['^[0-9]+$', '65001', true],
    ['^[0-9]+$', '65001 2', false],
    ['^(1|2)( 3)*$', '2 3 3', true],
    ['^1{2,3}$', '1111', false],
    ['^1{2,}$', '1111', true],
    ['[^0-9]', '12', false],
    ['a.c', 'xabcx', true],
    ['\\.', 'a', false],
    ['65000:[[:digit:]]+', '65000:12', true],
    ['^\\d+:1$', '65000:1', true],
    ['(?:1|2)?$', '', true],
    // `_` is put in as text: behind the bracket that it ends an alternative begins, and `)` closes nothing.
    ['^65000 [0-9_ ]*$', '65000 {1,2}', true],
    ['^65000 [0-9_ ]*$', '64999 1', false],
    ['1)', '1)', true],
    ['1)', '1', false],
    ['^([0-9]+)( \\1)*$', '65001 65001 65001', true],
    ['^([0-9]+)( \\1)*$', '65001 65001 65002', false],
    ['^(1|2)* \\1', '12 2', true],
    ['^(1|2)* \\1', '12 1', false],
    // The groups of borders count: here the first group is the space in front of 2.
    ['_2\\13', '1 2 3', true],
    ['_([0-9]+)_\\1_', '1 1', false],
    ['_([0-9]+)_\\2_', '3 1 1', true],
    // A group that took no part has no text.
    ['^(1)?(2)\\1', '2', false],
  ])('%s on "%s"', (regex, text, expected) => {
    expect(fits(regex, text)).toBe(expected);
  });

  it.each([
    '(',
    '[',
    '*',
    'a{3,2}',
    '\\',
    '\\q',
    '\\1',
    '(1\\1)',
    '(1)\\2',
    '[b-a]',
    '[[:nope:]]',
    `${'('.repeat(200)}${')'.repeat(200)}`,
  ])('%s is refused with a reason', (regex) => {
    expect(compileRegex(regex)).toBeTypeOf('string');
  });

  it.each(['^(([0-9]+ )*)*$', '(1*)*2', '(1|11)+$', '((((1{1,9}){1,9}){1,9}){1,9})'])(
    '%s cannot hang',
    (regex) => {
      const compiled = compileRegex(regex);
      const started = process.cpuUsage().user;
      if (typeof compiled !== 'string') compiled.test(`${'1'.repeat(4000)}x`);
      expect(process.cpuUsage().user - started).toBeLessThan(5_000_000);
    },
  );

  it('agrees with JavaScript where both mean the same', () => {
    const piece = fc.constantFrom('1', '2', '.', '(1|2)', '(12)*', '1+', '2?', '[12]', '^', '$', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), fc.stringMatching(/^[12 ]{0,8}$/), (pieces, text) => {
        const regex = pieces.join('');
        expect(fits(regex, text)).toBe(new RegExp(regex).test(text));
      }),
    );
  });

  it('any text compiles or is refused', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (regex, text) => {
        expect(['boolean', 'string']).toContain(typeof fits(regex, text));
      }),
    );
  });
});

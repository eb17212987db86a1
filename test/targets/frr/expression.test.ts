import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../../src/bgp/policy/regex.ts';
import { sharedExpression } from '../../../src/targets/frr/read/expression.ts';

/** Each as glibc's regcomp and regexec have it. */
describe('expressions of FRR', () => {
  it.each<[string, string, boolean]>([
    ['\\d+', '65001', false],
    ['\\d', 'd', true],
    ['\\D', '1 2', false],
    ['\\q', 'q9', true],
    ['[\\d]', '65001', false],
    ['[\\d]', '\\', true],
    ['[]\\]1', ']1', true],
    ['[[:digit:]\\]2', '6500 2', false],
    ['[[:digit:]\\]2', '12', true],
    ['[[:xdigit:]]', '65001', true],
    ['[[:blank:]]', '1 2', true],
    ['\\w', '65001', true],
    ['\\S 1', '21 1', true],
    ['^.+?$', '', true],
    ['^1??$', '', true],
    ['\\.', '1', false],
    ['\\\\', '\\', true],
    ['^(1)( \\1)*$', '1 1', true],
  ])('%s on "%s"', (expression, text, expected) => {
    const compiled = compileRegex(sharedExpression(expression));
    expect(typeof compiled === 'string' ? compiled : compiled.test(text)).toBe(expected);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSource, keySourceAt, sourceAt } from '../../src/base/source.ts';
import { parseToml } from '../../src/base/toml.ts';

const text = `top = 'a'
[global.config]
  as = 65500
  list = ["x", 'y',
    "z"]
[[neighbors]]
  [neighbors.config]
    peer-as = 1
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ipv4-unicast"
[[neighbors]]
  inline = { a.b = true, c = [1.5] }
  "quoted key" = 1979-05-27T07:32:00Z
`;

describe('TOML', () => {
  it('gives plain data', () => {
    const { root, diagnostics } = parseToml(text, 'f');
    expect(diagnostics).toEqual([]);
    expect(root?.value).toEqual({
      top: 'a',
      global: { config: { as: 65500, list: ['x', 'y', 'z'] } },
      neighbors: [
        { config: { 'peer-as': 1 }, 'afi-safis': [{ config: { 'afi-safi-name': 'ipv4-unicast' } }] },
        { inline: { a: { b: true }, c: [1.5] }, 'quoted key': '1979-05-27T07:32:00.000Z' },
      ],
    });
  });

  it.each<[(string | number)[], string, string]>([
    [['top'], 'f:1:7', 'f:1:1'],
    [['global', 'config'], 'f:2:9', 'f:2:9'],
    [['global', 'config', 'as'], 'f:3:8', 'f:3:3'],
    [['global', 'config', 'list', 2], 'f:5:5', 'f:5:5'],
    [['neighbors', 1], 'f:12:3', 'f:12:3'],
    [['neighbors', 0, 'afi-safis', 0, 'config', 'afi-safi-name'], 'f:11:23', 'f:11:7'],
    [['neighbors', 1, 'inline', 'a', 'b'], 'f:13:20', 'f:13:16'],
  ])('%j stands at %s, its key at %s', (path, value, key) => {
    const { root } = parseToml(text, 'f');
    if (!root) throw new Error('not read');
    expect(formatSource(sourceAt(root, path))).toBe(value);
    expect(formatSource(keySourceAt(root, path))).toBe(key);
  });

  it.each([
    ['a = ', '1:5', 'Not TOML at this place: unspecified values are invalid'],
    ['a = 1\na = 2', '2:1', 'Not TOML at this place: defining a key multiple times is invalid'],
    ['[a]\n[a]', '2:2', 'Not TOML at this place: defining a key multiple times is invalid'],
    ['x = "abc', '1:9', 'Not TOML at this place: unterminated string constant'],
    [`a = ${'['.repeat(300)}${']'.repeat(300)}`, '1:1', 'Not TOML at this place: it is nested too deep'],
    [`[${Array(20_000).fill('a').join('.')}]`, '1:1', 'Not TOML at this place: it is nested too deep'],
  ])('%j is refused', (broken, place, message) => {
    const { root, diagnostics } = parseToml(broken, 'f');
    expect(root).toBeNull();
    expect(diagnostics).toMatchObject([{ rule: 'toml-syntax', message }]);
    expect(formatSource(diagnostics[0]?.ranges[0] ?? { file: '', line: 0, column: 0 })).toBe(`f:${place}`);
  });

  it('never throws', () => {
    const line = fc.constantFrom(
      '[a]',
      '[[a]]',
      '[a.b]',
      '[[a.b]]',
      'a = 1',
      'a.b = 1',
      'b = [1, {c = 2}]',
      '"" = ""',
    );
    const almost = fc.oneof(
      fc.string(),
      fc.array(line).map((lines) => lines.join('\n')),
    );
    fc.assert(
      fc.property(almost, (input) => {
        const { root, diagnostics } = parseToml(input, 'f');
        expect(root === null).toBe(diagnostics.length > 0);
      }),
      { numRuns: 500 },
    );
  });
});

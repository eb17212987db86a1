import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSource } from '../../src/base/source.ts';
import { parseYaml } from '../../src/base/yaml.ts';

const read = (text: string): unknown => parseYaml(text, 'f.yml').root?.value;
const faults = (text: string): string[] =>
  parseYaml(text, 'f.yml').diagnostics.map(
    ({ rule, message, ranges }) => `${rule} ${ranges[0]?.line}:${ranges[0]?.column} ${message}`,
  );

describe('scalars that are not what they look like', () => {
  it.each([
    ['yes', true],
    ['Off', false],
    ['0123', 83],
    ['1_000', 1000],
    ['12:30:45', 45045],
    ['1e3', '1e3'],
    ['0o17', '0o17'],
    ['08', '08'],
    ['8.10', 8.1],
    ['1.10', 1.1],
    ['18446744073709551615', 18446744073709552000],
  ])('%s is %j and remembers what was written', (text, value) => {
    expect(parseYaml(`a: ${text}`, 'f.yml').root?.entries?.get('a')?.node).toMatchObject({
      value,
      written: text,
    });
  });

  it.each(['65500', 'true', '~', '1.5', 'web', '10.0.0.0/24', '"yes"', "'0123'", '2024-01-02', '0x1F'])(
    '%s is plain',
    (text) => {
      expect(parseYaml(`a: ${text}`, 'f.yml').root?.entries?.get('a')?.node).not.toHaveProperty('written');
    },
  );
});

describe('places', () => {
  const text =
    'all:\n  vars:\n    bgp_timers: { keepalive: 30 }\n    list: [a, "b"]\n    same: &x 1\n    other: *x\n';
  const vars = parseYaml(text, 'hosts.yml').root?.entries?.get('all')?.node.entries?.get('vars')
    ?.node.entries;
  it.each([
    ['a value', vars?.get('bgp_timers')?.node, 'hosts.yml:3:17'],
    ['inside a mapping', vars?.get('bgp_timers')?.node.entries?.get('keepalive')?.node, 'hosts.yml:3:30'],
    ['inside a list', vars?.get('list')?.node.items?.[1], 'hosts.yml:4:15'],
    ['an alias', vars?.get('other')?.node, 'hosts.yml:6:12'],
  ])('%s', (_, node, place) => {
    expect(node && formatSource(node.source)).toBe(place);
  });

  it('keeps the text of keys that are not text', () => {
    expect(parseYaml('10: a\nno: b', 'f.yml').root?.entries?.get('false')?.written).toBe('no');
  });
});

describe('syntax', () => {
  it.each([
    ['a:\n\tb: 1\n', 'yaml-syntax 2:1 A tab indents this line'],
    ['a: 1\nb: 2\na: 3\n', 'yaml-duplicate-key 3:1 The key a stands twice in the same mapping'],
    ['a: {{ x }}', 'yaml-syntax 1:5 A template expression {{ }} stands without quotes'],
    ['a: *b', 'yaml-syntax 1:4 The alias *b has no anchor before it'],
    ['a: &b [*b]', 'yaml-syntax 1:8 The alias *b stands inside the value it refers to'],
    ['a: b\u0000', 'yaml-syntax 1:5 A NUL byte stands in the text'],
    ['a: \ud800', 'yaml-syntax 1:4 The control character U+D800 stands in the text'],
    ['---\na: 1\n---\nb: 2\n', 'yaml-syntax 3:1 A second YAML document begins here'],
    ['a: !foo 1', 'yaml-syntax 1:9 The tag !foo cannot be read here'],
    [
      'a: 2024-13-01',
      'yaml-syntax 1:4 The value 2024-13-01 cannot be read: 2024-13-01 looks like a number or date but is none',
    ],
    ['[a]: b', 'yaml-syntax 1:1 A mapping or list stands where a key is needed'],
    ['<<: 5', 'yaml-syntax 1:5 A merge key << needs a mapping or a list of mappings'],
    ['['.repeat(100_000), 'yaml-limit 1:201 The document is nested more than 200 levels deep'],
  ])('%j', (text, fault) => {
    expect(faults(text)).toEqual([fault]);
  });

  it('bounds aliases of aliases', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 20; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(faults(lines.join('\n'))[0]).toMatch(/^yaml-limit .* more than 1000000 values$/);
  });

  it('lets a merge be overridden, and nothing else be written twice', () => {
    expect(read('a: &a {x: 1, y: 2}\nb: {<<: *a, x: 3}')).toEqual({ a: { x: 1, y: 2 }, b: { x: 3, y: 2 } });
    expect(faults('a: &a {x: 1}\nb: {<<: *a, x: 3, x: 4}')).toHaveLength(1);
  });

  it('every fault has a place and a remedy, for any text', () => {
    const piece = fc.constantFrom(
      'a: ',
      '- ',
      '\n',
      '  ',
      '\t',
      '{',
      '}',
      '[',
      ']',
      '&x ',
      '*x',
      '<<: ',
      '!t ',
      '"',
      "'",
      '|',
      '>',
      '? ',
      ': ',
      '#',
      '%',
      '---\n',
      '0x',
      '1:30',
      '~',
      '\u0000',
      '\ufeff',
      '\r\n',
      '=',
      ',',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const { root, diagnostics } = parseYaml(text, 'f.yml');
          for (const found of diagnostics) {
            expect(found.ranges[0]?.line).toBeGreaterThan(0);
            expect(found.ranges[0]?.column).toBeGreaterThan(0);
            expect(found.fix).toBeTruthy();
          }
          if (diagnostics.length === 0 && root) JSON.stringify(root.value);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

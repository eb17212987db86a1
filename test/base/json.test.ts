import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/base/json.ts';
import { formatSource } from '../../src/base/source.ts';

describe('JSON', () => {
  it('agrees with JSON.parse on any value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.stringify(parseJson(text, 'f.json').root?.value)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('keeps places', () => {
    const root = parseJson('{\n  "a": [1, {"b": null}]\n}', 'f.json').root;
    const inner = root?.entries?.get('a')?.node.items?.[1]?.entries?.get('b');
    expect(inner && [formatSource(inner.key), formatSource(inner.node.source)]).toEqual([
      'f.json:2:13',
      'f.json:2:18',
    ]);
  });

  it.each([
    ['{"a": 1, "a": 2}', 'yaml-duplicate-key', 'The key a stands twice in the same object'],
    ['{"a": 1,}', 'json-syntax', 'Not JSON at this place: property name expected'],
    ['{a: 1}', 'json-syntax', 'Not JSON at this place: invalid symbol'],
    ['', 'json-syntax', 'Not JSON at this place: value expected'],
    ['[1] 2', 'json-syntax', 'Not JSON at this place: end of file expected'],
    ['{} // x', 'json-syntax', 'Not JSON at this place: invalid comment token'],
    ['['.repeat(100_000), 'yaml-limit', 'The document is nested more than 200 levels deep'],
  ])('%j', (text, rule, message) => {
    expect(parseJson(text, 'f.json').diagnostics[0]).toMatchObject({
      rule,
      message,
      fix: expect.any(String),
    });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseJson(text, 'f.json')));
  });
});

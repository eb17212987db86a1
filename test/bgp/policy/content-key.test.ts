import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentKey } from '../../../src/bgp/policy/analyse.ts';

test('is JSON, for whatever JSON can say', () => {
  const depth = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(fc.constantFrom('name', 'seq', 'call', 'match'), tie('value')),
    ),
  }));
  fc.assert(
    fc.property(depth.value, (value) => {
      expect(contentKey(value)).toBe(JSON.stringify(value));
    }),
  );
});

test('leaves out places and what is not there, and tells numbers beyond 53 bits', () => {
  expect(contentKey({ name: 'x', source: { line: 3 }, call: undefined, value: 2n ** 64n })).toBe(
    '{"name":"x","value":"18446744073709551616n"}',
  );
});

test('ends at what holds itself', () => {
  const policy: { name: string; call?: unknown } = { name: 'round' };
  policy.call = [policy];
  expect(contentKey(policy)).toBe('{"name":"round","call":["itself"]}');
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IntRecords } from '../../../src/bgp/rib/int-records.ts';

it('has what was written last, in every chunk, and 0 where nothing was', () => {
  const write = fc.record({
    // Up to the third chunk.
    record: fc.integer({ min: 0, max: 100_000 }),
    field: fc.integer({ min: 0, max: 4 }),
    value: fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 4 })),
    adds: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(write, { maxLength: 60 }), (writes) => {
      const records = new IntRecords(5);
      const expected = new Map<string, number>();
      for (const { record, field, value, adds } of writes) {
        const key = `${record} ${field}`;
        const sum = adds ? ((expected.get(key) ?? 0) + value) | 0 : value;
        expected.set(key, sum);
        if (adds) records.add(record, field, value);
        else records.set(record, field, value);
      }
      for (const { record } of writes)
        for (let field = 0; field < 5; field++)
          expect(records.get(record, field)).toBe(expected.get(`${record} ${field}`) ?? 0);
      expect(records.get(10_000_000, 0)).toBe(0);
      const found: number[] = [];
      const wanted = expected.get('7 1') ?? 3;
      records.scan(90_000, 1, wanted, (record) => found.push(record));
      if (wanted !== 0)
        expect(found).toEqual(
          [...expected]
            .flatMap(([key, value]) =>
              key.endsWith(' 1') && value === wanted ? [Number.parseInt(key, 10)] : [],
            )
            .filter((record) => record < 90_000)
            .sort((a, b) => a - b),
        );
    }),
    { numRuns: 100 },
  );
});

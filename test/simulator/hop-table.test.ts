import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HopTable } from '../../src/simulator/compact/hop-table.ts';

const size = 40;
const changes = fc.array(fc.tuple(fc.nat(size - 1), fc.nat(3)), { maxLength: 12 });

it('says what an array says that is written to, change after change', () => {
  let [listed, made] = [0, 0];
  fc.assert(
    fc.property(fc.array(fc.nat(3), { minLength: size, maxLength: size }), fc.array(changes), (all, list) => {
      let table = new HopTable(Uint32Array.from(all));
      const plain = [...all];
      for (const one of list) {
        const before = table;
        for (const [node, set] of one) plain[node] = set;
        const seen = [...before];
        let asked = false;
        table = table.with(
          one.map(([node]) => node),
          (node) => plain[node] ?? 0,
          () => {
            asked = true;
            return new Uint32Array(size);
          },
        );
        if (asked) made++;
        else if (table !== before) listed++;
        expect([...table]).toEqual(plain);
        expect(plain.map((_, node) => table.at(node))).toEqual(plain);
        expect([...before]).toEqual(seen);
        expect(table.equals(before)).toBe(plain.join() === seen.join());
        expect(table.equals(new HopTable(Uint32Array.from(plain)))).toBe(true);
      }
      expect(table.length).toBe(size);
      expect(table.at(-1)).toBe(0);
      expect(table.at(size)).toBe(0);
    }),
    { seed: 3 },
  );
  expect(Math.min(listed, made)).toBeGreaterThan(20);
});

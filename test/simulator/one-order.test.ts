import { expect, it } from 'vitest';
import { compareTables } from '../../src/lab/compare/one-order.ts';
import type { FabricTables, TablePath } from '../../src/lab/tables.ts';

const tables = (first: string, second: string): FabricTables => ({
  r1: { sessions: [], bgp: {}, kernel: { '10.1.0.0/24': [first], '10.2.0.0/24': [second] } },
});
/** Order n sends the first prefix to hop n; the second always goes to x. */
const simulated = (order: number) => tables(`hop${order}`, 'x');

it.each([
  ['as the usual order has it', tables('hop0', 'x'), 'equal', {}, []],
  ['as another order has it', tables('hop2', 'x'), 'one-order', { '10.1.0.0/24': 3 }, []],
  ['as no order has it', tables('hop9', 'x'), 'mismatch', {}, ['10.1.0.0/24']],
  ['one prefix by order, one never', tables('hop1', 'y'), 'mismatch', { '10.1.0.0/24': 6 }, ['10.2.0.0/24']],
] as const)('real tables %s', (_what, real, verdict, byOrder, mismatched) => {
  expect(compareTables(real, simulated, 5)).toEqual({ verdict, byOrder, mismatched, circling: [] });
});

it.each([
  ['as no order has it', tables('hop9', 'x'), 'oscillates', ['10.1.0.0/24']],
  ['as another order has it', tables('hop2', 'x'), 'one-order', []],
] as const)('a prefix that never settles, %s', (_what, real, verdict, circling) => {
  const found = compareTables(real, simulated, 8, { circling: new Set(['10.1.0.0/24']) });
  expect(found).toMatchObject({ verdict, mismatched: [], circling });
});

it('does not care in which order an adapter names what a path has', () => {
  const path = {
    best: true,
    multipath: false,
    valid: true,
    nextHop: '10.0.0.1',
    asPath: '',
    localPref: null,
  };
  const more = { med: null, origin: 'igp', communities: [], from: '10.0.0.1' };
  const with10 = (one: TablePath): FabricTables => ({
    r1: { sessions: [], bgp: { '10.1.0.0/24': [one] }, kernel: {} },
  });
  const found = compareTables(with10({ ...more, ...path }), () => with10({ ...path, ...more }), 0);
  expect(found.verdict).toBe('equal');
});

it('tries no more orders once it is told so', () => {
  const tried: number[] = [];
  const counted = (order: number) => {
    tried.push(order);
    return simulated(order);
  };
  const found = compareTables(tables('hop9', 'x'), counted, 100, { goOn: () => tried.length < 4 });
  expect([found.verdict, tried]).toEqual(['mismatch', [0, 1, 2, 3]]);
});

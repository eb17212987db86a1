import { describe, expect, it } from 'vitest';
import { modAge } from '../../src/lab/compare/age-ties.ts';
import type { FabricTables, TablePath } from '../../src/lab/tables.ts';

const path: TablePath = {
  best: false,
  multipath: true,
  valid: true,
  nextHop: '10.0.0.1',
  asPath: '65001 65009',
  localPref: null,
  med: null,
  origin: 'igp',
  communities: [],
  from: '10.0.0.1',
};
const other: TablePath = { ...path, nextHop: '10.0.0.2', asPath: '65002 65009', from: '10.0.0.2' };

function tables(...paths: readonly TablePath[]): FabricTables {
  return { r1: { sessions: [], bgp: { '10.9.0.0/24': paths }, kernel: {} } };
}

/** The comparison of real with simulated tables forgives one thing only. */
describe('ties by age', () => {
  const simulated = tables({ ...path, best: true }, other);

  it('which of the paths used together is best is taken as it comes', () => {
    expect(modAge(tables(path, { ...other, best: true }), simulated)).toEqual(simulated);
  });

  it.each([
    ['a path more', tables(path, { ...other, best: true }, { ...other, from: '10.0.0.3', multipath: false })],
    ['another AS_PATH', tables(path, { ...other, best: true, asPath: '65003 65009' })],
    ['no best path', tables(path, other)],
    ['a best path that is used alone', tables({ ...path, multipath: false }, { ...other, best: true })],
    ['a best path that is not in use', tables(path, { ...other, best: true, multipath: false })],
  ])('%s is a difference', (_what, real) => {
    expect(modAge(real, simulated)).toEqual(real);
    expect(modAge(real, simulated)).not.toEqual(simulated);
  });

  it('a choice that is not by age is a difference', () => {
    const alone = tables({ ...path, best: true, multipath: false }, { ...other, multipath: false });
    const real = tables({ ...path, multipath: false }, { ...other, best: true, multipath: false });
    expect(modAge(real, alone)).toEqual(real);
  });
});

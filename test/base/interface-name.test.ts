import { expect, it } from 'vitest';
import { compareInterfaceNames } from '../../src/base/interface-name.ts';

it('lists letters as letters and numbers as numbers', () => {
  const names = [
    'swp10',
    'lo',
    'eth2',
    'eth10',
    'eth1',
    'swp2',
    'eth1.100',
    'eth1.20',
    'eth',
    'docker0',
    'eth01',
  ];
  expect(names.sort(compareInterfaceNames)).toEqual([
    'docker0',
    'eth',
    'eth01',
    'eth1',
    'eth1.20',
    'eth1.100',
    'eth2',
    'eth10',
    'lo',
    'swp2',
    'swp10',
  ]);
});

import { expect, it } from 'vitest';
import { nearestName } from '../../src/base/nearest.ts';

const names = [
  'bgp_asn',
  'bgp_neighbors',
  'bgp_networks',
  'docker_bip',
  'docker_bip6',
  'mesh',
  'web01',
  'static',
];

it.each([
  ['bgp_neighbours', 'bgp_neighbors'],
  ['bgp_network', 'bgp_networks'],
  ['BGP-ASN', 'bgp_asn'],
  ['bgp_ans', 'bgp_asn'],
  ['mehs', 'mesh'],
  ['statics', 'static'],
  ['web02', null],
  ['docker_users', null],
  ['', null],
  ['x'.repeat(100), null],
])('%s is a slip of %s', (name, expected) => {
  expect(nearestName(name, names)).toBe(expected);
});

it('keeps to the limit it is given', () => {
  expect(nearestName('docker_bipsss', names, 2)).toBeNull();
  expect(nearestName('docker_bipsss', names)).toBe('docker_bip');
});

it('does not suggest the name itself', () => {
  expect(nearestName('mesh', ['mesh'])).toBeNull();
});

import { describe, expect, it } from 'vitest';
import { frrTarget, quaggaTarget } from '../../../src/targets/frr/index.ts';
import type { ReadResult } from '../../../src/targets/target.ts';

// Lines that FRR 8.4.4 takes and `list permutations` does not show (ALIAS_HIDDEN), as the daemon was seen to take them.

function read(...lines: string[]): ReadResult {
  const files = new Map([['frr.conf', { path: 'frr.conf', text: lines.join('\n') }]]);
  return frrTarget.read(files, { host: 'r1', version: '8.4' });
}

const refused = ({ lines, diagnostics }: ReadResult) => [
  ...lines.filter(({ status }) => status === 'unrecognised').map(({ text }) => text),
  ...diagnostics.map(({ found }) => found),
];
const neighborsOf = ({ router }: ReadResult) =>
  (router?.bgp?.peers ?? []).map(({ address }) => address?.text);

const group = ['router bgp 65000', 'no bgp default ipv4-unicast', 'neighbor G peer-group'];

describe('a peer group named inside address-family', () => {
  it('is that of the neighbor, and the family goes on', () => {
    const result = read(
      ...group,
      'neighbor G remote-as 65001',
      'address-family ipv6',
      'neighbor 2001:db8::1 peer-group G',
      'neighbor 2001:db8::1 activate',
      'network 2001:db8:9::/48',
      'exit-address-family',
    );
    expect(refused(result)).toEqual([]);
    expect(result.router?.bgp?.peers[0]).toMatchObject({ remoteAs: 65001, families: { 'ipv6-unicast': {} } });
  });

  const members = [
    ...group,
    'neighbor H peer-group',
    ...['10.0.0.1', '10.0.0.2', '10.0.0.3'].flatMap((address) => [
      `neighbor ${address} remote-as 65001`,
      `neighbor ${address} peer-group G`,
    ]),
  ];

  it('that is taken from a neighbor takes the neighbor along, also under the name of another group', () => {
    const result = read(
      ...members,
      'no neighbor 10.0.0.1 peer-group G',
      'address-family ipv4',
      'no neighbor 10.0.0.2 peer-group H',
    );
    expect(neighborsOf(result)).toEqual(['10.0.0.3']);
    expect(refused(result)).toEqual([]);
  });

  it('has to be there to be taken away', () => {
    const result = read(...members, 'no neighbor 10.0.0.1 peer-group X');
    expect(neighborsOf(result)).toHaveLength(3);
    expect(refused(result)).toEqual(['no neighbor 10.0.0.1 peer-group X']);
  });

  it('leaves a neighbor with an AS of its own to Quagga', () => {
    const text = [...members, 'no neighbor 10.0.0.1 peer-group G'].join('\n');
    const files = new Map([['bgpd.conf', { path: 'bgpd.conf', text }]]);
    expect(neighborsOf(quaggaTarget.read(files, { host: 'r1', version: '1.2' }))).toHaveLength(3);
  });
});

it.each([
  ['bgp network import-check exact', 'router bgp 65000'],
  ['match ipv6 next-hop 2001:db8::1', 'route-map A permit 10'],
  ['ip nht hide-backup-events', 'hostname r1'],
])('%s is taken', (line, head) => {
  expect(refused(read('router bgp 65000', head, line))).toEqual([]);
});

it('`match ipv6 next-hop` with an address asks for the address, not for a list', () => {
  const head = ['route-map A permit 10', 'match ipv6 next-hop 2001:db8::1', 'router bgp 65000'];
  const { router } = read(...head, 'address-family ipv6', 'redistribute static route-map A');
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  expect(JSON.stringify(router?.bgp?.originations, plain)).toContain('"kind":"next-hop"');
});

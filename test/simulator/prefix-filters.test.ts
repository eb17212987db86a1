import { expect, it } from 'vitest';
import { hostResults } from '../../src/simulator/result/hosts.ts';
import { advance } from '../../src/simulator/timeline/advance.ts';
import { simulateFrr } from '../pipeline/configs.ts';

// `capability orf prefix-list` (RFC 5292), as FRR 8.4.4 goes about it.

const interfaces = { a: 'e0 10.0.0.1/30 l', b: 'e0 10.0.0.2/30 l' };

const teller = (filter: string, name: string, ...lists: readonly string[]) =>
  [
    'router bgp 65001',
    ' no bgp ebgp-requires-policy',
    ' neighbor 10.0.0.2 remote-as 65002',
    ' address-family ipv4 unicast',
    ...(filter === '' ? [] : [`  neighbor 10.0.0.2 capability orf prefix-list ${filter}`]),
    ...(name === '' ? [] : [`  neighbor 10.0.0.2 prefix-list ${name} in`]),
    ' exit-address-family',
    ...lists.map((line) => `ip prefix-list ${line}`),
  ].join('\n');

const sender = [
  ...[50, 51, 52].map((network) => `ip route 10.${network}.0.0/16 Null0`),
  'router bgp 65002',
  ' no bgp ebgp-requires-policy',
  ' neighbor 10.0.0.1 remote-as 65001',
  ' address-family ipv4 unicast',
  '  redistribute static',
  '  neighbor 10.0.0.1 capability orf prefix-list receive',
  ' exit-address-family',
].join('\n');

const first = ['IN permit 10.50.0.0/16', 'TWO permit 10.52.0.0/16'];
const wider = ['IN permit 10.50.0.0/15 le 16', 'TWO permit 10.52.0.0/16'];

function fabric(own: string) {
  const { state } = simulateFrr(interfaces, { a: own, b: sender });
  if (!state) throw new Error('there is no network to simulate');
  return state;
}

/** The second bytes of the networks that a has after each of its files. */
function learned(...files: readonly string[]): readonly string[] {
  let state = fabric(files[0] ?? '');
  return files.map((text, index) => {
    const node = fabric(text).network.nodes.find(({ name }) => name === 'a');
    if (!node) throw new Error('no host a');
    if (index > 0) state = advance(state, { kind: 'files', host: 'a', node }, 8);
    const networks = Object.keys(hostResults(state).a?.bgp ?? {});
    return networks.map((one) => one.split('.')[1]).join();
  });
}

it('a list that changes waits for the next UPDATE where the peer is told of none', () => {
  expect(learned(teller('receive', 'IN', ...first), teller('receive', 'IN', ...wider))).toEqual(['50', '50']);
});

it('a peer that is told of the list says at once what now passes', () => {
  expect(learned(teller('send', 'IN', ...first), teller('send', 'IN', ...wider))).toEqual(['50', '50,51']);
});

it('another list for the neighbor is not told, nor that there is none', () => {
  const files = ['IN', 'TWO', ''].map((name) => teller('send', name, ...first));
  expect(learned(...files)).toEqual(['50', '', '50']);
  // Any list that changes has it told.
  expect(learned(teller('send', 'IN', ...first), teller('send', 'TWO', ...wider))).toEqual(['50', '52']);
});

it('a session without the capability is another one', () => {
  const files = [teller('send', 'IN', ...first), teller('', '', ...first)];
  const before = fabric(files[0] ?? '');
  const node = fabric(files[1] ?? '').network.nodes[0];
  if (!node) throw new Error('no host a');
  const after = advance(before, { kind: 'files', host: 'a', node }, 60);
  expect(Object.keys(hostResults(after).a?.bgp ?? {})).toHaveLength(3);
});

import { expect, it } from 'vitest';
import { hostResults } from '../../src/simulator/result/hosts.ts';
import { advance } from '../../src/simulator/timeline/advance.ts';
import { simulateFrr } from '../pipeline/configs.ts';

const interfaces = { d: 'e0 10.0.0.1/30 l', p: 'e0 10.0.0.2/30 l' };

function files(neighbor: readonly string[], metric = 1, asn = 65001) {
  return [
    'route-map M permit 10',
    ` set metric ${metric}`,
    `router bgp ${asn}`,
    ' no bgp ebgp-requires-policy',
    ' neighbor G peer-group',
    ' neighbor G remote-as external',
    ...neighbor.map((line) => ` neighbor ${line}`),
    ' address-family ipv4 unicast',
    '  neighbor 10.0.0.2 route-map M out',
    ' exit-address-family',
  ].join('\n');
}

function fabric(own: string) {
  const peer = 'router bgp 65002\n no bgp ebgp-requires-policy\n neighbor 10.0.0.1 remote-as external';
  const { state } = simulateFrr(interfaces, { d: own, p: peer });
  if (!state) throw new Error('there is no network to simulate');
  return state;
}

const alone = ['10.0.0.2 remote-as external'];
const member = ['10.0.0.2 peer-group G'];

it.each([
  // What the new files say of the neighbor, another map, another AS; up after so many seconds: 0.5, 2, 3.5, 5.
  ['the same', files([...alone, '10.0.0.2 description x']), [true, true, true, true]],
  ['the same with another route-map', files(alone, 2), [true, true, true, true]],
  ['it joins a peer group', files(member), [false, true, true, true]],
  ['it joins a peer group and the route-map is another', files(member, 2), [false, false, false, true]],
  ['another AS', files(alone, 1, 65009), [false, true, true, true]],
  ['another AS and another route-map', files(alone, 2, 65009), [false, false, false, true]],
  [
    'another source address, with another route-map',
    files([...alone, '10.0.0.2 update-source e0'], 2),
    [false, true, true, true],
  ],
])('other files on FRR: %s', (_, later, up) => {
  const before = fabric(files(alone));
  const node = fabric(later).network.nodes.find(({ name }) => name === 'd');
  if (!node) throw new Error('no host d');
  const change = { kind: 'files', host: 'd', node } as const;
  const found = [0.5, 2, 3.5, 5].map(
    (seconds) => hostResults(advance(before, change, seconds)).d?.sessions[0]?.state === 'Established',
  );
  expect(found).toEqual(up);
});

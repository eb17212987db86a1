import { expect, it } from 'vitest';
import { hostResults } from '../../src/simulator/result/hosts.ts';
import { advance } from '../../src/simulator/timeline/advance.ts';
import { simulateFrr } from '../pipeline/configs.ts';

/** r1 names two addresses of r2, which has one neighbor for both calls: that of r1's loopback. r3 is another neighbor of r1. */
const interfaces = {
  r1: 'e0 10.0.0.1/30 l, e1 10.0.0.5/30 m, lo 10.255.0.1/32 x',
  r2: 'e0 10.0.0.2/30 l, lo 10.255.0.2/32 y',
  r3: 'e1 10.0.0.6/30 m',
};

function neighbors(lines: readonly string[]): string {
  return ['router bgp 65001', ...lines.map((line) => ` neighbor ${line}`)].join('\n');
}

const one = (...more: string[]) =>
  [
    'ip route 10.255.0.2/32 10.0.0.2',
    neighbors([
      '10.0.0.2 remote-as 65001',
      '10.0.0.2 update-source lo',
      '10.0.0.6 remote-as 65001',
      '10.255.0.2 remote-as 65001',
      '10.255.0.2 update-source 10.255.0.1',
      ...more,
    ]),
  ].join('\n');

const two = (...more: string[]) =>
  ['ip route 10.255.0.1/32 10.0.0.1', neighbors(['10.255.0.1 remote-as 65001', ...more])].join('\n');

function fabric(r1: string, r2: string) {
  const { state } = simulateFrr(interfaces, { r1, r2, r3: neighbors(['10.0.0.5 remote-as 65001']) });
  if (!state) throw new Error('there is no network to simulate');
  return state;
}

function upOn(state: ReturnType<typeof fabric>): readonly string[] {
  const sessions = hostResults(state).r1?.sessions ?? [];
  return sessions.filter((one) => one.state === 'Established').map((one) => one.peer);
}

it.each([
  // Both call each other by these two addresses; else whoever came first.
  ['r2 calls from its loopback', two('10.255.0.1 update-source 10.255.0.2'), '10.255.0.2'],
  ['r2 calls from where the way goes out', two(), '10.0.0.2'],
])('one of two neighbors that lead to one comes up, and it is said: %s', (_, other, up) => {
  const state = fabric(one(), other);
  expect(upOn(state)).toEqual(['10.0.0.6', up].sort());
  const down = hostResults(state).r1?.sessions.find(({ reason }) => reason !== '');
  expect(down?.reason).toContain('r2 has one neighbor 10.255.0.1 for several of this host');
});

it('that stays so while something else happens, and the other one comes up where the first is taken out', () => {
  const before = fabric(one(), two('10.255.0.1 update-source 10.255.0.2'));
  const apart = advance(before, { kind: 'link-down', link: 'm' }, 200);
  expect(upOn(apart)).toEqual(['10.255.0.2']);
  expect(upOn(advance(apart, { kind: 'link-up', link: 'm' }, 200))).toEqual(['10.0.0.6', '10.255.0.2']);
  const node = fabric(one('10.255.0.2 shutdown'), two('10.255.0.1 update-source 10.255.0.2')).network
    .nodes[0];
  if (!node) throw new Error('no host r1');
  expect(upOn(advance(before, { kind: 'files', host: 'r1', node }, 200))).toContain('10.0.0.2');
});

import { expect, test } from 'vitest';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import type { HostResult } from '../../src/simulator/result/result.ts';
import { folderOf, type Host, type Hosts } from '../semantics/support/fabric.ts';

/** r1 five seconds after its interface eth0 went down. */
function afterwards(hosts: Hosts): HostResult | undefined {
  const { topology, configs } = folderOf(hosts);
  const events = `events:
  - { start: [${Object.keys(hosts).join(', ')}], delay: 20 }
  - { interface_down: { host: r1, interface: eth0 }, delay: 5 }
`;
  const { result } = simulateConfigs(
    { ...topology, text: `${topology.text}${events}` },
    { shown: 'configs', hosts: configs },
  );
  return result.hosts.r1;
}

function bird(wires: string, routerId: string, lines: string): Host {
  return { daemon: 'bird-2', wires, text: `router id ${routerId};\nprotocol device { }\n${lines}\n` };
}

const channel = 'ipv4 { import all; export all; };';

function internal(other: number, option: string): string {
  return `protocol bgp mate { local as 65001; neighbor 10.0.0.${other} as 65001; ${option} ${channel} }`;
}

const network = 'protocol static { ipv4; route 10.9.0.0/16 blackhole; }';

test('BIRD: a direct session falls with its interface inside an AS too', () => {
  const between = (option: string) =>
    afterwards({
      r1: bird('eth0 10.0.0.1/24 lan', '10.255.0.1', internal(2, option)),
      r2: bird('eth0 10.0.0.2/24 lan', '10.255.0.2', internal(1, option)),
    })?.sessions[0]?.state;
  expect(between('direct;')).not.toBe('Established');
  expect(between('')).toBe('Established');
});

test('BIRD: a path whose next hop is out of reach loses while its session is still up', () => {
  const edge = `protocol bgp edge { local as 65001; neighbor 10.0.1.2 as 65002; ${channel} }`;
  const exit = `protocol bgp edge { local as 65002; neighbor 10.0.1.1 as 65001; ${channel} }`;
  const r1 = afterwards({
    r1: bird(
      'eth0 10.0.0.1/24 lan, eth1 10.0.1.1/24 wan',
      '10.255.0.1',
      `protocol direct { ipv4; }\n${edge}\n${internal(2, '')}`,
    ),
    r2: bird('eth0 10.0.0.2/24 lan', '10.255.0.2', `${network}\n${internal(1, '')}`),
    r3: bird('eth0 10.0.1.2/24 wan', '10.255.0.3', `${network}\n${exit}`),
  });
  expect(r1?.sessions.map(({ state }) => state)).toEqual(['Established', 'Established']);
  const paths = r1?.bgp['10.9.0.0/16'] ?? [];
  expect(paths.map(({ from, best, valid }) => [from, best, valid])).toEqual([
    ['10.0.1.2', true, true],
    ['10.0.0.2', false, false],
  ]);
});

import { expect, test } from 'vitest';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import { folderOf } from '../semantics/support/fabric.ts';

/** Two routers of one AS; what becomes of their session right after an interface went down. */
function sessionAfterwards(option: string): string | undefined {
  const bird = (own: number, other: number) => ({
    daemon: 'bird-2' as const,
    wires: `eth0 10.0.0.${own}/24 lan`,
    text: `router id 10.255.0.${own};
protocol device { }
protocol bgp mate { local as 65001; neighbor 10.0.0.${other} as 65001; ${option} ipv4 { import all; export all; }; }
`,
  });
  const { topology, configs } = folderOf({ r1: bird(1, 2), r2: bird(2, 1) });
  const events = `events:
  - { start: [r1, r2], delay: 20 }
  - { interface_down: { host: r1, interface: eth0 }, delay: 5 }
`;
  const { result } = simulateConfigs(
    { ...topology, text: `${topology.text}${events}` },
    { shown: 'configs', hosts: configs },
  );
  return result.hosts.r1?.sessions[0]?.state;
}

test('BIRD: a direct session falls with its interface inside an AS too', () => {
  expect(sessionAfterwards('direct;')).not.toBe('Established');
  expect(sessionAfterwards('')).toBe('Established');
});

import { describe, expect, it } from 'vitest';
import { hostResults } from '../../src/simulator/result/hosts.ts';
import { runTimeline } from '../../src/simulator/timeline/timeline.ts';
import { type Host, simulate } from '../semantics/support/fabric.ts';

/** A neighbor of r that waits to be called and announces 10.50.0.0/24. */
function neighbor(daemon: 'frr-8.4' | 'bird-2', n: number): Host {
  const [asn, wires] = [65000 + n, `eth0 10.0.${n}.2/30 l${n}`];
  const frr = [
    'frr version 8.4',
    'frr defaults datacenter',
    'ip route 10.50.0.0/24 blackhole',
    `router bgp ${asn}`,
    ` bgp router-id 0.0.0.${n}`,
    ` neighbor 10.0.${n}.1 remote-as 65000`,
    ` neighbor 10.0.${n}.1 passive`,
    ' address-family ipv4 unicast',
    '  network 10.50.0.0/24',
    ' exit-address-family',
  ];
  const bird = [
    `router id 0.0.0.${n};`,
    'protocol device {}',
    'protocol static own { ipv4; route 10.50.0.0/24 blackhole; }',
    `protocol bgp r { local as ${asn}; neighbor 10.0.${n}.1 as 65000; passive; ipv4 { import all; export all; }; }`,
  ];
  return { daemon, wires, text: `${(daemon === 'bird-2' ? bird : frr).join('\n')}\n` };
}

/** Whom r, which calls both at once, heard first: FRR keeps the path it had first. */
function firstHeard(one: 'frr-8.4' | 'bird-2', two: 'frr-8.4' | 'bird-2'): string | undefined {
  const text = [
    'frr version 8.4',
    'frr defaults datacenter',
    'router bgp 65000',
    ' bgp bestpath as-path multipath-relax',
    ' neighbor 10.0.1.2 remote-as 65001',
    ' neighbor 10.0.2.2 remote-as 65002',
  ];
  const { state } = simulate({
    n1: neighbor(one, 1),
    n2: neighbor(two, 2),
    r: { daemon: 'frr-8.4', wires: 'e1 10.0.1.1/30 l1, e2 10.0.2.1/30 l2', text: `${text.join('\n')}\n` },
  });
  if (!state) throw new Error('nothing was simulated');
  const start = (hosts: readonly string[]) => ({
    change: { kind: 'start' as const, hosts },
    delay: 100,
    record: null,
  });
  const timeline = runTimeline(state.network, [start(['n1', 'n2']), start(['r'])]);
  const paths = hostResults(timeline.state)['r']?.bgp['10.50.0.0/24'] ?? [];
  expect(paths).toHaveLength(2);
  return paths.find(({ best }) => best)?.from;
}

describe('what is told first on sessions that come up together', () => {
  it('FRR speaks a second later than BIRD, wherever it stands', () => {
    expect(firstHeard('frr-8.4', 'bird-2')).toBe('10.0.2.2');
    expect(firstHeard('bird-2', 'frr-8.4')).toBe('10.0.1.2');
  });

  it('among those of one haste the order of the network decides', () => {
    expect(firstHeard('frr-8.4', 'frr-8.4')).toBe('10.0.1.2');
    expect(firstHeard('bird-2', 'bird-2')).toBe('10.0.1.2');
  });
});

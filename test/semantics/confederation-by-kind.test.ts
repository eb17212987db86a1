import { describe, expect, it } from 'vitest';
import { pathsOf, simulate } from './support/fabric.ts';

/** a (64601) and b (64602) of confederation 65000; b's client c announces 10.50.0.0/24, whose next hop is c. */
function confederation(remote: 'external' | '64602') {
  const head = (name: string, asn: number, other: number, id: string) => [
    'frr version 8.4',
    'frr defaults datacenter',
    `hostname ${name}`,
    `router bgp ${asn}`,
    ` bgp router-id ${id}`,
    ' bgp confederation identifier 65000',
    ` bgp confederation peers ${other}`,
  ];
  const family = (...lines: readonly string[]) => [
    ' address-family ipv4 unicast',
    ...lines.map((line) => `  ${line}`),
    ' exit-address-family',
  ];
  const text = (...lines: readonly string[]) => `${lines.join('\n')}\n`;
  return simulate({
    a: {
      daemon: 'frr-8.4',
      wires: 'eth0 10.0.0.1/30 l',
      text: text(
        ...head('a', 64601, 64602, '1.1.1.1'),
        ` neighbor 10.0.0.2 remote-as ${remote}`,
        ...family('neighbor 10.0.0.2 next-hop-self'),
      ),
    },
    b: {
      daemon: 'frr-8.4',
      wires: 'eth0 10.0.0.2/30 l, eth1 10.0.1.1/24 m',
      text: text(
        ...head('b', 64602, 64601, '2.2.2.2'),
        ' neighbor 10.0.0.1 remote-as 64601',
        ' neighbor 10.0.1.2 remote-as 64602',
        ...family('network 10.0.1.0/24', 'neighbor 10.0.1.2 route-reflector-client'),
      ),
    },
    c: {
      daemon: 'bird-2',
      wires: 'eth0 10.0.1.2/24 m',
      text: text(
        'router id 3.3.3.3;',
        'protocol device {}',
        'protocol static own { ipv4; route 10.50.0.0/24 blackhole; }',
        'protocol bgp b { local as 64602; neighbor 10.0.1.1 as 64602; ipv4 { import all; export where source = RTS_STATIC; }; }',
      ),
    },
  });
}

const oscillations = ({ result }: ReturnType<typeof confederation>) => result.outcome === 'inconclusive';

describe('remote-as in a confederation (FRR)', () => {
  it('by number: the neighbor gets its own routes back with its AS in the path, and refuses them', () => {
    const run = confederation('64602');
    expect(oscillations(run)).toBe(false);
    expect(pathsOf(run, 'b', '10.50.0.0/24')).toHaveLength(1);
    expect(pathsOf(run, 'a', '10.50.0.0/24')[0]).toMatchObject({ asPath: '(64602)' });
  });

  it('external: it gets them as an outsider would, prefers them to what it has, and that never settles', () =>
    expect(oscillations(confederation('external'))).toBe(true));
});

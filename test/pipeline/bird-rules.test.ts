import { describe, expect, it } from 'vitest';
import { type Hosts, pathsOf, simulate } from '../semantics/support/fabric.ts';

/** Rules that only show where BIRD 2.0.12 and FRR 8.4.4 meet. */
const frr = (asn: number, wires: string, lines: string) => ({
  daemon: 'frr-8.4' as const,
  wires,
  text: `router bgp ${asn}\n no bgp ebgp-requires-policy\n no bgp network import-check\n${lines}`,
});

describe('MED of what was learned from the kernel', () => {
  const hosts: Hosts = {
    b: {
      daemon: 'bird-2',
      wires: 'e0 10.0.0.1/24 l',
      routes: ['10.1.0.0/24 via 10.0.0.9'],
      text: `router id 10.0.0.1; protocol device { }
        protocol kernel { learn; ipv4 { import filter { bgp_med = 9; accept; }; export none; }; }
        protocol static { ipv4 { import filter { bgp_med = 9; accept; }; }; route 10.2.0.0/24 blackhole; }
        protocol bgp f { local as 1; neighbor 10.0.0.2 as 2; ipv4 { import all; export all; }; }`,
    },
    f: frr(2, 'e0 10.0.0.2/24 l', ' neighbor 10.0.0.1 remote-as 1\n'),
  };
  const simulated = simulate(hosts);
  const medOf = (prefix: string) => pathsOf(simulated, 'f', prefix)[0]?.med;

  it('stays in the AS, for the route has krt_source and krt_metric beside it', () => {
    expect(pathsOf(simulated, 'f', '10.1.0.0/24')).toHaveLength(1);
    expect(medOf('10.1.0.0/24')).toBeNull();
  });

  it('leaves it where it is the only attribute', () => {
    expect(medOf('10.2.0.0/24')).toBe(9);
  });
});

describe('a next hop of the family that the session does not carry', () => {
  const towards = (client: string) =>
    simulate({
      far: {
        daemon: 'bird-2',
        wires: 'e0 10.0.0.1/24 2001:db8::1/64 l',
        text: `router id 10.0.0.1; protocol device { } protocol static { ipv4; route 10.1.0.0/24 blackhole; }
          protocol bgp r { local 2001:db8::1 as 1; neighbor 2001:db8::2 as 1; ipv4 { import all; export all; extended next hop; }; }`,
      },
      r: {
        daemon: 'bird-2',
        wires: 'e0 10.0.0.2/24 2001:db8::2/64 l',
        text: `router id 10.0.0.2; protocol device { } protocol direct { ipv6; }
          protocol bgp far { local 2001:db8::2 as 1; neighbor 2001:db8::1 as 1; ipv4 { import all; export all; extended next hop; }; }
          protocol bgp f { local 10.0.0.2 as 1; neighbor 10.0.0.3 as 1; rr client; ipv4 { import all; export all; ${client} }; }`,
      },
      f: frr(1, 'e0 10.0.0.3/24 l', ' neighbor 10.0.0.2 remote-as 1\n'),
    });

  it('keeps the route of another from the client of a reflector', () => {
    expect(pathsOf(towards(''), 'f', '10.1.0.0/24')).toEqual([]);
  });

  it('gives way to the own address where the session says so', () => {
    const [path] = pathsOf(towards('next hop self;'), 'f', '10.1.0.0/24');
    expect(path?.nextHop).toBe('10.0.0.2');
  });
});

describe('AS 0 in an AS_PATH', () => {
  const simulated = simulate({
    b: {
      daemon: 'bird-2',
      wires: 'e0 10.0.0.1/24 l',
      text: `router id 10.0.0.1; protocol device { }
        protocol static { ipv4; route 10.1.0.0/24 blackhole { bgp_path.prepend(0); }; }
        protocol bgp i { local 10.0.0.1 as 1; neighbor 10.0.0.2 as 1; ipv4 { import all; export all; }; }
        protocol bgp e { local 10.0.0.1 as 1; neighbor 10.0.0.3 as 3; ipv4 { import all; export all; }; }`,
    },
    i: frr(1, 'e0 10.0.0.2/24 l', ' neighbor 10.0.0.1 remote-as 1\n neighbor 10.0.0.4 remote-as 4\n'),
    e: frr(3, 'e0 10.0.0.3/24 l', ' neighbor 10.0.0.1 remote-as 1\n'),
    next: {
      daemon: 'bird-2',
      wires: 'e0 10.0.0.4/24 l',
      text: `router id 10.0.0.4; protocol device { }
        protocol bgp i { local as 4; neighbor 10.0.0.2 as 1; ipv4 { import all; export all; }; }`,
    },
  });

  it('FRR withdraws from another AS', () => {
    expect(pathsOf(simulated, 'e', '10.1.0.0/24')).toEqual([]);
  });

  it('FRR takes from its own, and tells nobody', () => {
    expect(pathsOf(simulated, 'i', '10.1.0.0/24')[0]).toMatchObject({ asPath: '0', best: true });
    expect(pathsOf(simulated, 'next', '10.1.0.0/24')).toEqual([]);
  });
});

describe('a session to an address that BGP leads to over an unnumbered link', () => {
  const leaf = (network: string) =>
    ` neighbor u interface remote-as external\n neighbor ${network}.11 remote-as 9\n address-family ipv4 unicast\n  redistribute connected\n`;
  const node = (own: string, other: string, gateway: string) => ({
    daemon: 'bird-2' as const,
    wires: `e0 ${own}/24 l${own}`,
    text: `router id ${own}; protocol device { } protocol kernel { ipv4 { export all; }; }
      protocol bgp leaf { local as 9; neighbor ${gateway} as ${gateway === '10.1.0.1' ? 1 : 2}; ipv4 { import all; export none; }; }
      protocol bgp far { local ${own} as 9; neighbor ${other} as 9; multihop; ipv4 { import all; export none; }; }`,
  });

  it('comes up', () => {
    const { result } = simulate({
      l1: frr(1, 'e0 10.1.0.1/24 l10.1.0.11, u up', leaf('10.1.0')),
      l2: frr(2, 'e0 10.2.0.1/24 l10.2.0.11, u up', leaf('10.2.0')),
      n1: node('10.1.0.11', '10.2.0.11', '10.1.0.1'),
      n2: node('10.2.0.11', '10.1.0.11', '10.2.0.1'),
    });
    expect(result.hosts['n1']?.sessions.map(({ state }) => state)).toEqual(['Established', 'Established']);
  });
});

describe('the IPv6 network of an own interface that BIRD learns', () => {
  const learning = (direct: string, ...others: readonly string[]) =>
    simulate({
      b: {
        daemon: 'bird-2',
        wires: 'e0 2001:db8:1::2/64 l',
        text: `router id 10.0.0.2; protocol device { } ${direct} protocol kernel { ipv6 { export all; }; }
          protocol bgp f { local as 2; neighbor 2001:db8:1::1 as 1; ipv6 { import all; export none; }; }`,
      },
      f: frr(
        1,
        'e0 2001:db8:1::1/64 l',
        ` bgp router-id 10.0.0.1\n neighbor 2001:db8:1::2 remote-as 2\n address-family ipv6 unicast\n  neighbor 2001:db8:1::2 activate\n${['2001:db8:1::/64', ...others].map((one) => `  network ${one}\n`).join('')}`,
      ),
    }).result;
  const saidOf = ({ findings }: ReturnType<typeof learning>) =>
    findings
      .filter(({ rule, host }) => rule === 'next-hop-unusable' && host === 'b')
      .map(({ message }) => message);

  // Its route there has metric 32, the kernel's own 256: the gateway of what comes next is reached over a gateway.
  it('has the kernel refuse what comes behind it', () => {
    const result = learning('', '2001:db8:2::/64', '2001:db8:3::/64');
    expect(result.outcome).toBe('inconclusive');
    expect(saidOf(result)).toEqual([
      'b learns 2001:db8:1::/64, the network of its own interface: the kernel refuses 2001:db8:3::/64 and 1 more, which come after it',
    ]);
  });

  it('and nothing where it comes last, or BIRD has the network itself', () => {
    expect(saidOf(learning('', '2001:db8::/64'))).toEqual([]);
    expect(saidOf(learning('protocol direct { ipv6; }', '2001:db8:2::/64'))).toEqual([]);
  });
});

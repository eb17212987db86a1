import { describe, expect, it } from 'vitest';
import { pathsOf, simulate } from '../semantics/support/fabric.ts';

// Link-local addresses given by hand, beside the one that the kernel gives each interface; seen on BIRD 2.0.12 and FRR 8.4.4.

const bird = (own: string, asn: number, local: string, other: string, remote: number) => ({
  daemon: 'bird-2' as const,
  wires: `e0 ${own}/64 l, lo 2001:db8:${asn}::1/128 x${asn}`,
  text: `router id 10.0.0.${asn}; protocol device { } protocol direct { ipv6; } protocol kernel { ipv6 { export all; }; }
    protocol bgp { local ${local} as ${asn}; neighbor ${other}%e0 as ${remote}; ipv6 { import all; export all; }; }`,
});

const frr = (own: string, asn: number, other: string, remote: number) => ({
  daemon: 'frr-8.4' as const,
  wires: `e0 ${own}/64 l, lo 2001:db8:${asn}::1/128 x${asn}`,
  text: [
    `router bgp ${asn}`,
    ' no bgp ebgp-requires-policy',
    ` bgp router-id 10.0.0.${asn}`,
    ` neighbor ${other} remote-as ${remote}`,
    ` neighbor ${other} interface e0`,
    ' address-family ipv6 unicast',
    `  neighbor ${other} activate`,
    '  redistribute connected',
    ' exit-address-family',
  ].join('\n'),
});

const reasons = (simulated: ReturnType<typeof simulate>) =>
  Object.values(simulated.result.hosts).flatMap(({ sessions }) => sessions.map(({ reason }) => reason));

it.each([
  [
    'both BIRD name it',
    bird('fe80::1', 1, 'fe80::1', 'fe80::2', 2),
    bird('fe80::2', 2, 'fe80::2', 'fe80::1', 1),
  ],
  [
    'the BIRD that calls names it',
    bird('fe80::1', 1, 'fe80::1', 'fe80::2', 2),
    frr('fe80::2', 2, 'fe80::1', 1),
  ],
])('a session comes up where %s, and carries routes', (_, one, two) => {
  const simulated = simulate({ a: one, b: two });
  expect(reasons(simulated)).toEqual(['', '']);
  expect(pathsOf(simulated, 'b', '2001:db8:1::1/128')[0]?.best).toBe(true);
  expect(pathsOf(simulated, 'a', '2001:db8:2::1/128')[0]?.best).toBe(true);
});

it('elsewhere calls come from the address that the kernel gave', () => {
  const simulated = simulate({ a: frr('fe80::1', 1, 'fe80::2', 2), b: frr('fe80::2', 2, 'fe80::1', 1) });
  expect(reasons(simulated)).toEqual([
    expect.stringContaining('come from the link-local address that the kernel gave'),
    expect.stringContaining('come from the link-local address that the kernel gave'),
  ]);
});

it('IPv4 next hops of IPv6 routes are said not to be simulated', () => {
  const text = (own: number, other: number) =>
    `router id 10.0.0.${own}; protocol device { }
    protocol bgp { local as ${own}; neighbor 10.0.0.${other} as ${other}; ipv6 { import all; export all; extended next hop; }; }`;
  const simulated = simulate({
    a: { daemon: 'bird-2', wires: 'e0 10.0.0.1/24 l', text: text(1, 2) },
    b: { daemon: 'bird-2', wires: 'e0 10.0.0.2/24 l', text: text(2, 1) },
  });
  expect(simulated.result.outcome).toBe('inconclusive');
});

describe('of link-local neighbors on two interfaces', () => {
  const own = (asn: number, local: string, other: string) => ({
    daemon: 'bird-2' as const,
    wires: `e0 ${local}/64 l${asn}, lo 10.1.${asn}.1/32 x${asn}`,
    text: `router id 10.0.0.${asn}; protocol device { } protocol direct { ipv4; }
      protocol bgp { local ${local} as ${asn}; neighbor ${other}%e0 as 1; ipv4 { import all; export all; extended next hop; }; }`,
  });
  const simulated = simulate({
    a: {
      daemon: 'bird-2' as const,
      wires: 'e2 fe80::a2/64 l2, e3 fe80::a3/64 l3',
      text: `router id 10.0.0.1; protocol device { }
        template bgp peers { local as 1; ipv4 { import all; export all; extended next hop; }; }
        protocol bgp b from peers { neighbor fe80::b%e2 as 2; source address fe80::a2; }
        protocol bgp c from peers { neighbor fe80::c%e3 as 3; source address fe80::a3; }`,
    },
    b: own(2, 'fe80::b', 'fe80::a2'),
    c: own(3, 'fe80::c', 'fe80::a3'),
  });

  it('each is called on its own', () => {
    expect(reasons(simulated)).toEqual(['', '', '', '']);
  });

  it('IPv4 routes have the next hop that IPv6 ones would have, and lead there', () => {
    const [path] = pathsOf(simulated, 'a', '10.1.3.1/32');
    expect(path).toMatchObject({ best: true, from: 'fe80::c', nextHop: '::' });
  });
});

it('BIRD refuses a global next hop beside the link-local one that lies on no own network', () => {
  const far = frr('fe80::1', 1, 'fe80::2', 2);
  const simulated = simulate({
    a: { ...far, wires: far.wires.replace('e0 ', 'e0 2001:db8:9::1/64 ') },
    b: bird('fe80::2', 2, 'fe80::2', 'fe80::1', 1),
  });
  expect(reasons(simulated)).toEqual(['', '']);
  expect(pathsOf(simulated, 'b', '2001:db8:1::1/128')).toEqual([]);
});

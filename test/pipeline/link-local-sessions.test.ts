import { expect, it } from 'vitest';
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

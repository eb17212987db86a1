import { describe, expect, it } from 'vitest';
import { simulate } from '../semantics/support/fabric.ts';

/** Sessions that a next hop of the other family ends again and again (ExaBGP 4.2.21, FRR 8.4.4, GoBGP 3.10). */
const sessionOf = (hosts: Parameters<typeof simulate>[0], host: string) =>
  simulate(hosts).result.hosts[host]?.sessions[0];

describe('a next hop of the other family', () => {
  it('FRR ends its session over an IPv6 route that ExaBGP sends with four octets', () => {
    const session = sessionOf(
      {
        x: {
          daemon: 'exabgp-4',
          wires: 'e0 10.0.0.1/24 2001:db8::1/64 l',
          text: `neighbor 10.0.0.2 { router-id 10.0.0.1; local-address 10.0.0.1; local-as 1; peer-as 2;
            family { ipv4 unicast; ipv6 unicast; } static { route 2001:db8:1::/48 next-hop self; } }`,
        },
        f: {
          daemon: 'frr-8.4',
          wires: 'e0 10.0.0.2/24 2001:db8::2/64 l',
          text: `router bgp 2\n bgp router-id 10.0.0.2\n no bgp ebgp-requires-policy\n neighbor 10.0.0.1 remote-as 1
 address-family ipv6 unicast\n  neighbor 10.0.0.1 activate\n exit-address-family\n`,
        },
      },
      'f',
    );
    expect(session).toMatchObject({ state: 'Idle', reason: expect.stringContaining('3/9') });
  });

  const towards = (more: string) =>
    sessionOf(
      {
        g: {
          daemon: 'gobgp-3',
          wires: 'e0 10.0.0.1/24 2001:db8::1/64 l',
          text: `[global.config]\nas = 1\nrouter-id = "10.0.0.1"\n[[neighbors]]\n[neighbors.config]\nneighbor-address = "2001:db8::2"\npeer-as = 2
[[neighbors.afi-safis]]\n[neighbors.afi-safis.config]\nafi-safi-name = "ipv4-unicast"\n`,
          cli: ['gobgp global rib add 10.1.0.0/24'],
        },
        x: {
          daemon: 'exabgp-4',
          wires: 'e0 10.0.0.2/24 2001:db8::2/64 l',
          text: `neighbor 2001:db8::1 { router-id 10.0.0.2; local-address 2001:db8::2; local-as 2; peer-as 1; family { ipv4 unicast; } ${more} }`,
        },
      },
      'x',
    );

  it('ExaBGP ends its session over an IPv4 route that GoBGP sends with its IPv6 address', () => {
    expect(towards('')).toMatchObject({ state: 'Idle', reason: expect.stringContaining('3/0') });
  });

  it('unless both agreed on it (RFC 8950)', () => {
    const agreed = 'capability { nexthop enable; } nexthop { ipv4 unicast ipv6; }';
    expect(towards(agreed)).toMatchObject({ state: 'Established' });
  });
});

// FRR 8.4.4 "Martian nexthop"; what GoBGP, BIRD and FRR do with those that cost no session: scenario next-hops-of-nobody.
it.each(['127.0.0.1', '0.0.0.1', '224.0.0.5', '240.0.0.1', '255.255.255.255'])(
  'FRR ends its session over the next hop %s, again and again',
  (nextHop) => {
    const session = sessionOf(
      {
        x: {
          daemon: 'exabgp-4',
          wires: 'e0 10.0.0.1/24 l',
          text: `neighbor 10.0.0.2 { router-id 10.0.0.1; local-address 10.0.0.1; local-as 1; peer-as 2;
            family { ipv4 unicast; } static { route 10.1.0.0/24 next-hop ${nextHop}; } }`,
        },
        f: {
          daemon: 'frr-8.4',
          wires: 'e0 10.0.0.2/24 l',
          text: 'router bgp 2\n no bgp ebgp-requires-policy\n neighbor 10.0.0.1 remote-as 1\n',
        },
      },
      'f',
    );
    expect(session).toMatchObject({
      state: 'Idle',
      reason: expect.stringContaining(`next hop ${nextHop} (NOTIFICATION 3/8)`),
    });
  },
);

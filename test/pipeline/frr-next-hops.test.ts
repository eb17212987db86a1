import { describe, expect, it } from 'vitest';
import { bgp, pathsOf, simulateFrr } from './configs.ts';

const free = ' no bgp network import-check';
const listed = (name: string, prefix: string, nextHop: string) =>
  `ip prefix-list ${name} permit ${prefix}\nroute-map OUT permit ${name}0\n match ip address prefix-list ${name}\n set ip next-hop ${nextHop}\nexit\n`;

/** What bgpd holds for reachable and what zebra uses are two things; seen on FRR 8.4.4. */
describe('next hops in zebra', () => {
  const wires = { r1: 'eth0 10.0.0.1/24 l', r2: 'eth0 10.0.0.2/24 l' };
  const toR2 = (maps: string, family: string, second: string, statics = '', routes = {}) =>
    simulateFrr(
      wires,
      {
        r1: `${maps}${bgp(65001, { '10.0.0.2': 65001 }, `${family}\n neighbor 10.0.0.2 route-map OUT out`, free)}`,
        r2: `${statics}\n${bgp(65001, { '10.0.0.1': 65001 }, second, free)}`,
      },
      routes,
    );

  it.each([
    ['a static black hole', 'ip route 10.9.0.0/24 blackhole', {}],
    ['a black hole of the kernel', '', { r2: 'blackhole 10.9.0.0/24' }],
  ])('%s leads to a next hop, and installs another black hole', (_, statics, routes) => {
    const run = toR2(listed('1', '10.1.0.0/24', '10.9.0.1'), ' network 10.1.0.0/24', '', statics, routes);
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toMatchObject([{ valid: true, best: true }]);
    expect(run.result.hosts['r2']?.fib['10.1.0.0/24']).toEqual([]);
  });

  it('a route whose next hop lies in its own prefix is best and not installed, whatever covers both', () => {
    const maps = listed('1', '10.9.1.0/24', '10.9.1.1') + listed('2', '10.1.0.0/24', '10.9.1.1');
    const run = toR2(
      `${maps}route-map OUT permit 90\nexit\n`,
      ' network 10.9.1.0/24\n network 10.9.0.0/16\n network 10.1.0.0/24',
      '',
    );
    expect(run.result.findings.filter(({ rule }) => rule === 'oscillation')).toEqual([]);
    expect(pathsOf(run, 'r2', '10.9.1.0/24')).toMatchObject([{ valid: true, best: true }]);
    expect(run.result.hosts['r2']?.fib).toEqual({
      '10.1.0.0/24': ['10.0.0.1'],
      '10.9.0.0/16': ['10.0.0.1'],
    });
  });

  it('a single-hop peer is reached over its network, however small the routes BGP has inside', () => {
    const run = simulateFrr(
      { ...wires, r3: 'eth0 10.0.0.3/24 l' },
      {
        r1: bgp(65001, { '10.0.0.2': 65002 }, ' network 10.1.0.0/24', free),
        r2: bgp(65002, { '10.0.0.1': 65001, '10.0.0.3': 65002 }, '', free),
        r3: bgp(65002, { '10.0.0.2': 65002 }, ' network 10.0.0.0/30', free),
      },
    );
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toMatchObject([{ valid: true, best: true }]);
  });
});

describe('IPv6', () => {
  const six = (asn: number, id: number, peers: readonly string[], family: string) =>
    [
      `router bgp ${asn}`,
      ` bgp router-id 1.0.0.${id}`,
      ' no bgp ebgp-requires-policy',
      free,
      ' no bgp default ipv4-unicast',
      ...peers.map((peer) => ` neighbor ${peer} remote-as ${asn}`),
      ' address-family ipv6 unicast',
      ...peers.map((peer) => `  neighbor ${peer} activate`),
      family,
      ' exit-address-family',
    ].join('\n');
  const wires = {
    r1: 'eth0 2001:db8::1/64 l',
    r2: 'eth0 2001:db8::2/64 l',
    r3: 'eth0 2001:db8::3/64 l',
  };

  it('`set ip next-hop` says nothing of IPv6 routes', () => {
    const map = 'route-map IN permit 10\n set ip next-hop peer-address\nexit\n';
    const run = simulateFrr(wires, {
      r1: six(65001, 1, ['2001:db8::2', '2001:db8::3'], '  neighbor 2001:db8::2 route-reflector-client'),
      r2: `${map}${six(65001, 2, ['2001:db8::1'], '  neighbor 2001:db8::1 route-map IN in')}`,
      r3: six(65001, 3, ['2001:db8::1'], '  network 2001:db8:3::/48'),
    });
    expect(pathsOf(run, 'r2', '2001:db8:3::/48')).toMatchObject([{ nextHop: '2001:db8::3' }]);
  });

  it('the same next hop with and without the link-local one beside it makes two for multipath', () => {
    const run = simulateFrr(wires, {
      r1: six(65001, 1, ['2001:db8::2', '2001:db8::3'], '  neighbor 2001:db8::2 route-reflector-client'),
      r2: six(65001, 2, ['2001:db8::1', '2001:db8::3'], ''),
      r3: six(65001, 3, ['2001:db8::1', '2001:db8::2'], '  network 2001:db8:3::/48'),
    });
    expect(pathsOf(run, 'r2', '2001:db8:3::/48')).toMatchObject([
      { from: '2001:db8::3', multipath: true },
      { from: '2001:db8::1', multipath: true },
    ]);
  });
});

describe('AS_PATH', () => {
  it('an aggregate with as-set of like paths has their path as it is', () => {
    const run = simulateFrr(
      { r1: 'eth0 10.0.0.1/24 l', r2: 'eth0 10.0.0.2/24 l' },
      {
        r1: `route-map TWICE permit 10\n set as-path prepend 65001 65009\nexit\n${bgp(65001, { '10.0.0.2': 65002 }, ' network 10.1.0.0/24\n network 10.1.1.0/24\n neighbor 10.0.0.2 route-map TWICE out', free)}`,
        r2: bgp(65002, { '10.0.0.1': 65001 }, ' aggregate-address 10.1.0.0/16 as-set', free),
      },
    );
    expect(pathsOf(run, 'r2', '10.1.0.0/16')).toMatchObject([{ asPath: '65001 65001 65009' }]);
  });

  it('what remove-private-AS emptied stays empty under attribute-unchanged as-path', () => {
    const run = simulateFrr(
      { r1: 'eth0 10.0.0.1/24 l', r2: 'eth0 10.0.0.2/24 l, eth1 10.0.1.2/24 m', r3: 'eth0 10.0.1.3/24 m' },
      {
        r1: bgp(65001, { '10.0.0.2': 65002 }, ' network 10.1.0.0/24', free),
        r2: bgp(
          65002,
          { '10.0.0.1': 65001, '10.0.1.3': 65003 },
          ' network 10.2.0.0/24\n neighbor 10.0.1.3 remove-private-AS\n neighbor 10.0.1.3 attribute-unchanged as-path',
          free,
        ),
        r3: bgp(65003, { '10.0.1.2': 65002 }, '', ' no bgp enforce-first-as'),
      },
    );
    expect(pathsOf(run, 'r3', '10.1.0.0/24')).toMatchObject([{ asPath: '' }]);
    expect(pathsOf(run, 'r3', '10.2.0.0/24')).toMatchObject([{ asPath: '65002' }]);
  });
});

/** Seen on FRR 8.4.4; BIRD refuses it. */
it('IPv6 routes over a session from the loopback have its IPv4 address as next hop, also where the peer is connected', () => {
  const family = ' neighbor 10.255.0.1 activate';
  const run = simulateFrr(
    { r1: 'eth0 10.0.0.1/24 l, lo 10.255.0.1/32 x', r2: 'eth0 10.0.0.2/24 l' },
    {
      r1: `router bgp 65001
 no bgp network import-check
 neighbor 10.0.0.2 remote-as 65001
 neighbor 10.0.0.2 update-source lo
 address-family ipv6 unicast
  network 2001:db8:1::/48
  neighbor 10.0.0.2 activate
 exit-address-family`,
      r2: `router bgp 65001\n neighbor 10.255.0.1 remote-as 65001\n address-family ipv6 unicast\n${family}\n exit-address-family`,
    },
    { r2: '10.255.0.1/32 via 10.0.0.1' },
  );
  expect(pathsOf(run, 'r2', '2001:db8:1::/48')).toMatchObject([{ nextHop: '::ffff:10.255.0.1' }]);
});

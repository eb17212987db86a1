import { describe, expect, it } from 'vitest';
import { bgp, pathsOf, simulateFrr } from './configs.ts';

/** Each rule was seen on FRR 8.4.4; most were learned from a random fabric whose tables differed. */
const cable = { r1: 'eth0 10.0.0.1/30 l', r2: 'eth0 10.0.0.2/30 l' };
const free = ' no bgp network import-check';
const ebgp = (first: string, second: string, maps = '', firstMore = free) =>
  simulateFrr(cable, {
    r1: `${maps}\n${bgp(65001, { '10.0.0.2': 65002 }, first, firstMore)}`,
    r2: `${maps}\n${bgp(65002, { '10.0.0.1': 65001 }, second, free)}`,
  });

describe('origination', () => {
  it('a network without a route stands in the table and cannot be used', () => {
    const run = ebgp(' network 10.1.0.0/24', '', '', ' bgp network import-check');
    expect(pathsOf(run, 'r1', '10.1.0.0/24')).toMatchObject([{ valid: false, best: false }]);
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toEqual([]);
  });

  it('a path that cannot be used contributes to no aggregate', () => {
    const run = ebgp(
      ' network 10.1.0.0/24\n aggregate-address 10.1.0.0/16',
      '',
      '',
      ' bgp network import-check',
    );
    expect(pathsOf(run, 'r1', '10.1.0.0/16')).toEqual([]);
  });

  it('an aggregate shows next hop :: and installs a black hole', () => {
    const run = ebgp(' network 10.1.0.0/24\n aggregate-address 10.1.0.0/16', '');
    expect(pathsOf(run, 'r1', '10.1.0.0/16')).toMatchObject([{ nextHop: '::' }]);
    expect(run.result.hosts['r1']?.fib['10.1.0.0/16']).toEqual([]);
  });

  it('an own network that looks like the aggregate is taken for it, one with another ORIGIN is not', () => {
    const aggregate = ' network 10.1.0.0/24\n aggregate-address 10.1.0.0/16';
    const alike = ebgp(` network 10.1.0.0/16\n${aggregate}`, '');
    expect(pathsOf(alike, 'r1', '10.1.0.0/16')).toMatchObject([{ nextHop: '0.0.0.0' }]);
    const maps = 'route-map M permit 10\n set origin incomplete\nexit';
    const other = ebgp(` network 10.1.0.0/16 route-map M\n${aggregate}`, '', maps);
    expect(pathsOf(other, 'r1', '10.1.0.0/16')).toHaveLength(2);
  });

  it('the set clauses of the route-map of default-originate shape the default route, per neighbor', () => {
    const maps = [
      'ip prefix-list HERE permit 10.1.0.0/24',
      'ip prefix-list GONE permit 10.9.0.0/24',
      'route-map YES permit 10\n match ip address prefix-list HERE\n set metric 9\nexit',
      'route-map NO permit 10\n match ip address prefix-list GONE\nexit',
    ].join('\n');
    const run = simulateFrr(
      { r1: 'eth0 10.0.2.1/30 a, eth1 10.0.3.1/30 b', r2: 'eth0 10.0.2.2/30 a', r3: 'eth0 10.0.3.2/30 b' },
      {
        r1: `${maps}\n${bgp(65001, { '10.0.2.2': 65002, '10.0.3.2': 65003 }, ' network 10.1.0.0/24\n neighbor 10.0.2.2 default-originate route-map YES\n neighbor 10.0.3.2 default-originate route-map NO', free)}`,
        r2: bgp(65002, { '10.0.2.1': 65001 }, ''),
        r3: bgp(65003, { '10.0.3.1': 65001 }, ''),
      },
    );
    expect(pathsOf(run, 'r2', '0.0.0.0/0')).toMatchObject([{ med: 9 }]);
    expect(pathsOf(run, 'r3', '0.0.0.0/0')).toEqual([]);
  });

  it('of all paths that pass the route-map of default-originate the one of its first entry speaks', () => {
    const maps = [
      'ip prefix-list LOW permit 10.9.0.0/24',
      'route-map M permit 10\n match ip address prefix-list LOW\n set metric 5\nexit',
      'route-map M permit 20\n set metric 77\nexit',
    ].join('\n');
    const networks = ' network 10.1.0.0/24\n network 10.9.0.0/24';
    const run = ebgp(`${networks}\n neighbor 10.0.0.2 default-originate route-map M`, '', maps);
    expect(pathsOf(run, 'r2', '0.0.0.0/0')).toMatchObject([{ med: 5 }]);
  });

  it('what leaves the route-map of default-originate at its end by on-match next changes nothing', () => {
    const maps = 'route-map M permit 10\n set metric 5\n on-match next\nexit';
    const run = ebgp(' network 10.1.0.0/24\n neighbor 10.0.0.2 default-originate route-map M', '', maps);
    expect(pathsOf(run, 'r2', '0.0.0.0/0')).toMatchObject([{ med: 0 }]);
  });

  it('the MED of a redistributed kernel route is its metric', () => {
    const run = simulateFrr(
      cable,
      {
        r1: bgp(65001, { '10.0.0.2': 65002 }, ' redistribute kernel'),
        r2: bgp(65002, { '10.0.0.1': 65001 }, ''),
      },
      { r1: 'blackhole 10.1.0.0/24 metric 50' },
    );
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toMatchObject([{ med: 50 }]);
  });
});

describe('next hops', () => {
  it('a redistributed route whose gateway is the peer never reaches that peer', () => {
    const conf = `ip route 10.1.0.0/24 10.0.0.2\n${bgp(65001, { '10.0.0.2': 65002 }, ' redistribute static')}`;
    const run = simulateFrr(cable, { r1: conf, r2: bgp(65002, { '10.0.0.1': 65001 }, '') });
    expect(pathsOf(run, 'r1', '10.1.0.0/24')).toMatchObject([{ nextHop: '10.0.0.2', best: true }]);
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toEqual([]);
  });

  it('IPv6 goes through the sender, whose link-local address came along, also where the next hop is a third party', () => {
    const six = (asn: number, peers: readonly [string, number][], line = '') =>
      [
        `router bgp ${asn}`,
        ` bgp router-id ${asn % 10}.0.0.1`,
        ' no bgp ebgp-requires-policy',
        ' no bgp network import-check',
        ...peers.map(([address, remote]) => ` neighbor ${address} remote-as ${remote}`),
        ' address-family ipv6 unicast',
        ...peers.map(([address]) => `  neighbor ${address} activate`),
        line,
        ' exit-address-family',
      ].join('\n');
    const run = simulateFrr(
      { r1: 'eth0 2001:db8::1/64 lan', r2: 'eth0 2001:db8::2/64 lan', r3: 'eth0 2001:db8::3/64 lan' },
      {
        r1: six(65001, [['2001:db8::2', 65002]], '  network 2001:db8:1::/48'),
        r2: six(65002, [
          ['2001:db8::1', 65001],
          ['2001:db8::3', 65003],
        ]),
        r3: six(65003, [['2001:db8::2', 65002]]),
      },
    );
    expect(pathsOf(run, 'r3', '2001:db8:1::/48')).toMatchObject([{ nextHop: '2001:db8::1' }]);
    expect(run.result.hosts['r3']?.fib['2001:db8:1::/48']).toEqual(['2001:db8::2']);
  });

  /** r1 has a static route over r2 and says so with r2's address; FRR asks whose address it is when the policy has spoken (bgp_update). */
  const overReceiver = (map: string) =>
    simulateFrr(
      { r1: 'eth0 10.0.0.1/24 lan', r2: 'eth0 10.0.0.2/24 lan' },
      {
        r1: `ip route 10.9.0.0/24 10.0.0.2\n${bgp(65001, { '10.0.0.2': 65001 }, ' redistribute static')}`,
        r2: `route-map IN permit 10\n${map}exit\n${bgp(65001, { '10.0.0.1': 65001 }, ' neighbor 10.0.0.1 route-map IN in')}`,
      },
    );

  it.each([
    ['is refused', '', []],
    ['is taken where the policy puts another there', ' set ip next-hop peer-address\n', ['10.0.0.1']],
    ['is refused where the policy puts it there', ' set ip next-hop 10.0.0.2\n', []],
  ])('an own address as next hop %s', (_what, map, hops) => {
    expect(pathsOf(overReceiver(map), 'r2', '10.9.0.0/24').map(({ nextHop }) => nextHop)).toEqual(hops);
  });

  it('a best path that only its own prefix makes reachable never settles', () => {
    const run = simulateFrr(
      {
        r1: 'eth0 10.0.13.1/30 c, eth1 10.0.12.1/30 d',
        r2: 'eth0 10.0.12.2/30 d, eth1 10.0.2.2/24 lan',
        r3: 'eth0 10.0.13.2/30 c, eth1 10.0.34.1/30 e, eth2 10.0.2.3/24 lan',
        r4: 'eth0 10.0.34.2/30 e, eth1 10.0.2.4/24 lan',
      },
      {
        r1: bgp(65001, { '10.0.13.2': 65002, '10.0.12.2': 65002 }, ' redistribute connected'),
        r2: bgp(65002, { '10.0.12.1': 65001, '10.0.2.4': 65002 }, ' neighbor 10.0.2.4 next-hop-self'),
        r3: `route-map UP permit 10\n set local-preference 200\nexit\n${bgp(65002, { '10.0.13.1': 65001, '10.0.2.4': 65002 }, ' neighbor 10.0.2.4 route-map UP out')}`,
        r4: bgp(65002, { '10.0.2.2': 65002, '10.0.2.3': 65002 }, ''),
      },
    );
    expect(run.result.outcome).toBe('inconclusive');
    expect(run.result.findings.map(({ rule, found, message }) => [rule, found ?? message])).toContainEqual([
      'oscillation',
      '10.0.13.0/30 never settles: its next hops depend on itself',
    ]);
  });
});

describe('route-maps', () => {
  /** FRR runs the map of a reflected route over a copy (subgroup_announce_check); by random fabric 9134. */
  it('what a map sets on a reflected route is seen further down, and forgotten', () => {
    const run = simulateFrr(
      { r1: 'eth0 10.0.0.1/24 lan', r2: 'eth0 10.0.0.2/24 lan', r3: 'eth0 10.0.0.3/24 lan' },
      {
        r1: [
          'bgp community-list standard MARK permit 65001:7',
          'route-map OUT permit 10\n set community 65001:7\n continue 20\nexit',
          'route-map OUT permit 20\n match community MARK\n set metric 9\nexit',
          bgp(
            65001,
            { '10.0.0.2': 65001, '10.0.0.3': 65001 },
            ' neighbor 10.0.0.2 route-reflector-client\n neighbor 10.0.0.3 route-map OUT out',
          ),
        ].join('\n'),
        r2: bgp(65001, { '10.0.0.1': 65001 }, ' network 10.1.0.0/24', free),
        r3: bgp(65001, { '10.0.0.1': 65001 }, ''),
      },
    );
    expect(pathsOf(run, 'r3', '10.1.0.0/24')).toMatchObject([{ communities: [], med: 0 }]);
  });

  const seen = (
    map: string,
    family = ' network 10.1.0.0/24\n neighbor 10.0.0.2 route-map M out',
    more = free,
  ) => pathsOf(ebgp(family, '', map, more), 'r2', '10.1.0.0/24');

  it('a path made here matches the default LOCAL_PREF although it shows none', () => {
    const map = 'route-map M permit 10\n match local-preference 130\n set metric 7\nexit';
    expect(seen(map, undefined, `${free}\n bgp default local-preference 130`)).toMatchObject([{ med: 7 }]);
    expect(seen(map)).toEqual([]);
  });

  it('a path learned over eBGP matches LOCAL_PREF 0 and not 100', () => {
    const map = (value: number) => `route-map M permit 10\n match local-preference ${value}\nexit`;
    const learned = (value: number) =>
      pathsOf(
        ebgp(' network 10.1.0.0/24', ' neighbor 10.0.0.1 route-map M in', map(value)),
        'r2',
        '10.1.0.0/24',
      );
    expect(learned(0)).toHaveLength(1);
    expect(learned(100)).toEqual([]);
  });

  it('prepend last-as leaves an empty AS_PATH alone', () => {
    expect(seen('route-map M permit 10\n set as-path prepend last-as 3\nexit')).toMatchObject([
      { asPath: '65001' },
    ]);
  });

  it('bgpd applies an entry as if match prefix-len and match source-protocol were not written', () => {
    for (const line of ['match ip address prefix-len 8', 'match source-protocol static'])
      expect(seen(`route-map M permit 10\n ${line}\n set metric 3\nexit`)).toMatchObject([{ med: 3 }]);
  });

  it('match metric 0 is refused and the entry applies without it', () => {
    const run = ebgp(
      ' network 10.1.0.0/24\n neighbor 10.0.0.2 route-map M out',
      '',
      'route-map M permit 10\n match metric 0\n set metric 4\nexit',
    );
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toMatchObject([{ med: 4 }]);
    expect(run.result.findings).toContainEqual(
      expect.objectContaining({ rule: 'config-refused', found: expect.stringContaining('match metric 0') }),
    );
  });
});

describe('IPv4 routes over an IPv6 session', () => {
  const six = (own: string, peer: string, asn: number, option: string) =>
    [
      `router bgp ${asn}`,
      ` bgp router-id 10.255.0.${asn % 10}`,
      ' no bgp ebgp-requires-policy',
      ' no bgp network import-check',
      ` neighbor ${peer} remote-as external\n${option}`,
      ` address-family ipv4 unicast\n  network 10.${asn % 10}.0.0/24\n  neighbor ${peer} activate\n exit-address-family`,
      `! ${own}`,
    ].join('\n');
  const between = (first: string, second: string) =>
    simulateFrr(
      { r1: 'eth0 10.0.0.1/24 2001:db8::1/64 l', r2: 'eth0 10.0.0.2/24 2001:db8::2/64 l' },
      {
        r1: six('r1', '2001:db8::2', 65001, first),
        r2: six('r2', '2001:db8::1', 65002, second),
      },
    );

  it('have an IPv6 next hop where both ends have extended-nexthop', () => {
    const option = (peer: string) => ` neighbor ${peer} capability extended-nexthop`;
    const run = between(option('2001:db8::2'), option('2001:db8::1'));
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toMatchObject([{ nextHop: '2001:db8::1', best: true }]);
    expect(run.result.unmodelled).toEqual([]);
    const half = between(option('2001:db8::2'), '!');
    expect(pathsOf(half, 'r2', '10.1.0.0/24')).toMatchObject([{ nextHop: '10.0.0.1', best: true }]);
  });
});

describe('match interface', () => {
  const only = 'route-map ONE permit 10\n match interface dummy\nexit\n';
  const wires = { r1: 'eth0 10.0.0.1/30 l, dummy 10.1.0.1/24 d', r2: 'eth0 10.0.0.2/30 l' };
  const between = (maps: string, first: string) =>
    simulateFrr(wires, {
      r1: `${maps}ip route 10.2.0.0/24 10.1.0.9\n${bgp(65001, { '10.0.0.2': 65002 }, first)}`,
      r2: bgp(65002, { '10.0.0.1': 65001 }, ''),
    });

  it('holds for redistributed routes that leave by it, also when they go out to a neighbor', () => {
    const inbound = between(
      only,
      ' redistribute connected route-map ONE\n redistribute static route-map ONE',
    );
    expect(Object.keys(inbound.result.hosts['r2']?.bgp ?? {})).toEqual(['10.1.0.0/24', '10.2.0.0/24']);
    const outbound = between(only, ' redistribute connected\n neighbor 10.0.0.2 route-map ONE out');
    expect(Object.keys(outbound.result.hosts['r2']?.bgp ?? {})).toEqual(['10.1.0.0/24']);
    expect(outbound.result.unmodelled).toEqual([]);
  });

  it('holds for no static route whose gateway another route leads to, and by the first gateway of several', () => {
    const statics = [
      'ip route 10.3.0.0/24 10.2.0.5',
      'ip route 10.4.0.0/24 10.1.0.9\nip route 10.4.0.0/24 10.0.0.2',
      'ip route 10.5.0.0/24 10.1.0.9\nip route 10.5.0.0/24 dummy',
    ];
    const run = between(`${only}${statics.join('\n')}\n`, ' redistribute static route-map ONE');
    expect(Object.keys(run.result.hosts['r2']?.bgp ?? {})).toEqual(['10.2.0.0/24', '10.5.0.0/24']);
  });

  it('holds for no `network`', () => {
    const run = between(only, ' network 10.1.0.0/24 route-map ONE');
    expect(pathsOf(run, 'r1', '10.1.0.0/24')).toEqual([]);
  });
});

describe('match peer', () => {
  const maps = (peer: string) =>
    `route-map P permit 10\n match peer ${peer}\n set community 65001:10\nexit\nroute-map P permit 20\nexit`;
  const communities = (peer: string, first: string, host: string) =>
    pathsOf(ebgp(first, '', maps(peer)), host, '10.0.0.0/30').flatMap((path) => path.communities);

  it('knows the sender inbound, and nobody outbound: there it judges for a whole update group', () => {
    const announced = ' redistribute connected';
    const inbound = ebgp(announced, ' neighbor 10.0.0.1 route-map P in', maps('10.0.0.1'));
    expect(pathsOf(inbound, 'r2', '10.0.0.0/30')).toMatchObject([{ communities: ['65001:10'] }]);
    expect(communities('10.0.0.2', `${announced}\n neighbor 10.0.0.2 route-map P out`, 'r2')).toEqual([]);
  });

  it('local holds while a route is made, and no more when it is sent', () => {
    expect(communities('local', ' redistribute connected route-map P', 'r2')).toEqual(['65001:10']);
    const outbound = ' redistribute connected\n neighbor 10.0.0.2 route-map P out';
    expect(communities('local', outbound, 'r2')).toEqual([]);
  });
});

describe('match ip next-hop', () => {
  it.each([
    ['address 10.0.0.9', ''],
    ['NEAR', 'access-list NEAR permit 10.0.0.9/32\n'],
  ])('%s', (words, list) => {
    const maps = `${list}route-map N permit 10\n match ip next-hop ${words}\nexit`;
    const first =
      'ip route 10.1.0.0/24 10.0.0.9\nip route 10.2.0.0/24 10.0.0.10\nip route 10.3.0.0/24 Null0\n';
    const run = simulateFrr(
      { r1: 'eth0 10.0.0.1/24 l', r2: 'eth0 10.0.0.2/24 l' },
      {
        r1: `${first}${maps}\n${bgp(65001, { '10.0.0.2': 65002 }, ' redistribute static route-map N')}`,
        r2: bgp(65002, { '10.0.0.1': 65001 }, ''),
      },
    );
    expect(Object.keys(run.result.hosts['r2']?.bgp ?? {})).toEqual(['10.1.0.0/24']);
    expect(run.result.unmodelled).toEqual([]);
  });
});

describe('sessions', () => {
  it('default-originate of a group whose members a listen range lets in', () => {
    const hub = [
      'router bgp 65001\n no bgp ebgp-requires-policy\n neighbor S peer-group\n neighbor S remote-as external',
      ' bgp listen range 10.0.0.0/24 peer-group S\n address-family ipv4 unicast\n  neighbor S default-originate',
    ].join('\n');
    const run = simulateFrr(cable, { r1: hub, r2: bgp(65002, { '10.0.0.1': 65001 }, '') });
    expect(pathsOf(run, 'r2', '0.0.0.0/0')).toMatchObject([{ best: true, nextHop: '10.0.0.1' }]);
  });

  it('maximum-prefix counts before it takes a prefix: one more than the limit does no harm', () => {
    const limited = (count: number) => {
      const networks = Array.from({ length: count }, (_, i) => ` network 10.${i + 1}.0.0/24`).join('\n');
      return ebgp(networks, ' neighbor 10.0.0.1 maximum-prefix 2').result.hosts['r2']?.sessions[0]?.state;
    };
    expect([2, 3, 4].map(limited)).toEqual(['Established', 'Established', 'Idle']);
  });

  it('an inbound route-map has everything sent again, and the limit is felt', () => {
    const maps = 'route-map ALL permit 10\nexit';
    const more = ' neighbor 10.0.0.1 maximum-prefix 2\n neighbor 10.0.0.1 route-map ALL in';
    const run = ebgp(' network 10.1.0.0/24\n network 10.2.0.0/24\n network 10.3.0.0/24', more, maps);
    expect(run.result.hosts['r2']?.sessions[0]?.state).toBe('Idle');
  });

  it('a neighbor that a listen range let in and whose OPEN was refused is forgotten', () => {
    const hub =
      'router bgp 65001\n neighbor S peer-group\n neighbor S remote-as 65009\n bgp listen range 10.0.0.0/24 peer-group S';
    const run = simulateFrr(cable, { r1: hub, r2: bgp(65002, { '10.0.0.1': 65001 }, '') });
    expect(run.result.hosts['r1']?.sessions).toEqual([]);
    expect(run.result.hosts['r2']?.sessions).toMatchObject([{ state: 'Idle' }]);
  });
});

describe('bgp graceful-shutdown', () => {
  it('marks what is made here and what comes from outside, with LOCAL_PREF 0 in the own table', () => {
    const run = ebgp(' network 10.1.0.0/24', ' network 10.2.0.0/24', '', `${free}\n bgp graceful-shutdown`);
    const marked = [{ localPref: 0, communities: ['65535:0'] }];
    expect(pathsOf(run, 'r1', '10.1.0.0/24')).toMatchObject(marked);
    expect(pathsOf(run, 'r1', '10.2.0.0/24')).toMatchObject(marked);
  });
});

describe('AS_PATH', () => {
  it('attribute-unchanged as-path does not keep the own AS off an empty path', () => {
    const run = ebgp(' network 10.1.0.0/24\n neighbor 10.0.0.2 attribute-unchanged as-path', '');
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toMatchObject([{ asPath: '65001' }]);
  });

  it('allowas-in origin takes a path that the own AS made, and not one with the own AS on the way', () => {
    const wires = {
      a: 'eth0 10.0.1.1/30 x',
      p: 'eth0 10.0.1.2/30 x, eth1 10.0.2.1/30 y',
      b: 'eth0 10.0.2.2/30 y',
    };
    const map = 'route-map M permit 10\n set as-path prepend 65001 65009\nexit\nip prefix-list X permit any';
    const run = simulateFrr(wires, {
      a: `${map}\n${bgp(65001, { '10.0.1.2': 65000 }, ' network 10.1.0.0/24', free)}`,
      p: `${map}\n${bgp(65000, { '10.0.1.1': 65001, '10.0.2.2': 65001 }, ' network 10.2.0.0/24 route-map M', free)}`,
      b: bgp(65001, { '10.0.2.1': 65000 }, ' neighbor 10.0.2.1 allowas-in origin'),
    });
    expect(pathsOf(run, 'b', '10.1.0.0/24')).toMatchObject([{ asPath: '65000 65001' }]);
    expect(pathsOf(run, 'b', '10.2.0.0/24')).toEqual([]);
  });
});

describe('decision', () => {
  it('peer-type multipath-relax lets eBGP and iBGP be used together and still prefers eBGP', () => {
    const run = simulateFrr(
      { a: 'eth0 10.0.1.1/30 x', r: 'eth0 10.0.1.2/30 x, eth1 10.0.2.1/30 y', b: 'eth0 10.0.2.2/30 y' },
      {
        a: bgp(65001, { '10.0.1.2': 65000 }, ' network 10.1.0.0/24', `${free}\n bgp router-id 9.9.9.9`),
        r: bgp(
          65000,
          { '10.0.1.1': 65001, '10.0.2.2': 65000 },
          '',
          ' bgp bestpath peer-type multipath-relax\n bgp bestpath as-path multipath-relax\n bgp bestpath as-path ignore',
        ),
        b: bgp(65000, { '10.0.2.1': 65000 }, ' network 10.1.0.0/24', `${free}\n bgp router-id 1.1.1.1`),
      },
    );
    expect(pathsOf(run, 'r', '10.1.0.0/24')).toMatchObject([
      { best: true, multipath: true, from: '10.0.1.1' },
      { best: false, multipath: true, from: '10.0.2.2' },
    ]);
  });
});

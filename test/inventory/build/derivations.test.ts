import { describe, expect, it } from 'vitest';
import { build, hostOf, lines, neighbors } from './support.ts';

const spread = (built: ReturnType<typeof build>, host: string) =>
  neighbors(built, host).map(
    (n) => `${n.remoteHost} ${n.localAddress?.text} > ${n.address.text} as${n.remoteAs}`,
  );

/** `a` with the given neighbors, and hosts around it that share one, two or no networks with it. */
const around = (entries: string, more = '') => `
all:
  vars: { bgp_asn: 65500 }
  children:
    leafs:
      hosts:
        b: { net_interfaces: { lo: [192.0.2.2/32, "2001:db8:f::2/128"], eth0: [10.0.0.2/24, "2001:db8::2/64"] } }
        c: { bgp_asn: "1.10", net_interfaces: { lo: 192.0.2.3/32, eth0: 10.0.0.3/24, eth1: 10.0.1.3/24 } }
        d: { net_interfaces: { lo: 192.0.2.4/32, eth0: 10.0.9.4/24 } }
  hosts:
    a:
      bgp_neighbors: [${entries}]
      net_interfaces:
        eth0: [10.0.0.1/24, 10.0.0.100/24, "2001:db8::1/64"]
        eth1: 10.0.1.1/24
        lo: [192.0.2.1/32, "2001:db8:f::1/128"]
${more}`;

describe('neighbors', () => {
  it.each([
    ['a host over the shared segment', '{ host: b }', ['b 10.0.0.1 > 10.0.0.2 as65500']],
    ['the IPv6 address on request', '{ host: b, via_family: ipv6 }', ['b 2001:db8::1 > 2001:db8::2 as65500']],
    [
      'both families',
      '{ host: b, via_family: both }',
      ['b 10.0.0.1 > 10.0.0.2 as65500', 'b 2001:db8::1 > 2001:db8::2 as65500'],
    ],
    ['one of two segments by interface', '{ host: c, interface: eth1 }', ['c 10.0.1.1 > 10.0.1.3 as65546']],
    ['one of two segments by name', '{ host: c, segment: 10.0.1.0/24 }', ['c 10.0.1.1 > 10.0.1.3 as65546']],
    [
      'the loopbacks of a group',
      '{ group: leafs, via: loopback }',
      [
        'b 192.0.2.1 > 192.0.2.2 as65500',
        'c 192.0.2.1 > 192.0.2.3 as65546',
        'd 192.0.2.1 > 192.0.2.4 as65500',
      ],
    ],
    [
      'the loopback for update_source lo',
      '{ host: d, update_source: lo }',
      ['d 192.0.2.1 > 192.0.2.4 as65500'],
    ],
    [
      'the loopback for an address of lo',
      '{ host: b, update_source: "2001:db8:f::1", via_family: ipv6 }',
      ['b 2001:db8:f::1 > 2001:db8:f::2 as65500'],
    ],
    [
      'only those that share a segment',
      '{ group: leafs, shared_only: true, interface: eth1 }',
      ['c 10.0.1.1 > 10.0.1.3 as65546'],
    ],
    ['an address of ours', '{ address: 10.0.0.2 }', ['b 10.0.0.1 > 10.0.0.2 as65500']],
    [
      'an address that is not ours',
      '{ address: 10.0.1.254, asn: 64512 }',
      ['null 10.0.1.1 > 10.0.1.254 as64512'],
    ],
    [
      'an address nobody is near',
      '{ address: 198.51.100.1, asn: 64512 }',
      ['null undefined > 198.51.100.1 as64512'],
    ],
    [
      'another own address as source',
      '{ host: b, update_source: 10.0.0.100 }',
      ['b 10.0.0.100 > 10.0.0.2 as65500'],
    ],
    [
      'an interface as source',
      '{ address: 198.51.100.1, asn: 1, update_source: eth1 }',
      ['null 10.0.1.1 > 198.51.100.1 as1'],
    ],
    ['an asn that is stated', '{ host: b, asn: 64999 }', ['b 10.0.0.1 > 10.0.0.2 as64999']],
    [
      'several hosts, itself left out',
      '{ host: [a, b, d], shared_only: true }',
      ['b 10.0.0.1 > 10.0.0.2 as65500'],
    ],
  ])('finds %s', (_what, entries, expected) => {
    const built = build(around(entries));
    expect(lines(built.diagnostics)).toEqual([]);
    expect(spread(built, 'a')).toEqual(expected);
  });

  it('lets an entry for a host win over the same host as member of a group', () => {
    const built = build(
      around('{ group: leafs, shared_only: true, interface: eth0 }, { host: b, weight: 7 }'),
    );
    expect(lines(built.diagnostics)).toEqual([]);
    expect(neighbors(built, 'a').map((n) => [n.remoteHost, n.weight])).toEqual([
      ['b', 7],
      ['c', null],
    ]);
  });

  it('gives a session the family of its address unless told otherwise', () => {
    const entries = '{ host: b, via_family: both }, { host: c, interface: eth1, families: [ipv6, ipv4] }';
    const built = build(around(entries));
    expect(neighbors(built, 'a').map((n) => n.families)).toEqual([
      ['ipv4-unicast'],
      ['ipv4-unicast', 'ipv6-unicast'],
      ['ipv6-unicast'],
    ]);
    expect(hostOf(built, 'a').bgp?.families).toEqual(['ipv4-unicast', 'ipv6-unicast']);
    expect(hostOf(built, 'd').bgp?.families).toEqual(['ipv4-unicast']);
  });

  it('inherits from the peer group what the entry leaves open', () => {
    const groups = `      bgp_timers: { hold: 30 }
      bgp_peer_groups:
        g: { asn: 64800, timers: { hold: 9, connect: 5 }, weight: 5, next_hop_self: force, allowas_in: true, ebgp_multihop: true }
`;
    const built = build(around('{ host: b, peer_group: g, weight: 6, remove_private_as: all }', groups));
    expect(neighbors(built, 'a')[0]).toMatchObject({
      remoteAs: 64800,
      peerGroup: 'g',
      weight: 6,
      nextHopSelf: 'force',
      allowasIn: 3,
      ebgpMultihop: 255,
      removePrivateAs: 'all',
      sendCommunity: true,
      timers: { keepalive: 3, hold: 9, connectRetry: 5 },
    });
    expect(hostOf(built, 'a').bgp?.peerGroups[0]).toMatchObject({
      name: 'g',
      remoteAs: 64800,
      weight: 5,
      families: ['ipv4-unicast'],
      removePrivateAs: 'no',
    });
    expect(hostOf(built, 'a').bgp?.timers).toEqual({ keepalive: 10, hold: 30, connectRetry: 120 });
  });

  it('takes the address on the segment that has an explicit name', () => {
    const built = build(`
all:
  hosts:
    a: { bgp_asn: 1, net_interfaces: { eth0: { addresses: 10.0.0.1/24, segment: x }, eth1: { addresses: 10.0.0.9/24, segment: y } }, bgp_neighbors: [{ host: b }] }
    b: { bgp_asn: 2, net_interfaces: { eth7: { addresses: [10.0.0.2/24], segment: y } } }
`);
    expect(lines(built.diagnostics)).toEqual([]);
    expect(spread(built, 'a')).toEqual(['b 10.0.0.9 > 10.0.0.2 as2']);
    expect(built.fabric.segments.map((s) => [s.name, s.members.map((m) => m.host)])).toEqual([
      ['x', ['a']],
      ['y', ['a', 'b']],
    ]);
  });
});

describe('what a host is', () => {
  it.each([
    ['nothing', 'a: 1', 'none', ''],
    ['an ASN', 'bgp_asn: 65500, bgp_router_id: 10.0.0.1', 'frr', '8.4'],
    ['quagga', 'bgp_asn: 1, bgp_router_id: 10.0.0.1, bgp_daemon: quagga', 'quagga', '1.2'],
    ['a version as a number', 'bgp_asn: 1, bgp_router_id: 10.0.0.1, bgp_daemon_version: 10', 'frr', '10'],
    [
      'a version that lost a digit',
      'bgp_asn: 1, bgp_router_id: 10.0.0.1, bgp_daemon_version: 8.10',
      'frr',
      '8.10',
    ],
    ['external', 'bgp_asn: 1, bgp_router_id: 10.0.0.1, bgp_daemon: external', 'external', ''],
  ])('with %s', (_what, vars, kind, version) => {
    const { daemon } = hostOf(build(`all: { hosts: { h: { ${vars} } } }`), 'h');
    expect([daemon.kind, daemon.version]).toEqual([kind, version]);
  });

  it.each([
    ['lo first', 'lo: 192.0.2.1/32', '192.0.2.1'],
    ['as written, not as sorted', 'eth9: 10.9.0.1/24, eth1: 10.1.0.1/24', '10.9.0.1'],
    ['the first IPv4 address', 'eth1: ["2001:db8::1/64", 10.1.0.1/24]', '10.1.0.1'],
  ])('has the router id of %s', (_what, interfaces, id) => {
    const built = build(`all: { hosts: { h: { bgp_asn: 1, net_interfaces: { ${interfaces} } } } }`);
    expect(hostOf(built, 'h').bgp?.routerId.text).toBe(id);
  });

  it('announces docker0 unless told not to, once', () => {
    const host = (more: string) =>
      build(
        `all: { hosts: { h: { bgp_asn: 1, bgp_router_id: 10.0.0.1, docker_bip: 172.18.1.1/24, docker_bip6: "2001:db8:1::1/64"${more} } } }`,
      )
        .fabric.hosts.get('h')
        ?.bgp?.networks.map((n) => [n.prefix.text, n.reason, n.routeMap]);
    expect(host('')).toEqual([
      ['172.18.1.0/24', 'bip', null],
      ['2001:db8:1::/64', 'bip', null],
    ]);
    expect(host(', bgp_announce_bip: false')).toEqual([]);
    expect(host(', bgp_networks: [{ prefix: 172.18.1.0/24, route_map: m }, 10.0.0.0/8]')).toEqual([
      ['10.0.0.0/8', 'network', null],
      ['172.18.1.0/24', 'network', 'm'],
      ['2001:db8:1::/64', 'bip', null],
    ]);
  });

  it('sorts what the daemon sorts', () => {
    const { bgp, interfaces, statics } = hostOf(
      build(`
all:
  hosts:
    h:
      bgp_asn: 1
      net_interfaces: { lo: 192.0.2.1, eth10: 10.0.10.1/24, eth2: 10.0.2.1/24 }
      bgp_redistribute: [static, { from: connected, metric: 5 }, kernel]
      bgp_listen: [{ range: 10.0.0.0/8, peer_group: g }, { range: 10.0.2.0/24, peer_group: g }]
      bgp_peer_groups: { g: {}, f: {} }
      bgp_prefix_lists: { z: [deny 10.0.0.0/8, { seq: 5, action: permit, prefix: 10.0.0.0/8, le: 24 }], a: [permit any] }
      bgp_community_lists: { std: ["permit 65500:1 no-export"], exp: ["permit ^65500:.*$"] }
      net_routes: [{ prefix: 10.9.0.0/16, via: 10.0.2.9 }, { prefix: 10.1.0.0/16, blackhole: true, tag: 7 }]
`),
      'h',
    );
    expect(interfaces.map((i) => [i.name, i.addresses[0]?.text])).toEqual([
      ['eth2', '10.0.2.1/24'],
      ['eth10', '10.0.10.1/24'],
      ['lo', '192.0.2.1/32'],
    ]);
    expect(statics.map((s) => s.prefix.text)).toEqual(['10.1.0.0/16', '10.9.0.0/16']);
    expect(bgp?.redistribute.map((r) => r.from)).toEqual(['kernel', 'connected', 'static']);
    expect(bgp?.listenRanges.map((r) => r.prefix.text)).toEqual(['10.0.2.0/24', '10.0.0.0/8']);
    expect(bgp?.peerGroups.map((g) => g.name)).toEqual(['f', 'g']);
    expect(bgp?.policies.prefixLists.map((l) => [l.name, l.entries.map((e) => e.seq)])).toEqual([
      ['a', [10]],
      ['z', [5, 10]],
    ]);
    expect(bgp?.policies.prefixLists[0]?.entries[0]).toMatchObject({ prefix: { text: '0.0.0.0/0' }, le: 32 });
    expect(bgp?.policies.communityLists.map((l) => [l.name, l.kind])).toEqual([
      ['exp', 'expanded'],
      ['std', 'standard'],
    ]);
  });
});

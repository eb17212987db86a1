import { describe, expect, it } from 'vitest';
import { formatDiagnosticText } from '../../../src/report/diagnostics-text.ts';
import { build, inventoryOf } from './support.ts';

/** Two hosts on one LAN; `%` is replaced by further variables of web01, `%%` by those of web02. */
const pair = (first: string, second = 'bgp_asn: 65500', shared = '') => `all:
  vars: {${shared}}
  hosts:
    web01: { net_interfaces: { eth1: 10.0.0.1/24 }, ${first} }
    web02: { net_interfaces: { eth1: 10.0.0.2/24 }, ${second} }
`;
const one = (vars: string) => {
  const shared = vars.includes('bgp_') ? '  vars: { bgp_router_id: 10.9.9.9 }\n' : '';
  return `all:\n${shared}  hosts:\n    web01: { ${vars} }\n`;
};

const cases: Readonly<Record<string, string>> = {
  'an unknown variable of ours': one('bgp_neighbours: []'),
  'a near miss in a shared namespace': one('docker_bipp: 172.18.1.1/24'),
  'an unknown key': one('bgp_asn: 65500, bgp_timers: { keepalives: 30 }'),
  'a key that is missing': one('bgp_asn: 65500, bgp_listen: [{ range: 10.0.0.0/24 }]'),
  'a wrong type': one('bgp_asn: many'),
  'a wrong word': one('bgp_asn: 65500, bgp_daemon: quaga'),
  'a wrong word in a union': one('bgp_asn: 65500, bgp_redistribute: [statics]'),
  'a hold time RFC 4271 forbids': one('bgp_asn: 65500, bgp_timers: { hold: 2 }'),
  'an empty value': one('bgp_asn: 65500, docker_bip:'),
  'a wrong element of a union': one(
    'bgp_asn: 65500, bgp_networks: [{ prefix: 10.0.0.0/24, routemap: x }, 5, { route_map: x }]',
  ),
  'a wrong type deep inside': one(
    'bgp_asn: 65500, bgp_route_maps: { foo: [{ action: permit, set: { local_preference: high } }] }',
  ),
  'a template': one('bgp_asn: "{{ asn }}"'),
  'a boolean that was meant as text': one('bgp_asn: 65500, bgp_log_file: on'),
  'a community that YAML 1.1 reads as a number': one(
    'bgp_asn: 65500, bgp_route_maps: { foo: [{ action: permit, set: { community: 65500:10 } }] }',
  ),
  'an octal number': one('bgp_asn: 0123'),
  'a version that lost its zero': one('docker_version: 20.10'),
  'asdot as a number': one('bgp_asn: 1.10'),
  'asn zero': one('bgp_asn: "0"'),
  'a leading zero': one('bgp_asn: 65500, net_interfaces: { eth1: 10.0.0.01/24 }'),
  'a short form': one('bgp_asn: 65500, bgp_router_id: 10.0.2'),
  'a zone': one('bgp_asn: 65500, net_interfaces: { eth1: [10.0.0.1/24, "fe80::1%eth1/64"] }'),
  'an octet above 255': one('docker_bip: 172.18.1.300/24'),
  'no length': one('docker_bip: 172.18.1.1'),
  'a netmask': one('docker_bip: 172.18.1.1/255.255.255.0'),
  'a length too long': one('docker_bip: 172.18.1.1/33'),
  'host bits': one('bgp_asn: 65500, bgp_networks: [10.0.0.1/24]'),
  'the wrong family': one('docker_bip: "2001:db8::1/64"'),
  'an address twice': one('bgp_asn: 65500, net_interfaces: { eth1: [10.0.0.1/24, 10.0.0.1/24] }'),
  'no ASN': one('bgp_timers: {}, net_interfaces: { eth1: 10.0.0.1/24 }'),
  'no router id': 'all: { hosts: { web01: { bgp_asn: 65500, net_interfaces: { eth1: "2001:db8::1/64" } } } }',
  'a daemon that cannot be rendered': one('bgp_asn: 65500, bgp_daemon: bird'),
  'a static route to nowhere': one('net_routes: [{ prefix: 10.9.0.0/16 }]'),
  'a static route both ways': one('net_routes: [{ prefix: 10.9.0.0/16, interface: eth1, blackhole: true }]'),
  'a static route across families': one('net_routes: [{ prefix: 10.9.0.0/16, via: "2001:db8::1" }]'),
  'a neighbor without a target': pair('bgp_asn: 65500, bgp_neighbors: [{ description: x }]'),
  'a neighbor with two targets': pair('bgp_asn: 65500, bgp_neighbors: [{ host: web02, group: all }]'),
  'a host that does not exist': pair('bgp_asn: 65500, bgp_neighbors: [{ host: web20 }]'),
  'a group that does not exist': pair('bgp_asn: 65500, bgp_neighbors: [{ group: al }]'),
  'a neighbor without BGP': pair('bgp_asn: 65500, bgp_neighbors: [{ host: web02 }]', 'a: 1'),
  'no shared segment': `all:
  hosts:
    web01: { bgp_asn: 65500, net_interfaces: { eth1: 10.0.0.1/24 }, bgp_neighbors: [{ group: all }] }
    web02: { bgp_asn: 65500, net_interfaces: { eth1: 10.0.1.2/24 } }
    web03: { bgp_asn: 65500, net_interfaces: { eth1: 10.0.2.2/24 } }
`,
  'no common loopback': pair('bgp_asn: 65500, bgp_neighbors: [{ host: web02, via: loopback }]'),
  'no shared network of the family': pair(
    'bgp_asn: 65500, bgp_neighbors: [{ host: web02, via_family: ipv6 }]',
  ),
  'several segments': `all:
  hosts:
    web01: { bgp_asn: 1, net_interfaces: { eth1: 10.0.0.1/24, eth2: 10.0.1.1/24 }, bgp_neighbors: [{ host: web02 }] }
    web02: { bgp_asn: 2, net_interfaces: { eth1: 10.0.0.2/24, eth2: 10.0.1.2/24 } }
`,
  'an interface that does not exist': pair(
    'bgp_asn: 65500, bgp_neighbors: [{ host: web02, interface: eth2 }]',
  ),
  'an update_source that does not exist': pair(
    'bgp_asn: 65500, bgp_neighbors: [{ host: web02, update_source: eht1 }]',
  ),
  'a segment that does not exist': pair('bgp_asn: 65500, bgp_neighbors: [{ host: web02, segment: rack1 }]'),
  'a peer group that does not exist': pair(
    'bgp_asn: 65500, bgp_peer_groups: { mesh: {} }, bgp_neighbors: [{ host: web02, peer_group: mash }]',
  ),
  'a listen range with an unknown peer group': pair(
    'bgp_asn: 65500, bgp_peer_groups: { mesh: {} }, bgp_listen: [{ range: 10.0.0.0/24, peer_group: mehs }]',
  ),
  'an address without asn': pair('bgp_asn: 65500, bgp_neighbors: [{ address: 10.0.0.9 }]'),
  'an own address': pair('bgp_asn: 65500, bgp_neighbors: [{ address: 10.0.0.1 }]'),
  'a link-local address': pair('bgp_asn: 65500, bgp_neighbors: [{ address: "fe80::1", asn: 65500 }]'),
  'a neighbor twice': pair('bgp_asn: 65500, bgp_neighbors: [{ host: web02 }, { address: 10.0.0.2 }]'),
  'a family the host leaves out': pair(
    'bgp_asn: 65500, bgp_families: [ipv4], bgp_neighbors: [{ host: web02, families: [ipv4, ipv6] }]',
  ),
  'a prefix-list entry that is none': one('bgp_asn: 65500, bgp_prefix_lists: { a: [allow 10.0.0.0/8] }'),
  'a prefix-list entry that fits nothing': one(
    'bgp_asn: 65500, bgp_prefix_lists: { a: [permit 10.0.0.0/24 le 16] }',
  ),
  'two families in one prefix-list': one(
    'bgp_asn: 65500, bgp_prefix_lists: { a: [permit 10.0.0.0/24, "permit 2001:db8::/32"] }',
  ),
  'a list entry without permit': one('bgp_asn: 65500, bgp_as_path_lists: { a: ["^65001_"] }'),
  'a sequence number twice': one(
    'bgp_asn: 65500, bgp_route_maps: { a: [{ seq: 5, action: permit }, { seq: 5, action: deny }] }',
  ),
  'on_match that goes back': one('bgp_asn: 65500, bgp_route_maps: { a: [{ action: permit, on_match: 5 }] }'),
  'a network twice': one('bgp_asn: 65500, bgp_networks: [10.0.0.0/24, 10.0.0.0/24]'),
  'an opt-out without a reason': one('fabric_ignore: [{ rule: reserved-asn, reason: " " }]'),
  'a mistake in what all hosts share is said once': pair(
    'a: 1',
    'a: 1',
    'bgp_asn: 65500, bgp_timers: { hold: 1 }, bgp_neighbors: [{ host: nobody }], bgp_networks: [10.9.9.9/8]',
  ),
};

describe('findings', () => {
  it('read as reviewed', async () => {
    const report = Object.entries(cases).map(([name, text]) => {
      const { texts, diagnostics } = inventoryOf(text);
      const found = formatDiagnosticText([...diagnostics, ...build(text).diagnostics], texts);
      return `## ${name}\n\n${found}`;
    });
    await expect(report.join('\n')).toMatchFileSnapshot('golden/findings.txt');
  });

  it.each(Object.entries(cases))('%s is found', (_name, text) => {
    expect(build(text).diagnostics.length).toBeGreaterThan(0);
  });
});

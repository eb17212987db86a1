import { describe, expect, it } from 'vitest';
import { build, hostOf, lines, neighbors } from './support.ts';

const mesh = `
all:
  vars:
    bgp_asn: 65500
    bgp_timers: { keepalive: 30, hold: 90 }
    bgp_redistribute: [static]
    bgp_route_maps:
      foo:
        - { action: permit, set: { local_preference: 222 } }
  children:
    docker_hosts:
      vars:
        bgp_neighbors:
          - { group: docker_hosts, route_map_in: foo, route_map_out: foo }
      hosts:
        web01: { net_interfaces: { eth1: 10.0.0.1/24 }, docker_bip: 172.18.1.1/24 }
        web02: { net_interfaces: { eth1: 10.0.0.2/24 }, docker_bip: 172.18.2.1/24 }
        web10: { net_interfaces: { eth1: 10.0.0.10/24 }, docker_bip: 172.18.10.1/24 }
`;

describe('a full mesh of Docker hosts', () => {
  const built = build(mesh);

  it('has nothing to report', () => {
    expect(lines(built.diagnostics)).toEqual([]);
  });

  it('gives every host every other one as neighbor, by address', () => {
    expect(
      neighbors(built, 'web02').map((n) => [n.remoteHost, n.address.text, n.localAddress?.text]),
    ).toEqual([
      ['web01', '10.0.0.1', '10.0.0.2'],
      ['web10', '10.0.0.10', '10.0.0.2'],
    ]);
    expect(built.fabric.sessions.map((s) => [s.a.host, s.b?.host, s.type, s.verdict])).toEqual([
      ['web01', 'web02', 'ibgp', 'ok'],
      ['web01', 'web10', 'ibgp', 'ok'],
      ['web02', 'web10', 'ibgp', 'ok'],
    ]);
  });

  it('derives what is not said', () => {
    const { bgp, docker, daemon } = hostOf(built, 'web01');
    expect(daemon).toEqual({ kind: 'frr', version: '8.4', layout: 'integrated', defaults: 'traditional' });
    expect(bgp?.asn).toBe(65500);
    expect(bgp?.routerId.text).toBe('10.0.0.1');
    expect(bgp?.timers).toEqual({ keepalive: 30, hold: 90, connectRetry: 120 });
    expect(bgp?.networks.map((n) => [n.prefix.text, n.reason])).toEqual([['172.18.1.0/24', 'bip']]);
    expect(bgp?.families).toEqual(['ipv4-unicast']);
    expect(bgp?.policies.routeMaps[0]?.entries[0]).toMatchObject({
      seq: 10,
      set: { localPreference: '222' },
    });
    expect(docker?.bip?.text).toBe('172.18.1.1/24');
    expect(built.fabric.segments).toMatchObject([{ name: '10.0.0.0/24', members: { length: 3 } }]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/model/fabric.ts';
import { fabricOf } from '../support/fabric.ts';

function sessionsOf(yaml: string): Record<string, unknown>[] {
  return fabricOf(yaml).sessions.map((session) => ({
    ends: `${endText(session.a)} - ${session.b ? endText(session.b) : '?'}`,
    type: session.type,
    verdict: session.verdict,
    families: session.families.map((family) => family.slice(0, 4)).join(' '),
  }));
}

function endText(end: Session['a']): string {
  return `${end.host} ${end.address?.text ?? '?'}${end.neighbor ? '' : ' (waits)'}`;
}

const [ok, ibgp, ebgp] = [{ verdict: 'ok' }, { type: 'ibgp' }, { type: 'ebgp' }];

describe('deriveSessions', () => {
  it('lists a session once, whoever configures it', () => {
    const found = sessionsOf(`
all:
  vars: { bgp_asn: 65500, bgp_neighbors: [{ group: all }] }
  hosts:
    web01: { net_interfaces: { eth1: 10.0.0.1/24 } }
    web02: { net_interfaces: { eth1: 10.0.0.2/24 } }
    web03: { net_interfaces: { eth1: 10.0.0.3/24 } }`);
    expect(found).toEqual(
      [
        'web01 10.0.0.1 - web02 10.0.0.2',
        'web01 10.0.0.1 - web03 10.0.0.3',
        'web02 10.0.0.2 - web03 10.0.0.3',
      ].map((ends) => ({ ends, ...ibgp, ...ok, families: 'ipv4' })),
    );
  });

  it('pairs an end with the longest listen range that holds its address', () => {
    const yaml = (asn: number) => `
all:
  hosts:
    tor1:
      bgp_asn: 64600
      net_interfaces: { swp1: 10.0.0.1/24 }
      bgp_peer_groups: { any: { asn: 1 }, servers: { asn: ${asn} } }
      bgp_listen: [{ range: 10.0.0.0/16, peer_group: any }, { range: 10.0.0.0/24, peer_group: servers }]
    srv1: { bgp_asn: 64701, net_interfaces: { eth0: 10.0.0.2/24 }, bgp_neighbors: [{ host: tor1 }] }`;
    const ends = 'srv1 10.0.0.2 - tor1 10.0.0.1 (waits)';
    expect(sessionsOf(yaml(64701))).toEqual([{ ends, ...ebgp, ...ok, families: 'ipv4' }]);
    expect(sessionsOf(yaml(64702))).toEqual([{ ends, ...ebgp, verdict: 'asn-mismatch', families: 'ipv4' }]);
  });

  it('takes a host that is not ours, and whose neighbors nobody described, at its word', () => {
    const yaml = (remote: string) => `
all:
  hosts:
    edge1: { bgp_asn: 64601, net_interfaces: { eth0: 192.0.2.1/30 }, bgp_neighbors: [{ address: 192.0.2.2, asn: 64700 }] }
    isp1: { bgp_daemon: external, net_interfaces: { eth0: 192.0.2.2/30 }, ${remote} }`;
    expect(sessionsOf(yaml('bgp_asn: 64700'))).toMatchObject([ok]);
    expect(sessionsOf(yaml('bgp_asn: 64999'))).toMatchObject([{ verdict: 'asn-mismatch' }]);
    const described = 'bgp_asn: 64700, bgp_neighbors: [{ address: 203.0.113.9, asn: 64800 }]';
    expect(sessionsOf(yaml(described))).toMatchObject([
      { verdict: 'half-open' },
      { verdict: 'unknown-remote' },
    ]);
  });

  it('keeps one session per family apart', () => {
    const found = sessionsOf(`
all:
  vars: { bgp_neighbors: [{ group: all, via_family: both }] }
  hosts:
    tor1: { bgp_asn: 64601, net_interfaces: { swp1: [10.0.0.0/31, "2001:db8::/127"] } }
    srv1: { bgp_asn: 64701, net_interfaces: { eth0: [10.0.0.1/31, "2001:db8::1/127"] } }`);
    expect(found).toEqual([
      { ends: 'srv1 10.0.0.1 - tor1 10.0.0.0', ...ebgp, ...ok, families: 'ipv4' },
      { ends: 'srv1 2001:db8::1 - tor1 2001:db8::', ...ebgp, ...ok, families: 'ipv6' },
    ]);
  });

  it('accepts an end that answers from another address than the other one dials', () => {
    // web02 dials 10.0.1.1 from 10.0.0.2, and web01 knows 10.0.0.2: that connection comes up.
    const found = sessionsOf(`
all:
  vars: { bgp_asn: 65500 }
  hosts:
    web01: { net_interfaces: { eth1: 10.0.0.1/24, eth2: 10.0.1.1/24 }, bgp_neighbors: [{ address: 10.0.0.2 }] }
    web02: { net_interfaces: { eth1: 10.0.0.2/24 }, bgp_neighbors: [{ address: 10.0.1.1, update_source: eth1 }] }`);
    expect(found).toMatchObject([{ ends: 'web01 10.0.0.1 - web02 10.0.0.2', ...ok }]);
  });

  it('knows local-as, on both sides', () => {
    const yaml = (asn: number) => `
all:
  hosts:
    tor1: { bgp_asn: 64601, net_interfaces: { swp1: 10.0.0.1/24 }, bgp_neighbors: [{ host: srv1, asn: ${asn} }] }
    srv1: { bgp_asn: 64701, net_interfaces: { eth0: 10.0.0.2/24 }, bgp_neighbors: [{ host: tor1, local_as: 64999 }] }`;
    expect(sessionsOf(yaml(64999))).toMatchObject([{ ...ebgp, ...ok }]);
    expect(sessionsOf(yaml(64701))).toMatchObject([{ verdict: 'asn-mismatch' }]);
  });
});

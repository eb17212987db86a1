import { describe, expect, it } from 'vitest';
import type { BgpConfig } from '../../src/bgp/config.ts';
import type { PeerConfig } from '../../src/bgp/peer-config.ts';
import type { NetworkNode } from '../../src/simulator/kernel/network.ts';
import { hostResults } from '../../src/simulator/result/hosts.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { address, bgpConfig, familyConfig, peerConfig, prefix } from '../bgp/fixtures.ts';
import { type Interfaces, node } from './networks.ts';

/** Two routers on one cable: r1 10.0.0.1 AS 65001, r2 10.0.0.2 AS 65002, each the other's neighbor, with what a row changes. */
interface Row {
  readonly one?: Partial<PeerConfig>;
  readonly two?: Partial<PeerConfig> | null;
  readonly bgpOne?: Partial<BgpConfig>;
  readonly bgpTwo?: Partial<BgpConfig>;
  readonly interfacesOne?: Interfaces;
  readonly interfacesTwo?: Interfaces;
  readonly middle?: NetworkNode;
  /** State and reason on r1 and r2; null: no session there. */
  readonly r1: readonly [string, string] | null;
  readonly r2: readonly [string, string] | null;
}

const up = ['Established', ''] as const;
const cable = (own: string): Interfaces => ({ eth0: { addresses: [`${own}/24`], link: 'l' } });
const withLoopback = (own: string, loopback: string): Interfaces => ({
  ...cable(own),
  lo: { addresses: [`${loopback}/32`] },
});
const six = { 'ipv6-unicast': familyConfig() };

const rows: Readonly<Record<string, Row>> = {
  'both agree': { r1: up, r2: up },
  'the other AS is another': {
    one: { remoteAs: 65534 },
    r1: ['Idle', 'OPEN refused: peer announced AS 65002, 65534 expected (NOTIFICATION 2/2)'],
    r2: ['Idle', 'r1 refused the OPEN: it expects AS 65534, not 65002 (NOTIFICATION 2/2)'],
  },
  'remote-as external': { one: { remoteAs: 'external' }, r1: up, r2: up },
  'remote-as internal across AS': {
    one: { remoteAs: 'internal' },
    r1: ['Idle', 'OPEN refused: peer announced AS 65002, 65001 expected (NOTIFICATION 2/2)'],
    r2: ['Idle', 'r1 refused the OPEN: it expects AS 65001, not 65002 (NOTIFICATION 2/2)'],
  },
  'local-as is what the other sees': {
    two: { localAs: { asn: 64999, noPrepend: false, replaceAs: false } },
    one: { remoteAs: 64999 },
    r1: up,
    r2: up,
  },
  'the other has no such neighbor': { two: null, r1: ['Active', 'r2 has no neighbor 10.0.0.1'], r2: null },
  'nobody has the address': {
    one: { address: address('10.0.0.9') },
    r1: ['Active', 'nobody has the address 10.0.0.9'],
    r2: ['Active', 'r1 has no neighbor 10.0.0.2'],
  },
  'shut down on one end': {
    two: { shutdown: true },
    r1: ['Active', 'r2 has the session shut down'],
    r2: ['Idle', 'administratively shut down'],
  },
  'passive on one end': { two: { passive: true }, r1: up, r2: up },
  'passive on both ends': {
    one: { passive: true },
    two: { passive: true },
    r1: ['Active', 'this end is passive and the other does not connect'],
    r2: ['Active', 'this end is passive and the other does not connect'],
  },
  'passwords differ': {
    one: { password: 'a' },
    two: { password: 'b' },
    r1: ['Active', 'the passwords of the two ends differ (TCP MD5)'],
    r2: ['Active', 'the passwords of the two ends differ (TCP MD5)'],
  },
  'a password on one end': {
    one: { password: 'a' },
    r1: ['Active', 'only one end has a password (TCP MD5)'],
    r2: ['Active', 'only one end has a password (TCP MD5)'],
  },
  'hold time below 3': {
    two: { timers: { keepalive: 1, hold: 2, connectRetry: 5 } },
    r1: ['Idle', 'OPEN refused: hold time 2 s is below 3 (NOTIFICATION 2/6)'],
    r2: ['Idle', 'r1 refused the OPEN: hold time 2 s is below 3 (NOTIFICATION 2/6)'],
  },
  'no family in common': {
    two: { families: six },
    r1: ['Idle', 'no address family is activated on both ends (NOTIFICATION 2/7)'],
    r2: ['Idle', 'no address family is activated on both ends (NOTIFICATION 2/7)'],
  },
  'one router id in one AS': {
    one: { remoteAs: 65001 },
    bgpTwo: { asn: 65001, routerId: address('1.1.1.1') },
    r1: ['Idle', 'OPEN refused: both ends have router id 1.1.1.1 (NOTIFICATION 2/3)'],
    r2: ['Idle', 'OPEN refused: both ends have router id 1.1.1.1 (NOTIFICATION 2/3)'],
  },
  'one router id in two AS is allowed (RFC 6286)': {
    bgpTwo: { routerId: address('1.1.1.1') },
    r1: up,
    r2: up,
  },
  'a listen range takes the caller': {
    two: null,
    bgpTwo: {
      listenRanges: [{ prefix: prefix('10.0.0.0/24'), peer: peerConfig(null, 65001), source: null }],
    },
    r1: up,
    r2: up,
  },
  'a listen range of another network does not': {
    two: null,
    bgpTwo: {
      listenRanges: [{ prefix: prefix('10.9.0.0/24'), peer: peerConfig(null, 65001), source: null }],
    },
    r1: ['Active', 'r2 has no neighbor 10.0.0.1'],
    r2: null,
  },
  'the listen limit is reached': {
    two: null,
    bgpTwo: {
      listenLimit: 0,
      listenRanges: [{ prefix: prefix('10.0.0.0/24'), peer: peerConfig(null, 65001), source: null }],
    },
    r1: ['Active', 'r2 has no neighbor 10.0.0.1'],
    r2: null,
  },
  'update-source that is nobody of ours': {
    one: { updateSource: address('10.7.7.7') },
    two: { passive: true },
    r1: ['Active', 'update-source 10.7.7.7 is not an address of this host'],
    r2: ['Active', 'this end is passive and no connection arrived'],
  },
  'update-source the other does not know': {
    one: { updateSource: { interface: 'lo' } },
    two: { passive: true },
    interfacesOne: withLoopback('10.0.0.1', '10.255.0.1'),
    r1: ['Active', 'r2 has no neighbor 10.255.0.1'],
    r2: ['Active', 'this end is passive and no connection arrived'],
  },
  'update-source is an interface with several addresses: the first of those that have most bits in common with the neighbor':
    {
      one: { updateSource: { interface: 'lo' } },
      two: { passive: true },
      interfacesOne: {
        ...cable('10.0.0.1'),
        lo: { addresses: ['192.168.0.1/32', '10.255.0.1/32', '10.254.0.1/32', '11.0.0.1/32'] },
      },
      r1: ['Active', 'r2 has no neighbor 10.255.0.1'],
      r2: ['Active', 'this end is passive and no connection arrived'],
    },
  'eBGP to a loopback without multihop': {
    one: { address: address('10.255.0.2') },
    interfacesTwo: withLoopback('10.0.0.2', '10.255.0.2'),
    two: { updateSource: { interface: 'lo' }, passive: true },
    r1: [
      'Active',
      '10.255.0.2 is not directly connected, and neither ebgp-multihop nor disable-connected-check is set',
    ],
    r2: ['Active', 'this end is passive and no connection arrived'],
  },
  'the interface is down': {
    interfacesTwo: { eth0: { addresses: ['10.0.0.2/24'], link: 'l', up: false } },
    r1: ['Active', 'interface eth0 towards 10.0.0.2 is down or not connected'],
    r2: ['Active', 'interface eth0 towards 10.0.0.1 is down or not connected'],
  },
  'the cable goes elsewhere': {
    interfacesTwo: { eth0: { addresses: ['10.0.0.2/24'], link: 'other' } },
    r1: ['Active', '10.0.0.2 does not answer on eth0'],
    r2: ['Active', '10.0.0.1 does not answer on eth0'],
  },
  'the address is on another interface, and inside the network of the segment': {
    one: { address: address('10.0.0.9') },
    interfacesTwo: withLoopback('10.0.0.2', '10.0.0.9'),
    two: { updateSource: { interface: 'lo' } },
    r1: ['Established', ''],
    r2: ['Established', ''],
  },
};

function sessionsOf(row: Row) {
  const one = peerConfig('10.0.0.2', 65002, row.one);
  const two = row.two === null ? [] : [peerConfig('10.0.0.1', 65001, row.two)];
  const network = {
    nodes: [
      node(
        'r1',
        row.interfacesOne ?? cable('10.0.0.1'),
        bgpConfig(65001, '1.1.1.1', { peers: [one], ...row.bgpOne }),
      ),
      node(
        'r2',
        row.interfacesTwo ?? cable('10.0.0.2'),
        bgpConfig(65002, '2.2.2.2', { peers: two, ...row.bgpTwo }),
      ),
    ],
  };
  const hosts = hostResults(simulate(network));
  const first = (name: string) => {
    const session = hosts[name]?.sessions[0];
    return session ? [session.state, session.reason] : null;
  };
  return [first('r1'), first('r2')];
}

describe('a session between two routers', () => {
  it.each(Object.entries(rows))('%s', (_name, row) => {
    expect(sessionsOf(row)).toEqual([row.r1, row.r2]);
  });
});

describe('sessions over more than one hop', () => {
  const loopbacks = (options: Partial<PeerConfig>) => {
    const r1 = bgpConfig(65001, '1.1.1.1', {
      peers: [peerConfig('10.255.0.2', 65002, { updateSource: address('10.255.0.1'), ...options })],
    });
    const r2 = bgpConfig(65002, '2.2.2.2', {
      peers: [peerConfig('10.255.0.1', 65001, { updateSource: address('10.255.0.2'), ...options })],
    });
    const route = (to: string, via: string) => ({
      prefix: prefix(`${to}/32`),
      via: address(via),
      interface: null,
      blackhole: false,
      distance: 1,
      tag: 0,
      source: null,
    });
    const between = {
      eth0: { addresses: ['10.0.1.2/24'], link: 'a' },
      eth1: { addresses: ['10.0.2.2/24'], link: 'b' },
    };
    const middle = node('middle', between, null, {
      statics: [route('10.255.0.1', '10.0.1.1'), route('10.255.0.2', '10.0.2.1')],
    });
    const network = {
      nodes: [
        node(
          'r1',
          { eth0: { addresses: ['10.0.1.1/24'], link: 'a' }, lo: { addresses: ['10.255.0.1/32'] } },
          r1,
          { statics: [route('10.255.0.2', '10.0.1.2')] },
        ),
        middle,
        node(
          'r2',
          { eth0: { addresses: ['10.0.2.1/24'], link: 'b' }, lo: { addresses: ['10.255.0.2/32'] } },
          r2,
          { statics: [route('10.255.0.1', '10.0.2.2')] },
        ),
      ],
    };
    return hostResults(simulate(network))['r1']?.sessions[0];
  };

  it('ebgp-multihop brings it up', () => {
    expect(loopbacks({ ebgpMultihop: 2 })).toMatchObject({
      state: 'Established',
      localAddress: '10.255.0.1',
      peer: '10.255.0.2',
    });
  });

  it('a TTL that is too small does not', () => {
    expect(loopbacks({ ebgpMultihop: 1 })).toMatchObject({
      state: 'Active',
      reason: '10.255.0.2 is 2 hops away, TTL allows 1',
    });
  });

  it('a static route satisfies the connected check, the TTL still ends', () => {
    expect(loopbacks({})).toMatchObject({
      state: 'Active',
      reason: '10.255.0.2 is 2 hops away, TTL allows 1',
    });
  });
});

describe('unnumbered sessions', () => {
  const side = (name: string, asn: number, network: string) =>
    node(
      name,
      { eth0: { addresses: [], link: 'l' }, docker0: { addresses: [network.replace('.0/24', '.1/24')] } },
      bgpConfig(asn, `1.1.1.${asn % 100}`, {
        peers: [peerConfig(null, 'external', { interface: 'eth0' })],
        originations: [
          { kind: 'network', family: 'ipv4-unicast', prefix: prefix(network), policy: null, source: null },
        ],
      }),
    );

  it('come up by interface and put the interface into the kernel table', () => {
    const hosts = hostResults(
      simulate({ nodes: [side('r1', 65001, '172.18.1.0/24'), side('r2', 65002, '172.18.2.0/24')] }),
    );
    expect(hosts['r1']?.sessions[0]).toMatchObject({
      peer: 'eth0',
      host: 'r2',
      state: 'Established',
      remoteAs: 65002,
    });
    expect(hosts['r1']?.fib).toEqual({ '172.18.2.0/24': ['eth0'] });
  });
});

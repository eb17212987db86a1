import { describe, expect, it } from 'vitest';
import { alwaysOnChecks } from '../../src/simulator/checks/index.ts';
import type { Intent, Network } from '../../src/simulator/kernel/network.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { address, bgpConfig, networkStatement, noOptions, peerConfig, prefix } from '../bgp/fixtures.ts';
import { clos } from './clos.ts';
import { type Interfaces, ibgpMesh, node } from './networks.ts';

const source = { file: 'hosts.yml', line: 3, column: 5 };

function intent(host: string, text: string, why = 'network'): Intent {
  return { host, prefix: prefix(text), why, certain: true, source };
}

/** What every host's `network` statements say. */
function intentsOf(network: Network): readonly Intent[] {
  return network.nodes.flatMap(({ name, router }) =>
    (router?.bgp?.originations ?? []).flatMap((one) =>
      one.kind === 'network' ? [intent(name, one.prefix.text)] : [],
    ),
  );
}

function findings(network: Network, intents = intentsOf(network)) {
  return alwaysOnChecks(simulate(network), intents).map(({ rule, message }) => `${rule}: ${message}`);
}

const lan = (own: number, extra: Interfaces = {}): Interfaces => ({
  eth0: { addresses: [`10.0.0.${own}/24`], link: 'lan' },
  ...extra,
});
const docker = (text: string): Interfaces => ({ docker0: { addresses: [text] } });

describe('always-on checks', () => {
  it('find nothing in a fabric that works', () => {
    expect(findings(ibgpMesh(4))).toEqual([]);
    expect(
      findings(
        clos({ spines: 2, racks: 2, torsPerRack: 2, hostsPerRack: 2, dualStack: true, maximumPaths: 8 }),
      ),
    ).toEqual([]);
  });

  it('session-down: one finding for both ends, with both reasons', () => {
    const network = {
      nodes: [
        node('r1', lan(1), bgpConfig(65001, '1.1.1.1', { peers: [peerConfig('10.0.0.2', 65534)] })),
        node('r2', lan(2), bgpConfig(65002, '1.1.1.2', { peers: [peerConfig('10.0.0.1', 65001)] })),
      ],
    };
    expect(findings(network)).toEqual([
      'session-down: the session from r1 to r2 (10.0.0.2) does not come up: OPEN refused: peer announced AS 65002, 65534 expected (NOTIFICATION 2/2); r2 says: r1 refused the OPEN: it expects AS 65534, not 65002 (NOTIFICATION 2/2)',
    ]);
  });

  it('not-announced: names host, prefix and why', () => {
    const network = ibgpMesh(2);
    const found = alwaysOnChecks(simulate(network), [
      ...intentsOf(network),
      intent('r1', '172.30.0.0/24', 'docker bip'),
    ]);
    expect(found).toMatchObject([
      {
        rule: 'not-announced',
        severity: 'error',
        message: 'r1 does not announce 172.30.0.0/24 (docker bip): no line of its configuration announces it',
        ranges: [source],
        host: 'r1',
        found: '172.30.0.0/24',
      },
    ]);
  });

  it('not-announced and unreachable: not for what may be kept out', () => {
    const network = ibgpMesh(2);
    const maybe = { ...intent('r1', '172.30.0.0/24'), certain: false };
    expect(findings(network, [...intentsOf(network), maybe])).toEqual([]);
  });

  it('not-announced: import-check keeps a network back', () => {
    const bgp = bgpConfig(65001, '1.1.1.1', {
      importCheck: true,
      originations: [networkStatement('172.30.0.0/24')],
    });
    expect(findings({ nodes: [node('r1', lan(1), bgp)] })).toEqual([
      'not-announced: r1 does not announce 172.30.0.0/24 (network): 172.30.0.0/24 is not in the routing table (bgp network import-check)',
    ]);
  });

  it('unreachable: a router without the route', () => {
    const peers = [peerConfig('10.0.0.9', 65000)];
    const own = bgpConfig(65000, '1.1.1.1', { peers, originations: [networkStatement('172.18.1.0/24')] });
    const network = {
      nodes: [
        node('r1', lan(1, docker('172.18.1.1/24')), own),
        node('r2', lan(2), bgpConfig(65000, '1.1.1.2', { peers })),
        node(
          'hub',
          lan(9),
          bgpConfig(65000, '9.9.9.9', {
            peers: [peerConfig('10.0.0.1', 65000), peerConfig('10.0.0.2', 65000)],
          }),
        ),
      ],
    };
    expect(findings(network)).toEqual([
      'unreachable: traffic from r2 to 172.18.1.0/24 of r1 (network) has nowhere to go (r2: no route to 172.18.1.1)',
    ]);
  });

  /** r1 - r2 - r3 in one line; r1 and r3 speak iBGP over r2, who does not speak BGP. */
  const overPlainHost = (statics: 'none' | 'back') => {
    const route = (to: string, via: string) => ({
      prefix: prefix(to),
      via: address(via),
      interface: null,
      blackhole: false,
      distance: 1,
      tag: 0,
      source: null,
    });
    const peerOf = (other: string) => [peerConfig(other, 65000)];
    const back = statics === 'back' ? [route('172.18.3.0/24', '10.0.12.1')] : [];
    return {
      nodes: [
        node(
          'r1',
          { eth0: { addresses: ['10.0.12.1/24'], link: 'a' } },
          bgpConfig(65000, '1.1.1.1', { peers: peerOf('10.0.23.3') }),
          { statics: [route('10.0.23.0/24', '10.0.12.2')] },
        ),
        node(
          'r2',
          {
            eth0: { addresses: ['10.0.12.2/24'], link: 'a' },
            eth1: { addresses: ['10.0.23.2/24'], link: 'b' },
          },
          null,
          { statics: back },
        ),
        node(
          'r3',
          { eth0: { addresses: ['10.0.23.3/24'], link: 'b' }, ...docker('172.18.3.1/24') },
          bgpConfig(65000, '1.1.1.3', {
            peers: peerOf('10.0.12.1'),
            originations: [networkStatement('172.18.3.0/24')],
          }),
          { statics: [route('10.0.12.0/24', '10.0.23.2')] },
        ),
      ],
    };
  };

  it('black-hole: a host on the way without the route', () => {
    expect(findings(overPlainHost('none'))).toEqual([
      'black-hole: traffic from r1 to 172.18.3.0/24 of r3 (network) is lost on the way (r2: no route to 172.18.3.1)',
    ]);
  });

  it('forwarding-loop: a host on the way that sends it back', () => {
    expect(findings(overPlainHost('back'))).toEqual([
      'forwarding-loop: traffic from r1 to 172.18.3.0/24 of r3 (network) goes in a circle (at r1)',
    ]);
  });

  it('route-leak: a prefix the inventory does not name', () => {
    const network = ibgpMesh(2);
    expect(findings(network, intentsOf(network).slice(1))).toEqual([
      'route-leak: r1 announces 172.18.1.0/24, which the inventory does not name',
    ]);
  });

  /** Two ToRs announce one address to a host. */
  const anycast = (changes: { maximumPaths: number; compareRouterId: boolean }) => {
    const tor = (own: number) =>
      node(
        `tor${own}`,
        lan(own, { lo: { addresses: ['10.99.0.1/32'] } }),
        bgpConfig(65000 + own, `1.1.1.${own}`, {
          peers: [peerConfig('10.0.0.9', 65009)],
          originations: [networkStatement('10.99.0.1/32')],
        }),
      );
    const width = { ebgp: changes.maximumPaths, ibgp: 1 };
    const host = bgpConfig(65009, '9.9.9.9', {
      peers: [peerConfig('10.0.0.1', 65001), peerConfig('10.0.0.2', 65002)],
      decision: { ...noOptions, asPathMultipathRelax: true, compareRouterId: changes.compareRouterId },
      maximumPaths: { 'ipv4-unicast': width, 'ipv6-unicast': width },
    });
    return { nodes: [tor(1), tor(2), node('web', lan(9), host)] };
  };

  it('start-order and anycast-spread: one of two equal paths is used, the first to come', () => {
    expect(findings(anycast({ maximumPaths: 1, compareRouterId: false }))).toEqual([
      'start-order: what web does with 10.99.0.1/32 depends on which router started first: next hop 10.0.0.1 or 10.0.0.2',
      'anycast-spread: tor2 announces 10.99.0.1/32 without getting traffic for it: all of it goes to tor1',
    ]);
  });

  it('start-order: not where the router id decides', () => {
    expect(findings(anycast({ maximumPaths: 1, compareRouterId: true }))).toEqual([
      'anycast-spread: tor2 announces 10.99.0.1/32 without getting traffic for it: all of it goes to tor1',
    ]);
  });

  it('neither where both paths are used', () => {
    expect(findings(anycast({ maximumPaths: 2, compareRouterId: false }))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { BgpInstance, Host, PeerGroup } from '../../../src/model/fabric.ts';
import { frrTarget, quaggaTarget } from '../../../src/targets/frr/index.ts';
import {
  bgp,
  fabric,
  matchNothing,
  neighbor,
  noPolicies,
  peerDefaults,
  prefix,
  routeMapEntry,
  setNothing,
} from '../sample.ts';
import { daemons, fullHost, meshHost } from './fixture.ts';

const source = { file: 'hosts.yml', line: 4, column: 14 };
const group: PeerGroup = { ...peerDefaults, name: 'G', remoteAs: 65001, source };

function limitsOf(daemon: Host['daemon'], options: Partial<BgpInstance>): string[] {
  const host = { ...meshHost(1, daemon), bgp: bgp(options) };
  const target = daemon.kind === 'quagga' ? quaggaTarget : frrTarget;
  return target.limits(host, fabric(host)).map((one) => one.message);
}

const entry = (options: Parameters<typeof routeMapEntry>[1]): Partial<BgpInstance> => ({
  policies: { ...noPolicies, routeMaps: [{ name: 'M', source, entries: [routeMapEntry(10, options)] }] },
});

describe('what Quagga 1.2 lacks', () => {
  it.each<readonly [string, Partial<BgpInstance>]>([
    [
      'listen ranges (10.9.0.0/16)',
      { peerGroups: [group], listenRanges: [{ prefix: prefix('10.9.0.0/16'), peerGroup: 'G', source }] },
    ],
    ['demand a policy from eBGP peers', { ebgpRequiresPolicy: true }],
    ['a password of one word', { neighbors: [neighbor('10.0.0.9', 65001, { password: 'two words' })] }],
    [
      'as-set for the IPv6 aggregate 2001:db8::/32',
      { aggregates: [{ prefix: prefix('2001:db8::/32'), summaryOnly: false, asSet: true, source }] },
    ],
    ['at most 64 paths, not 65', { maximumPaths: { ebgp: 65, ibgp: 1 } }],
    [
      'match the source protocol (route-map M 10)',
      entry({ match: { ...matchNothing, sourceProtocol: 'static' } }),
    ],
    [
      'no `set ip next-hop unchanged` (route-map M 10)',
      entry({ set: { ...setNothing, nextHop: 'unchanged' } }),
    ],
    ['absolute local preference (route-map M 10)', entry({ set: { ...setNothing, localPreference: '+5' } })],
    [
      'no as-override (neighbor 10.0.0.9)',
      { neighbors: [neighbor('10.0.0.9', 65001, { asOverride: true })] },
    ],
    [
      'no `remove-private-AS all` (neighbor 10.0.0.9)',
      { neighbors: [neighbor('10.0.0.9', 65001, { removePrivateAs: 'all' })] },
    ],
    ['a peer group without IPv4 (G)', { peerGroups: [{ ...group, families: ['ipv6-unicast'] }] }],
    [
      '10.0.0.9, a member of peer group G',
      { peerGroups: [group], neighbors: [neighbor('10.0.0.9', 65001, { peerGroup: 'G', routeMapOut: 'M' })] },
    ],
  ])('%s', (words, options) => {
    expect(limitsOf(daemons.quagga, options).join('\n')).toContain(words);
  });
});

describe('what FRR lacks', () => {
  it.each<readonly [string, Partial<BgpInstance>]>([
    ['match the source protocol', entry({ match: { ...matchNothing, sourceProtocol: 'static' } })],
    [
      'ttl-security together with ebgp-multihop',
      { neighbors: [neighbor('10.0.0.9', 65001, { ttlSecurityHops: 1, ebgpMultihop: 2 })] },
    ],
    ['drops a line with `| ` in it', { neighbors: [neighbor('10.0.0.9', 65001, { description: 'a | b' })] }],
    ['a password of one word', { neighbors: [neighbor('10.0.0.9', 65001, { password: 'two words' })] }],
    ['at most 10 times', { neighbors: [neighbor('10.0.0.9', 65001, { allowasIn: 11 })] }],
    [
      'ASN of peer group G (65001)',
      { peerGroups: [group], neighbors: [neighbor('10.0.0.9', 65002, { peerGroup: 'G' })] },
    ],
    [
      '`passive` of peer group G away',
      {
        peerGroups: [{ ...group, passive: true }],
        neighbors: [neighbor('10.0.0.9', 65001, { peerGroup: 'G' })],
      },
    ],
  ])('%s', (words, options) => {
    expect(limitsOf(daemons.frr, options).join('\n')).toContain(words);
  });

  it('has the source protocol from version 10', () => {
    expect(
      limitsOf(daemons.datacenter, entry({ match: { ...matchNothing, sourceProtocol: 'static' } })),
    ).toEqual([]);
  });

  it('says nothing where every option can be said', () => {
    const host = fullHost(daemons.frr);
    expect(frrTarget.limits(host, fabric(host))).toEqual([]);
  });

  it('points at the debug switch it has no name for', () => {
    const host = {
      ...meshHost(1, daemons.frr),
      vars: new Map([['bgp_debug', { value: { filters: true }, source }]]),
    };
    expect(frrTarget.limits(host, fabric(host))).toMatchObject([
      { rule: 'target-limit', severity: 'warning' },
    ]);
  });
});

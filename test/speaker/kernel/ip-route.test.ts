import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/base/ip.ts';
import { hostView } from '../../../src/speaker/host-state.ts';
import { batchFailures, batchLine, standingRoutes } from '../../../src/speaker/kernel/ip-route.ts';
import { nextHopsOf } from '../../../src/speaker/kernel/next-hops.ts';
import { planRoute } from '../../../src/speaker/kernel/plan.ts';

const mark = { protocol: 179, metric: 20 };

describe('ip route', () => {
  it('is told of one destination a line', () => {
    const way = 'via 10.0.0.2 dev eth0';
    const lines = [
      planRoute('10.2.0.0/24', undefined, way),
      planRoute('10.2.0.0/24', 'via 10.0.0.3 dev eth0', way),
      planRoute('::/0', 'via fe80::1 dev eth0', ''),
      planRoute('10.2.0.0/24', way, way),
      planRoute('10.2.0.0/24', undefined, ''),
      planRoute('10.3.0.0/24', undefined, 'nexthop via 2001:db8::2 dev eth0 nexthop via 10.0.0.2 dev eth1'),
    ].map((operation) => operation && batchLine(operation, mark));
    expect(lines).toEqual([
      'route add 10.2.0.0/24 table main proto 179 metric 20 via 10.0.0.2 dev eth0',
      'route replace 10.2.0.0/24 table main proto 179 metric 20 via 10.0.0.2 dev eth0',
      'route del ::/0 table main proto 179 metric 20',
      null,
      null,
      'route add 10.3.0.0/24 table main proto 179 metric 20 nexthop via inet6 2001:db8::2 dev eth0 nexthop via 10.0.0.2 dev eth1',
    ]);
  });

  it('says what it could not do, line by line', () => {
    const words = [
      'RTNETLINK answers: File exists',
      'Command failed -:2',
      'Error: Nexthop has invalid gateway.',
      'Command failed -:7',
      'Command failed -:8',
    ];
    expect(batchFailures(words.join('\n'))).toEqual([
      { line: 1, words: 'File exists' },
      { line: 6, words: 'Nexthop has invalid gateway.' },
      { line: 7, words: 'refused' },
    ]);
  });

  it('shows what stands there', () => {
    const shown = [
      { dst: 'default', gateway: '10.0.0.2', dev: 'eth0', metric: 20 },
      { dst: '10.5.5.5', metric: 7, via: { family: 'inet6', host: 'fe80::1' }, dev: 'eth1' },
      {
        dst: '10.2.0.0/24',
        metric: 20,
        nexthops: [
          { gateway: '10.0.0.3', dev: 'b' },
          { gateway: '10.0.0.2', dev: 'a' },
        ],
      },
    ];
    expect(standingRoutes(JSON.stringify(shown), 4)).toEqual([
      { prefix: '0.0.0.0/0', way: 'via 10.0.0.2 dev eth0', metric: 20 },
      { prefix: '10.5.5.5/32', way: 'via fe80::1 dev eth1', metric: 7 },
      { prefix: '10.2.0.0/24', way: 'nexthop via 10.0.0.2 dev a nexthop via 10.0.0.3 dev b', metric: 20 },
    ]);
    expect(standingRoutes('', 6)).toEqual([]);
  });
});

describe('next hops', () => {
  const state = {
    interfaces: [{ name: 'eth0', addresses: ['10.0.0.1/24', 'fe80::1/64', '2001:db8::1/64'] }],
    routes: [
      { prefix: '0.0.0.0/0', via: '10.0.0.254', interface: 'eth0' },
      { prefix: '10.5.0.0/16', via: '10.6.0.1', interface: 'eth0' },
      { prefix: '10.6.0.0/16', via: '10.0.0.7', interface: 'eth0' },
      { prefix: '10.7.0.0/16', via: '10.7.0.1', interface: 'eth0' },
      { prefix: '10.8.0.0/16', via: null, interface: 'eth9' },
      { prefix: '2001:db8:5::/48', via: 'fe80::7', interface: 'eth0' },
    ],
  };
  const nextHops = nextHopsOf(state, hostView(state, []));
  const of = (text: string, zone: string | null = null) => {
    const address = parseAddress(text);
    const hop = address ? nextHops(address, zone) : 'no address';
    return typeof hop === 'string' ? hop : `${hop.gateway.text} ${hop.interface}`;
  };

  it.each([
    ['10.0.0.9', '10.0.0.9 eth0'],
    ['10.5.0.1', '10.0.0.7 eth0'],
    ['10.7.0.9', 'no route to the next hop'],
    ['10.8.0.9', 'no route to the next hop'],
    ['192.0.2.1', 'no route to the next hop'],
    ['10.0.0.1', 'the next hop is an address of this host'],
    ['2001:db8:5::1', 'fe80::7 eth0'],
    ['fe80::9', 'the link of the next hop is down'],
  ])('%s: %s', (nextHop, expected) => expect(of(nextHop)).toBe(expected));

  it('a link-local one needs its link', () => {
    expect([of('fe80::9', 'eth0'), of('fe80::9', 'eth9')]).toEqual([
      'fe80::9 eth0',
      'the link of the next hop is down',
    ]);
  });
});

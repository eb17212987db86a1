import { describe, expect, it } from 'vitest';
import { type Host, simulate } from '../semantics/support/fabric.ts';
import { bgp, pathsOf, simulateFrr } from './configs.ts';

/** Each rule was seen on FRR 8.4.4, where a random fabric's tables differed, and then found in its source. */
const free = ' no bgp network import-check';
const ebgp = (first: string, second: string, maps = '') =>
  simulateFrr(
    { r1: 'eth0 10.0.0.1/30 l', r2: 'eth0 10.0.0.2/30 l' },
    {
      r1: `${maps}\n${bgp(65001, { '10.0.0.2': 65002 }, first, free)}`,
      r2: bgp(65002, { '10.0.0.1': 65001 }, second, free),
    },
  );

describe('update groups', () => {
  const wires = {
    r1: 'eth0 10.0.2.1/30 a, eth1 10.0.3.1/30 b, eth2 10.0.4.1/30 c',
    r2: 'eth0 10.0.2.2/30 a',
    r3: 'eth0 10.0.3.2/30 b',
    r4: 'eth0 10.0.4.2/30 c',
  };
  const three = (options: string, order?: readonly string[]) =>
    simulateFrr(
      wires,
      {
        r1: bgp(65001, { '10.0.2.2': 65002, '10.0.3.2': 65003, '10.0.4.2': 65004 }, options),
        r2: bgp(65002, { '10.0.2.1': 65001 }, ' neighbor 10.0.2.1 allowas-in'),
        r3: bgp(65003, { '10.0.3.1': 65001 }, ' neighbor 10.0.3.1 allowas-in'),
        r4: bgp(65004, { '10.0.4.1': 65001 }, ' network 10.1.0.0/24\n network 10.2.0.0/24', free),
      },
      {},
      order ? { startOrder: order } : {},
    );

  it('as-override replaces the AS of the peer that came up first, for all of the group', () => {
    const override =
      ' neighbor 10.0.2.2 as-override\n neighbor 10.0.4.2 as-override\n neighbor 10.0.3.2 as-override';
    const seen = (order: readonly string[]) =>
      pathsOf(three(override, order), 'r3', '10.1.0.0/24')[0]?.asPath;
    expect(seen(['r1', 'r2', 'r4', 'r3'])).toBe('65001 65004');
    expect(seen(['r1', 'r4', 'r2', 'r3'])).toBe('65001 65001');
  });

  it('a filter-list out judges the path before remove-private-AS takes anything off', () => {
    const run = three(
      ' neighbor 10.0.3.2 remove-private-AS\n neighbor 10.0.3.2 filter-list VIA4 out\n neighbor 10.0.2.2 filter-list VIA4 out\nexit\nbgp as-path access-list VIA4 permit _65004_\nrouter bgp 65001',
    );
    expect(pathsOf(run, 'r3', '10.1.0.0/24')).toMatchObject([{ asPath: '65001' }]);
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toMatchObject([{ asPath: '65001 65004' }]);
  });
});

describe('MED', () => {
  const lan = {
    r1: 'eth0 10.0.0.1/24 l',
    r2: 'eth0 10.0.0.2/24 l',
    r3: 'eth0 10.0.0.3/24 l',
    r4: 'eth0 10.0.0.4/24 l',
  };
  const take =
    'route-map M permit 10\n match metric 20\n set community 65000:20\nexit\nroute-map M permit 20\nexit';

  it('match metric sees a MED that does not leave the AS', () => {
    const run = simulateFrr(lan, {
      r1: `route-map UP permit 10\n set metric 20\nexit\n${bgp(65001, { '10.0.0.2': 65002 }, ' network 10.1.0.0/24\n neighbor 10.0.0.2 route-map UP out', free)}`,
      r2: `${take}\n${bgp(65002, { '10.0.0.1': 65001, '10.0.0.3': 65003 }, ' neighbor 10.0.0.3 route-map M out')}`,
      r3: bgp(65003, { '10.0.0.2': 65002 }, ''),
    });
    expect(pathsOf(run, 'r3', '10.1.0.0/24')).toMatchObject([{ med: null, communities: ['65000:20'] }]);
  });

  /** A GoBGP host of the LAN that announces 10.1.0.0/24 to r1 (10.0.0.1). */
  const announcer = (n: number, asn: number, med: string): Host => ({
    daemon: 'gobgp-3',
    wires: `eth0 10.0.0.${n}/24 l`,
    text: `[global.config]\n  as = ${asn}\n  router-id = "${n}.0.0.1"\n[[neighbors]]\n  [neighbors.config]\n    neighbor-address = "10.0.0.1"\n    peer-as = 65001\n`,
    cli: [`gobgp global rib add -a ipv4 10.1.0.0/24 origin igp ${med}`],
  });
  const speaker = (n: number, peers: Readonly<Record<string, number>>, family: string): Host => ({
    daemon: 'frr-8.4',
    wires: `eth0 10.0.0.${n}/24 l`,
    text: `frr version 8.4\nfrr defaults traditional\n${bgp(65001, peers, family, ' bgp bestpath compare-routerid')}\n`,
  });

  it('a path that is reflected for the first time gets MED 0 where it had none', () => {
    const clients = ' neighbor 10.0.0.2 route-reflector-client\n neighbor 10.0.0.3 route-reflector-client';
    const run = simulate({
      r1: speaker(1, { '10.0.0.2': 65001, '10.0.0.3': 65001 }, clients),
      r2: announcer(2, 65001, ''),
      r3: speaker(3, { '10.0.0.1': 65001 }, ''),
    });
    expect(pathsOf(run, 'r1', '10.1.0.0/24')).toMatchObject([{ med: null }]);
    expect(pathsOf(run, 'r3', '10.1.0.0/24')).toMatchObject([{ med: 0 }]);
  });

  it('a path that differs only in having MED 0 is not told again', () => {
    const run = (order: readonly string[]) =>
      simulate(
        {
          r1: speaker(
            1,
            { '10.0.0.2': 65002, '10.0.0.8': 65002, '10.0.0.3': 65001 },
            ' neighbor 10.0.0.3 next-hop-self',
          ),
          r2: announcer(2, 65002, 'med 0'),
          r3: speaker(3, { '10.0.0.1': 65001 }, ''),
          r8: announcer(8, 65002, ''),
        },
        order,
      );
    const medAt = (order: readonly string[]) => pathsOf(run(order), 'r3', '10.1.0.0/24')[0]?.med;
    expect(medAt(['r1', 'r3', 'r2', 'r8'])).toBe(0);
    expect(medAt(['r1', 'r3', 'r8', 'r2'])).toBeNull();
  });
});

describe('aggregates', () => {
  it('match local-preference 100 does not take an aggregate, which has none', () => {
    const map = 'route-map M permit 10\n match local-preference 100\nexit';
    const run = ebgp(
      ' network 10.1.0.0/24\n aggregate-address 10.1.0.0/16\n neighbor 10.0.0.2 route-map M out',
      '',
      map,
    );
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toHaveLength(1);
    expect(pathsOf(run, 'r2', '10.1.0.0/16')).toEqual([]);
  });
});

describe('next hop', () => {
  it('set ip next-hop unchanged passes on what the sender gave, also to the sender, which refuses it', () => {
    const map = 'route-map M permit 10\n set ip next-hop unchanged\nexit';
    const run = simulateFrr(
      { r1: 'eth0 10.0.1.1/30 a', r2: 'eth0 10.0.1.2/30 a, eth1 10.0.2.1/30 b', r3: 'eth0 10.0.2.2/30 b' },
      {
        r1: bgp(65001, { '10.0.1.2': 65002 }, ' network 10.1.0.0/24\n neighbor 10.0.1.2 allowas-in', free),
        r2: `${map}\n${bgp(65002, { '10.0.1.1': 65001, '10.0.2.2': 65003 }, ' neighbor 10.0.2.2 route-map M out\n neighbor 10.0.1.1 route-map M out')}`,
        r3: bgp(65003, { '10.0.2.1': 65002 }, ''),
      },
    );
    expect(pathsOf(run, 'r3', '10.1.0.0/24')).toMatchObject([{ nextHop: '10.0.1.1', valid: false }]);
    expect(pathsOf(run, 'r1', '10.1.0.0/24')).toHaveLength(1);
  });

  it('match ip next-hop sees 0.0.0.0 on what is made here, the received one on what is passed on', () => {
    const map = [
      'ip prefix-list OWN permit 0.0.0.0/32',
      'route-map M permit 10\n match ip next-hop prefix-list OWN\n set metric 7\nexit',
      'route-map M permit 20\nexit',
    ].join('\n');
    const run = ebgp(' network 10.1.0.0/24\n neighbor 10.0.0.2 route-map M out', '', map);
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toMatchObject([{ med: 7 }]);
  });

  it('attribute-unchanged next-hop shows the source its own address, which it refuses', () => {
    const seen = (more: string) =>
      pathsOf(ebgp(' network 10.1.0.0/24\n neighbor 10.0.0.2 allowas-in', more), 'r1', '10.1.0.0/24');
    expect(seen('')).toHaveLength(2);
    expect(seen(' neighbor 10.0.0.1 attribute-unchanged next-hop')).toHaveLength(1);
  });
});

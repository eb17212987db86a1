import { describe, expect, it } from 'vitest';
import { bgp, pathsOf, simulateFrr } from './configs.ts';

/** What a route-map and the lists it names do on FRR 8.4.4. */
const cable = { r1: 'eth0 10.0.0.1/30 l', r2: 'eth0 10.0.0.2/30 l' };
const free = ' no bgp network import-check';

/** What r2 takes from r1's 10.1.0.0/24 with these lines before or after its `router bgp`. */
function taken(family: string, { before = '', after = '' }: { before?: string; after?: string }) {
  const run = simulateFrr(cable, {
    r1: bgp(65001, { '10.0.0.2': 65002 }, ' network 10.1.0.0/24', free),
    r2: `${before}\n${bgp(65002, { '10.0.0.1': 65001 }, family)}\nexit\n!\n${after}`,
  });
  return { run, paths: pathsOf(run, 'r2', '10.1.0.0/24') };
}

const through = (maps: string) => taken(' neighbor 10.0.0.1 route-map IN in', { after: maps });
const EMPTY = 'ip prefix-list EMPTY description nothing in it';

describe('call', () => {
  it('of a route-map nobody defines is passed over, and said', () => {
    const { paths, run } = through('route-map IN permit 10\n call NOBODY\n set metric 7');
    expect(paths).toMatchObject([{ med: 7 }]);
    expect(run.result.findings).toMatchObject([{ rule: 'config-undefined-name', found: 'NOBODY' }]);
  });
});

describe('a prefix-list without entries', () => {
  it('is no first match of a route-map', () => {
    const maps = `${EMPTY}\nroute-map IN deny 10\n match ip address prefix-list EMPTY\nroute-map IN permit 20\n set metric 20`;
    expect(through(maps).paths).toMatchObject([{ med: 20 }]);
  });

  it('permits all where an entry before goes on to it', () => {
    const maps = `${EMPTY}\nroute-map IN permit 5\n on-match next\nroute-map IN permit 10\n match ip address prefix-list EMPTY\n set metric 10`;
    expect(through(maps).paths).toMatchObject([{ med: 10 }]);
  });

  it('permits all in a route-map that is not optimized', () => {
    const maps = `${EMPTY}\nroute-map IN permit 10\n match ip address prefix-list EMPTY\n set metric 10\nexit\nno route-map IN optimization`;
    expect(through(maps).paths).toMatchObject([{ med: 10 }]);
  });

  it('on a neighbor denies all where the list comes later, permits all where it came first', () => {
    const line = ' neighbor 10.0.0.1 prefix-list EMPTY in';
    expect(taken(line, { after: EMPTY }).paths).toEqual([]);
    expect(taken(line, { before: EMPTY }).paths).toHaveLength(1);
  });
});

describe('on-match', () => {
  it('is refused in a deny entry', () => {
    const { run } = through('route-map IN deny 10\n on-match next\nroute-map IN permit 20');
    expect(run.result.findings.map(({ rule }) => rule)).toContain('config-refused');
  });
});

describe('match probability', () => {
  it.each([
    [100, 10],
    [0, 20],
  ])('%i is no matter of chance', (percent, med) => {
    const { paths, run } = through(
      `route-map IN permit 10\n match probability ${percent}\n set metric 10\nroute-map IN permit 20\n set metric 20`,
    );
    expect(paths).toMatchObject([{ med }]);
    expect(run.result.unmodelled).toEqual([]);
  });
});

describe('match ip route-source', () => {
  const maps = (neighbor: string) =>
    `ip prefix-list THEM permit ${neighbor}\nroute-map IN permit 10\n match ip route-source prefix-list THEM\n set metric 10\nroute-map IN permit 20\n set metric 20`;

  it('asks whom the route came from', () => {
    expect(through(maps('10.0.0.0/24 le 32')).paths).toMatchObject([{ med: 10 }]);
    expect(through(maps('10.9.0.0/24 le 32')).paths).toMatchObject([{ med: 20 }]);
  });

  it('holds of nothing on the way out', () => {
    const after = maps('0.0.0.0/0 le 32').replaceAll('IN', 'OUT');
    const run = simulateFrr(cable, {
      r1: `${bgp(65001, { '10.0.0.2': 65002 }, ' network 10.1.0.0/24\n neighbor 10.0.0.2 route-map OUT out', free)}\nexit\n${after}`,
      r2: bgp(65002, { '10.0.0.1': 65001 }, ''),
    });
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toMatchObject([{ med: 20 }]);
  });
});

describe('set originator-id', () => {
  it('shows, and what only is passed on is nothing to warn of', () => {
    const { paths, run } = through(
      'route-map IN permit 10\n set originator-id 9.9.9.9\n set atomic-aggregate\n set aggregator as 65009 9.9.9.9',
    );
    expect(paths).toMatchObject([{ originatorId: '9.9.9.9' }]);
    expect(run.result.unmodelled).toEqual([]);
  });
});

describe('maximum-paths', () => {
  it('of more equal paths uses those with the lowest next hops beside the best', () => {
    const feeder = (link: number, routerId: string) =>
      bgp(
        65100,
        { [`10.0.${link}.2`]: 65100 },
        ' network 10.1.0.0/24',
        `${free}\n bgp router-id ${routerId}`,
      );
    const run = simulateFrr(
      {
        f1: 'eth0 10.0.1.1/24 a',
        f2: 'eth0 10.0.2.1/24 b',
        f3: 'eth0 10.0.3.1/24 c',
        j: 'eth0 10.0.1.2/24 a, eth1 10.0.2.2/24 b, eth2 10.0.3.2/24 c',
      },
      {
        f1: feeder(1, '10.255.0.9'),
        f2: feeder(2, '10.255.0.3'),
        f3: feeder(3, '10.255.0.5'),
        j: bgp(
          65100,
          { '10.0.1.1': 65100, '10.0.2.1': 65100, '10.0.3.1': 65100 },
          ' maximum-paths ibgp 2',
          ' bgp router-id 10.255.0.100',
        ),
      },
    );
    expect(pathsOf(run, 'j', '10.1.0.0/24').find(({ best }) => best)?.from).toBe('10.0.2.1');
    expect(run.result.hosts['j']?.fib['10.1.0.0/24']).toEqual(['10.0.1.1', '10.0.2.1']);
  });
});

describe('default-originate', () => {
  it('is sent though the default route of the table leads to the neighbor itself', () => {
    const run = simulateFrr(cable, {
      r1: `ip route 0.0.0.0/0 10.0.0.2\n${bgp(65001, { '10.0.0.2': 65002 }, ' redistribute static\n neighbor 10.0.0.2 default-originate')}`,
      r2: bgp(65002, { '10.0.0.1': 65001 }, ''),
    });
    expect(pathsOf(run, 'r2', '0.0.0.0/0')).toMatchObject([{ best: true, from: '10.0.0.1', origin: 'igp' }]);
  });
});

describe('set ip next-hop where the network is made', () => {
  it('goes to neighbors on its segment and to no others', () => {
    const run = simulateFrr(
      { r1: 'eth0 10.0.0.1/24 a, eth1 10.0.1.1/24 b', r2: 'eth0 10.0.0.2/24 a', r3: 'eth0 10.0.1.3/24 b' },
      {
        r1: `${bgp(65001, { '10.0.0.2': 65002, '10.0.1.3': 65003 }, ' network 10.1.0.0/24 route-map HOP', free)}\nexit\nroute-map HOP permit 10\n set ip next-hop 10.0.0.77`,
        r2: bgp(65002, { '10.0.0.1': 65001 }, ''),
        r3: bgp(65003, { '10.0.1.1': 65001 }, ''),
      },
    );
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toMatchObject([{ nextHop: '10.0.0.77' }]);
    expect(pathsOf(run, 'r3', '10.1.0.0/24')).toMatchObject([{ nextHop: '10.0.1.1', valid: true }]);
  });
});

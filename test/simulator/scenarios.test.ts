import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BgpConfig } from '../../src/bgp/config.ts';
import type { Policy } from '../../src/bgp/policy/types.ts';
import { redecide } from '../../src/simulator/engine/choose.ts';
import { explainPrefix } from '../../src/simulator/explain/prefix.ts';
import { forward } from '../../src/simulator/forwarding/forward.ts';
import type { Network } from '../../src/simulator/kernel/network.ts';
import { holdPrefix, hostPaths, hostResults } from '../../src/simulator/result/hosts.ts';
import { type SimulationState, simulate } from '../../src/simulator/simulate.ts';
import {
  address,
  bgpConfig,
  familyConfig,
  gobgp,
  networkStatement,
  peerConfig,
  prefix,
} from '../bgp/fixtures.ts';
import { clos } from './clos.ts';
import { type Interfaces, node } from './networks.ts';

const lan = (own: number, extra: Interfaces = {}): Interfaces => ({
  eth0: { addresses: [`10.0.0.${own}/24`], link: 'lan' },
  ...extra,
});
const bridge = (network: string): Interfaces => ({
  docker0: { addresses: [network.replace('.0/24', '.1/24')] },
});

function bestOf(state: SimulationState, host: string, text: string) {
  const best = hostPaths(state, host, text.includes(':') ? 'ipv6-unicast' : 'ipv4-unicast', text).find(
    (path) => path.best,
  );
  return best ? { asPath: best.asPath, nextHop: best.nextHop, from: best.from } : null;
}

describe('a route reflector and two clients', () => {
  const client = (number: number) => {
    const network = `172.18.${number}.0/24`;
    const bgp = bgpConfig(65000, `1.1.1.${number}`, {
      peers: [peerConfig('10.0.0.9', 65000)],
      originations: [networkStatement(network)],
    });
    return node(`c${number}`, lan(number, bridge(network)), bgp);
  };
  const reflector = (options: { client: boolean; go?: boolean }) => {
    const families = { 'ipv4-unicast': familyConfig({ routeReflectorClient: options.client }) };
    const peers = [1, 2].map((number) => peerConfig(`10.0.0.${number}`, 65000, { families }));
    return node(
      'rr',
      lan(9),
      bgpConfig(65000, '9.9.9.9', { peers }),
      options.go ? { profile: gobgp, installsRoutes: false } : {},
    );
  };

  it.each([
    ['FRR', false],
    ['GoBGP', true],
  ])('%s: clients see each other, with originator and cluster', (_name, go) => {
    const state = simulate({ nodes: [client(1), client(2), reflector({ client: true, go })] });
    const [path, ...others] = hostPaths(state, 'c1', 'ipv4-unicast', '172.18.2.0/24');
    expect(others).toEqual([]);
    expect(path).toMatchObject({
      best: true,
      nextHop: '10.0.0.2',
      originatorId: '1.1.1.2',
      clusterList: ['9.9.9.9'],
      from: '10.0.0.9',
    });
    expect(hostResults(state)['c1']?.fib).toEqual({ '172.18.2.0/24': ['10.0.0.2'] });
    expect(hostResults(state)['rr']?.fib).toEqual(
      go ? {} : { '172.18.1.0/24': ['10.0.0.1'], '172.18.2.0/24': ['10.0.0.2'] },
    );
  });

  it('without clients nothing is passed on', () => {
    const state = simulate({ nodes: [client(1), client(2), reflector({ client: false })] });
    expect(hostPaths(state, 'c1', 'ipv4-unicast', '172.18.2.0/24')).toEqual([]);
    const sent = explainPrefix(state, 'rr', 'ipv4-unicast', '172.18.2.0/24')?.advertised.find(
      ({ toHost }) => toHost === 'c1',
    );
    expect(sent).toMatchObject({
      sent: false,
      reason: 'learned over iBGP, neither side is a route reflector client',
    });
  });
});

/** r1, r2, r3 in a triangle of cables, AS 65001 to 65003; r3 announces 172.18.3.0/24. */
function triangle(changes: Partial<Record<'r1' | 'r2' | 'r3', Partial<BgpConfig>>> = {}): Network {
  const cables = { 12: '10.0.12', 13: '10.0.13', 23: '10.0.23' };
  const router = (own: number, others: readonly number[]) => {
    const name = `r${own}` as 'r1' | 'r2' | 'r3';
    const cableTo = (other: number) => Math.min(own, other) * 10 + Math.max(own, other);
    const interfaces: Interfaces = Object.fromEntries(
      others.map((other) => [
        `to${other}`,
        { addresses: [`${cables[cableTo(other) as 12]}.${own}/24`], link: `l${cableTo(other)}` },
      ]),
    );
    const peers = others.map((other) =>
      peerConfig(`${cables[cableTo(other) as 12]}.${other}`, 65000 + other),
    );
    const originations = own === 3 ? [networkStatement('172.18.3.0/24')] : [];
    const docker: Interfaces = own === 3 ? bridge('172.18.3.0/24') : {};
    return node(
      name,
      { ...interfaces, ...docker },
      bgpConfig(65000 + own, `1.1.1.${own}`, { peers, originations, ...changes[name] }),
    );
  };
  return { nodes: [router(1, [2, 3]), router(2, [1, 3]), router(3, [1, 2])] };
}

describe('an eBGP triangle', () => {
  it('takes the direct way and keeps the longer one in the table', () => {
    const paths = hostPaths(simulate(triangle()), 'r1', 'ipv4-unicast', '172.18.3.0/24');
    expect(paths.map(({ best, asPath, reason }) => [best, asPath, reason])).toEqual([
      [true, '65003', 'as-path-length'],
      [false, '65002 65003', 'as-path-length'],
    ]);
  });

  it('says where a route that comes back is refused', () => {
    const explained = explainPrefix(simulate(triangle()), 'r3', 'ipv4-unicast', '172.18.3.0/24');
    expect(explained?.received.map(({ accepted, reason }) => [accepted, reason])).toEqual([
      [false, 'AS_PATH holds the own AS (65001 65003)'],
      [false, 'AS_PATH holds the own AS (65002 65003)'],
    ]);
  });

  it('names the policy and the statement that keep a route out', () => {
    const deny: Policy = {
      name: 'none',
      statements: [],
      otherwise: 'reject',
      source: { file: 'bgpd.conf', line: 7, column: 1 },
    };
    const families = { 'ipv4-unicast': familyConfig({ importPolicy: [deny] }) };
    const peers = [peerConfig('10.0.12.2', 65002), peerConfig('10.0.13.3', 65003, { families })];
    const explained = explainPrefix(
      simulate(triangle({ r1: { peers } })),
      'r1',
      'ipv4-unicast',
      '172.18.3.0/24',
    );
    expect(explained?.received.find(({ from }) => from === '10.0.13.3')).toMatchObject({
      accepted: false,
      reason: 'policy none, no statement matches',
      source: { line: 7 },
    });
    expect(explained?.paths[0]).toMatchObject({ best: true, asPath: '65002 65003' });
  });
});

describe('a dual-stack Clos fabric', () => {
  const state = simulate(
    clos({ spines: 2, racks: 2, torsPerRack: 2, hostsPerRack: 2, dualStack: true, maximumPaths: 8 }),
  );
  const hosts = hostResults(state);

  it('spreads both families over both ToRs', () => {
    const fib = hosts['host1-1']?.fib ?? {};
    expect(Object.keys(fib)).toHaveLength(6);
    for (const nextHops of Object.values(fib)) expect(nextHops).toHaveLength(2);
  });

  it('orders prefixes IPv4 first', () => {
    const families = Object.keys(hosts['spine1']?.bgp ?? {}).map((text) => (text.includes(':') ? 6 : 4));
    expect(families).toEqual([4, 4, 4, 4, 6, 6, 6, 6]);
  });

  it('forwards over every branch to the other rack', () => {
    const { branches, complete } = forward(state, 'host1-1', address('172.16.10.1'));
    expect(complete).toBe(true);
    expect(branches).toHaveLength(8);
    for (const { end, hops } of branches)
      expect([end, hops.length, hops.at(-1)?.host]).toEqual(['delivered', 5, 'host2-2']);
  });

  it('is stable: every router that decides again stays where it is', () => {
    for (const family of ['ipv4-unicast', 'ipv6-unicast'] as const) {
      for (const kept of state.families[family].prefixes) {
        const { engine } = state.families[family];
        holdPrefix(state, state.families[family], kept);
        const before = engine.bestPath.slice();
        for (const touched of [...engine.touched]) redecide(engine, touched);
        expect(engine.queue.head).toBe(engine.queue.tail);
        expect(engine.bestPath).toEqual(before);
      }
    }
  });
});

describe('next hops', () => {
  /** r1 - r2 (same AS), r2 has eBGP to r3; r1 hears r3's route with r3's address as next hop. */
  const chain = (options: { nextHopSelf: boolean; covered?: boolean }): Network => {
    const toR1 = { 'ipv4-unicast': familyConfig({ nextHopSelf: options.nextHopSelf ? 'yes' : 'no' }) };
    const covered = options.covered ? [networkStatement('10.0.23.0/24')] : [];
    return {
      nodes: [
        node(
          'r1',
          { eth0: { addresses: ['10.0.12.1/24'], link: 'a' } },
          bgpConfig(65000, '1.1.1.1', { peers: [peerConfig('10.0.12.2', 65000)] }),
        ),
        node(
          'r2',
          {
            eth0: { addresses: ['10.0.12.2/24'], link: 'a' },
            eth1: { addresses: ['10.0.23.2/24'], link: 'b' },
          },
          bgpConfig(65000, '1.1.1.2', {
            peers: [peerConfig('10.0.12.1', 65000, { families: toR1 }), peerConfig('10.0.23.3', 65003)],
            originations: covered,
          }),
        ),
        node(
          'r3',
          { eth0: { addresses: ['10.0.23.3/24'], link: 'b' }, ...bridge('172.18.3.0/24') },
          bgpConfig(65003, '1.1.1.3', {
            peers: [peerConfig('10.0.23.2', 65000)],
            originations: [networkStatement('172.18.3.0/24')],
          }),
        ),
      ],
    };
  };

  it('an unresolvable next hop keeps the path, invalid', () => {
    const state = simulate(chain({ nextHopSelf: false }));
    expect(hostPaths(state, 'r1', 'ipv4-unicast', '172.18.3.0/24')).toMatchObject([
      { best: false, valid: false, reason: 'no route to next hop 10.0.23.3' },
    ]);
    expect(hostResults(state)['r1']?.fib).toEqual({});
  });

  it('next-hop-self makes it usable', () => {
    expect(hostResults(simulate(chain({ nextHopSelf: true })))['r1']?.fib).toEqual({
      '172.18.3.0/24': ['10.0.12.2'],
    });
  });

  it('a BGP route to the next hop makes it usable, resolved to the neighbour', () => {
    const state = simulate(chain({ nextHopSelf: false, covered: true }));
    expect(bestOf(state, 'r1', '172.18.3.0/24')).toMatchObject({ nextHop: '10.0.23.3' });
    expect(hostResults(state)['r1']?.fib).toEqual({
      '10.0.23.0/24': ['10.0.12.2'],
      '172.18.3.0/24': ['10.0.12.2'],
    });
  });
});

describe('what depends on other prefixes', () => {
  it('an aggregate stands while something more specific does, alone with summary-only', () => {
    const aggregates = [
      {
        family: 'ipv4-unicast' as const,
        prefix: prefix('172.18.0.0/16'),
        summaryOnly: true,
        asSet: false,
        policy: null,
        source: null,
      },
    ];
    const state = simulate(
      triangle({ r3: { aggregates, originations: [networkStatement('172.18.3.0/24')] } }),
    );
    const r1 = hostResults(state)['r1'];
    expect(Object.keys(r1?.bgp ?? {})).toEqual(['172.18.0.0/16']);
    expect(bestOf(state, 'r1', '172.18.0.0/16')).toMatchObject({ asPath: '65003' });
    expect(hostResults(state)['r3']?.fib).toEqual({ '172.18.0.0/16': [] });
    expect(
      Object.keys(hostResults(simulate(triangle({ r3: { aggregates, originations: [] } })))['r1']?.bgp ?? {}),
    ).toEqual([]);
  });

  it('as-set keeps the ASes of what it sums up', () => {
    const aggregates = [
      {
        family: 'ipv4-unicast' as const,
        prefix: prefix('172.18.0.0/16'),
        summaryOnly: false,
        asSet: true,
        policy: null,
        source: null,
      },
    ];
    const state = simulate(triangle({ r2: { aggregates } }));
    // Every path in the table counts, also the one over r1, which therefore refuses the aggregate.
    expect(bestOf(state, 'r2', '172.18.0.0/16')).toMatchObject({
      asPath: '{65001,65003}',
      nextHop: '0.0.0.0',
    });
    const [received] = explainPrefix(state, 'r1', 'ipv4-unicast', '172.18.0.0/16')?.received ?? [];
    expect(received).toMatchObject({
      asPath: '65002 {65001,65003}',
      accepted: false,
      reason: expect.stringContaining('AS_PATH holds the own AS'),
    });
  });

  it('default-originate sends a default route to that peer only', () => {
    const families = { 'ipv4-unicast': familyConfig({ defaultOriginate: { policy: null } }) };
    const peers = [peerConfig('10.0.13.1', 65001, { families }), peerConfig('10.0.23.2', 65002)];
    const state = simulate(triangle({ r3: { peers } }));
    expect(bestOf(state, 'r1', '0.0.0.0/0')).toEqual({
      asPath: '65003',
      nextHop: '10.0.13.3',
      from: '10.0.13.3',
    });
    expect(bestOf(state, 'r2', '0.0.0.0/0')).toMatchObject({ asPath: '65001 65003' });
  });

  it('maximum-prefix closes the session on both ends', () => {
    const families = { 'ipv4-unicast': familyConfig({ maximumPrefix: 1 }) };
    const peers = [peerConfig('10.0.12.2', 65002), peerConfig('10.0.13.3', 65003, { families })];
    const originations = [networkStatement('172.18.3.0/24'), networkStatement('172.18.4.0/24')];
    const state = simulate(triangle({ r1: { peers }, r3: { originations } }));
    const words = 'maximum-prefix 1 exceeded: 2 prefixes (NOTIFICATION 6/1)';
    expect(hostResults(state)['r1']?.sessions.find(({ peer }) => peer === '10.0.13.3')).toMatchObject({
      state: 'Idle',
      reason: words,
    });
    expect(hostResults(state)['r3']?.sessions.find(({ peer }) => peer === '10.0.13.1')).toMatchObject({
      reason: `r1 closed the session: ${words}`,
    });
    expect(bestOf(state, 'r1', '172.18.3.0/24')).toMatchObject({ asPath: '65002 65003' });
  });
});

describe('routes that never settle', () => {
  /** Each of the three prefers the way over its neighbour (RFC 3345's cousin, the "bad gadget"): no stable state exists. */
  it('are found and named, not run for ever', () => {
    const prefer = (name: string, text: string): Policy => ({
      name,
      source: null,
      otherwise: 'accept',
      statements: [
        {
          label: '10',
          conditions: [
            { kind: 'as-path', set: { name, entries: [{ permit: true, regex: text }] }, quantifier: 'any' },
          ],
          actions: [{ kind: 'local-preference', amount: { op: 'set', value: 200 } }],
          verdict: 'accept',
          call: null,
          onMatch: 'exit',
          source: null,
        },
      ],
    });
    const ring = [1, 2, 3];
    const next = (own: number) => (own % 3) + 1;
    const spokes = ring.map((own) => {
      const over = {
        'ipv4-unicast': familyConfig({
          importPolicy: [prefer(`over${next(own)}`, `^6500${next(own)} 65000$`)],
        }),
      };
      const peers = [
        peerConfig('10.0.0.9', 65000),
        ...ring
          .filter((other) => other !== own)
          .map((other) =>
            peerConfig(`10.0.0.${other}`, 65000 + other, other === next(own) ? { families: over } : {}),
          ),
      ];
      return node(`r${own}`, lan(own), bgpConfig(65000 + own, `1.1.1.${own}`, { peers }));
    });
    const hub = node(
      'hub',
      lan(9, bridge('172.18.9.0/24')),
      bgpConfig(65000, '9.9.9.9', {
        peers: ring.map((own) => peerConfig(`10.0.0.${own}`, 65000 + own)),
        originations: [networkStatement('172.18.9.0/24')],
      }),
    );
    const state = simulate({ nodes: [...spokes, hub] });
    expect(state.inconclusive.map(({ rule, message }) => [rule, message])).toEqual([
      ['oscillation', '172.18.9.0/24 never settles: r1, r2, r3 keep changing their best path'],
    ]);
    const circle = state.inconclusive[0]?.found ?? '';
    expect(circle).toMatch(
      /^r1 takes it from hub \(10\.0\.0\.9\), then from r2 \(|^r1 takes it from r2 \(10\.0\.0\.2\), then from hub/,
    );
    expect(circle).toContain('; and so on without end');
  });
});

function kernelTables(network: Network) {
  return Object.entries(hostResults(simulate(network))).map(([name, { fib }]) => [name, fib]);
}

describe('any small mesh', () => {
  it('settles, and the same whatever the order of its hosts, where nothing is decided by age', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
        (size, keys) => {
          const network = clos({
            spines: 1,
            racks: size,
            torsPerRack: 1,
            hostsPerRack: 1,
            dualStack: false,
            maximumPaths: 1,
          });
          const shuffled = {
            nodes: network.nodes
              .map((one, index) => [keys[index % 6] ?? 0, one] as const)
              .sort((a, b) => a[0] - b[0])
              .map(([, one]) => one),
          };
          expect(kernelTables(shuffled)).toEqual(kernelTables(network));
        },
      ),
      { numRuns: 20 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { type Daemon, pathsOf, simulate } from './support/fabric.ts';
import { decided, type Feed, feedHosts, feedOf, PREFIX, type Setting } from './support/feeds.ts';

/** Who wins between neighbours a and b, and by which step; 'first' and 'last' by who was there before. */
type Cell = readonly [winner: 'a' | 'b' | 'first' | 'last', step: string];

interface Row extends Omit<Setting, 'feeds'> {
  readonly name: string;
  readonly feeds: readonly [Feed, Feed];
  readonly cells: Partial<Record<Daemon, Cell>>;
}

const AS = 65000;
/** An eBGP route of AS 65001 or 65002 whose paths are equally long. */
const a: Feed = { as: 65001 };
const b: Feed = { as: 65002 };
const inner: Feed = { as: AS };

const all = (cell: Cell): Record<'frr-8.4' | 'frr-10' | 'quagga-1.2' | 'gobgp-3', Cell> => ({
  'frr-8.4': cell,
  'frr-10': cell,
  'quagga-1.2': cell,
  'gobgp-3': cell,
});
const family = (cell: Cell): Row['cells'] => ({ 'frr-8.4': cell, 'frr-10': cell, 'quagga-1.2': cell });
const familyLine = (...lines: string[]): Row['lines'] & object => ({
  'frr-8.4': lines,
  'frr-10': lines,
  'quagga-1.2': lines,
});
/** No step of the attributes decides: FRR keeps what it has, GoBGP takes the older. */
const byAge: Row['cells'] = {
  ...family(['first', 'older-selected']),
  'gobgp-3': ['first', 'older-received'],
};
const selection = (option: string) => ({
  'gobgp-3': ['[global.route-selection-options.config]', `  ${option} = true`],
});

const rows: readonly Row[] = [
  {
    name: 'LLGR_STALE: loses before everything else; Quagga does not know it',
    feeds: [
      { ...inner, localPref: 200, communities: ['65535:6'] },
      { ...inner, localPref: 150 },
    ],
    cells: {
      'frr-8.4': ['b', 'llgr-stale'],
      'frr-10': ['b', 'llgr-stale'],
      'quagga-1.2': ['a', 'local-preference'],
      'gobgp-3': ['b', 'llgr-stale'],
      'bird-2': ['b', 'llgr-stale'],
    },
  },
  {
    name: 'weight: higher wins, before LOCAL_PREF; GoBGP has none',
    feeds: [
      { ...inner, localPref: 50 },
      { ...inner, localPref: 200 },
    ],
    lines: { 'quagga-1.2': ['neighbor 10.0.1.1 weight 10'] },
    familyLines: { 'frr-8.4': ['neighbor 10.0.1.1 weight 10'], 'frr-10': ['neighbor 10.0.1.1 weight 10'] },
    cells: {
      ...family(['a', 'weight']),
      'gobgp-3': ['b', 'local-preference'],
      'bird-2': ['b', 'local-preference'],
    },
  },
  {
    name: 'LOCAL_PREF: higher wins, before AS_PATH length',
    feeds: [
      { ...inner, localPref: 200, path: [1, 2, 3] },
      { ...inner, localPref: 150 },
    ],
    cells: { ...all(['a', 'local-preference']), 'bird-2': ['a', 'local-preference'] },
  },
  {
    name: 'LOCAL_PREF: a route from eBGP without one counts as 100',
    feeds: [a, { ...inner, localPref: 101, path: [65009, 65010] }],
    cells: { ...all(['b', 'local-preference']), 'bird-2': ['b', 'local-preference'] },
  },
  {
    name: 'eligibility: a path without a usable next hop loses to any that has one',
    feeds: [
      { ...inner, localPref: 200, nextHop: '192.0.2.1' },
      { ...inner, localPref: 150 },
    ],
    cells: {
      ...family(['b', 'no route to next hop 192.0.2.1']),
      'gobgp-3': ['a', 'local-preference'],
      'bird-2': ['b', 'no route to next hop 192.0.2.1'],
    },
  },
  {
    name: 'AIGP: lower wins on BIRD, before AS_PATH length; FRR 8.4, Quagga and GoBGP do not compare it',
    feeds: [
      { ...inner, path: [1], aigp: 50 },
      { ...inner, path: [1, 2], aigp: 10 },
    ],
    cells: { ...all(['a', 'as-path-length']), 'bird-2': ['b', 'aigp'] },
  },
  {
    name: 'AIGP: FRR 10 compares it with `bgp bestpath aigp`',
    feeds: [
      { ...inner, path: [1], aigp: 50 },
      { ...inner, path: [1, 2], aigp: 10 },
    ],
    lines: { 'frr-10': ['bgp bestpath aigp'] },
    cells: { 'frr-10': ['b', 'aigp'] },
  },
  {
    name: 'AIGP: a path without it counts as infinite on BIRD; FRR 10 compares two that have it',
    feeds: [
      { ...inner, path: [1] },
      { ...inner, path: [1, 2], aigp: 10 },
    ],
    lines: { 'frr-10': ['bgp bestpath aigp'] },
    cells: { 'frr-10': ['a', 'as-path-length'], 'bird-2': ['b', 'aigp'] },
  },
  {
    name: 'AS_PATH length: a set counts one',
    feeds: [
      { ...a, rawPath: '65001 7 8' },
      { ...b, rawPath: '65002 ( 5 6 7 )' },
    ],
    cells: {
      'frr-8.4': ['b', 'as-path-length'],
      'quagga-1.2': ['b', 'as-path-length'],
      'gobgp-3': ['b', 'as-path-length'],
      'bird-2': ['b', 'as-path-length'],
    },
  },
  {
    name: 'AS_PATH length: shorter wins, before origin',
    feeds: [
      { ...a, origin: 'incomplete' },
      { ...b, path: [1] },
    ],
    cells: { ...all(['a', 'as-path-length']), 'bird-2': ['a', 'as-path-length'] },
  },
  {
    name: 'AS_PATH length: skipped with as-path ignore, ignore-as-path-length',
    feeds: [
      { ...a, origin: 'incomplete' },
      { ...b, path: [1] },
    ],
    lines: { ...familyLine('bgp bestpath as-path ignore'), ...selection('ignore-as-path-length') },
    birdSession: ['path metric off;'],
    cells: { ...all(['b', 'origin']), 'bird-2': ['b', 'origin'] },
  },
  {
    name: 'AS_PATH length: confederation segments count nothing',
    asn: 65100,
    confederation: { identifier: 65000, members: [65101, 65102] },
    feeds: [
      { as: 65101, path: [7, 8] },
      { as: 65003, path: [8, 9] },
    ],
    cells: { ...family(['a', 'as-path-length']), 'bird-2': ['a', 'as-path-length'] },
  },
  {
    name: 'AS_PATH length: `as-path confed` counts confederation segments',
    asn: 65100,
    confederation: { identifier: 65000, members: [65101, 65102] },
    feeds: [{ as: 65101, path: [7] }, { as: 65003 }],
    lines: familyLine('bgp bestpath as-path confed'),
    cells: family(['b', 'as-path-length']),
  },
  {
    name: 'origin: IGP before EGP before incomplete, before MED',
    feeds: [
      { ...a, origin: 'egp', med: 9 },
      { ...a, origin: 'incomplete', med: 1 },
    ],
    cells: { ...all(['a', 'origin']), 'bird-2': ['a', 'origin'] },
  },
  {
    name: 'MED: lower wins among routes of one neighbouring AS',
    feeds: [
      { ...a, med: 9 },
      { ...a, med: 5 },
    ],
    cells: { ...all(['b', 'med']), 'bird-2': ['b', 'med'] },
  },
  {
    name: 'MED: missing counts as 0',
    feeds: [{ ...a, med: 1 }, a],
    cells: { ...all(['b', 'med']), 'bird-2': ['b', 'med'] },
  },
  {
    name: 'MED: missing-as-worst turns that round',
    feeds: [{ ...a, med: 1 }, a],
    lines: familyLine('bgp bestpath med missing-as-worst'),
    birdSession: ['default bgp_med 4294967295;'],
    cells: { ...family(['a', 'med']), 'bird-2': ['a', 'med'] },
  },
  {
    name: 'MED: not compared between routes of different neighbouring ASes',
    feeds: [
      { ...a, med: 9 },
      { ...b, med: 5 },
    ],
    cells: { ...byAge, 'bird-2': ['a', 'router-id'] },
  },
  {
    name: 'MED: always-compare-med compares them',
    feeds: [
      { ...a, med: 9 },
      { ...b, med: 5 },
    ],
    lines: { ...familyLine('bgp always-compare-med'), ...selection('always-compare-med') },
    birdSession: ['med metric on;'],
    cells: { ...all(['b', 'med']), 'bird-2': ['b', 'med'] },
  },
  {
    name: 'MED: compared where both AS_PATHs are empty',
    feeds: [
      { ...inner, med: 9 },
      { ...inner, med: 5 },
    ],
    cells: { ...all(['b', 'med']), 'bird-2': ['b', 'med'] },
  },
  {
    name: 'MED: compared between confederation ASes where no real AS is in the paths',
    asn: 65100,
    confederation: { identifier: 65000, members: [65101, 65102] },
    feeds: [
      { as: 65101, med: 9 },
      { as: 65102, med: 5 },
    ],
    cells: all(['b', 'med']),
  },
  {
    name: 'MED: FRR compares within one confederation AS, whatever real AS follows; GoBGP does not',
    asn: 65100,
    confederation: { identifier: 65000, members: [65101, 65102] },
    feeds: [
      { as: 65101, path: [7], med: 9 },
      { as: 65101, path: [8], med: 5 },
    ],
    cells: { ...family(['b', 'med']), 'gobgp-3': ['first', 'older-received'] },
  },
  {
    name: 'eBGP over iBGP',
    feeds: [{ ...inner, path: [65009] }, a],
    cells: { ...all(['b', 'ebgp-over-ibgp']), 'bird-2': ['b', 'ebgp-over-ibgp'] },
  },
  {
    name: 'eBGP over iBGP: a confederation peer counts as internal',
    asn: 65100,
    confederation: { identifier: 65000, members: [65101, 65102] },
    feeds: [{ as: 65101, path: [7] }, { as: 65003 }],
    cells: { ...family(['b', 'ebgp-over-ibgp']), 'bird-2': ['b', 'ebgp-over-ibgp'] },
  },
  {
    name: 'IGP metric to the next hop: lower wins; GoBGP never looks',
    feeds: [
      { ...inner, nextHop: '10.9.0.1' },
      { ...inner, nextHop: '10.9.0.2' },
    ],
    routes: ['10.9.0.1/32 via 10.0.1.1 metric 20', '10.9.0.2/32 via 10.0.2.1 metric 10'],
    cells: { ...family(['b', 'igp-metric']), 'gobgp-3': ['a', 'router-id'] },
  },
  {
    name: 'confederation-external: FRR decides it before the metric',
    asn: 65100,
    confederation: { identifier: 65000, members: [65101, 65102] },
    feeds: [
      { as: 65100, nextHop: '10.9.0.1' },
      { as: 65101, nextHop: '10.9.0.2' },
    ],
    routes: ['10.9.0.1/32 via 10.0.1.1 metric 5', '10.9.0.2/32 via 10.0.2.1 metric 50'],
    cells: {
      'frr-8.4': ['b', 'confed-external'],
      'frr-10': ['b', 'confed-external'],
      'quagga-1.2': ['a', 'igp-metric'],
    },
  },
  {
    name: 'confederation-external over confederation-internal: FRR only',
    asn: 65100,
    confederation: { identifier: 65000, members: [65101, 65102] },
    feeds: [{ as: 65100 }, { as: 65101 }],
    cells: {
      'frr-8.4': ['b', 'confed-external'],
      'frr-10': ['b', 'confed-external'],
      'quagga-1.2': ['a', 'router-id'],
    },
  },
  {
    name: 'older path: among eBGP routes FRR keeps the one it has, GoBGP takes the one received first',
    feeds: [a, b],
    cells: { ...byAge, 'bird-2': ['a', 'router-id'] },
  },
  {
    name: 'older path: on in BIRD with `prefer older`',
    feeds: [a, b],
    birdSession: ['prefer older on;'],
    cells: { 'bird-2': ['first', 'older-selected'] },
  },
  {
    name: 'older path: off with compare-routerid, external-compare-router-id',
    feeds: [
      { ...a, id: '10.255.0.9' },
      { ...b, id: '10.255.0.8' },
    ],
    lines: { ...familyLine('bgp bestpath compare-routerid'), ...selection('external-compare-router-id') },
    cells: { ...all(['b', 'router-id']), 'bird-2': ['b', 'router-id'] },
  },
  {
    name: 'router id: lower wins among iBGP routes',
    feeds: [
      { ...inner, id: '10.255.0.9' },
      { ...inner, id: '10.255.0.8' },
    ],
    cells: { ...all(['b', 'router-id']), 'bird-2': ['b', 'router-id'] },
  },
  {
    name: 'router id: ORIGINATOR_ID stands in for it; GoBGP looks at the peer',
    feeds: [
      { ...inner, id: '10.255.0.8', originatorId: '9.9.9.9' },
      { ...inner, id: '10.255.0.9', originatorId: '9.9.9.8' },
    ],
    cells: { ...family(['b', 'router-id']), 'gobgp-3': ['a', 'router-id'], 'bird-2': ['b', 'router-id'] },
  },
  {
    name: 'CLUSTER_LIST length: shorter wins, behind the router id; GoBGP has no such step',
    feeds: [
      { ...inner, id: '10.255.0.7', originatorId: '9.9.9.9', clusterList: ['1.1.1.1', '2.2.2.2'] },
      { ...inner, id: '10.255.0.9', originatorId: '9.9.9.9', clusterList: ['3.3.3.3'] },
    ],
    cells: {
      ...family(['b', 'cluster-list-length']),
      'gobgp-3': ['a', 'router-id'],
      'bird-2': ['b', 'cluster-list-length'],
    },
  },
  {
    name: 'IGP metric to the next hop: on BIRD a direct network is nearer than a static route',
    feeds: [{ ...inner, nextHop: '10.9.0.1' }, inner],
    lines: { 'bird-2': ['protocol static { ipv4; route 10.9.0.1/32 via 10.0.1.1; }'] },
    cells: { 'bird-2': ['b', 'igp-metric'] },
  },
  {
    name: 'neighbour address: lower wins where the router id is the same',
    feeds: [
      { ...a, id: '10.255.0.7' },
      { ...b, id: '10.255.0.7' },
    ],
    lines: { ...familyLine('bgp bestpath compare-routerid'), ...selection('external-compare-router-id') },
    cells: { ...all(['a', 'neighbor-address']), 'bird-2': ['a', 'neighbor-address'] },
  },
];

describe('1.1 "older path": GoBGP counts in seconds (seen on 3.10)', () => {
  const feeds = [
    { ...a, id: '10.255.0.9' },
    { ...b, id: '10.255.0.8' },
  ];
  it('gobgp-3: what arrives within one second goes by the neighbour address', () => {
    const run = simulate(feedHosts('gobgp-3', { feeds }));
    const [best, loser] = pathsOf(run, 'dut', PREFIX);
    expect([best?.from, loser?.reason]).toEqual(['10.0.1.1', 'neighbor-address']);
  });
});

describe('1.1', () => {
  for (const { name, cells, ...setting } of rows) {
    describe(`"${name}"`, () => {
      for (const [daemon, [winner, step]] of Object.entries(cells) as [Daemon, Cell][]) {
        it(`${daemon}: ${winner} by ${step}`, () => {
          for (const order of [['a', 'b'] as const, ['b', 'a'] as const]) {
            const paths = decided(daemon, setting, order);
            expect(paths.map(feedOf).sort()).toEqual(['a', 'b']);
            const wanted = winner === 'first' ? order[0] : winner === 'last' ? order[1] : winner;
            const [best, loser] = paths;
            expect([best && feedOf(best), loser?.reason]).toEqual([wanted, step]);
          }
        });
      }
    });
  }
});

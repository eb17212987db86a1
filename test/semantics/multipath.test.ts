import { describe, expect, it } from 'vitest';
import { type Daemon, simulate } from './support/fabric.ts';
import {
  decided,
  type Feed,
  type FeedName,
  feedHosts,
  feedOf,
  PREFIX,
  type Setting,
  used,
} from './support/feeds.ts';

interface Row extends Omit<Setting, 'feeds'> {
  readonly name: string;
  readonly feeds: readonly Feed[];
  /** The neighbours whose paths are used together; one name: no multipath. */
  readonly cells: Partial<Record<Daemon, string>>;
}

const outer = (as: number, more: Partial<Feed> = {}): Feed => ({ as, ...more });
const inner = (more: Partial<Feed> = {}): Feed => ({ as: 65000, ...more });
const frr = (used: string) => ({ 'frr-8.4': used, 'frr-10': used });
const lines = (...list: string[]) => ({ 'frr-8.4': list, 'frr-10': list });
const on = { 'gobgp-3': ['[global.use-multiple-paths.config]', '  enabled = true'] };
const wide = { 'quagga-1.2': ['maximum-paths 8', 'maximum-paths ibgp 8'] };

const rows: readonly Row[] = [
  {
    name: 'default paths: FRR all, Quagga and GoBGP one',
    feeds: [outer(65001), outer(65001)],
    cells: { ...frr('ab'), 'quagga-1.2': 'a', 'gobgp-3': 'a' },
  },
  {
    name: 'turn on: maximum-paths, use-multiple-paths',
    feeds: [outer(65001), outer(65001)],
    lines: on,
    familyLines: wide,
    cells: { 'quagga-1.2': 'ab', 'gobgp-3': 'ab' },
  },
  {
    name: 'equal iff: eBGP of the same neighbouring AS, whatever follows in the path; GoBGP never looks into it',
    feeds: [outer(65001, { path: [7] }), outer(65001, { path: [8] }), outer(65002, { path: [7] })],
    lines: on,
    familyLines: wide,
    cells: { ...frr('ab'), 'quagga-1.2': 'ab', 'gobgp-3': 'abc' },
  },
  {
    name: 'equal iff: iBGP of the same AS_PATH',
    feeds: [inner({ path: [7] }), inner({ path: [7] }), inner({ path: [8] })],
    lines: on,
    familyLines: wide,
    cells: { ...frr('ab'), 'quagga-1.2': 'ab', 'gobgp-3': 'abc' },
  },
  {
    name: 'equal iff: multipath-relax takes any AS_PATH of the same length',
    feeds: [outer(65001), outer(65002), outer(65003, { path: [7] })],
    lines: lines('bgp bestpath as-path multipath-relax'),
    cells: frr('ab'),
  },
  {
    name: 'equal iff: MED differs; GoBGP compares it across ASes here',
    feeds: [outer(65001, { med: 5 }), outer(65002, { med: 9 })],
    lines: { ...lines('bgp bestpath as-path multipath-relax'), ...on },
    cells: { ...frr('ab'), 'gobgp-3': 'a' },
  },
  {
    name: 'same next hop: one path per next hop; GoBGP keeps them',
    feeds: [inner({ nextHop: '10.9.0.1' }), inner({ nextHop: '10.9.0.1' })],
    routes: ['10.9.0.1/32 via 10.0.1.1'],
    lines: on,
    cells: { ...frr('a'), 'gobgp-3': 'ab' },
  },
  {
    name: 'eBGP+iBGP mix: no',
    feeds: [outer(65001), inner({ path: [65001] })],
    lines: { ...lines('bgp bestpath as-path multipath-relax'), ...on },
    cells: { ...frr('a'), 'gobgp-3': 'a' },
  },
  {
    name: 'eBGP+iBGP mix: peer-type multipath-relax',
    feeds: [outer(65001), inner({ path: [65001] })],
    lines: lines('bgp bestpath as-path multipath-relax', 'bgp bestpath peer-type multipath-relax'),
    cells: frr('ab'),
  },
  {
    name: 'cap order: the best, then from the lowest next hop up, to the width',
    feeds: [
      outer(65001, { id: '10.255.0.7' }),
      outer(65001, { id: '10.255.0.6' }),
      outer(65001, { id: '10.255.0.5' }),
    ],
    lines: lines('bgp bestpath compare-routerid'),
    familyLines: lines('maximum-paths 2'),
    cells: frr('ac'),
  },
  {
    name: 'cluster length: does not count',
    feeds: [
      inner({ originatorId: '9.9.9.9', clusterList: ['1.1.1.1', '2.2.2.2'] }),
      inner({ originatorId: '9.9.9.8', clusterList: ['3.3.3.3'] }),
    ],
    familyLines: lines('maximum-paths ibgp 8'),
    cells: frr('ab'),
  },
  {
    name: 'cluster length: counts with equal-cluster-length',
    feeds: [
      inner({ originatorId: '9.9.9.9', clusterList: ['1.1.1.1', '2.2.2.2'] }),
      inner({ originatorId: '9.9.9.8', clusterList: ['3.3.3.3'] }),
    ],
    familyLines: lines('maximum-paths ibgp 8 equal-cluster-length'),
    cells: frr('b'),
  },
  {
    name: 'confederation paths go by the width of eBGP',
    asn: 65100,
    confederation: { identifier: 65000, members: [65101] },
    feeds: [outer(65101), outer(65101)],
    familyLines: lines('maximum-paths 1', 'maximum-paths ibgp 8'),
    cells: frr('a'),
  },
];

describe('1.3', () => {
  for (const { name, cells, ...setting } of rows) {
    describe(`"${name}"`, () => {
      it.each(Object.entries(cells) as [Daemon, string][])('%s', (daemon, wanted) => {
        const order = (['a', 'b', 'c'] as const).slice(0, setting.feeds.length);
        expect(used(daemon, setting, order).toSorted().join('')).toBe(wanted);
      });
    });
  }
});

/** BIRD's tables show one best path; what is used together stands in the kernel. */
describe('1.3 in the kernel', () => {
  const ways = (options: string, feeds: readonly Feed[]) => {
    const setting = {
      feeds,
      lines: { 'bird-2': [`protocol kernel { ipv4 { export all; }; ${options} }`] },
    };
    return simulate(feedHosts('bird-2', setting)).result.hosts['dut']?.fib[PREFIX];
  };
  const [one, two] = ['10.0.1.1', '10.0.2.1'];

  it('"default paths": bird-2: one', () => {
    expect(ways('', [outer(65001), outer(65001)])).toEqual([one]);
  });

  it('"turn on": bird-2: merge paths, with a limit', () => {
    expect(ways('merge paths on;', [outer(65001), outer(65001)])).toEqual([one, two]);
    expect(ways('merge paths on limit 1;', [outer(65001), outer(65001)])).toEqual([one]);
  });

  it('"equal iff": bird-2: length and MED within an AS, not what stands in the AS_PATH', () => {
    expect(
      ways('merge paths on;', [outer(65001, { path: [7] }), outer(65002, { path: [8], med: 5 })]),
    ).toEqual([one, two]);
    expect(ways('merge paths on;', [outer(65001), outer(65001, { med: 5 })])).toEqual([one]);
    expect(ways('merge paths on;', [outer(65001), outer(65002, { path: [8] })])).toEqual([one]);
  });

  it('"eBGP+iBGP mix": bird-2: no', () => {
    expect(ways('merge paths on;', [outer(65001), inner({ path: [65001] })])).toEqual([one]);
  });
});

/** 1.2: MED of one AS between routes of two makes a circle, and the order in which routes meet decides. */
describe('1.2', () => {
  // b beats a (MED), c beats b (router id), a beats c (router id).
  const circle: Omit<Setting, 'lines'> = {
    feeds: [
      outer(65001, { med: 9, id: '10.255.0.1' }),
      outer(65001, { med: 5, id: '10.255.0.9' }),
      outer(65002, { id: '10.255.0.5' }),
    ],
  };
  const byId = lines('bgp bestpath compare-routerid');
  const best = (daemon: Daemon, setting: Setting, order: readonly FeedName[]) => {
    const [path] = decided(daemon, setting, order);
    return path && feedOf(path);
  };

  it('frr-8.4 "path list": newest at the head, one scan', () => {
    // The newest meets the next, the winner the oldest.
    expect(best('frr-8.4', { ...circle, lines: byId }, ['a', 'b', 'c'])).toBe('a');
    expect(best('frr-8.4', { ...circle, lines: byId }, ['c', 'b', 'a'])).toBe('c');
    expect(best('frr-8.4', { ...circle, lines: byId }, ['b', 'c', 'a'])).toBe('b');
  });

  it('frr-8.4 "deterministic-med": MED eliminates within each AS first, in any order', () => {
    const setting = { ...circle, lines: lines('bgp bestpath compare-routerid', 'bgp deterministic-med') };
    for (const order of [
      ['a', 'b', 'c'],
      ['c', 'b', 'a'],
      ['b', 'c', 'a'],
    ] as const)
      expect(best('frr-8.4', setting, order)).toBe('c');
  });

  it('frr-10 "sorted list": in front of the first path it beats', () => {
    expect(best('frr-10', { ...circle, lines: byId }, ['a', 'b', 'c'])).toBe('c');
    expect(best('frr-10', { ...circle, lines: byId }, ['c', 'b', 'a'])).toBe('a');
    expect(best('frr-10', { ...circle, lines: byId }, ['b', 'c', 'a'])).toBe('a');
  });

  it('quagga-1.2 "linear scan": as FRR 8.4', () => {
    const lines = { 'quagga-1.2': ['bgp bestpath compare-routerid'] };
    expect(best('quagga-1.2', { ...circle, lines }, ['a', 'b', 'c'])).toBe('a');
    expect(best('quagga-1.2', { ...circle, lines }, ['c', 'b', 'a'])).toBe('c');
  });

  it('bird-2 "new against best": without deterministic med the circle goes by arrival', () => {
    expect(best('bird-2', circle, ['a', 'b', 'c'])).toBe('c');
    expect(best('bird-2', circle, ['c', 'b', 'a'])).toBe('a');
  });

  it('bird-2 "deterministic med": MED eliminates within each AS first', () => {
    const setting = { ...circle, birdSession: ['deterministic med on;'] };
    expect(best('bird-2', setting, ['a', 'b', 'c'])).toBe('c');
    expect(best('bird-2', setting, ['c', 'b', 'a'])).toBe('c');
  });

  it('bird-2 "eBGP ties": no arrival order in them', () => {
    const feeds = [outer(65001, { id: '10.255.0.9' }), outer(65002, { id: '10.255.0.8' })];
    expect(best('bird-2', { feeds }, ['a', 'b'])).toBe('b');
    expect(best('bird-2', { feeds }, ['b', 'a'])).toBe('b');
  });

  it('frr-10 "FRR10 extra": distance decides between a redistributed path and a learned one', () => {
    const setting = {
      feeds: [outer(65001)],
      head: lines(`ip route ${PREFIX} 10.0.1.1 30`),
      familyLines: lines('redistribute static'),
    };
    const sources = (daemon: Daemon) =>
      decided(daemon, setting, ['a']).map(({ from, reason }) => [from, reason]);
    expect(sources('frr-8.4')).toEqual([
      ['', 'weight'],
      ['10.0.1.1', 'weight'],
    ]);
    expect(sources('frr-10')).toEqual([
      ['10.0.1.1', 'admin-distance'],
      ['', 'admin-distance'],
    ]);
  });

  it('gobgp-3 "list": sorted as a whole, the older of equals stays in front', () => {
    const setting = { feeds: [outer(65001), outer(65002), outer(65003)] };
    expect(best('gobgp-3', setting, ['c', 'a', 'b'])).toBe('c');
    expect(best('gobgp-3', setting, ['b', 'c', 'a'])).toBe('b');
  });
});

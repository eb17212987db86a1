import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAsPathTable, internAsPath } from '../../../src/bgp/as-path-table.ts';
import type { Candidate } from '../../../src/bgp/rib/candidate.ts';
import { decide } from '../../../src/bgp/rib/decide.ts';
import { multipathSet } from '../../../src/bgp/rib/multipath.ts';
import { address, bird, frr, frr10, gobgp } from '../fixtures.ts';
import { candidate, type Described, processOf } from './candidates.ts';

describe('how paths meet, table 1.2', () => {
  it('has no best path without a valid one', () => {
    expect(decide(processOf(frr), [])).toBeNull();
    expect(
      decide(processOf(frr), [candidate({ invalid: 'no route' }), candidate({ invalid: 'no route' })]),
    ).toBeNull();
  });

  it('passes over an invalid path that would win', () => {
    const [bad, good] = [candidate({ localPref: 500, invalid: 'no route' }), candidate()];
    expect(decide(processOf(frr), [bad, good])).toBe(good);
  });

  it('FRR: of equal paths the one that came first, met last, wins', () => {
    const [first, second] = [candidate({ arrival: 1 }), candidate({ arrival: 2 })];
    expect(decide(processOf(frr), [first, second])).toBe(first);
  });

  it('BIRD: of equal paths the one in place stays', () => {
    const [first, second] = [candidate({ arrival: 1 }), candidate({ arrival: 2 })];
    expect(decide(processOf(bird), [first, second])).toBe(first);
  });

  /** MED as no order: a beats b by MED, b beats c and c beats a by router id. */
  const a: Described = { as: [1], med: 10, routerId: 3, type: 'ibgp' };
  const b: Described = { as: [1], med: 20, routerId: 1, type: 'ibgp' };
  const c: Described = { as: [2], med: 0, routerId: 2, type: 'ibgp' };

  it('FRR: with MED the result depends on the order of arrival', () => {
    const pick = (...described: Described[]) => decide(processOf(frr), described.map(candidate))?.path.med;
    expect(pick(a, b, c)).toBe(10);
    expect(pick(c, b, a)).toBe(0);
  });

  it('FRR deterministic-med: MED eliminates within each AS first, in any order', () => {
    const process = processOf(frr, { deterministicMed: true });
    for (const order of permutations([a, b, c]))
      expect(decide(process, order.map(candidate))?.path.med).toBe(0);
  });

  it('GoBGP: the list is sorted stably, the earlier of equal paths stays in front', () => {
    const [first, second] = [
      candidate({ type: 'ibgp', arrival: 1 }),
      candidate({ type: 'ibgp', arrival: 2 }),
    ];
    expect(decide(processOf(gobgp), [first, second])).toBe(first);
  });

  it('tells of every loser the step that beat it', () => {
    const paths = [candidate({ localPref: 50 }), candidate({ as: [1, 2] }), candidate({ as: [1] })];
    const lost = new Map<Candidate, string>();
    decide(processOf(frr), paths, (loser, _winner, step) => lost.set(loser, step));
    expect(paths.map((path) => lost.get(path))).toEqual(['local-preference', 'as-path-length', undefined]);
  });
});

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, at) => at !== index)).map((rest) => [item, ...rest]),
  );
}

/** Paths that are told apart without age and without MED between AS: distinct router ids, no MED. */
const orderly = fc.uniqueArray(
  fc.record({
    localPref: fc.constantFrom(100, 200),
    as: fc.array(fc.constantFrom(1, 2, 3), { minLength: 1, maxLength: 3 }),
    origin: fc.constantFrom(0 as const, 2 as const),
    type: fc.constantFrom('ebgp' as const, 'ibgp' as const),
    routerId: fc.integer({ min: 1, max: 1000 }),
    from: fc.constant('10.0.0.1'),
  }),
  { selector: ({ routerId }) => routerId, minLength: 1, maxLength: 6 },
);

describe('the winner does not depend on the order of arrival', () => {
  it.each([
    ['bird-2', bird, {}],
    ['frr-8.4 with compare-routerid', frr, { compareRouterId: true }],
    [
      'frr-8.4 deterministic-med with compare-routerid',
      frr,
      { compareRouterId: true, deterministicMed: true },
    ],
    ['frr-10 with compare-routerid', frr10, { compareRouterId: true }],
    ['gobgp-3 with external-compare-router-id', gobgp, { compareRouterId: true }],
  ] as const)('%s', (_name, profile, options) => {
    const process = processOf(profile, options);
    fc.assert(
      fc.property(orderly, fc.infiniteStream(fc.nat()), (described, random) => {
        const paths = described.map((one, arrival) => candidate({ ...one, arrival }));
        const shuffled = paths
          .map((path) => [random.next().value ?? 0, path] as const)
          .sort((x, y) => x[0] - y[0]);
        expect(
          decide(
            process,
            shuffled.map(([, path]) => path),
          ),
        ).toBe(decide(process, paths));
      }),
    );
  });

  it('deciding again changes nothing', () => {
    for (const profile of [frr, frr10, gobgp, bird]) {
      fc.assert(
        fc.property(orderly, (described) => {
          const paths = described.map((one, arrival) => candidate({ ...one, arrival }));
          const best = decide(processOf(profile), paths);
          if (best) best.selected = true;
          expect(decide(processOf(profile), paths)).toBe(best);
        }),
      );
    }
  });
});

describe('paths used together, table 1.3', () => {
  const wide = { 'ipv4-unicast': { ebgp: 4, ibgp: 4 }, 'ipv6-unicast': { ebgp: 4, ibgp: 4 } };
  /** As FRR's own profile has it. */
  const byHop = {
    ...frr,
    decision: { ...frr.decision, multipath: { ...frr.decision.multipath, lowestNextHopFirst: true } },
  };
  const used = (profile: typeof frr, described: readonly Described[], options = {}, widths = wide) => {
    const paths = described.map((one, arrival) =>
      candidate({ from: `10.0.0.${arrival + 1}`, ...one, arrival }),
    );
    const process = processOf(profile, options, { maximumPaths: widths });
    const best = decide(process, paths);
    if (!best) return [];
    const set = multipathSet(
      process,
      'ipv4-unicast',
      paths,
      best,
      (one) => one.path.nextHop?.text ?? one.peer?.name ?? '',
    );
    return set.map((path) => paths.indexOf(path)).sort();
  };

  it.each<[string, typeof frr, Described[], number[], object?]>([
    ['FRR eBGP: same remote AS, other AS_PATH', frr, [{ as: [1, 5] }, { as: [1, 6] }], [0, 1]],
    ['FRR eBGP: another remote AS is left out', frr, [{ as: [1] }, { as: [2] }], [0]],
    [
      'FRR eBGP: another remote AS with multipath-relax',
      frr,
      [{ as: [1] }, { as: [2] }],
      [0, 1],
      { asPathMultipathRelax: true },
    ],
    [
      'FRR eBGP: longer AS_PATH is left out even with multipath-relax',
      frr,
      [{ as: [1] }, { as: [2, 3] }],
      [0],
      { asPathMultipathRelax: true },
    ],
    [
      'FRR iBGP: identical AS_PATH',
      frr,
      [
        { type: 'ibgp', as: [1] },
        { type: 'ibgp', as: [1], routerId: 2 },
      ],
      [0, 1],
    ],
    [
      'FRR iBGP: other AS_PATH is left out',
      frr,
      [
        { type: 'ibgp', as: [1] },
        { type: 'ibgp', as: [2], routerId: 2 },
      ],
      [0],
    ],
    [
      'FRR iBGP: of two with one next hop the lower neighbor, whoever came first',
      byHop,
      [
        { type: 'ibgp', from: '10.0.0.1' },
        { type: 'ibgp', from: '10.0.0.9', nextHop: address('10.0.1.1'), routerId: 2 },
        { type: 'ibgp', from: '10.0.0.3', nextHop: address('10.0.1.1'), routerId: 3 },
      ],
      [0, 2],
    ],
    [
      "FRR iBGP: none with the best one's next hop, whatever comes between",
      byHop,
      [
        { type: 'ibgp', from: '10.0.0.5', nextHop: address('10.0.0.5') },
        { type: 'ibgp', from: '10.0.0.2', nextHop: address('10.0.0.2'), routerId: 2 },
        { type: 'ibgp', from: '10.0.0.3', nextHop: address('10.0.0.2'), routerId: 3 },
        { type: 'ibgp', from: '10.0.0.9', nextHop: address('10.0.0.5'), routerId: 4 },
      ],
      [0, 1],
    ],
    [
      'FRR iBGP: larger IGP metric is left out',
      frr,
      [
        { type: 'ibgp', as: [1] },
        { type: 'ibgp', as: [1], igpMetric: 1 },
      ],
      [0],
    ],
    ['FRR: eBGP and iBGP do not mix', frr, [{ as: [1] }, { type: 'ibgp', as: [1] }], [0]],
    [
      'FRR: one path per next hop',
      frr,
      [
        { as: [1], from: '10.0.0.1' },
        { as: [1], from: '10.0.0.1' },
      ],
      [0],
    ],
    ['FRR: an invalid path is left out', frr, [{ as: [1] }, { as: [1], invalid: 'no route' }], [0]],
    ['FRR: a local best path has no company', frr, [{ type: 'local', weight: 32768 }, { as: [1] }], [0]],
    ['GoBGP: AS_PATH content does not matter', gobgp, [{ as: [1] }, { as: [2] }], [0, 1]],
    [
      'GoBGP: the MED always does',
      gobgp,
      [
        { as: [1], med: 0 },
        { as: [2], med: 1 },
      ],
      [0],
    ],
    [
      'GoBGP: next hops may repeat',
      gobgp,
      [
        { as: [1], from: '10.0.0.1' },
        { as: [2], from: '10.0.0.1' },
      ],
      [0, 1],
    ],
    ['BIRD: AS_PATH content does not matter', bird, [{ as: [1] }, { as: [2], routerId: 2 }], [0, 1]],
  ])('%s', (_name, profile, described, expected, options) => {
    expect(used(profile, described, options)).toEqual(expected);
  });

  it('is cut at the width in the order of preference, the best always in', () => {
    const narrow = { 'ipv4-unicast': { ebgp: 2, ibgp: 1 }, 'ipv6-unicast': { ebgp: 1, ibgp: 1 } };
    const three = [
      { as: [1], routerId: 3 },
      { as: [1], routerId: 2 },
      { as: [1], routerId: 1 },
    ];
    expect(used(frr, three, {}, narrow)).toEqual([1, 2]);
  });

  it('is the best alone without maximum-paths', () => {
    const one = { 'ipv4-unicast': { ebgp: 1, ibgp: 1 }, 'ipv6-unicast': { ebgp: 1, ibgp: 1 } };
    expect(used(frr, [{ as: [1] }, { as: [1], routerId: 2 }], {}, one)).toEqual([0]);
  });
});

it('equal AS_PATHs that are several objects, as the speaker has them, are used together', () => {
  const of = (from: string) => {
    const one = candidate({ as: [65001, 65002], type: 'ibgp', from });
    const asPath = internAsPath(createAsPathTable(true), one.path.asPath.segments);
    return { ...one, path: { ...one.path, asPath } };
  };
  const [best, equal] = [of('10.0.0.1'), of('10.0.0.2')];
  expect(best.path.asPath).not.toBe(equal.path.asPath);
  const nextHopOf = ({ peer }: Candidate) => peer?.name ?? '';
  const width = { ebgp: 4, ibgp: 4 };
  const process = processOf(frr, {}, { maximumPaths: { 'ipv4-unicast': width, 'ipv6-unicast': width } });
  expect(multipathSet(process, 'ipv4-unicast', [best, equal], best, nextHopOf)).toEqual([best, equal]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecisionOptions } from '../../../src/bgp/config.ts';
import type { RouterProfile } from '../../../src/bgp/profile.ts';
import { SECOND } from '../../../src/bgp/rib/candidate.ts';
import { compareCandidates, decidingStep } from '../../../src/bgp/rib/decide.ts';
import { bird, frr, frr10, gobgp } from '../fixtures.ts';
import { candidate, type Described, processOf } from './candidates.ts';

/** One row per line of table 1.1: the winner, the loser, the step that says so. */
type Row = readonly [
  name: string,
  profile: RouterProfile,
  winner: Described,
  loser: Described,
  step: string,
  options?: Partial<DecisionOptions>,
];

const rows: readonly Row[] = [
  ['weight: higher wins before LOCAL_PREF', frr, { weight: 10 }, { localPref: 500 }, 'weight'],
  [
    'LOCAL_PREF: higher wins',
    frr,
    { localPref: 200, as: [1, 2] },
    { localPref: 150, as: [1] },
    'local-preference',
  ],
  [
    'LOCAL_PREF: missing counts as 100',
    frr,
    { localPref: null, as: [1] },
    { localPref: 90 },
    'local-preference',
  ],
  ['local path beats learned, FRR', frr, { type: 'local', as: [1] }, {}, 'locally-originated'],
  ['local path beats learned, GoBGP', gobgp, { type: 'local' }, {}, 'locally-originated'],
  ['AS_PATH: shorter wins', frr, { as: [1, 2] }, { as: [1, 2, 3] }, 'as-path-length'],
  ['AS_PATH: a set counts one', frr, { as: [1, [2, 3, 4]] }, { as: [1, 2, 3] }, 'as-path-length'],
  [
    'AS_PATH: confederation counts nothing',
    frr,
    { as: [1], confed: [5, 6], type: 'ibgp' },
    { as: [1, 2] },
    'as-path-length',
  ],
  [
    'AS_PATH: confederation counts with as-path confed',
    frr,
    { as: [1, 2] },
    { as: [1], confed: [5, 6] },
    'as-path-length',
    { asPathConfed: true },
  ],
  [
    'AS_PATH ignored with as-path ignore',
    frr,
    { as: [1, 2], origin: 0 },
    { as: [1], origin: 2 },
    'origin',
    { asPathIgnore: true },
  ],
  ['origin: IGP before incomplete', frr, { origin: 0, as: [1], med: 9 }, { origin: 2, as: [1] }, 'origin'],
  ['MED: lower wins within one neighbouring AS', frr, { as: [1], med: 5 }, { as: [1], med: 6 }, 'med'],
  ['MED: missing counts 0', frr, { as: [1], med: null }, { as: [1], med: 1 }, 'med'],
  [
    'MED: missing counts worst when told',
    frr,
    { as: [1], med: 4294967294 },
    { as: [1], med: null },
    'med',
    { medMissingAsWorst: true },
  ],
  [
    'MED: not compared across AS',
    frr,
    { as: [1], med: 50, routerId: 1 },
    { as: [2], med: 5, routerId: 2 },
    'router-id',
  ],
  [
    'MED: compared across AS with always-compare-med',
    frr,
    { as: [2], med: 5, routerId: 2 },
    { as: [1], med: 50, routerId: 1 },
    'med',
    { alwaysCompareMed: true },
  ],
  [
    'MED: compared where neither path has an AS',
    frr,
    { type: 'ibgp', med: 5 },
    { type: 'ibgp', med: 6 },
    'med',
  ],
  [
    'MED: compared within one confederation member',
    frr,
    { confed: [7, 8], type: 'confed', med: 5 },
    { confed: [7], type: 'confed', med: 6 },
    'med',
  ],
  [
    'MED: compared across confederation members where no real AS is in the paths',
    frr,
    { confed: [8], type: 'confed', med: 6, routerId: 2 },
    { confed: [7], type: 'confed', med: 9, routerId: 1 },
    'med',
  ],
  ['eBGP before iBGP', frr, { as: [1], routerId: 9 }, { as: [1], type: 'ibgp' }, 'ebgp-over-ibgp'],
  [
    'eBGP before a confederation peer',
    frr,
    { as: [1], routerId: 9 },
    { as: [1], type: 'confed' },
    'ebgp-over-ibgp',
  ],
  [
    'eBGP over iBGP also with peer-type multipath-relax, before the metric',
    frr,
    { as: [1], igpMetric: 2 },
    { as: [1], type: 'ibgp', igpMetric: 1 },
    'ebgp-over-ibgp',
    { peerTypeMultipathRelax: true },
  ],
  [
    'IGP metric: lower wins in FRR',
    frr,
    { type: 'ibgp', igpMetric: 1, routerId: 9 },
    { type: 'ibgp', igpMetric: 2 },
    'igp-metric',
  ],
  [
    'IGP metric: not asked by GoBGP',
    gobgp,
    { type: 'ibgp', igpMetric: 9, routerId: 1 },
    { type: 'ibgp', igpMetric: 1, routerId: 2 },
    'router-id',
  ],
  [
    'confederation-external before internal',
    frr,
    { type: 'confed', confed: [7], routerId: 9 },
    { type: 'ibgp' },
    'confed-external',
  ],
  [
    'age: the selected eBGP path stays in FRR',
    frr,
    { as: [1], selected: true, routerId: 9 },
    { as: [1] },
    'older-selected',
  ],
  [
    'age: not asked with compare-routerid',
    frr,
    { as: [1], routerId: 1 },
    { as: [1], selected: true, routerId: 9 },
    'router-id',
    { compareRouterId: true },
  ],
  [
    'age: not asked for iBGP in FRR',
    frr,
    { type: 'ibgp', routerId: 1 },
    { type: 'ibgp', selected: true, routerId: 9 },
    'router-id',
  ],
  [
    'age: the earlier time stamp wins in GoBGP',
    gobgp,
    { as: [1], arrival: 1 * SECOND, routerId: 9 },
    { as: [1], arrival: 2 * SECOND },
    'older-received',
  ],
  [
    'age: not asked by GoBGP with external-compare-router-id',
    gobgp,
    { as: [1], arrival: 2, routerId: 1 },
    { as: [1], arrival: 1 * SECOND, routerId: 9 },
    'router-id',
    { compareRouterId: true },
  ],
  [
    'age: not asked by BIRD',
    bird,
    { as: [1], routerId: 1 },
    { as: [1], selected: true, routerId: 9, arrival: -1 },
    'router-id',
  ],
  [
    'router id: lower wins',
    frr,
    { as: [1], routerId: 1, from: '10.0.0.9' },
    { as: [1], routerId: 2 },
    'router-id',
  ],
  [
    'router id: ORIGINATOR_ID stands in for it in FRR',
    frr,
    { type: 'ibgp', routerId: 9, originatorId: 1 },
    { type: 'ibgp', routerId: 2 },
    'router-id',
  ],
  [
    'router id: ORIGINATOR_ID does not count in GoBGP',
    gobgp,
    { type: 'ibgp', routerId: 2 },
    { type: 'ibgp', routerId: 9, originatorId: 1 },
    'router-id',
  ],
  [
    'CLUSTER_LIST: shorter wins in FRR',
    frr,
    { type: 'ibgp', clusterList: [1], from: '10.0.0.9' },
    { type: 'ibgp', clusterList: [1, 2] },
    'cluster-list-length',
  ],
  [
    'CLUSTER_LIST: not asked by GoBGP',
    gobgp,
    { type: 'ibgp', clusterList: [1, 2], from: '10.0.0.1' },
    { type: 'ibgp', clusterList: [1], from: '10.0.0.2' },
    'neighbor-address',
  ],
  [
    'neighbour address: lower wins',
    frr,
    { as: [1], from: '10.0.0.9' },
    { as: [1], from: '10.0.0.10' },
    'neighbor-address',
  ],
];

describe('decision steps, table 1.1', () => {
  for (const [name, profile, winner, loser, step, options] of rows) {
    it(name, () => {
      const process = processOf(profile, options);
      const [a, b] = [candidate(winner), candidate(loser)];
      expect(compareCandidates(process, a, b)).toBeLessThan(0);
      expect(compareCandidates(process, b, a)).toBeGreaterThan(0);
      expect(decidingStep(process, a, b)).toBe(step);
    });
  }
});

const anyCandidate = fc
  .record({
    weight: fc.constantFrom(0, 10),
    localPref: fc.constantFrom(null, 100, 200),
    as: fc.array(fc.constantFrom(1, 2, 3), { maxLength: 3 }),
    origin: fc.constantFrom(0 as const, 1 as const, 2 as const),
    med: fc.constantFrom(null, 0, 5, 9),
    type: fc.constantFrom('ebgp' as const, 'ibgp' as const, 'confed' as const, 'local' as const),
    igpMetric: fc.constantFrom(0, 10),
    selected: fc.boolean(),
    arrival: fc.integer({ min: 0, max: 50 }),
    routerId: fc.integer({ min: 1, max: 4 }),
    originatorId: fc.constantFrom(null, 1, 7),
    clusterList: fc.constantFrom([], [1], [1, 2]),
    from: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3'),
  })
  .map(candidate);

describe('each step of each profile', () => {
  it.each([frr, frr10, gobgp, bird].map((profile) => [profile.id, profile] as const))(
    '%s: is antisymmetric',
    (_id, profile) => {
      for (const step of processOf(profile).steps) {
        fc.assert(
          fc.property(anyCandidate, anyCandidate, (a, b) => {
            expect(Math.sign(step.compare(a, b)) + Math.sign(step.compare(b, a)), step.name).toBe(0);
          }),
        );
      }
    },
  );
});

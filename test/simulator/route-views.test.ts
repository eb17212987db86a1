import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behaviourOf, compareBehaviour, isEmptyDiff } from '../../src/diff/behaviour.ts';
import { simulateScenario } from '../../src/lab/compare/simulated.ts';
import { hostResults, hostSessions } from '../../src/simulator/result/hosts.ts';
import { routeViews, Views } from '../../src/simulator/result/route-views.ts';
import { prepare, type SimulationState, settle } from '../../src/simulator/simulate.ts';
import { racks } from './racks.ts';
import { web } from './webs.ts';

/** What is read off in brief, and what the tables say that the engine made. */
function bothWays(state: SimulationState) {
  const hosts = state.network.nodes.map(({ name }) => name).sort();
  const sessions = hostSessions(state, hosts);
  const brief = { outcome: 'pass', hosts, sessions, ...routeViews(state, hosts, new Views()) } as const;
  return { brief, whole: behaviourOf({ outcome: 'pass', hosts: hostResults(state) }) };
}

/** How many views there are; all are as in the tables. */
function checked(state: SimulationState): number {
  const { brief, whole } = bothWays(state);
  expect(compareBehaviour(whole, brief)).toEqual({
    outcome: { before: 'pass', after: 'pass' },
    sessions: [],
    prefixes: [],
  });
  expect([...brief.prefixes].sort()).toEqual(expect.arrayContaining([...whole.prefixes].sort()));
  return brief.prefixes
    .map((prefix) => brief.routes(prefix))
    .flatMap(({ view }) => brief.hosts.filter((_, place) => view(place) !== null)).length;
}

describe('what hosts use, in numbers, is what their tables say', () => {
  it.each([
    ['racks', racks],
    ['webs', web],
  ])(
    '%s',
    (_, make) => {
      let [views, inNumbers] = [0, 0];
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
          const state = settle(prepare(make(seed)));
          views += checked(state);
          inNumbers += state.families['ipv4-unicast'].prefixes.filter(({ held }) => held).length;
        }),
        { numRuns: 60, seed: 5 },
      );
      expect(Math.min(views, inNumbers)).toBeGreaterThan(100);
    },
    60_000,
  );

  it.each([
    'aggregates',
    'bird-tables',
    'docker-hosts-gateway',
    'dual-stack',
    'events-tor-policy',
    'exabgp-frr',
    'gobgp-route-server',
    'multipath-relax',
    'site-of-origin',
    'unnumbered-dual-stack',
  ])('%s', (name) => {
    const { state } = simulateScenario(join(import.meta.dirname, '..', 'scenarios', name));
    expect(state && checked(state)).toBeGreaterThan(0);
  });
});

it('equal views of two states have equal numbers, and what differs is found', () => {
  const views = new Views();
  const [a, b, c] = [racks(11), racks(11), racks(12)].map((network) => {
    const state = settle(prepare(network));
    const hosts = state.network.nodes.map(({ name }) => name);
    return { outcome: 'pass', hosts, sessions: new Map(), ...routeViews(state, hosts, views) } as const;
  });
  if (!a || !b || !c) throw new Error('three states');
  for (const prefix of a.prefixes) expect(a.routes(prefix).numbers).toEqual(b.routes(prefix).numbers);
  expect(isEmptyDiff(compareBehaviour(a, b))).toBe(true);
  expect(isEmptyDiff(compareBehaviour(a, c))).toBe(false);
});

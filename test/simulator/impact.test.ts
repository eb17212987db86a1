import fc from 'fast-check';
import { expect, it } from 'vitest';
import { familyNames } from '../../src/base/family.ts';
import { fatesTowards, representative } from '../../src/simulator/checks/fates.ts';
import { destinationOf, stepAt } from '../../src/simulator/forwarding/destination.ts';
import { hopNames } from '../../src/simulator/kernel/fib.ts';
import type { Network } from '../../src/simulator/kernel/network.ts';
import { prepare, type SimulationState, settle } from '../../src/simulator/simulate.ts';
import {
  afterFailure,
  allFailures,
  combinations,
  type Failure,
} from '../../src/simulator/what-if/failures.ts';
import { baselineOf, impactOf } from '../../src/simulator/what-if/impact.ts';
import { clos } from './clos.ts';
import { racks } from './racks.ts';
import { web } from './webs.ts';

/** Whose traffic arrives, for each prefix, node by node. */
function arrivals(
  state: SimulationState,
  without: ReadonlySet<number>,
): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, ReadonlySet<number>>();
  for (const family of familyNames) {
    for (const { prefix, origins } of state.families[family].prefixes) {
      const alive = [...origins.keys()].filter((node) => !without.has(node));
      const [first] = alive;
      if (first === undefined) continue;
      const fate = fatesTowards(state, representative(state, prefix, first), new Set(alive));
      const nodes = state.network.nodes.map((_, node) => node);
      found.set(prefix.text, new Set(nodes.filter((node) => fate(node).kind === 'arrives')));
    }
  }
  return found;
}

/** Who passes on what others send, and announces nothing. */
function transit(state: SimulationState): ReadonlySet<number> {
  const found = new Set<number>();
  const makers = new Set<number>();
  for (const family of familyNames) {
    for (const { prefix, origins } of state.families[family].prefixes) {
      const [first] = origins.keys();
      if (first === undefined) continue;
      for (const node of origins.keys()) makers.add(node);
      const destination = destinationOf(state, representative(state, prefix, first));
      state.network.nodes.forEach((_, node) => {
        const step = origins.has(node) ? null : stepAt(destination, node);
        for (const { node: next } of step?.kind === 'forwarded' ? step.to : [])
          if (next !== null) found.add(next);
      });
    }
  }
  return new Set([...found].filter((node) => !makers.has(node)));
}

/** How many lose each prefix, and how many send it elsewhere, by looking at every host and every prefix. */
function plainly(before: SimulationState, after: SimulationState, failure: Failure): unknown {
  const gone = new Set(failure.hosts.map((name) => before.wiring.indexOf.get(name) ?? -1));
  const silent = transit(before);
  const [then, now] = [arrivals(before, new Set()), arrivals(after, gone)];
  const links = failure.changes.flatMap((change) => (change.kind === 'link-down' ? [change.link] : []));
  const own = new Set(
    links.flatMap((link) =>
      (before.wiring.links.get(link) ?? []).flatMap((one) =>
        one.interface.addresses.map(({ network }) => network.text),
      ),
    ),
  );
  const [lost, moved]: Map<string, number>[] = [new Map(), new Map()];
  for (const [text, reached] of then) {
    const fresh = now.get(text);
    const family = text.includes(':') ? 'ipv6-unicast' : 'ipv4-unicast';
    const makers = before.families[family].byText.get(text)?.origins ?? new Map();
    if ([...makers.keys()].every((node) => gone.has(node)) || own.has(text)) continue;
    const count = [...reached].filter(
      (node) => !gone.has(node) && !silent.has(node) && fresh?.has(node) !== true,
    ).length;
    if (count > 0) lost?.set(text, count);
    const hops = (state: SimulationState, node: number) => {
      const { byText, hopSets } = state.families[family];
      const set = byText.get(text)?.fib.at(node) ?? 0;
      return set === 0 ? '' : hopNames(hopSets.sets[set] ?? []).join(' ') || 'black hole';
    };
    const others = before.network.nodes.filter((_, node) => {
      const [a, b] = [hops(before, node), hops(after, node)];
      return !gone.has(node) && a !== '' && b !== '' && a !== b;
    }).length;
    if (others > 0) moved?.set(text, others);
  }
  return { lost, moved };
}

const summary = ({ lost, moved }: ReturnType<typeof impactOf>) => ({
  lost: new Map(lost.map(({ prefix, count }) => [prefix, count])),
  moved: new Map(moved.map(({ prefix, count }) => [prefix, count])),
});

function holdAgainst(network: Network, which: readonly number[], count: number): readonly number[] {
  const state = settle(prepare(network));
  const baseline = baselineOf(state);
  const { failures } = combinations(state, allFailures(state, ['hosts', 'links', 'sessions']), count);
  let [lost, moved] = [0, 0];
  for (const number of which) {
    const failure = failures[number % Math.max(failures.length, 1)];
    if (!failure) continue;
    const after = afterFailure(state, failure);
    const impact = impactOf(baseline, after, failure);
    expect(summary(impact), failure.text).toEqual(plainly(state, after, failure));
    lost += impact.lost.length;
    moved += impact.moved.length;
  }
  return [lost, moved];
}

for (const [what, build] of [
  ['racks', racks],
  ['webs', web],
] as const) {
  it(`what a failure does is found where something has changed: ${what}`, () => {
    let [lost, moved] = [0, 0];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.array(fc.nat(), { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 1, max: 2 }),
        (seed, which, count) => {
          const [more = 0, others = 0] = holdAgainst(build(seed), which, count);
          lost += more;
          moved += others;
        },
      ),
      { numRuns: 40, seed: 31 },
    );
    expect(Math.min(lost, moved)).toBeGreaterThan(20);
  }, 120_000);
}

it('what a failure does is found where something has changed: every one of a Clos fabric', () => {
  const network = clos({
    ...{ spines: 2, racks: 3, torsPerRack: 2, hostsPerRack: 2, maximumPaths: 4, dualStack: true },
  });
  const [lost = 0, moved = 0] = holdAgainst(network, [...Array(60).keys()], 1);
  expect(moved).toBeGreaterThan(20);
  expect(lost).toBe(0);
}, 60_000);

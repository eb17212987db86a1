import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type HeldSlots, holds } from '../../src/simulator/compact/held-slots.ts';
import { createFlat } from '../../src/simulator/flat/create.ts';
import { planStanding } from '../../src/simulator/flat/standing.ts';
import { hopNames } from '../../src/simulator/kernel/fib.ts';
import type { Network } from '../../src/simulator/kernel/network.ts';
import { prepare, type SimulationState, settle } from '../../src/simulator/simulate.ts';
import { advance } from '../../src/simulator/timeline/advance.ts';
import { allFailures } from '../../src/simulator/what-if/failures.ts';
import { racks } from './racks.ts';

const familyOf = (state: SimulationState) => state.families['ipv4-unicast'];

/** Those that hold a path; beyond the last slot there are none. */
function slots(held: HeldSlots | undefined): readonly number[] | undefined {
  return held && Array.from({ length: MOST_SLOTS }, (_, slot) => slot).filter((slot) => holds(held, slot));
}

const MOST_SLOTS = 2000;

/** All that is kept of each prefix. */
function keptIn(state: SimulationState): unknown {
  const { prefixes, hopSets } = familyOf(state);
  return prefixes.map(({ prefix, fib, events, byAge, metrics, held, holding, standing }) => ({
    prefix: prefix.text,
    hops: Array.from(fib, (set) => hopNames(hopSets.sets[set] ?? []).join()),
    ...{ events, byAge, held: slots(held), holding: slots(holding) },
    best: standing && state.routers.map((_, node) => standing.best.at(node)),
    metrics: [...metrics].sort(([a], [b]) => a - b),
    lists: standing?.lists && [...standing.lists].sort(([a], [b]) => a - b),
  }));
}

/** The same with every router doing for itself. */
function eachForItself(network: Network): SimulationState {
  const state = prepare(network);
  const { engine, prefixes } = familyOf(state);
  const flat = createFlat(engine, state.context, prefixes.length);
  flat.plan = planStanding(flat, prefixes.length);
  flat.allTwins = null;
  engine.flat = flat;
  return settle(state);
}

it('what one router does for others is what they do', () => {
  const seen = { together: 0, led: 0, takenApart: 0, alone: 0 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const network = racks(seed);
      const state = settle(prepare(network));
      const { flat } = familyOf(state).engine;
      if (!flat || flat === 'never') return;
      expect(keptIn(state)).toEqual(keptIn(eachForItself(network)));
      const { allTwins } = flat;
      if (!allTwins) {
        seen.alone++;
        return;
      }
      const apart = allTwins.groups.filter(
        ([leader = 0], group) => group > 0 && allTwins.groupOf[leader] !== group,
      );
      seen.together += allTwins.groups.length - 1 - apart.length;
      seen.led += allTwins.choices.filter((choice) => choice > 0).length;
      seen.takenApart += apart.length;
    }),
    { numRuns: 150, seed: 7 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
}, 60_000);

/** How many prefixes were gone on from what was kept with somebody doing for others. */
function goneOnTogether(state: SimulationState): number {
  return familyOf(state).prefixes.filter(({ standing, events }) => standing?.alone && events > 0).length;
}

it('so it is after a failure, and after another one', () => {
  let [together, tried] = [0, 0];
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.array(fc.nat(), { minLength: 2 }),
      (seed, which) => {
        const network = racks(seed);
        let [state, plain] = [settle(prepare(network)), eachForItself(network)];
        const failures = allFailures(state, ['hosts', 'links', 'sessions']);
        for (const number of which.slice(0, 3)) {
          const changes = failures[number % Math.max(failures.length, 1)]?.changes ?? [];
          [state, plain] = [advance(state, changes), advance(plain, changes)];
          expect(keptIn(state)).toEqual(keptIn(plain));
          together += goneOnTogether(state);
          tried++;
        }
      },
    ),
    { numRuns: 100, seed: 8 },
  );
  expect(tried).toBeGreaterThan(200);
  expect(together).toBeGreaterThan(250);
}, 60_000);

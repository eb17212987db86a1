import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hopNames } from '../../src/simulator/kernel/fib.ts';
import { prepare, type SimulationState, settle } from '../../src/simulator/simulate.ts';
import { web } from './webs.ts';

/** Where each router sends what, and how it came to that. */
function outcome(state: SimulationState): unknown {
  const { prefixes, hopSets } = state.families['ipv4-unicast'];
  const tables = prefixes.map(({ prefix, fib, events, byAge, oscillation, metrics }) => ({
    prefix: prefix.text,
    hops: Array.from(fib, (set) => hopNames(hopSets.sets[set] ?? []).join()),
    events,
    byAge,
    oscillation,
    metrics: [...metrics].sort(([a], [b]) => a - b),
  }));
  return { tables, sessions: state.ends.map(({ state: now, reason }) => `${now} ${reason}`) };
}

function byEngine(state: SimulationState): SimulationState {
  state.families['ipv4-unicast'].engine.flat = 'never';
  return settle(state);
}

it('numbers come to what the engine comes to', () => {
  let [flat, limited] = [0, 0];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const state = settle(prepare(web(seed)));
      if (state.families['ipv4-unicast'].engine.flat !== 'never') flat++;
      if (state.ends.some(({ reason }) => reason?.includes('maximum-prefix'))) limited++;
      expect(outcome(state)).toEqual(outcome(byEngine(prepare(web(seed)))));
    }),
    { numRuns: 30, seed: 5 },
  );
  expect(flat).toBeGreaterThan(20);
  expect(limited).toBeGreaterThan(3);
});

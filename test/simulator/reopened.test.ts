import fc from 'fast-check';
import { expect, it } from 'vitest';
import { familyNames } from '../../src/base/family.ts';
import { hopNames } from '../../src/simulator/kernel/fib.ts';
import type { Network } from '../../src/simulator/kernel/network.ts';
import { hostResults } from '../../src/simulator/result/hosts.ts';
import { prepare, type SimulationState, settle } from '../../src/simulator/simulate.ts';
import { advance } from '../../src/simulator/timeline/advance.ts';
import type { Change } from '../../src/simulator/timeline/change.ts';
import { allFailures } from '../../src/simulator/what-if/failures.ts';
import { clos } from './clos.ts';
import { racks } from './racks.ts';

/** All that a simulation says. */
function everything(state: SimulationState): unknown {
  const prefixes = familyNames.flatMap((family) =>
    state.families[family].prefixes.map(({ prefix, fib, events, byAge, oscillation }) => ({
      prefix: prefix.text,
      hops: Array.from(fib, (set) => hopNames(state.families[family].hopSets.sets[set] ?? []).join()),
      ...{ events, byAge, oscillation },
    })),
  );
  return { prefixes, hosts: hostResults(state), inconclusive: state.inconclusive };
}

/** With the engine doing every prefix. */
function byEngine(network: Network): SimulationState {
  const state = prepare(network);
  for (const family of familyNames) state.families[family].engine.flat = 'never';
  return settle(state);
}

const backs = { 'link-down': 'link-up', 'session-down': 'session-up', 'host-down': 'host-up' } as const;

/** What undoes it. */
function repairs(changes: readonly Change[]): readonly Change[] {
  return changes.map((change) => {
    if (change.kind === 'link-down') return { ...change, kind: backs[change.kind] };
    if (change.kind === 'session-down') return { ...change, kind: backs[change.kind] };
    if (change.kind === 'host-down') return { ...change, kind: backs[change.kind] };
    return change;
  });
}

/** How many prefixes were gone on from what was kept. */
function goneOn(state: SimulationState): number {
  return familyNames
    .flatMap((family) => state.families[family].prefixes)
    .filter(({ standing, events }) => standing && events > 0).length;
}

const seconds = fc.constantFrom(1, 30, 400);
const failing = fc.array(fc.tuple(fc.nat(), fc.boolean(), seconds), { minLength: 1, maxLength: 3 });

it('sessions that come back bring what they bring in the engine', () => {
  let again = 0;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), failing, (seed, list) => {
      const network = racks(seed);
      let [fast, plain] = [settle(prepare(network)), byEngine(network)];
      const failures = allFailures(fast, ['links', 'sessions']);
      for (const [number, whole, after] of list) {
        const changes = failures[number % Math.max(failures.length, 1)]?.changes ?? [];
        [fast, plain] = [advance(fast, changes, after), advance(plain, changes, after)];
        expect(everything(fast)).toEqual(everything(plain));
        const back = repairs(whole ? changes : changes.slice(0, 1));
        [fast, plain] = [advance(fast, back, 400), advance(plain, back, 400)];
        again += goneOn(fast);
        expect(everything(fast)).toEqual(everything(plain));
      }
    }),
    { numRuns: 25, seed: 21 },
  );
  expect(again).toBeGreaterThan(50);
}, 120_000);

it('a link, a session and a switch of a Clos fabric', () => {
  const network = clos({
    ...{ spines: 3, racks: 3, torsPerRack: 2, hostsPerRack: 3, maximumPaths: 4, dualStack: true },
  });
  let [fast, plain] = [settle(prepare(network)), byEngine(network)];
  const failures = allFailures(fast, ['links', 'sessions']);
  for (const place of [1, 17, 40, failures.length - 3]) {
    const { changes = [], text = '' } = failures[place % failures.length] ?? {};
    for (const step of [changes, repairs(changes)]) {
      [fast, plain] = [advance(fast, step), advance(plain, step)];
      const { madeEngine, prefixes } = fast.families['ipv4-unicast'];
      expect(madeEngine === null && prefixes.every(({ standing }) => standing), text).toBe(true);
      expect(everything(fast), text).toEqual(everything(plain));
    }
  }
}, 60_000);

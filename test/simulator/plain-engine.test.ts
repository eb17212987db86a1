import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { familyNames } from '../../src/base/family.ts';
import { simulateScenario } from '../../src/lab/compare/simulated.ts';
import { writeRandomFabric } from '../../src/lab/fuzz/random-fabric.ts';
import { explainPrefix } from '../../src/simulator/explain/prefix.ts';
import { hopNames } from '../../src/simulator/kernel/fib.ts';
import type { Network } from '../../src/simulator/kernel/network.ts';
import { hostResults } from '../../src/simulator/result/hosts.ts';
import { prepare, type SimulationState, settle } from '../../src/simulator/simulate.ts';
import { advance } from '../../src/simulator/timeline/advance.ts';
import { allFailures } from '../../src/simulator/what-if/failures.ts';
import { type ClosSize, clos } from './clos.ts';

/**
 * The simulator remembers a lot so as not to work it out again. Here it is made to remember nothing and to look at every candidate
 * each time; what it then comes to is what has to come out.
 */
function withoutMemory(state: SimulationState): SimulationState {
  for (const family of familyNames) {
    const { engine } = state.families[family];
    engine.ordered.fill(0);
    engine.loopAs.fill(0);
    Object.assign(engine, { judged: new Uint8Array(0), flat: 'never' });
    for (const { answers } of engine.classes.values()) {
      answers.known.set = () => answers.known;
    }
    for (const groups of engine.groups) {
      for (const group of groups) {
        Object.defineProperty(group, 'leadAttributes', { get: () => -2, set: () => {} });
      }
    }
  }
  return state;
}

/** All that a simulation says. */
function everything(state: SimulationState): unknown {
  const prefixes = familyNames.flatMap((family) =>
    state.families[family].prefixes.map(({ prefix, fib, events, byAge, oscillation, throughBgp }) => ({
      prefix: prefix.text,
      hops: Array.from(fib, (set) => hopNames(state.families[family].hopSets.sets[set] ?? []).join()).join(
        ';',
      ),
      events,
      byAge,
      oscillation,
      throughBgp,
    })),
  );
  return { prefixes, hosts: hostResults(state), inconclusive: state.inconclusive };
}

function randomNetwork(seed: number): Network {
  const folder = mkdtempSync(join(tmpdir(), 'fabricgen-plain-'));
  try {
    writeRandomFabric(seed, folder);
    const { state } = simulateScenario(folder);
    if (!state) throw new Error(`seed ${seed} makes no fabric`);
    return state.network;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('what is remembered changes nothing: random fabrics', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), (seed) => {
      const network = randomNetwork(seed);
      expect(everything(settle(prepare(network)))).toEqual(
        everything(settle(withoutMemory(prepare(network)))),
      );
    }),
    { numRuns: 6, seed: 11 },
  );
}, 60_000);

it('a failure leaves alone what it does not touch: random fabrics', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(), (seed, which) => {
      const network = randomNetwork(seed);
      const [fast, plain] = [settle(prepare(network)), settle(withoutMemory(prepare(network)))];
      const failures = allFailures(fast, ['hosts', 'links', 'sessions']);
      const failure = failures[which % Math.max(failures.length, 1)];
      if (!failure) return;
      expect(everything(advance(fast, failure.changes))).toEqual(everything(advance(plain, failure.changes)));
    }),
    { numRuns: 8, seed: 12 },
  );
}, 60_000);

it('a failure leaves alone what it does not touch: a Clos fabric', () => {
  const size: ClosSize = {
    ...{ spines: 2, racks: 3, torsPerRack: 2, hostsPerRack: 2, maximumPaths: 4, dualStack: true },
  };
  const network = clos(size);
  const [fast, plain] = [settle(prepare(network)), settle(withoutMemory(prepare(network)))];
  for (const { changes, text } of allFailures(fast, ['hosts', 'links', 'sessions']).slice(0, 24)) {
    const [after, expected] = [advance(fast, changes, 300), advance(plain, changes, 300)];
    expect(everything(after), text).toEqual(everything(expected));
  }
}, 60_000);

it('one failure after another leaves alone what they do not touch: random fabrics', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.array(fc.nat(), { minLength: 2, maxLength: 3 }),
      (seed, which) => {
        const network = randomNetwork(seed);
        let [fast, plain] = [settle(prepare(network)), settle(withoutMemory(prepare(network)))];
        const failures = allFailures(fast, ['hosts', 'links', 'sessions']);
        for (const number of which) {
          const changes = failures[number % Math.max(failures.length, 1)]?.changes ?? [];
          [fast, plain] = [advance(fast, changes), advance(plain, changes)];
          expect(everything(fast)).toEqual(everything(plain));
        }
      },
    ),
    { numRuns: 8, seed: 13 },
  );
}, 60_000);

it('one failure after another goes on from what was kept, and asks no engine: a Clos fabric', () => {
  const size: ClosSize = {
    ...{ spines: 3, racks: 3, torsPerRack: 2, hostsPerRack: 3, maximumPaths: 4, dualStack: true },
  };
  const network = clos(size);
  let [fast, plain] = [settle(prepare(network)), settle(withoutMemory(prepare(network)))];
  const failures = allFailures(fast, ['links', 'hosts', 'sessions']);
  for (const place of [1, 17, 9, failures.length - 3, 40]) {
    const { changes = [], text = '' } = failures[place % failures.length] ?? {};
    [fast, plain] = [advance(fast, changes), advance(plain, changes)];
    const { madeEngine, prefixes } = fast.families['ipv4-unicast'];
    expect(madeEngine, text).toBe(null);
    expect(prefixes.every(({ standing }) => standing)).toBe(true);
    expect(everything(fast), text).toEqual(everything(plain));
  }
}, 60_000);

it('files that announce another network leave alone all other prefixes: a Clos fabric', () => {
  const network = clos({
    ...{ spines: 2, racks: 2, torsPerRack: 2 },
    hostsPerRack: 2,
    maximumPaths: 4,
    dualStack: false,
  });
  const [fast, plain] = [settle(prepare(network)), settle(withoutMemory(prepare(network)))];
  const old = network.nodes.find(({ name }) => name === 'host1-1');
  const bgp = old?.router?.bgp;
  if (!old?.router || !bgp) throw new Error('host1-1 has no router');
  const [first] = bgp.originations;
  const policy = { ...bgp, originations: bgp.originations.slice(1) };
  const noted = { ...bgp, importCheck: !bgp.importCheck };
  for (const [changed, moved] of [
    [policy, first?.kind === 'network' ? [first.prefix.text] : []],
    [noted, fast.families['ipv4-unicast'].prefixes.map(({ prefix }) => prefix.text)],
  ] as const) {
    const node = { ...old, router: { ...old.router, bgp: changed } };
    const change = { kind: 'files', host: 'host1-1', node } as const;
    const [after, expected] = [advance(fast, change, 5), advance(plain, change, 5)];
    const worked = after.families['ipv4-unicast'].prefixes.filter(({ standing }) => !standing);
    expect(worked.map(({ prefix }) => prefix.text)).toEqual(moved);
    expect(withoutEvents(after)).toEqual(withoutEvents(expected));
  }
}, 60_000);

/** How often neighbours say again what changes nothing is not told where nobody listens. */
function withoutEvents(state: SimulationState): unknown {
  return JSON.parse(
    JSON.stringify(everything(state), (key, value) =>
      key === 'events' ? undefined : typeof value === 'bigint' ? `${value}` : value,
    ),
  );
}

it('what is remembered changes nothing: a Clos fabric, where nearly everything is', () => {
  const size: ClosSize = {
    spines: 3,
    racks: 4,
    torsPerRack: 2,
    hostsPerRack: 5,
    maximumPaths: 4,
    dualStack: true,
  };
  const network = clos(size);
  const [fast, plain] = [settle(prepare(network)), settle(withoutMemory(prepare(network)))];
  expect(everything(fast)).toEqual(everything(plain));
  const ask = (state: SimulationState) =>
    explainPrefix(state, 'tor2-1', 'ipv4-unicast', hostPrefix(state)) ?? 'nothing';
  expect(ask(fast)).toEqual(ask(plain));
});

function hostPrefix(state: SimulationState): string {
  return state.families['ipv4-unicast'].prefixes[0]?.prefix.text ?? '';
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { familyNames } from '../../src/base/family.ts';
import { simulateScenario } from '../../src/lab/compare/simulated.ts';
import { writeRandomFabric } from '../../src/lab/fuzz/random-fabric.ts';
import { type Dependencies, findDependencies } from '../../src/simulator/dependencies.ts';
import { buildTopology } from '../../src/simulator/engine/topology.ts';
import { bgpLookup } from '../../src/simulator/forwarding/destination.ts';
import { indexKernelRoutes } from '../../src/simulator/kernel/kernel-table.ts';
import { wire } from '../../src/simulator/kernel/wiring.ts';
import { prefixStates } from '../../src/simulator/prefix-states.ts';
import { meetAgain, metAll } from '../../src/simulator/sessions/meet-again.ts';
import { meetAll } from '../../src/simulator/sessions/sessions.ts';
import { type SimulationState, simulate } from '../../src/simulator/simulate.ts';
import type { PrefixState } from '../../src/simulator/state.ts';
import { advance } from '../../src/simulator/timeline/advance.ts';
import type { Change } from '../../src/simulator/timeline/change.ts';
import { clos } from './clos.ts';

function randomState(seed: number): SimulationState {
  const folder = mkdtempSync(join(tmpdir(), 'fabricgen-ground-'));
  try {
    writeRandomFabric(seed, folder);
    const { state } = simulateScenario(folder);
    if (!state) throw new Error(`seed ${seed} makes no fabric`);
    return state;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Something that can happen to the fabric, by number. */
function changeOf({ network, wiring }: SimulationState, number: number): Change {
  const links = [...wiring.links.keys()];
  const node = network.nodes[(number >>> 3) % network.nodes.length];
  const [host, link] = [node?.name ?? '', links[(number >>> 3) % Math.max(links.length, 1)] ?? ''];
  const name = node?.interfaces[(number >>> 8) % Math.max(node.interfaces.length, 1)]?.name ?? '';
  const changes: readonly Change[] = [
    { kind: 'link-down', link },
    { kind: 'link-up', link },
    { kind: 'host-down', host },
    { kind: 'host-up', host },
    { kind: 'stop', hosts: [host] },
    { kind: 'start', hosts: [host] },
    { kind: 'interface-down', host, interface: name },
    { kind: 'interface-up', host, interface: name },
  ];
  return changes[number & 7] ?? { kind: 'link-down', link };
}

function made({ prefix, configured, idle }: PrefixState): unknown {
  return { prefix, configured: [...configured], idle: [...idle] };
}

/** Without what convergence has noted since. */
function mapOf({ aggregators, gates, conditions }: Dependencies): object {
  const plain = (list: readonly { readonly node: number }[]) => list.map(({ node }) => ({ node }));
  return { aggregators: plain(aggregators), gates: plain(gates), conditions: plain(conditions) };
}

/** What is shared with the state before is what would have been made anew. */
function peersOf({ peers }: ReturnType<typeof buildTopology>): readonly unknown[] {
  return Array.from({ length: peers.length }, (_, slot) => peers.at(slot));
}

function expectSame(before: SimulationState, state: SimulationState): void {
  const { network, wiring, tables, speakers } = state;
  expect(wiring).toEqual(wire(network));
  const fresh = indexKernelRoutes(tables);
  expect(state.kernel.lengths).toEqual(fresh.lengths);
  expect(new Map([...state.kernel.byPrefix].sort())).toEqual(new Map([...fresh.byPrefix].sort()));
  for (const family of familyNames) {
    const { topology, dependencies, prefixes } = state.families[family];
    const alone = buildTopology(family, state.routers, state.ends, wiring);
    expect(peersOf(topology)).toEqual(peersOf(alone));
    expect(dependencies).toMatchObject(mapOf(findDependencies(family, state.routers)));
    const fresh = prefixStates(family, state, before.families[family], null);
    expect(prefixes.map(made)).toEqual(fresh.map(made));
  }
  const over = { wiring, tables, route: bgpLookup(state) };
  const ends = meetAll(over, speakers).all();
  const last = before.met ?? metAll({ ...before, route: () => null }, before.speakers, before.ends.all());
  const met = meetAgain(over, speakers, last);
  expect(met.ends).toEqual(ends);
  met.from.forEach((from, place) => {
    if (from >= 0) expect({ ...met.ends[place], other: 0 }).toEqual({ ...last.ends[from], other: 0 });
  });
}

it('wiring, kernel routes and meetings are as they would be made from nothing: random fabrics', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.array(fc.nat({ max: 0xffff }), { minLength: 1, maxLength: 5 }),
      (seed, numbers) => {
        let state = randomState(seed);
        for (const number of numbers) {
          const next = advance(state, changeOf(state, number), number % 60);
          expectSame(state, next);
          state = next;
        }
      },
    ),
    { numRuns: 12, seed: 14 },
  );
}, 60_000);

it('wiring, kernel routes and meetings are as they would be made from nothing: a Clos fabric', () => {
  const network = clos({
    spines: 2,
    racks: 3,
    torsPerRack: 2,
    hostsPerRack: 3,
    maximumPaths: 4,
    dualStack: true,
  });
  let state = simulate(network);
  for (const number of [0, 8 * 11 + 2, 8 * 11 + 3, 8 * 4 + 4, 8 * 4 + 5, 8 * 7 + 6, 1, 8 * 7 + 7]) {
    const next = advance(state, changeOf(state, number), 30);
    expectSame(state, next);
    state = next;
  }
}, 60_000);

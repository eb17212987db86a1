import { readTopologyFolder } from '../../pipeline/topology/files.ts';
import {
  type ConfigsOptions,
  type SimulatedConfigs,
  simulateConfigs,
} from '../../pipeline/topology/simulate-configs.ts';
import { hostResults } from '../../simulator/result/hosts.ts';
import type { PathResult, SimulationResult } from '../../simulator/result/result.ts';
import { simulate } from '../../simulator/simulate.ts';
import type { SimulationState } from '../../simulator/state.ts';
import type { Played } from '../play.ts';
import { type FabricTables, type HostTables, sortedPaths, sortedRecord, type TablePath } from '../tables.ts';

/** Simulates a scenario folder as the command does. */
export function simulateScenario(folder: string, startOrder?: readonly string[]): SimulatedConfigs {
  return simulateFolder(folder, startOrder ? { startOrder } : {});
}

/** The same with any options of the simulator. */
export function simulateFolder(folder: string, options: ConfigsOptions): SimulatedConfigs {
  const { topology, configs, diagnostics } = readTopologyFolder(folder);
  if (!topology || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return simulateConfigs(topology, configs, options);
}

/**
 * Tables of the same network in an order drawn from a number. `upAt`: around the seconds at which its sessions were seen to come up.
 * What is no table (checks, findings) is left out: of orders there are many.
 */
export function drawnOrder(
  { state }: SimulatedConfigs,
  seed: number,
  upAt?: ReadonlyMap<string, number>,
): FabricTables {
  if (!state) throw new Error('there is no network to simulate');
  const drawn = simulate(state.network, { seed, ...(upAt ? { upAt } : {}) });
  return simulatedTables({ result: { hosts: hostResults(drawn) }, state: drawn });
}

export function upCount({ result }: SimulatedConfigs): number {
  return Object.values(result.hosts).flatMap(({ sessions }) =>
    sessions.filter(({ state }) => state === 'Established'),
  ).length;
}

/** The simulated tables in the form in which real ones are recorded. */
export function simulatedTables({
  result,
  state,
}: {
  readonly result: Pick<SimulationResult, 'hosts'>;
  readonly state?: SimulationState | null;
}): FabricTables {
  // The speaker installs several paths together, and its table does not say which.
  const silent = new Set(
    state?.routers.flatMap((router, node) =>
      router?.config.profile.quirks.hidesUnusable ? [state.network.nodes[node]?.name] : [],
    ),
  );
  return Object.fromEntries(
    Object.entries(result.hosts).map(([name, host]): [string, HostTables] => [
      name,
      {
        sessions: host.sessions
          .map(({ peer, state }) => ({ peer, state: state === 'Established' ? state : 'down' }))
          .sort((a, b) => (a.peer < b.peer ? -1 : 1)),
        bgp: sortedRecord(
          Object.entries(host.bgp).map(([prefix, paths]) => [
            prefix,
            sortedPaths(
              paths.map((path) => tablePath(silent.has(name) ? { ...path, multipath: false } : path)),
            ),
          ]),
        ),
        kernel: sortedRecord(Object.entries(host.fib).map(([prefix, hops]) => [prefix, [...hops].sort()])),
      },
    ]),
  );
}

/** With events: the tables at the end and those recorded on the way. */
export function simulatedPhases({
  result,
  state,
  phases: states,
}: {
  readonly result: SimulationResult;
  readonly state?: SimulationState | null;
  readonly phases?: ReadonlyMap<string, SimulationState>;
}): Played {
  const tables = Object.entries(result.phases ?? {}).map(([name, phase]): [string, FabricTables] => [
    name,
    simulatedTables({ result: phase, state: states?.get(name) ?? null }),
  ]);
  return { phases: Object.fromEntries(tables), hosts: simulatedTables({ result, state: state ?? null }) };
}

function tablePath(path: PathResult): TablePath {
  const { best, multipath, valid, nextHop, asPath, localPref, med, origin, communities, from } = path;
  const { originatorId, clusterList } = path;
  return {
    ...{ best, multipath, valid, nextHop, asPath, localPref, med, origin, communities, from },
    ...(originatorId === null ? {} : { originatorId }),
    ...(clusterList.length === 0 ? {} : { clusterList }),
  };
}

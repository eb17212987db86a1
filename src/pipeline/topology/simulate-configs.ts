import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SimulationResult } from '../../simulator/result/result.ts';
import type { SimulationState } from '../../simulator/state.ts';
import type { TimelineEvent } from '../../simulator/timeline/timeline.ts';
import { targets } from '../../targets/registry.ts';
import type { ConfigFile } from '../../targets/target.ts';
import { type HostFiles, readBack } from '../read-back.ts';
import { type FabricOptions, simulateFabric } from '../simulate.ts';
import { unknownStarters } from '../starters.ts';
import { type ConfigsFolder, configsOf } from './configs.ts';
import { duplicateAddresses } from './duplicate-addresses.ts';
import { missingInterfaces } from './missing-interfaces.ts';
import { type PlannedEvents, planEvents } from './plan-events.ts';
import { duplicateRouterIds } from './router-ids.ts';
import { readTopology } from './topology.ts';

export interface SimulatedConfigs {
  readonly result: SimulationResult;
  /** The converged network; null where the topology could not be read. */
  readonly state: SimulationState | null;
  /** The network at each recorded moment, by name. */
  readonly phases: ReadonlyMap<string, SimulationState>;
  readonly hosts: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
}

export interface ConfigsOptions extends FabricOptions {
  /** Has the events of topology.yml happen in another order. */
  readonly reordered?: (events: readonly TimelineEvent[]) => readonly TimelineEvent[];
}

/**
 * Simulates configurations that somebody else wrote, wired as topology.yml says. There is no inventory to hold the tables
 * against: what the files originate counts as announced on purpose, and nobody is asked to reach it. A topology with
 * errors fails without tables. `tables` chooses the hosts whose tables the result holds (default: all).
 */
export function simulateConfigs(
  topology: ConfigFile,
  folder: ConfigsFolder,
  { reordered = (events) => events, ...options }: ConfigsOptions = {},
  tables?: (hosts: readonly string[]) => readonly string[],
): SimulatedConfigs {
  const read = readTopology(topology.text, topology.path);
  const texts = new Map([[topology.path, topology.text]]);
  if (!read.topology)
    return { result: failed(read.diagnostics), state: null, phases: new Map(), hosts: [], texts };
  const configs = configsOf(read.topology, folder, new Set(targets.map(({ name }) => name)));
  const back = readBack(configs.hosts);
  const planned = planEvents(read.topology, folder, configs.hosts);
  const hosts = read.topology.hosts.map(({ name }) => name);
  const fabric = {
    nodes: back.nodes,
    lines: [...configs.lines, ...back.lines, ...planned.lines],
    diagnostics: [
      ...read.diagnostics,
      ...unknownStarters(hosts, 'the topology', options),
      ...configs.diagnostics,
      ...back.diagnostics.filter((one) => !isSaid(one, folder)),
      ...duplicateAddresses(read.topology),
      ...duplicateRouterIds(back.nodes),
      ...missingInterfaces(back.nodes),
      ...planned.diagnostics,
    ],
    texts: new Map([...back.texts, ...planned.texts]),
  };
  const { result, state, phases } = simulateFabric(fabric, null, tables?.(hosts), {
    ...options,
    ...(planned.events ? { events: reordered(planned.events) } : {}),
    incomplete: configs.lines.length > 0 || disturbs(planned),
  });
  const named = textsNamed(configs.hosts, folder, result.findings);
  return { result, state, phases, hosts, texts: new Map([...texts, ...fabric.texts, ...named]) };
}

/** A file that could not be read was said so; it is not missing as well. */
function isSaid({ rule, host }: Diagnostic, { unreadable }: ConfigsFolder): boolean {
  return rule === 'config-missing' && host !== undefined && unreadable?.has(host) === true;
}

/** The texts of the files that findings about the routes name, those that events load among them, to show their lines. */
function textsNamed(
  hosts: readonly HostFiles[],
  { loaded }: ConfigsFolder,
  findings: readonly Diagnostic[],
): readonly (readonly [string, string])[] {
  const named = new Set(
    findings.flatMap(({ ranges, related = [] }) => [...ranges, ...related].map(({ file }) => file)),
  );
  const later = [...(loaded?.values() ?? [])].flatMap((files) => [...files.values()]);
  return [
    ...hosts.flatMap(({ files }) => files.map(({ shown, text }) => [shown, text] as const)),
    ...later.map(({ path, text }) => [path, text] as const),
  ].filter(([file]) => named.has(file));
}

/** Do the events break something on purpose? What is missing then is no fault of the configurations. */
function disturbs({ events }: PlannedEvents): boolean {
  return events?.some(({ change }) => change !== null && change.kind !== 'start') ?? false;
}

/** The result of what cannot be simulated at all. */
export function failed(findings: readonly Diagnostic[]): SimulationResult {
  const summary = { hosts: 0, sessionEnds: 0, established: 0, prefixes: 0 };
  return { version: 1, outcome: 'fail', summary, findings, checks: [], unmodelled: [], hosts: {} };
}

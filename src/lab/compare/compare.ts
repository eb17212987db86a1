import type { Diagnostic } from '../../base/diagnostic.ts';
import { hasErrors } from '../../base/diagnostic.ts';
import { familyNames } from '../../base/family.ts';
import type { SimulatedConfigs } from '../../pipeline/topology/simulate-configs.ts';
import type { CheckOutcome } from '../../simulator/checks/declared/types.ts';
import type { TimelineEvent } from '../../simulator/timeline/timeline.ts';
import type { LabPlan } from '../plan/plan.ts';
import type { Played } from '../play.ts';
import type { FabricTables } from '../tables.ts';
import { modAge } from './age-ties.ts';
import { agreementOf, columns, type HostAgreement } from './matrix.ts';
import { compareTables } from './one-order.ts';
import { otherStarts } from './other-starts.ts';
import { simulatedPhases, simulatedTables, simulateFolder, upCount } from './simulated.ts';

/** What real daemons made of a fabric, held against the simulator: what `lab compare --format json` prints, version 1. */
export interface Agreement {
  readonly version: 1;
  /** 'inconclusive': something is not modelled, or never came to rest. */
  readonly outcome: 'agrees' | 'differs' | 'inconclusive';
  /** At the end. */
  readonly hosts: readonly HostAgreement[];
  /** Only with `events`: at each moment that an event recorded. */
  readonly phases?: Readonly<Record<string, readonly HostAgreement[]>>;
  /** Prefixes whose outcome hangs on the order of messages, with how many outcomes were seen among the orders tried. */
  readonly byOrder: Readonly<Record<string, number>>;
  /** What checks.yml asks, asked of the real daemons; only `lab run` does. */
  readonly checks?: readonly CheckOutcome[];
  /** In words: what ran instead of what, what was not compared. */
  readonly notes: readonly string[];
}

/** Orders tried where the usual one gives another outcome than the daemons. */
const ORDERS = 60;
/** The same where events happen: each takes as long as all of them. */
const STARTS = 24;

/** What the simulator makes of a plan. */
export interface Expectation {
  readonly tables: FabricTables;
  /** Session ends that are up. */
  readonly sessions: number;
  /** Prefixes of which it says that they never settle. */
  readonly oscillating: readonly string[];
  /** Sessions that are shut down on purpose: `host peer`. */
  readonly shutDown: ReadonlySet<string>;
  /** A line that matters is not modelled, the files are wrong, or a session comes and goes: in words. */
  readonly doubts: readonly string[];
  readonly errors: readonly Diagnostic[];
  /** Milliseconds it took. */
  readonly took: number;
}

export function expectationOf(plan: LabPlan): Expectation {
  const begin = performance.now();
  const simulated = simulateFolder(plan.folder, {});
  const tables = simulatedTables(simulated);
  const took = performance.now() - begin;
  const { result } = simulated;
  return {
    tables,
    took,
    sessions: upCount(simulated),
    oscillating: oscillatingIn(simulated),
    shutDown: shutDownOf(simulated),
    doubts: [
      ...result.unmodelled
        .filter(({ matters }) => matters)
        .map(({ host, text, effect }) => `${host}: '${text}' is not modelled: ${effect}`),
      ...result.findings.filter(({ rule }) => rule === 'session-flaps').map(({ message }) => message),
    ],
    errors: result.findings.filter((one) => one.rule === 'config-unrecognised' && hasErrors([one])),
  };
}

/** Findings speak of the end alone; tables are recorded on the way, too. */
function oscillatingIn({ result, phases }: SimulatedConfigs): readonly string[] {
  const atTheEnd = result.findings
    .filter(({ rule }) => rule === 'oscillation')
    .map(({ message }) => message.split(' ')[0] ?? '');
  const before = [...phases.values()].flatMap(({ families }) =>
    familyNames.flatMap((family) =>
      [...families[family].prefixes].filter((kept) => kept.oscillation).map((kept) => kept.prefix.text),
    ),
  );
  return [...new Set([...atTheEnd, ...before])];
}

function shutDownOf({ state }: SimulatedConfigs): ReadonlySet<string> {
  const ends = state?.ends.filter(({ config }) => config.shutdown) ?? [];
  return new Set(
    ends.map(({ node, peerAddress }) => `${state?.network.nodes[node]?.name} ${peerAddress?.text ?? ''}`),
  );
}

/** The tables in the form in which they are compared: eBGP ties that age decides are as the daemons have them. */
export function seen(real: FabricTables, { tables }: Expectation): FabricTables {
  return modAge(real, tables);
}

export function agrees(real: FabricTables, expectation: Expectation): boolean {
  const ours = Object.entries(seen(real, expectation));
  return ours.every(([host, tables]) => JSON.stringify(tables) === JSON.stringify(expectation.tables[host]));
}

/** Holds what the daemons have against the simulator; looks for an order of messages where the usual one differs. */
export function compared(
  plan: LabPlan,
  real: FabricTables,
  expectation: Expectation,
  notes: readonly string[],
): Agreement {
  const daemons = new Map(plan.hosts.map(({ name, daemon }) => [name, daemon]));
  const running = Object.fromEntries(
    Object.entries(expectation.tables).filter(([host]) => daemons.get(host) !== 'none'),
  );
  const told = seen(real, expectation);
  const byOrder = agrees(real, expectation) ? {} : ordersFor(plan, real, running);
  const hosts = agreementOf(told, running, daemons, new Set(Object.keys(byOrder)));
  const outcome = outcomeOf(hosts, expectation);
  return { version: 1, outcome, hosts, byOrder, notes: [...notes, ...expectation.doubts] };
}

function outcomeOf(
  hosts: readonly HostAgreement[],
  { oscillating, doubts }: Expectation,
): Agreement['outcome'] {
  const circling = new Set(oscillating);
  const left = hosts.flatMap(({ cells }) =>
    columns.flatMap((column) => cells[column].differences.filter((one) => !one.byOrder)),
  );
  if (left.length === 0) return 'agrees';
  // What the simulator says never settles can be anything.
  return doubts.length > 0 || left.every(({ of }) => circling.has(of)) ? 'inconclusive' : 'differs';
}

/** Tables recorded while events happened, each against the simulated ones of its moment. */
export function comparedPhases(
  plan: LabPlan,
  played: Played,
  expectation: Expectation,
  notes: readonly string[],
): Agreement {
  const daemons = new Map(plan.hosts.map(({ name, daemon }) => [name, daemon]));
  const simulate = playedIn(plan);
  const usual = simulate(0);
  const byOrder: Record<string, number> = {};
  const held = (real: FabricTables, of: (played: Played) => FabricTables) => {
    const { byOrder: found } = compareTables(real, (order) => of(simulate(order)), STARTS, { view: modAge });
    for (const [prefix, count] of Object.entries(found))
      byOrder[prefix] = Math.max(count, byOrder[prefix] ?? 0);
    return agreementOf(modAge(real, of(usual)), of(usual), daemons, new Set(Object.keys(found)));
  };
  const phases = Object.entries(played.phases).map(([name, tables]): [string, readonly HostAgreement[]] => [
    name,
    held(tables, (one) => one.phases[name] ?? {}),
  ]);
  const hosts = held(played.hosts, (one) => one.hosts);
  const outcome = outcomeOf([...phases.flatMap(([, one]) => one), ...hosts], expectation);
  const told = [...notes, ...expectation.doubts];
  return { version: 1, outcome, hosts, phases: Object.fromEntries(phases), byOrder, notes: told };
}

/** The events of a plan with the order of that number, 0 being the usual one; worked out once each. */
function playedIn(plan: LabPlan): (order: number) => Played {
  const known = new Map<number, Played>();
  return (order) => {
    const reordered = (events: readonly TimelineEvent[]) => otherStarts(events, order);
    const options = order === 0 ? {} : { seed: order, reordered };
    const played = known.get(order) ?? simulatedPhases(simulateFolder(plan.folder, options));
    known.set(order, played);
    return played;
  };
}

function ordersFor(plan: LabPlan, real: FabricTables, usual: FabricTables): Readonly<Record<string, number>> {
  const simulated = (order: number) => {
    if (order === 0) return usual;
    const tables = simulatedTables(simulateFolder(plan.folder, { seed: order }));
    return Object.fromEntries(Object.entries(tables).filter(([host]) => host in usual));
  };
  return compareTables(real, simulated, ORDERS, { view: modAge }).byOrder;
}

import type { Network } from '../kernel/network.ts';
import { type SimulationOptions, simulate } from '../simulate.ts';
import type { SimulationState } from '../state.ts';
import { advance } from './advance.ts';
import type { Change } from './change.ts';
import { firstMoment } from './first-moment.ts';
import { daemonStartsAfter } from './habits.ts';
import { networkOf, wholeWorld } from './world.ts';

export interface TimelineEvent {
  /** null: time passes, nothing else. */
  readonly change: Change | null;
  /** Seconds to let pass after it; null: `DEFAULT_DELAY`. */
  readonly delay: number | null;
  /** Keeps the tables as they are after the delay under this name. */
  readonly record: string | null;
}

export interface Timeline {
  /** At the end. */
  readonly state: SimulationState;
  /** What was recorded, in order. */
  readonly phases: readonly { readonly name: string; readonly state: SimulationState }[];
}

/** Time for sessions to come up and for tables to settle, too short for the hold times that people use. */
export const DEFAULT_DELAY = 20;

/**
 * Runs events one after the other on the virtual clock. Hosts that some event starts before anything else is done to them are
 * waiting for that event; all others have started together and have settled before the first event.
 */
export function runTimeline(
  network: Network,
  events: readonly TimelineEvent[],
  options: SimulationOptions = {},
): Timeline {
  let state = begin(network, runningAtFirst(network, events), options);
  const phases: { name: string; state: SimulationState }[] = [];
  for (const { change, delay, record } of events) {
    state = advance(state, change ?? [], delay ?? DEFAULT_DELAY);
    if (record !== null) phases.push({ name: record, state });
  }
  return { state, phases };
}

/** A converged network in which only these hosts' daemons run so far. */
export function begin(
  network: Network,
  running: ReadonlySet<string>,
  options: SimulationOptions = {},
): SimulationState {
  if (!startsInStages(network, options)) return settled(network, running, options);
  const start: Change = { kind: 'start', hosts: [...running] };
  return running.size === 0
    ? settled(network, running, options)
    : advance(settled(network, new Set(), options), start, Number.POSITIVE_INFINITY);
}

/** All hosts start together. */
export function converged(network: Network, options: SimulationOptions = {}): SimulationState {
  if (!startsInStages(network, options)) return simulate(network, options);
  return begin(network, new Set(network.nodes.map(({ name }) => name)), options);
}

function settled(
  network: Network,
  running: ReadonlySet<string>,
  options: SimulationOptions,
): SimulationState {
  const world = wholeWorld(network, running);
  const state = simulate(networkOf(world), options);
  return { ...state, moment: firstMoment(world, state.ends.all()) };
}

/**
 * FRR and ExaBGP dial a second after they start, BIRD after five, GoBGP after six or so: who started together has not met together, and what age decides hangs on it.
 * An order that was asked for stands instead.
 */
function startsInStages({ nodes }: Network, { startOrder, seed }: SimulationOptions): boolean {
  if (startOrder !== undefined || seed !== undefined) return false;
  const waits = nodes.flatMap(({ router }) => (router?.bgp ? [daemonStartsAfter(router)] : []));
  return waits.some((wait) => wait !== waits[0]);
}

function runningAtFirst({ nodes }: Network, events: readonly TimelineEvent[]): ReadonlySet<string> {
  const first = new Map<string, Change['kind']>();
  for (const { change } of events) {
    for (const host of hostsOf(change)) if (change && !first.has(host)) first.set(host, change.kind);
  }
  return new Set(nodes.map(({ name }) => name).filter((name) => first.get(name) !== 'start'));
}

/** Hosts whose daemon the change is about. */
function hostsOf(change: Change | null): readonly string[] {
  switch (change?.kind) {
    case 'start':
    case 'stop':
    case 'kill':
      return change.hosts;
    case 'files':
    case 'files-kept-back':
      return [change.host];
    default:
      return [];
  }
}

import { familyNames } from '../../base/family.ts';
import type { Prefix } from '../../base/ip.ts';
import { createWays, markNext, unsureOf, type Ways } from '../checks/arrivals.ts';
import { type Fate, fatesIn, fatesTowards, representative } from '../checks/fates.ts';
import { nameOf } from '../checks/names.ts';
import { type Destination, destinationOf } from '../forwarding/destination.ts';
import { hopNames } from '../kernel/fib.ts';
import type { FamilyState, SimulationState } from '../state.ts';
import { changedNodes, changedRoutes } from './changed-steps.ts';
import type { Failure } from './failures.ts';

/** A prefix that hosts reached before a failure and do not reach after it. */
export interface LostPrefix {
  readonly prefix: string;
  /** Who announces it. */
  readonly of: readonly string[];
  /** Some of those that lost it, see MAX_NAMED; `count` has them all. */
  readonly from: readonly string[];
  readonly count: number;
  /** How it ends for the first of them. */
  readonly why: string;
}

/** A prefix whose traffic takes another way. */
export interface MovedPrefix {
  readonly prefix: string;
  /** Some of those that send it elsewhere than before; `count` has them all. */
  readonly hosts: readonly string[];
  readonly count: number;
}

/** Hosts named for one prefix: a sweep of a large fabric would else hold failures times prefixes times hosts. */
const MAX_NAMED = 20;

/** What a failure does to traffic. */
export interface Impact {
  readonly lost: readonly LostPrefix[];
  readonly moved: readonly MovedPrefix[];
}

/** Who reached what before anything failed; asked again for every failure, so it is worked out once per prefix. */
export interface Baseline {
  readonly state: SimulationState;
  readonly goals: readonly Goal[];
  /**
   * By node: 1 where it only passes on what others send (a spine without a network of its own): that it has no route itself after a
   * failure harms nobody; who sends through it is looked at.
   */
  readonly transit: Uint8Array;
}

interface Goal {
  readonly prefix: Prefix;
  readonly destination: Destination;
  readonly makers: readonly number[];
  /** By node: 1 where its traffic arrives. */
  readonly reached: Uint8Array;
}

export function baselineOf(state: SimulationState): Baseline {
  const transit = new Uint8Array(state.network.nodes.length);
  const goals = familyNames.flatMap((name) => {
    const family = state.families[name];
    const ways = createWays(family, state.tables.length);
    return family.prefixes.flatMap(({ prefix, origins }) => {
      const makers = [...origins.keys()];
      const [first] = makers;
      if (first === undefined) return [];
      const destination = destinationOf(state, representative(state, prefix, first));
      const reached = reachedIn(ways, destination, origins);
      markNext(ways, destination, new Set(makers), transit);
      return [{ prefix, destination, makers, reached }];
    });
  });
  for (const { makers } of goals) for (const node of makers) transit[node] = 0;
  return { state, goals, transit };
}

function reachedIn(
  ways: Ways,
  destination: Destination,
  origins: FamilyState['prefixes'][number]['origins'],
): Uint8Array {
  const { state } = destination;
  const reached = new Uint8Array(state.network.nodes.length).fill(1);
  const fate = fatesIn(destination, origins);
  for (const node of unsureOf(ways, destination, origins, [...reached.keys()]))
    reached[node] = fate(node).kind === 'arrives' ? 1 : 0;
  return reached;
}

/** Does anybody reach a network of somebody else? Else no failure can harm anyone. */
export function carriesTraffic({ goals }: Baseline): boolean {
  return goals.some(({ makers, reached }) =>
    reached.some((yes, node) => yes === 1 && !makers.includes(node)),
  );
}

/**
 * Compares with the state after a failure. Traffic of hosts that are gone, and for prefixes that only they announced, does not
 * count; neither do the networks of the links that failed.
 */
export function impactOf(
  { state: before, goals, transit }: Baseline,
  after: SimulationState,
  failure: Failure,
): Impact {
  const gone = new Set(failure.hosts.map((name) => before.wiring.indexOf.get(name) ?? -1));
  const ownNetworks = networksOfLinks(before, failure);
  const near = changedNodes(before, after);
  const lost: LostPrefix[] = [];
  const moved: MovedPrefix[] = [];
  for (const goal of goals) {
    const alive = goal.makers.filter((node) => !gone.has(node));
    if (alive.length === 0 || ownNetworks.has(goal.prefix.text)) continue;
    if (!isUnharmed(after, goal, alive, near, gone)) {
      const missing = lostBy(after, goal, alive, (node) => gone.has(node) || transit[node] === 1);
      if (missing) lost.push(missing);
    }
    const nodes = movedNodes(before, after, goal.prefix, gone);
    if (nodes.length > 0) {
      const hosts = nodes.slice(0, MAX_NAMED).map((node) => nameOf(before, node));
      moved.push({ prefix: goal.prefix.text, hosts, count: nodes.length });
    }
  }
  return { lost, moved };
}

function networksOfLinks({ wiring }: SimulationState, { changes }: Failure): ReadonlySet<string> {
  const links = changes.flatMap((change) => (change.kind === 'link-down' ? [change.link] : []));
  const attached = links.flatMap((link) => wiring.links.get(link) ?? []);
  return new Set(attached.flatMap((one) => one.interface.addresses.map(({ network }) => network.text)));
}

/**
 * Does what arrived before arrive as well where something has changed? Then so does all traffic, whose way is the one it was up to the
 * first such node. `near`: nodes that may have changed whatever the address. False: not known.
 */
function isUnharmed(
  after: SimulationState,
  { prefix, destination: then, makers, reached }: Goal,
  alive: readonly number[],
  near: readonly number[],
  gone: ReadonlySet<number>,
): boolean {
  const address = representative(after, prefix, alive[0] ?? -1);
  if (alive.length < makers.length || address.text !== then.address.text) return false;
  const now = destinationOf(after, address);
  const fate = fatesIn(now, new Set(alive));
  const arrives = (node: number) => reached[node] === 0 || gone.has(node) || fate(node).kind === 'arrives';
  return near.every(arrives) && [...changedRoutes(then, now)].every(arrives);
}

function lostBy(
  after: SimulationState,
  { prefix, makers, reached }: Goal,
  alive: readonly number[],
  silent: (node: number) => boolean,
): LostPrefix | null {
  const [first = 0] = alive;
  const fate = fatesTowards(after, representative(after, prefix, first), new Set(alive));
  const from: number[] = [];
  reached.forEach((before, node) => {
    if (before === 1 && !silent(node) && fate(node).kind !== 'arrives') from.push(node);
  });
  const [sender] = from;
  if (sender === undefined) return null;
  return {
    prefix: prefix.text,
    of: makers.map((node) => nameOf(after, node)),
    from: from.slice(0, MAX_NAMED).map((node) => nameOf(after, node)),
    count: from.length,
    why: words(after, fate(sender)),
  };
}

function words(state: SimulationState, { kind, at, why }: Fate): string {
  const host = nameOf(state, at);
  return kind === 'loop' ? `it goes in a circle at ${host}` : `${host}: ${why}`;
}

/** Hosts whose kernel sends traffic for the prefix elsewhere than before, and still somewhere. */
function movedNodes(
  before: SimulationState,
  after: SimulationState,
  prefix: Prefix,
  gone: ReadonlySet<number>,
): readonly number[] {
  const family = prefix.family === 4 ? 'ipv4-unicast' : 'ipv6-unicast';
  const [then, now] = [before, after].map(({ families }) => families[family].byText.get(prefix.text)?.fib);
  if (!then || !now) return [];
  const text = (state: SimulationState, set: number) =>
    hopNames(state.families[family].hopSets.sets[set] ?? []).join(' ');
  const isMoved = (node: number) => {
    const [old, fresh] = [then.at(node), now.at(node)];
    return !gone.has(node) && old !== 0 && fresh !== 0 && text(before, old) !== text(after, fresh);
  };
  return now
    .differences(then)
    .filter(isMoved)
    .sort((a, b) => a - b);
}

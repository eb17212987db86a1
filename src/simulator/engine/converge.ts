import type { Prefix } from '../../base/ip.ts';
import type { Path } from '../../bgp/attributes.ts';
import type { Defaults, Met } from '../dependencies.ts';
import { convergeSeeded } from '../orders/seeded-order.ts';
import { noteLeader, resetLeaders } from '../peers/update-groups.ts';
import { passOn, type Seen } from '../seen/chosen.ts';
import { hostOf, nodesOf, sessionSlots } from '../table/beside.ts';
import { tellLanes } from './add-path.ts';
import { beginPrefix } from './begin-prefix.ts';
import { tellChange } from './changes.ts';
import { redecide } from './choose.ts';
import { type Turns, watchCycle } from './cycle.ts';
import { deliver } from './deliver.ts';
import { addLocal, type Engine, nextSecond, routerAt } from './engine.ts';
import { keepsSilent } from './fib-pending.ts';
import { inTurns, nodesInTurns, waitOf } from './first-announcement.ts';
import { addOwn, type MadeAggregates } from './own-paths.ts';
import { groupWire, tellAll, tellSlot } from './tell.ts';
import { settleChoices } from './together.ts';

/** What each router makes itself for one prefix, by node. */
export type Origins = ReadonlyMap<number, readonly Path[]>;

/** What lies on a prefix beside its origins. */
export interface Circumstances {
  readonly origins: Origins;
  /** The same of tables beside that of the family, by their node. */
  readonly originsBeside: Origins;
  /** `network` statements without a route behind them: in the table, and unusable. */
  readonly idle: ReadonlyMap<number, readonly { readonly path: Path; readonly why: string }[]>;
  /** The aggregates among the origins. */
  readonly aggregates: MadeAggregates;
  /** Routers whose summary-only aggregate covers the prefix. */
  readonly summarisedAt: readonly number[];
  /** For the default route: what `default-originate` sends, by node. */
  readonly defaults: Defaults;
  /** Conditions of `advertise-map` that are met, by node. */
  readonly met: Met;
  /** Slots that have their fill (`maximum-prefix-out`). */
  readonly full: readonly number[];
}

/**
 * In which order things happen. 'together': every router is up and announces in the order of `nodes`. 'one-by-one': each
 * router starts, and everything settles, before the next one starts. 'seeded': sessions come up and messages are delivered in an
 * order drawn from `seed`; messages of one session keep theirs (TCP). 'chosen': nothing is decided, only passed on.
 */
export interface StartOrder {
  readonly mode: 'together' | 'one-by-one' | 'seeded' | 'chosen';
  readonly nodes: readonly number[];
  /** 'chosen' only: what each router was seen to choose, whatever its decision would say (`chosen.ts`). */
  readonly seen?: Seen;
  /** 'seeded' only. */
  readonly seed?: number;
  /** 'seeded' and 'chosen' only: seconds at which the session of a node with this address was seen to come up; the order is drawn from around them. */
  readonly upAt?: (node: number, address: string) => number | undefined;
}

/** null: settled. Otherwise the routers that went on changing their minds. */
export type Oscillation = {
  readonly nodes: readonly number[];
  readonly repeats: boolean;
  /** Where the state came back: what those that changed on the way took in turn. */
  readonly turns?: readonly Turns[];
} | null;

/** Runs one prefix to its end; the engine then holds the tables of this prefix. */
export function convergePrefix(
  engine: Engine,
  prefix: Prefix,
  circumstances: Circumstances,
  order: StartOrder,
): Oscillation {
  beginPrefix(engine, prefix, order.mode === 'together' ? 1 : 0);
  resetLeaders(engine, order.mode === 'together');
  const { idle, defaults, originsBeside } = circumstances;
  const origins =
    originsBeside.size === 0 ? circumstances.origins : new Map([...circumstances.origins, ...originsBeside]);
  layCircumstances(engine, circumstances);
  for (const [node, made] of idle) for (const { path, why } of made) addLocal(engine, node, path, why);
  if (order.mode === 'together') {
    engine.inRounds = true;
    const starting = inOrder(order, [...origins.keys()]);
    for (const node of starting)
      for (const path of origins.get(node) ?? []) addOwn(engine, node, path, circumstances.aggregates);
    for (const turn of nodesInTurns(engine.topology, starting)) {
      const restless = drain(engine);
      if (restless) return restless;
      for (const node of turn) redecide(engine, node);
    }
    for (const node of defaults.keys()) tellAll(engine, node);
    return drain(engine);
  }
  if (order.mode === 'chosen') return passOn(engine, origins, defaults, order);
  if (order.mode === 'seeded') return convergeSeeded(engine, origins, defaults, order);
  engine.inRounds = true;
  const up = new Set<number>();
  for (const node of order.nodes) {
    const oscillation = startRouter(engine, up, node, { origins, aggregates: circumstances.aggregates });
    if (oscillation) return oscillation;
  }
  return null;
}

/** What other prefixes mean for this one. */
export function layCircumstances(engine: Engine, { summarisedAt, defaults, met, full }: Circumstances): void {
  for (const node of summarisedAt) engine.summarised[node] = 1;
  for (const [node, paths] of defaults) engine.defaults.set(node, paths);
  engine.met = met;
  engine.full = full;
}

/** Some nodes in the order in which all start, tables beside that of a family behind them. */
export function inOrder({ nodes }: StartOrder, some: readonly number[]): readonly number[] {
  if (some.length < 2) return some;
  const wanted = new Set(some);
  const ordered = nodes.filter((node) => wanted.delete(node));
  return wanted.size === 0 ? ordered : [...ordered, ...wanted];
}

/** The router comes up: its neighbours tell it what they have, and it announces its own. */
function startRouter(
  engine: Engine,
  up: Set<number>,
  node: number,
  { origins, aggregates }: Pick<Circumstances, 'origins' | 'aggregates'>,
): Oscillation {
  const { topology } = engine;
  const { reverse, owner } = topology;
  nextSecond(engine);
  up.add(node);
  const slots: number[] = [];
  for (const slot of sessionSlots(topology, node)) {
    const far = reverse[slot] ?? 0;
    if (up.has(hostOf(topology, owner[far] ?? 0))) slots.push(far, slot);
  }
  for (const one of nodesOf(topology, node)) {
    const paths = origins.get(one) ?? [];
    for (const path of paths) addOwn(engine, one, path, aggregates);
    if (paths.length > 0) redecide(engine, one);
  }
  const restless = meetPeers(engine, slots);
  engine.lanes.forEach((lanes, one) => {
    if (lanes) tellLanes(engine, one);
  });
  if (engine.defaults.has(node)) tellAll(engine, node);
  return restless ?? drain(engine);
}

/**
 * What routers say on sessions that have just come up, on slots that are still closed: whoever waits (`inTurns`) does so later than the others, and with
 * what they said. `onHeard` is told of those that have been heard.
 */
export function meetPeers(
  engine: Engine,
  fresh: readonly number[],
  onHeard: ((slots: readonly number[]) => void) | null = null,
): Oscillation {
  const { topology } = engine;
  let second = 0;
  for (const [turn, slots] of inTurns(topology, fresh).entries()) {
    const restless = turn === 0 ? null : drain(engine);
    if (restless) return restless;
    const now = Math.floor(waitOf(topology, slots[0] ?? -1) / 1000);
    if (turn > 0 && now > second) nextSecond(engine);
    second = now;
    for (const slot of slots) openSlot(engine, slot);
    const joining = new Set(slots);
    for (const slot of slots) tellFirst(engine, slot, joining);
    const unheard = onHeard ? drain(engine) : null;
    if (unheard) return unheard;
    onHeard?.(slots);
  }
  return null;
}

/** From now on what is sent for the slot arrives. */
export function openSlot(engine: Engine, slot: number): void {
  engine.open[slot] = 1;
  engine.openness = null;
  noteLeader(engine, slot);
}

/**
 * What a router has for a peer when the session comes up. `joining`: the slots that are told for the first time together; FRR has a subgroup of
 * their own for them, and makes it one with the others once they have heard the same, whatever the next hop of it was.
 */
export function tellFirst(engine: Engine, slot: number, joining: ReadonlySet<number> | null = null): void {
  const node = engine.topology.owner[slot] ?? 0;
  const group = engine.groups[node]?.find(({ slots }) => slots.includes(slot));
  if (!group) return;
  if (engine.topology.lanes.has(slot)) {
    tellLanes(engine, node);
    return;
  }
  const router = routerAt(engine.topology, node);
  if (keepsSilent(engine, node, router)) return;
  const best = engine.best[node] ?? null;
  if (router.config.profile.quirks.saysChangesOnly) {
    tellChange(engine, router, group, slot, best, null);
    return;
  }
  const groups = groupWire(engine, router, node, group, best);
  if (!group.countsCompany || joining === null) {
    tellSlot(engine, router, group, slot, best, groups);
    return;
  }
  engine.joining = joining;
  const apart = groupWire(engine, router, node, group, best);
  engine.joining = null;
  tellSlot(engine, router, group, slot, best, apart);
  if (apart !== groups && engine.sent[slot] === apart) engine.missed.set(slot, groups);
}

/** Deliveries per slot after which a prefix is taken to go round in circles; ordinary ones need fewer than ten. */
const EVENTS_PER_SLOT = 50;
const EVENTS_AT_LEAST = 5000;

export function drain(engine: Engine): Oscillation {
  const { queue } = engine;
  const limit = eventLimit(engine);
  let left = 0;
  while (queue.head !== queue.tail) {
    if (engine.events >= limit) {
      settleChoices(engine);
      engine.inRounds = false;
      return watchCycle(engine, deliverNext);
    }
    if (left === 0) {
      settleChoices(engine);
      left = queue.tail - queue.head;
    }
    left--;
    deliverNext(engine);
  }
  settleChoices(engine);
  return null;
}

export function eventLimit({ events, topology }: Engine): number {
  return events + Math.max(EVENTS_AT_LEAST, EVENTS_PER_SLOT * topology.peers.length);
}

export function deliverNext(engine: Engine): void {
  const { queue } = engine;
  const at = queue.head++ & (queue.slots.length - 1);
  deliver(engine, queue.slots[at] ?? 0, queue.paths[at] ?? 0);
}

import { type FamilyName, familyNames } from '../base/family.ts';
import { defaultPrefix, type Originated, originate } from '../bgp/originate.ts';
import { markPaths } from '../bgp/path-store.ts';
import type { Router } from '../bgp/router.ts';
import { closed, closings } from './closings/closings.ts';
import { findDependencies } from './dependencies.ts';
import type { StartOrder } from './engine/converge.ts';
import { createEngine } from './engine/create-engine.ts';
import type { Engine } from './engine/engine.ts';
import { buildTopology } from './engine/topology.ts';
import { bgpLookup } from './forwarding/destination.ts';
import { type Ground, layGround } from './ground.ts';
import { createHopSets } from './kernel/fib.ts';
import type { Network } from './kernel/network.ts';
import { createNextHops } from './kernel/next-hops.ts';
import { type Kernels, overBgpRoutes } from './kernel/recursive-statics.ts';
import type { Wiring } from './kernel/wiring.ts';
import { prefixStates } from './prefix-states.ts';
import { coverOf, settleRounds } from './rounds.ts';
import type { Seen } from './seen/chosen.ts';
import { markEarly } from './sessions/early.ts';
import { ListedSessions, type SessionList } from './sessions/session-list.ts';
import { meetAll } from './sessions/sessions.ts';
import { kernelLookup } from './sessions/transport.ts';
import type { FamilyState, SimulationState } from './state.ts';
import { besideOrigins, withBeside } from './table/beside-origins.ts';
import { localRoutes, localTable } from './table/local-routes.ts';
import { shownRoutes } from './timeline/overtaken.ts';

export type { SimulationState } from './state.ts';

export interface SimulationOptions {
  /**
   * Names of the routers in the order in which they start, each after the one before has settled; absent: all start together,
   * in the order of the network.
   */
  readonly startOrder?: readonly string[];
  /** All start together, and what happens at the same time happens in an order drawn from this number. */
  readonly seed?: number;
  /** With `seed`: `host address` of a neighbor → seconds at which that session was seen to come up. The order is then drawn from around these. */
  readonly upAt?: ReadonlyMap<string, number>;
  /** What each router was seen to choose, whatever its decision would say: what follows from it elsewhere (`chosen.ts`). */
  readonly seen?: Seen;
}

/** Converges the network; never throws for any configuration. */
export function simulate(network: Network, options: SimulationOptions = {}): SimulationState {
  return settle(prepare(network, options));
}

/** Routers, wiring and the sessions that come up without BGP's own routes; nothing is converged yet. */
export function prepare(network: Network, options: SimulationOptions = {}): SimulationState {
  const ground = layGround(network);
  const { wiring, tables, speakers } = ground;
  const ends = meetAll({ wiring, tables, route: kernelLookup(tables) }, speakers);
  const order = startOrder(wiring, options);
  return assemble(ground, startedAt(order, ends, ground.routers), order);
}

/** Converges what was prepared, with the sessions that come up or go down for what the tables then hold. */
export function settle(prepared: SimulationState): SimulationState {
  let state = overStatics(settleRounds(prepared));
  for (const next of [overBgp, withoutClosed]) {
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const changed = next(state);
      if (changed === null) break;
      state = overStatics(
        settleRounds(assemble({ ...prepared, ...kernelsOf(state) }, changed, prepared.order)),
      );
    }
  }
  return state;
}

/** Sessions over routes that BGP brings, and sessions that bring too much, need another look once tables exist. */
const MAX_PASSES = 8;

/** The same with static routes over BGP's, and what comes of them. */
function overStatics(settled: SimulationState): SimulationState {
  let state = settled;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const kernels = overBgpRoutes(state);
    if (kernels === null) break;
    state = settleRounds(assemble({ ...groundOf(state), ...kernels }, state.ends, state.order));
  }
  return state;
}

function groundOf(state: SimulationState): Ground {
  const { network, wiring, tables, kernel, context, speakers, routers, leads, overtaken } = state;
  return { network, wiring, tables, kernel, context, speakers, routers, leads, overtaken };
}

function kernelsOf({ tables, kernel, leads }: SimulationState): Kernels {
  return { tables, kernel, leads };
}

/** The session ends with those that BGP's own routes let come up; null: none more. */
function overBgp(state: SimulationState): SessionList | null {
  const { ends, wiring, tables, speakers } = state;
  if (!ends.anyIn('Active')) return null;
  const retried = meetAll({ wiring, tables, route: bgpLookup(state) }, speakers);
  return retried.up() > ends.up() ? startedAt(state.order, retried, state.routers) : null;
}

/** One by one nobody is early: each has been there for a while when the next one starts. */
function startedAt(
  { mode }: StartOrder,
  ends: SessionList,
  routers: readonly (Router | null)[],
): SessionList {
  return mode === 'one-by-one' ? ends : markEarly(ends, routers);
}

/** The session ends without those that do not stand what they are told; null: all do. */
function withoutClosed(state: SimulationState): SessionList | null {
  const closing = closings(state);
  if (closing.size === 0) return null;
  return new ListedSessions(state.ends.map((end, place) => closed(state, end, place, closing)));
}

function startOrder(wiring: Wiring, { startOrder: names, seed, upAt, seen }: SimulationOptions): StartOrder {
  const all = wiring.nodes.map(({ index }) => index);
  const upOf = (node: number, address: string) => upAt?.get(`${wiring.nodes[node]?.node.name} ${address}`);
  if (seen) return { mode: 'chosen', nodes: all, seen, ...(upAt ? { upAt: upOf } : {}) };
  if (seed !== undefined) {
    return { mode: 'seeded', nodes: all, seed, ...(upAt ? { upAt: upOf } : {}) };
  }
  if (!names) return { mode: 'together', nodes: all };
  const first = names.map((name) => wiring.indexOf.get(name)).filter((node) => node !== undefined);
  const named = new Set(first);
  return { mode: 'one-by-one', nodes: [...first, ...all.filter((node) => !named.has(node))] };
}

/** Everything in place, nothing converged yet. `before` as in `layGround`. */
export function assemble(
  ground: Ground,
  ends: SessionList,
  order: StartOrder,
  before: SimulationState | null = null,
): SimulationState {
  const { tables, routers } = ground;
  const originated = routers.map((router, node) => {
    const table = tables[node];
    const wired = ground.wiring.nodes[node];
    const known = before?.originated[node];
    if (
      known &&
      router === before.routers[node] &&
      table === before.tables[node] &&
      ground.leads.get(node) === before.leads.get(node) &&
      ground.overtaken.get(node) === before.overtaken.get(node) &&
      wired === before.wiring.nodes[node]
    )
      return known;
    if (router?.config.table && wired)
      return { paths: localRoutes(router, wired, ground.leads.get(node)), idle: [] };
    return router && table
      ? originate(router, shownRoutes(table, ground.overtaken.get(node)))
      : { paths: [], idle: [] };
  });
  const idle = new Map(
    originated.flatMap((made, node) => (made.idle.length > 0 ? [[node, made.idle] as const] : [])),
  );
  const families = Object.fromEntries(
    familyNames.map((family) => [
      family,
      assembleFamily(family, ground, ends, originated, before, order.seen),
    ]),
  ) as Record<FamilyName, FamilyState>;
  const mark = markPaths(ground.context.store);
  return {
    ...ground,
    ends,
    families,
    originated,
    order,
    idle,
    past: null,
    moment: null,
    inconclusive: [],
    mark,
  };
}

function assembleFamily(
  family: FamilyName,
  { wiring, tables, routers, context, leads }: Ground,
  ends: SessionList,
  originated: readonly Originated[],
  before: SimulationState | null,
  seen: Seen | undefined,
): FamilyState {
  const earlier = before?.families[family] ?? null;
  const last = before && {
    topology: before.families[family].topology,
    ends: before.ends.all(),
    wiring: before.wiring,
  };
  const topology = buildTopology(family, routers, ends, wiring, last);
  const beside = besideOrigins(topology, wiring, leads);
  const prefixes = prefixStates(family, { routers, originated, beside }, earlier, before);
  const byText = new Map(prefixes.map((state) => [state.prefix.text, state]));
  const lengths = [...new Set(prefixes.map(({ prefix }) => prefix.length))].sort((a, b) => b - a);
  const hopSets = createHopSets(topology.peers.length, earlier?.hopSets);
  const cover = coverOf({ byText, lengths, hopSets });
  const locals = originated.map(({ paths }, node) =>
    routers[node]?.config.table ? localTable(paths) : null,
  );
  const lookedIn = withBeside(tables, locals, beside);
  const nextHops = createNextHops(lookedIn.tables, cover, lookedIn.locals, seen?.usable);
  let engine: Engine | null = null;
  return {
    family,
    topology,
    nextHops,
    get engine() {
      engine ??= createEngine(topology, nextHops, context.store.byId, new Map(), defaultPrefix(family));
      return engine;
    },
    get madeEngine() {
      return engine;
    },
    hopSets,
    prefixes,
    byText,
    lengths,
    dependencies: findDependencies(
      family,
      routers,
      before && { routers: before.routers, found: before.families[family].dependencies },
    ),
  };
}

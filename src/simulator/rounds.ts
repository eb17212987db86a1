import type { Diagnostic } from '../base/diagnostic.ts';
import { familyNames } from '../base/family.ts';
import { type Address, prefixOf } from '../base/ip.ts';
import { forgetPaths } from '../bgp/path-store.ts';
import { remadeAggregates, summarisedAt, withAggregates, withoutOverlooked } from './aggregates.ts';
import { HopTable } from './compact/hop-table.ts';
import { addNode, roomFor, settled } from './compact/node-set.ts';
import {
  circumstancesText,
  type Defaults,
  leansOnOthers,
  metConditions,
  noteContributions,
  openDefaults,
  refersToPaths,
} from './dependencies.ts';
import { clearEngine } from './engine/begin-prefix.ts';
import type { Oscillation } from './engine/converge.ts';
import type { Engine } from './engine/engine.ts';
import { isSameChoice, noteOutcome } from './engine/outcomes.ts';
import type { Topology } from './engine/topology.ts';
import { failFlat } from './flat/failure.ts';
import { convergeFlat } from './flat/index.ts';
import { circles } from './kernel/circles.ts';
import { installedHops, tableVerdict, usedPaths } from './kernel/fib.ts';
import type { BgpCover, CoveringRoute } from './kernel/next-hops.ts';
import { decidedByAge } from './orders/order-dependence.ts';
import { cutAtRandom, limitOutbound } from './prefix-out.ts';
import { refusedGateways } from './refused-gateways.ts';
import {
  inCircle,
  notSettled,
  oscillates,
  remadeWithoutEnd,
  tooManyPaths,
  unknownOrder,
} from './restless.ts';
import type { FamilyState, PrefixState, SimulationState } from './state.ts';
import { hostOf } from './table/beside.ts';
import { entriesText, tableEntries } from './table/installed.ts';
import { settlePrefix } from './timeline/carry.ts';
import { nextFree } from './timeline/dampening.ts';
import { takeOver } from './timeline/untouched.ts';

/** Prefixes that lean on each other (next hops through BGP) settle within a few rounds or not at all. */
const MAX_ROUNDS = 16;

/**
 * Converges every prefix once; then those whose next hops lead through BGP again, with the tables of the round before,
 * until nothing changes.
 */
export function settleRounds(state: SimulationState): SimulationState {
  const inconclusive: Diagnostic[] = [];
  for (const family of familyNames) {
    const familyState = state.families[family];
    for (const prefix of longestFirst(familyState.prefixes)) convergeOne(state, familyState, prefix);
    const restless = [...repeatDependent(state, familyState), ...fillOutbound(state, familyState)];
    inconclusive.push(...restless.map((prefix) => notSettled(prefix)));
    for (const prefix of familyState.prefixes) {
      if (prefix.oscillation) inconclusive.push(oscillates(state, familyState, prefix, prefix.oscillation));
      else if (prefix.circlingAt) inconclusive.push(inCircle(state, prefix, prefix.circlingAt));
    }
    for (const remade of remadeAggregates(familyState.dependencies.aggregators))
      inconclusive.push(remadeWithoutEnd(state, remade));
    if (familyState.madeEngine?.lanesShort) inconclusive.push(tooManyPaths(family));
    inconclusive.push(...refusedGateways(state, familyState));
    inconclusive.push(...cutAtRandom(familyState).map((slot) => unknownOrder(state, familyState, slot)));
  }
  return { ...state, inconclusive };
}

function longestFirst(prefixes: readonly PrefixState[]): readonly PrefixState[] {
  return prefixes.toSorted((a, b) => b.prefix.length - a.prefix.length);
}

const noDefaults: Defaults = new Map();

/** Paths kept before they are forgotten: a few hundred bytes each. AS_PATHs are found in a table that has to stay in the processor's cache. */
const MAX_PATHS = 8192;
const MAX_AS_PATHS = 16_384;
/** Attribute sets kept: what was worked out for them is worth more than their space. */
const MAX_ATTRIBUTES = 50_000;

/** Forgets paths of prefixes that are done; aggregates and default routes with a route-map refer to theirs, so with them nothing is forgotten. */
export function limitPaths(state: SimulationState): void {
  const { store, tables } = state.context;
  const { mark } = state;
  if (store.byId.length < mark.paths + MAX_PATHS && store.asPaths.byId.length < mark.asPaths + MAX_AS_PATHS)
    return;
  if (familyNames.some((family) => refersToPaths(state.families[family].dependencies))) return;
  const attributesToo = store.examples.length >= mark.attributes + MAX_ATTRIBUTES;
  for (let one: SimulationState | undefined = state; one; one = one.past?.previous)
    for (const family of familyNames) forgetIn(one.families[family].madeEngine, attributesToo);
  forgetPaths(store, mark, attributesToo);
  tables.asPathAnswers.clear();
}

function forgetIn(engine: Engine | null, attributesToo: boolean): void {
  if (engine) clearEngine(engine, attributesToo);
}

/** Converges one prefix and keeps what the tables need; the engine holds the rest until the next. */
export function convergeOne(state: SimulationState, familyState: FamilyState, kept: PrefixState): boolean {
  const { family, hopSets, dependencies } = familyState;
  limitPaths(state);
  Object.assign(kept, withAggregates(dependencies.aggregators, kept.prefix, kept.configured));
  kept.summarisedAt = summarisedAt(dependencies.aggregators, kept.prefix);
  kept.defaults = kept.prefix.length === 0 ? openDefaults(dependencies) : noDefaults;
  kept.met = metConditions(dependencies);
  kept.held = undefined;
  if (takeOver(state, familyState, kept) || failFlat(state, familyState, kept)) return false;
  const flat = convergeFlat(state, familyState, kept);
  if (flat !== null) return flat;
  const { engine } = familyState;
  const { outcomes } = engine;
  kept.oscillation = atHosts(engine.topology, settlePrefix(state, familyState, kept));
  kept.origins = withoutOverlooked(kept.origins, kept.aggregates, engine);
  kept.throughBgp = engine.throughBgp;
  kept.events = engine.events;
  noteFree(kept, engine);
  const fib = new Uint32Array(state.tables.length);
  const circling = new Set<number>();
  const byAge = roomFor(state.tables.length);
  const kernel = state.kernel.byPrefix.get(kept.prefix.text);
  // One table of a router is what its kernel gets.
  const install = (host: number, hops: number) => {
    if (hops !== 0) fib[host] = hops;
  };
  for (const node of engine.touched) {
    const host = hostOf(engine.topology, node);
    const present = kernel?.get(host);
    if (!present && isSameChoice(outcomes, engine, node)) {
      install(host, outcomes.hops[node] ?? 0);
      if (outcomes.byAge[node] === 1) addNode(byAge, host);
      continue;
    }
    const used = usedPaths(engine, node, family);
    const hops = installedHops(engine, node, used, present, hopSets);
    if (hops !== 0 && engine.throughBgp && circles(familyState, node, used)) circling.add(host);
    const age = decidedByAge(engine, node, used);
    install(host, hops);
    if (age) addNode(byAge, host);
    if (!present) noteOutcome(outcomes, engine, node, hops, age);
  }
  for (const node of state.past?.leftover ?? []) fib[node] = kept.fib.at(node);
  noteContributions(dependencies, engine);
  const entries = tableEntries(engine);
  const table = new HopTable(fib);
  const changed = !table.equals(kept.fib) || entriesText(entries) !== entriesText(kept.inTable);
  kept.inTable = entries;
  kept.fib = table;
  kept.metrics = bgpMetrics(engine);
  kept.byAge = settled(byAge);
  if (circling.size > 0) kept.circlingAt = circling;
  else delete kept.circlingAt;
  return changed;
}

function noteFree(kept: PrefixState, engine: Engine): void {
  const at = nextFree(engine);
  if (at < Number.POSITIVE_INFINITY) kept.freeAt = at;
  else delete kept.freeAt;
}

/** Tables of a router are not told apart. */
function atHosts(topology: Topology, oscillation: Oscillation): Oscillation {
  if (!oscillation || topology.beside.tables.length === 0) return oscillation;
  const hosts = oscillation.nodes.map((node) => hostOf(topology, node));
  return { ...oscillation, nodes: [...new Set(hosts)] };
}

/** What bgpd tells zebra as the metric of its routes: the MED (FRR), which a next hop through the route then costs. */
function bgpMetrics(engine: Engine): ReadonlyMap<number, number> {
  const metrics = new Map<number, number>();
  for (const node of engine.touched) {
    const router = engine.topology.routers[node];
    const best = engine.best[node];
    if (!best || !router?.config.profile.quirks.bgpMetricIsMed) continue;
    const verdict = tableVerdict(router, best, engine.prefix);
    const med = (verdict?.verdict === 'accept' ? verdict.path.med : best.path.med) ?? 0;
    if (med !== 0) metrics.set(node, med);
  }
  return metrics;
}

/** The prefixes that still change after the last round. */
function repeatDependent(state: SimulationState, familyState: FamilyState): readonly PrefixState[] {
  for (let round = 1; ; round++) {
    const { dependencies } = familyState;
    const { aggregators } = dependencies;
    const aggregated = new Set(aggregators.map(({ config }) => config.prefix.text));
    const dependent = longestFirst(
      familyState.prefixes.filter(
        ({ throughBgp, prefix }) =>
          throughBgp || aggregated.has(prefix.text) || leansOnOthers(dependencies, prefix),
      ),
    );
    const before = round === 1 ? null : circumstancesText(dependencies);
    const changed = dependent.filter((prefix) => convergeOne(state, familyState, prefix));
    const same =
      before === null ? circumstancesText(dependencies) === '' : before === circumstancesText(dependencies);
    if (changed.length === 0 && same) return [];
    if (round === MAX_ROUNDS) return changed;
  }
}

/** The prefixes that are told or not told round after round, for the room another one takes. */
function fillOutbound(state: SimulationState, familyState: FamilyState): readonly PrefixState[] {
  for (let round = 1; ; round++) {
    const changed = limitOutbound(state, familyState);
    for (const prefix of changed) convergeOne(state, familyState, prefix);
    const restless = changed.length === 0 ? [] : repeatDependent(state, familyState);
    if (changed.length === 0 || restless.length > 0) return restless;
    if (round === MAX_ROUNDS) return changed;
  }
}

/** BGP routes as the tables of the round before have them. */
export function coverOf(of: Pick<FamilyState, 'byText' | 'lengths' | 'hopSets'>): BgpCover {
  const covering = (address: Address) =>
    of.lengths.flatMap((length) => of.byText.get(prefixOf(address.family, address.value, length).text) ?? []);
  const known = new Map<string, readonly PrefixState[]>();
  const coveringOf = (address: Address) => {
    let states = known.get(address.text);
    if (!states) {
      states = covering(address);
      known.set(address.text, states);
    }
    return states;
  };
  return {
    longestLength: (address) => coveringOf(address)[0]?.prefix.length ?? -1,
    entry: (node, address, length) => {
      for (const { prefix, inTable } of coveringOf(address)) {
        const entry = prefix.length > length ? inTable?.get(node) : undefined;
        if (entry) return entry;
      }
      return null;
    },
    longest: (node, address): CoveringRoute | null => {
      for (const state of coveringOf(address)) {
        const hops = state.fib.at(node);
        if (!hops) continue;
        return {
          length: state.prefix.length,
          metric: state.metrics.get(node) ?? 0,
          hops: of.hopSets.sets[hops] ?? [],
        };
      }
      return null;
    },
  };
}

import { isOdd } from '../../bgp/unicast-networks.ts';
import { beginsAtZero } from '../../bgp/zero-networks.ts';
import { covers } from '../aggregates.ts';
import { heldSlots } from '../compact/held-slots.ts';
import { HopTable } from '../compact/hop-table.ts';
import { settled } from '../compact/node-set.ts';
import type { StartOrder } from '../engine/converge.ts';
import { isMixed } from '../peers/update-groups.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';
import { createFlat } from './create.ts';
import { holdAlike } from './follow.ts';
import type { Flat } from './layout.ts';
import { runFlat, runTogether } from './run.ts';
import { keepStanding, planStanding } from './standing.ts';
import { flatTables } from './tables.ts';
import { takeApart } from './twins.ts';

const nothing: PrefixState['inTable'] = new Map();

/**
 * Converges a prefix in numbers and keeps what the tables need, as `convergeOne` does; null where the engine has to do it, else
 * whether what is kept has changed.
 */
export function convergeFlat(
  state: SimulationState,
  familyState: FamilyState,
  kept: PrefixState,
): boolean | null {
  const flat = flatFor(state, familyState);
  if (flat === 'never' || !isPlainPrefix(familyState, kept)) return null;
  const kernel = state.kernel.byPrefix.get(kept.prefix.text);
  if (!convergeInNumbers(flat, kept, kernel?.keys() ?? [], state.order)) return null;
  const fib = flat.fibs.take();
  const { byAge, metrics } = flatTables(flat, kernel, familyState.hopSets, fib);
  const table = new HopTable(fib);
  const changed = !table.equals(kept.fib) || (kept.inTable?.size ?? 0) > 0;
  holdAlike(flat);
  kept.oscillation = null;
  kept.held = heldSlots(flat.holding, flat.holdings.take);
  if (flat.judgedOnce) {
    kept.holding = kept.held;
    kept.foreign = settled(flat.foreign.slice());
    kept.standing = keepStanding(flat);
  }
  kept.throughBgp = false;
  kept.events = flat.events;
  kept.inTable = nothing;
  kept.fib = table;
  kept.metrics = metrics;
  kept.byAge = byAge;
  return changed;
}

/** With routers doing as one where that goes well. */
export function convergeInNumbers(
  flat: Flat,
  { prefix, origins, idle }: PrefixState,
  kernel: Iterable<number>,
  order: StartOrder,
): boolean {
  if (runTogether(flat, prefix, { origins, idle, kernel }, order)) return true;
  if (flat.strays.length === 0) return false;
  takeApart(flat, flat.strays);
  return runFlat(flat, prefix, { origins, idle }, order);
}

function flatFor(state: SimulationState, { engine, prefixes }: FamilyState): Flat | 'never' {
  if (engine.flat) return engine.flat;
  if (isPlain(state, engine)) {
    const flat = createFlat(engine, state.context, prefixes.length);
    flat.plan = planStanding(flat, prefixes.length);
    engine.flat = flat;
  } else engine.flat = 'never';
  return engine.flat;
}

/** All sessions are up, each carries one path, and every router says its best path, or that it has changed, and nothing else. */
function isPlain(
  { order, past }: SimulationState,
  { topology, groups, sharedAs }: FamilyState['engine'],
): boolean {
  const { routers, lanes, reverse } = topology;
  if (groups.some((own) => own.some(({ conditional }) => conditional))) return false;
  if (order.mode !== 'together' || past || lanes.size > 0 || sharedAs.some(isMixed)) return false;
  if (reverse.some((other) => other < 0)) return false;
  return routers.every(
    (router) =>
      router === null ||
      (!router.config.table &&
        !router.config.profile.quirks.originatesOnly &&
        !router.bgp.suppressFibPending &&
        !router.bgp.dampening &&
        !router.bgp.decision.mergesMultipath),
  );
}

function isPlainPrefix(
  { dependencies, engine }: FamilyState,
  { prefix, summarisedAt, defaults, throughBgp, full }: PrefixState,
): boolean {
  const { aggregators, gates, conditions } = dependencies;
  if (
    throughBgp ||
    isOdd(prefix) ||
    summarisedAt.length > 0 ||
    defaults.size > 0 ||
    gates.length + conditions.length + full.length > 0
  )
    return false;
  if (
    beginsAtZero(prefix) &&
    engine.topology.peers.someKind(({ options }) => options.defaultOriginate !== null)
  )
    return false;
  // An aggregate itself may be overlooked (`own-paths.ts`).
  return aggregators.every(
    ({ config }) => !covers(config.prefix, prefix) && config.prefix.text !== prefix.text,
  );
}

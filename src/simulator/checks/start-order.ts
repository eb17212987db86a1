import type { Diagnostic } from '../../base/diagnostic.ts';
import { familyNames } from '../../base/family.ts';
import type { PrefixState, SimulationState } from '../state.ts';
import { nameOf } from './names.ts';
import { type Difference, everyPrefix, fewOrders, firstDifference, manyOrders } from './orders.ts';

/** Prefixes tried in other orders; the rest of a large fabric looks like these. */
const MAX_TRIED = 200;

/** Where age decided a best path, other orders are tried: what then differs in the kernel tables depends on chance. */
export function checkStartOrder(state: SimulationState): readonly Diagnostic[] {
  const orders = fewOrders(state);
  return familyNames.flatMap((family) => {
    const familyState = state.families[family];
    const suspects = familyState.prefixes.filter(
      ({ byAge, oscillation }) => byAge.length > 0 && !oscillation,
    );
    return suspects.slice(0, MAX_TRIED).flatMap((kept) => {
      const difference = firstDifference(state, familyState, kept, orders, false);
      return difference ? [finding(state, kept, difference)] : [];
    });
  });
}

/** What `simulate --orders N` looked at and found. */
export interface OrdersTried {
  /** The orders in words, so that each can be tried again. */
  readonly orders: readonly string[];
  readonly findings: readonly Diagnostic[];
}

/**
 * Every prefix under many other orders (see `manyOrders`), whether age seemed to decide or not, and with what daemons that install
 * nothing would choose: a finding for each that ends otherwise under one of them.
 */
export function tryOrders(state: SimulationState, count: number): OrdersTried {
  const orders = manyOrders(state, count);
  const findings = everyPrefix(state).flatMap(({ familyState, kept }) => {
    if (kept.oscillation) return [];
    const difference = firstDifference(state, familyState, kept, orders, true);
    return difference ? [finding(state, kept, difference, `decided by age: `)] : [];
  });
  return { orders: orders.map(({ name }) => name), findings };
}

function finding(
  state: SimulationState,
  { prefix }: PrefixState,
  { nodes, usual, other, order }: Difference,
  decided = '',
): Diagnostic {
  const host = nameOf(state, nodes[0] ?? 0);
  const rest = nodes.length > 1 ? ` (${nodes.length - 1} more hosts differ too)` : '';
  const [now, then] = [usual, other].map((names) => names.join(', ') || 'none');
  return {
    rule: 'start-order',
    severity: 'warning',
    message: `${decided}what ${host} does with ${prefix.text} depends on which router started first: next hop ${now} or ${then}${rest}`,
    ranges: [],
    host,
    found: decided === '' ? prefix.text : `${prefix.text}: ${then} when started ${order.name}`,
    fix: 'use both paths (maximum-paths), prefer one by policy, or set bgp bestpath compare-routerid',
  };
}

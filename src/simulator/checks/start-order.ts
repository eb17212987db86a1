import type { Diagnostic } from '../../base/diagnostic.ts';
import { familyNames } from '../../base/family.ts';
import type { PrefixState, SimulationState } from '../state.ts';
import { hadOthersComeFirst } from './age-flip.ts';
import { nameOf } from './names.ts';
import { type Difference, everyPrefix, firstDifference, manyOrders } from './orders.ts';

/** Prefixes tried; the rest of a large fabric looks like these. */
const MAX_TRIED = 200;
/** Prefixes told one by one. */
const MAX_TOLD = 20;

/** Where age decided a best path, and the kernel tables would differ had the other path come first, the result depends on chance. */
export function checkStartOrder(state: SimulationState): readonly Diagnostic[] {
  return familyNames.flatMap((family) => {
    const familyState = state.families[family];
    const suspects = familyState.prefixes.filter(
      ({ byAge, oscillation }) => byAge.length > 0 && !oscillation,
    );
    const findings: Diagnostic[] = [];
    let tried = 0;
    for (const kept of suspects.slice(0, MAX_TRIED)) {
      if (findings.length === MAX_TOLD) break;
      tried++;
      const difference = hadOthersComeFirst(state, familyState, kept);
      if (difference) findings.push(finding(state, kept, difference));
    }
    if (findings.length === MAX_TOLD && tried < suspects.length)
      findings.push(untold(suspects.length - tried));
    return findings;
  });
}

function untold(count: number): Diagnostic {
  return {
    rule: 'start-order',
    severity: 'warning',
    message: `age decided about ${count} more prefixes, which were not tried one by one`,
    ranges: [],
    fix: 'make the choice explicit for those above, or try them all with fabricgen simulate --orders 1',
  };
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

import type { Diagnostic } from '../../../base/diagnostic.ts';
import { familyOf } from '../../../base/family.ts';
import { nameOf } from '../names.ts';
import { firstDifference, manyOrders } from '../orders.ts';
import type { CheckContext } from './context.ts';
import { absentPrefixes, wantedPrefixes } from './forwarding.ts';
import type { DeclaredCheck, OrderAssertion } from './types.ts';

/** Rotations and drawn orders that a declared check tries beside the few. */
const ORDERS = 10;

/** The prefixes end the same whichever router starts first, in kernels and in the tables of daemons that install nothing. */
export function checkOrderIndependent(
  context: CheckContext,
  { source }: DeclaredCheck,
  { prefixes }: OrderAssertion,
): readonly Diagnostic[] {
  const { state } = context;
  const orders = manyOrders(state, ORDERS);
  const absent = absentPrefixes(context, prefixes, source, 'check-order');
  const differing = wantedPrefixes(state, prefixes).flatMap((kept) => {
    const { prefix } = kept;
    const familyState = state.families[familyOf(prefix.family)];
    const difference = kept.oscillation ? null : firstDifference(state, familyState, kept, orders, true);
    if (!difference) return [];
    const { nodes, usual, other, order } = difference;
    const host = nameOf(state, nodes[0] ?? 0);
    return [
      {
        rule: 'check-order',
        severity: 'error',
        message: `what ${host} does with ${prefix.text} is decided by age: next hop ${usual.join(', ') || 'none'}, or ${other.join(', ') || 'none'} when started ${order.name}`,
        ranges: [source],
        host,
        found: `${other.join(', ') || 'none'} when started ${order.name}`,
        expected: usual.join(', ') || 'none',
        fix: 'use both paths (maximum-paths), prefer one by policy, or set bgp bestpath compare-routerid',
      } as const,
    ];
  });
  return [...absent, ...differing];
}

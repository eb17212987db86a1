import type { Diagnostic } from '../../base/diagnostic.ts';
import { familyNames } from '../../base/family.ts';
import { convergePrefix, type StartOrder } from '../converge.ts';
import { hopNames, installedHops, usedPaths } from '../fib.ts';
import type { FamilyState, PrefixState, SimulationState } from '../state.ts';
import { nameOf } from './names.ts';

/** Prefixes tried in other orders; the rest of a large fabric looks like these. */
const MAX_TRIED = 200;

/** Where age decided a best path, other orders are tried: what then differs in the kernel tables depends on chance. */
export function checkStartOrder(state: SimulationState): readonly Diagnostic[] {
  return familyNames.flatMap((family) => {
    const familyState = state.families[family];
    const suspects = familyState.prefixes.filter(
      ({ byAge, oscillation }) => byAge.length > 0 && !oscillation,
    );
    return suspects.slice(0, MAX_TRIED).flatMap((kept) => {
      const difference = firstDifference(state, familyState, kept);
      return difference ? [finding(state, kept, difference)] : [];
    });
  });
}

interface Difference {
  readonly nodes: readonly number[];
  readonly usual: readonly string[];
  readonly other: readonly string[];
}

function firstDifference(
  state: SimulationState,
  familyState: FamilyState,
  kept: PrefixState,
): Difference | null {
  const { engine, family, hopSets } = familyState;
  const kernel = state.kernel.byPrefix.get(kept.prefix.text);
  for (const order of otherOrders(state)) {
    if (convergePrefix(engine, kept.prefix, kept, order)) continue;
    const hops = (node: number) =>
      installedHops(engine, node, usedPaths(engine, node, family), kernel?.get(node), hopSets);
    const nodes = state.routers.flatMap((router, node) =>
      router && hops(node) !== kept.fib[node] ? [node] : [],
    );
    const [first] = nodes;
    if (first === undefined) continue;
    const names = (set: number) => hopNames(hopSets.sets[set] ?? []);
    return { nodes, usual: names(kept.fib[first] ?? 0), other: names(hops(first)) };
  }
  return null;
}

function otherOrders({ order: { nodes } }: SimulationState): readonly StartOrder[] {
  const reversed = nodes.toReversed();
  return [
    { mode: 'together', nodes: reversed },
    { mode: 'one-by-one', nodes: reversed },
    { mode: 'one-by-one', nodes },
  ];
}

function finding(
  state: SimulationState,
  { prefix }: PrefixState,
  { nodes, usual, other }: Difference,
): Diagnostic {
  const host = nameOf(state, nodes[0] ?? 0);
  const rest = nodes.length > 1 ? ` (${nodes.length - 1} more hosts differ too)` : '';
  return {
    rule: 'start-order',
    severity: 'warning',
    message: `what ${host} does with ${prefix.text} depends on which router started first: next hop ${usual.join(', ')} or ${other.join(', ')}${rest}`,
    ranges: [],
    host,
    found: prefix.text,
    fix: 'use both paths (maximum-paths), prefer one by policy, or set bgp bestpath compare-routerid',
  };
}

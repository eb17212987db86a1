import { HopTable } from '../compact/hop-table.ts';
import type { Destination } from '../forwarding/destination.ts';
import type { SimulationState } from '../state.ts';

/**
 * Nodes that may do something else with any packet than before, whatever its address: their interfaces, their routes without BGP, or
 * who is on a link of theirs has changed.
 */
export function changedNodes(before: SimulationState, after: SimulationState): readonly number[] {
  const changed = new Set<number>();
  const { nodes, links } = after.wiring;
  nodes.forEach((wired, node) => {
    if (wired !== before.wiring.nodes[node] || after.tables[node] !== before.tables[node]) changed.add(node);
  });
  for (const link of new Set([...links.keys(), ...before.wiring.links.keys()])) {
    const [now, then] = [links.get(link), before.wiring.links.get(link)];
    if (now !== then) for (const { node } of [...(now ?? []), ...(then ?? [])]) changed.add(node);
  }
  return [...changed];
}

/** Nodes with another BGP route towards the address than before: `then` and `now` are the same address in two states. */
export function changedRoutes(then: Destination, now: Destination): ReadonlySet<number> {
  const changed = new Set<number>();
  const lengths = new Set([...then.bgp, ...now.bgp].map(({ prefix }) => prefix.length));
  for (const length of lengths) {
    const [old, fresh] = [routesIn(then, length), routesIn(now, length)];
    for (const node of fresh.differences(old)) changed.add(node);
  }
  return changed;
}

/** By node, of the BGP prefix of this length that covers the address. */
function routesIn({ bgp, state }: Destination, length: number): HopTable {
  const kept = bgp.find(({ prefix }) => prefix.length === length);
  return kept?.fib ?? new HopTable(new Uint32Array(state.network.nodes.length));
}

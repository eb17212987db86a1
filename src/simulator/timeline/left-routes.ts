import { familyNames } from '../../base/family.ts';
import { type FibHop, internHops } from '../kernel/fib.ts';
import type { FamilyState, SimulationState } from '../state.ts';

/**
 * What killed daemons have left in the kernel goes with the interfaces it leads over, and nobody puts it back. Next hops that the kernel holds as objects of their own (zebra's)
 * go with the carrier (`nh_netdev_event`), out of routes with several as well. A route whose next hops stand in it (BIRD's) goes when the last of their interfaces is set down; without a carrier it
 * stays.
 */
export function dropLostRoutes(state: SimulationState): void {
  for (const node of state.past?.leftover ?? []) {
    const remaining = remainingAt(state, node);
    if (remaining) for (const family of familyNames) dropAt(state.families[family], node, remaining);
  }
}

/** What is left of the next hops of a route. */
type Remaining = (hops: readonly FibHop[]) => readonly FibHop[];

/** null: no interface is down there. */
function remainingAt({ wiring, network }: SimulationState, node: number): Remaining | null {
  const down = wiring.nodes[node]?.interfaces.filter(({ up }) => !up) ?? [];
  if (down.length === 0) return null;
  const objects = network.nodes[node]?.router?.profile.quirks.keepsNextHopGroups !== undefined;
  const lost = new Set(down.flatMap(({ name, noCarrier }) => (noCarrier && !objects ? [] : [name])));
  return (hops) => {
    const left = hops.filter(({ interface: name }) => name === null || !lost.has(name));
    return objects || left.length === 0 ? left : hops;
  };
}

function dropAt({ prefixes, hopSets }: FamilyState, node: number, remaining: Remaining): void {
  for (const kept of prefixes) {
    const set = kept.fib.at(node);
    const hops = hopSets.sets[set] ?? [];
    const left = remaining(hops);
    if (set === 0 || left.length === hops.length) continue;
    const now = left.length === 0 ? 0 : internHops(hopSets, left);
    kept.fib = kept.fib.with([node], () => now);
  }
}

import { peerTableOf } from '../../bgp/peer-table.ts';
import type { Router } from '../../bgp/router.ts';
import type { Topology } from './topology.ts';

/**
 * Milliseconds that pass on a new session before the router first says something on it; 0: it speaks at once. Of two that come up together whoever waits
 * less is heard first, which decides ties of age (FRR 8.4.4: 1 s and 50 ms for each neighbor of its files).
 */
export function firstWait({ bgp, config }: Router): number {
  const { firstAnnouncementWaits: waits } = config.profile.quirks;
  if (!waits) return 0;
  const { least, perNeighbor, most } = waits;
  const usual = Math.min(most, least + perNeighbor * peerTableOf(bgp).count);
  // It goes through a timer in any case.
  return Math.max(1, bgp.firstAnnouncementAfter ?? usual);
}

/** Of the router that a slot belongs to. */
export function waitOf({ routers, owner }: Topology, slot: number): number {
  const router = routers[owner[slot] ?? -1];
  return router ? firstWait(router) : 0;
}

/** Slots of sessions that have just come up, in the order in which something is first said on them: those of one time together. */
export function inTurns(topology: Topology, slots: readonly number[]): readonly (readonly number[])[] {
  return turnsBy(slots, (slot) => waitOf(topology, slot));
}

/** The same of routers that have something to say on all their sessions, which have come up together. */
export function nodesInTurns(
  { routers }: Topology,
  nodes: readonly number[],
): readonly (readonly number[])[] {
  return turnsBy(nodes, (node) => {
    const router = routers[node];
    return router ? firstWait(router) : 0;
  });
}

function turnsBy(items: readonly number[], waitOf: (item: number) => number): readonly (readonly number[])[] {
  const byWait = new Map<number, number[]>();
  for (const item of items) {
    const wait = waitOf(item);
    const known = byWait.get(wait);
    if (known) known.push(item);
    else byWait.set(wait, [item]);
  }
  return [...byWait].sort(([a], [b]) => a - b).map(([, together]) => together);
}

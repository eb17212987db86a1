import type { Peer } from '../bgp/peer.ts';
import type { Router } from '../bgp/router.ts';
import type { SessionEnd } from './sessions.ts';
import type { Topology } from './topology.ts';
import type { Wiring } from './wiring.ts';

/** What there was before: peers of sessions that are as they were are the same objects. */
export interface LastTopology {
  readonly topology: Topology;
  readonly ends: readonly SessionEnd[];
  readonly wiring: Wiring;
}

/** What there is now; `make`: the peer of a slot, anew. */
interface Now {
  readonly ends: readonly SessionEnd[];
  readonly sessions: Int32Array;
  readonly routers: readonly (Router | null)[];
  readonly wiring: Wiring;
  readonly make: (slot: number) => Peer;
}

/** The peers of all slots, those of before where nothing about them has changed. */
export function sharedPeers(before: LastTopology, now: Now): Peer[] {
  const { topology } = before;
  const { ends, sessions, routers, wiring, make } = now;
  let [node, next] = [-1, 0];
  return Array.from(sessions, (place, slot) => {
    const end = ends[place];
    if (!end) return make(slot);
    const other = otherOf(ends, end);
    // Slots of a router lie in the same order in both, but for those that came or went.
    if (end.node !== node) next = topology.slotStart[end.node] ?? 0;
    node = end.node;
    const last = topology.slotStart[node + 1] ?? 0;
    const isSame = (one: SessionEnd) => routers[one.node] === topology.routers[one.node];
    for (let at = next; at < last; at++) {
      const old = before.ends[topology.sessions[at] ?? -1];
      if (!old || old.config !== end.config) continue;
      next = at + 1;
      const known = topology.peers.at(at);
      const link = end.interface?.link ?? '';
      const same =
        isSame(end) &&
        isSame(other) &&
        isSameEnd(end, old) &&
        isSameEnd(other, otherOf(before.ends, old)) &&
        wiring.links.get(link) === before.wiring.links.get(link);
      if (known && same) return known;
      break;
    }
    return make(slot);
  });
}

function otherOf(list: readonly SessionEnd[], end: SessionEnd): SessionEnd {
  return end.silent?.peer ?? list[end.other ?? -1] ?? end;
}

/** All but its place, and what came of it. */
const apart: ReadonlySet<string> = new Set<keyof SessionEnd>(['other', 'state', 'reason', 'silent']);

function isSameEnd(a: SessionEnd, b: SessionEnd): boolean {
  if (a === b) return true;
  for (const key in a) {
    const name = key as keyof SessionEnd;
    if (a[name] !== b[name] && !apart.has(name)) return false;
  }
  for (const key in b) if (!(key in a) && !apart.has(key)) return false;
  return true;
}

import type { Peer } from '../../bgp/peer.ts';
import type { Router } from '../../bgp/router.ts';
import type { Topology } from '../engine/topology.ts';
import type { Wiring } from '../kernel/wiring.ts';
import type { SessionEnd } from '../sessions/sessions.ts';

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
  const { ends, sessions, make } = now;
  const peers: Peer[] = [];
  let [node, next] = [-1, 0];
  for (let slot = 0; slot < sessions.length; slot++) {
    const end = ends[sessions[slot] ?? -1];
    // Slots of a router lie in the same order in both, but for those that came or went.
    if (end && end.node !== node) next = topology.slotStart[end.node] ?? 0;
    node = end?.node ?? node;
    const last = topology.slotStart[node + 1] ?? 0;
    const at = end ? placeOf(before, end, next, last) : last;
    if (at < last) next = at + 1;
    const known = end && at < last && isSame(before, now, end, at) ? topology.peers.at(at) : undefined;
    peers.push(known ?? make(slot));
  }
  return peers;
}

/** The slot of before, from `start` to before `last`, that had the same neighbor; `last`: none. */
function placeOf({ topology, ends }: LastTopology, end: SessionEnd, start: number, last: number): number {
  for (let at = start; at < last; at++)
    if (ends[topology.sessions[at] ?? -1]?.config === end.config) return at;
  return last;
}

/** Is all of the session as it was in a slot of before? */
function isSame(before: LastTopology, { ends, routers, wiring }: Now, end: SessionEnd, at: number): boolean {
  const { topology } = before;
  const old = before.ends[topology.sessions[at] ?? -1];
  const other = otherOf(ends, end);
  if (!old || routers[end.node] !== topology.routers[end.node]) return false;
  if (routers[other.node] !== topology.routers[other.node]) return false;
  if (!isSameEnd(end, old) || !isSameEnd(other, otherOf(before.ends, old))) return false;
  const link = end.interface?.link ?? '';
  return wiring.links === before.wiring.links || wiring.links.get(link) === before.wiring.links.get(link);
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

import type { Peer } from '../../bgp/peer.ts';
import type { Router } from '../../bgp/router.ts';
import type { Engine } from '../engine/engine.ts';
import type { Topology } from '../engine/topology.ts';
import type { ExportGroup } from './export-groups.ts';

/**
 * Whose place a group's answer is worked out for. FRR tells the peer a path came from the next hop that the rest of its update group is told, and its own
 * only where nobody else of it is on that segment (`bgp_subgrp_multiaccess_check_v4`). Who is not up yet does not count; nor do the others while a peer
 * that has joined later has not heard what they have (`engine.joining`).
 */
export function standingIn(engine: Engine, group: ExportGroup, from: Peer | null): Peer {
  const { peers } = engine.topology;
  const { peer, slots } = group;
  if (!group.countsCompany) return peer === from ? (peers.at(slots[1] ?? -1) ?? peer) : peer;
  if (peer !== from && isThere(engine, slots[0] ?? -1)) return peer;
  const other = someOther(engine, slots, from) ?? someBeside(engine, group, from);
  if (other) return other;
  // Nobody is there but the source, if that.
  return from !== null && slots.some((slot) => peers.at(slot) === from) ? from : peer;
}

function someOther(engine: Engine, slots: Int32Array, from: Peer | null): Peer | null {
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] ?? -1;
    const one = isThere(engine, slot) ? engine.topology.peers.at(slot) : undefined;
    if (one && one !== from) return one;
  }
  return null;
}

/** Of the same update group on the same segment, with another AS that would be told something else (see `SharedAs`). */
function someBeside(engine: Engine, group: ExportGroup, from: Peer | null): Peer | null {
  for (const { members } of engine.sharedAs) {
    if (!members.includes(group)) continue;
    const segment = networksOf(group.peer);
    for (const member of members) {
      if (member === group || networksOf(member.peer) !== segment) continue;
      const found = someOther(engine, member.slots, from);
      if (found) return found;
    }
  }
  return null;
}

function networksOf({ sharedNetworks }: Peer): string {
  return sharedNetworks.map(({ text }) => text).join();
}

/** A session that only this end believes in counts as well. */
function isThere({ open, joining, topology }: Engine, slot: number): boolean {
  if (joining) return joining.has(slot);
  return open[slot] === 1 || (topology.reverse[slot] ?? 0) < 0;
}

/** May it matter for the group who of its peers is up? */
export function countsCompany({ config }: Router, peer: Peer): boolean {
  return (
    config.profile.quirks.updateGroupsShareAs === true &&
    peer.type === 'ebgp' &&
    peer.sharedNetworks.length > 0
  );
}

/** And is there anybody on the segment of this one whose company could count? */
export function hasCompany({ routers, owner, peers, slotStart }: Topology, slot: number): boolean {
  const node = owner[slot] ?? -1;
  const router = routers[node];
  const own = peers.example(peers.kindOf(slot));
  if (!router || !countsCompany(router, own)) return false;
  const segment = networksOf(own);
  for (let other = slotStart[node] ?? 0; other < (slotStart[node + 1] ?? 0); other++) {
    const peer = peers.example(peers.kindOf(other));
    if (other !== slot && countsCompany(router, peer) && networksOf(peer) === segment) return true;
  }
  return false;
}

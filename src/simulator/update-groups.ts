import type { Peer } from '../bgp/peer.ts';
import { contentKey } from '../bgp/policy/analyse.ts';
import type { RouterProfile } from '../bgp/profile.ts';
import type { Router } from '../bgp/router.ts';
import type { Engine } from './engine.ts';
import type { ExportGroup } from './export-groups.ts';
import { asksPeerAs, exportClass, type PeerClass, type PeerClasses } from './peer-classes.ts';
import type { Topology } from './topology.ts';

/**
 * Peers of several AS in one update group whose paths are rewritten by the peer's AS (`as-override`, `remove-private-AS`). FRR
 * takes the AS of the peer that came up first for all of them (`SUBGRP_PEER` is a copy of it).
 */
export interface SharedAs {
  /** The export groups it is made of, with what each sends for the AS of every possible leader. */
  readonly members: readonly { readonly group: ExportGroup; readonly byAs: ReadonlyMap<number, PeerClass> }[];
  /** The AS of the first peer in the order of the configuration. */
  readonly usual: number;
  led: boolean;
}

/** The update groups of all routers in which the AS of one peer counts for peers of others. */
export function sharedAs(
  classes: PeerClasses,
  topology: Topology,
  groups: readonly (readonly ExportGroup[])[],
): readonly SharedAs[] {
  return topology.routers.flatMap((router, node) => {
    if (!router?.config.profile.quirks.updateGroupsShareAs) return [];
    const byKey = new Map<string, ExportGroup[]>();
    for (const group of groups[node] ?? []) {
      if (group.peer.type !== 'ebgp' || !asksPeerAs(group.peer)) continue;
      const key = `${group.apart} ${sentKey(group.peer)}`;
      byKey.set(key, [...(byKey.get(key) ?? []), group]);
    }
    return [...byKey.values()].flatMap((same) => {
      const ases = new Set(same.map(({ peer }) => peer.remoteAs));
      if (ases.size < 2) return [];
      const members = same.map((group) => ({
        group,
        byAs: new Map(
          [...ases].map((remoteAs) => [remoteAs, exportClass(classes, router, { ...group.peer, remoteAs })]),
        ),
      }));
      return [{ members, usual: same[0]?.peer.remoteAs ?? 0, led: false }];
    });
  });
}

/** Options that change what is sent: neither the peer's AS nor what concerns receiving. */
function sentKey({ options, config: { localAs } }: Peer): string {
  const receiving = { importPolicy: 0, allowasIn: 0, allowasInOrigin: 0, weight: 0, maximumPrefix: 0 };
  // What a neighbor is not configured with has no place among its options: their order must not matter.
  return contentKey(
    Object.entries({ ...options, ...receiving, localAs }).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/**
 * What sets a peer apart from others that are told the same: FRR's update groups (`updgrp_hash_key_make`) also go by the names of peer
 * group and outbound policies, and by what the other end offered. Empty where it changes nothing: only external peers are told
 * what hangs on who else is in the group. Seen on 8.4.4.
 */
export function updateGroupKey(
  { config: { profile } }: Router,
  { type, config, options }: Peer,
  offered: number,
): string {
  if (!asksWhatWasOffered(profile, type)) return '';
  const policies = options.exportPolicy.map(({ kind, name }) => `${kind} ${name}`);
  return [config.group, ...policies, offered].join();
}

/** Is what the other end offered part of the key? */
export function asksWhatWasOffered({ quirks }: RouterProfile, type: Peer['type']): boolean {
  return quirks.updateGroupsShareAs === true && type === 'ebgp';
}

/** What the other end of a session offered, as bits: several paths for a prefix (RFC 7911), messages beyond 4096 octets that both ends take (RFC 8654). */
export function offeredThere({ routers, owner, peers, reverse }: Topology, slot: number): number {
  const far = reverse[slot] ?? -1;
  if (far < 0) return 0;
  const long = [slot, far].every((at) => {
    const own = peers.example(peers.kindOf(at)).config.habits?.offersExtendedMessages;
    return own ?? routers[owner[at] ?? -1]?.config.profile.sessions?.offersExtendedMessages === true;
  });
  return (peers.example(peers.kindOf(far)).options.addPathReceive ? 1 : 0) + (long ? 2 : 0);
}

/** Before a prefix: nobody leads yet (`usual` false), or the first in the order of the configuration does. */
export function resetLeaders({ sharedAs: shared }: Engine, usual: boolean): void {
  for (const one of shared) {
    one.led = usual;
    if (usual) lead(one, one.usual);
  }
}

/** One of them is led by a peer of this AS, whoever was first. */
export function setLeader({ sharedAs: shared }: Engine, place: number, asn: number): void {
  const one = shared[place];
  if (!one) return;
  one.led = true;
  lead(one, asn);
}

/** The session of a slot has come up. */
export function noteLeader({ sharedAs: shared, topology }: Engine, slot: number): void {
  for (const one of shared) {
    if (one.led || !one.members.some(({ group }) => group.slots.includes(slot))) continue;
    one.led = true;
    lead(one, topology.peers.at(slot)?.remoteAs ?? one.usual);
  }
}

function lead({ members }: SharedAs, asn: number): void {
  for (const { group, byAs } of members) group.class = byAs.get(asn) ?? group.class;
}

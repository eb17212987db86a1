import type { Peer } from '../bgp/peer.ts';
import { contentKey } from '../bgp/policy/analyse.ts';
import type { Engine } from './engine.ts';
import type { ExportGroup } from './export-groups.ts';
import { exportClass, type PeerClass, type PeerClasses } from './peer-classes.ts';
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
      const key = updateGroupKey(group.peer);
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

/** Is what is sent made from the peer's AS? */
function asksPeerAs({ options }: Peer): boolean {
  return options.asOverride || options.removePrivateAs !== null;
}

/** What FRR asks of two peers before it puts them into one update group: neither their AS nor what concerns receiving. */
function updateGroupKey({ options, config: { localAs } }: Peer): string {
  const receiving = { importPolicy: 0, allowasIn: 0, allowasInOrigin: 0, weight: 0, maximumPrefix: 0 };
  return contentKey({ ...options, ...receiving, localAs });
}

/** Before a prefix: nobody leads yet (`usual` false), or the first in the order of the configuration does. */
export function resetLeaders({ sharedAs: shared }: Engine, usual: boolean): void {
  for (const one of shared) {
    one.led = usual;
    if (usual) lead(one, one.usual);
  }
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

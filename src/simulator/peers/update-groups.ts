import type { Peer } from '../../bgp/peer.ts';
import { contentKey } from '../../bgp/policy/analyse.ts';
import type { RouterProfile } from '../../bgp/profile.ts';
import type { Router } from '../../bgp/router.ts';
import type { Engine } from '../engine/engine.ts';
import type { Topology } from '../engine/topology.ts';
import type { ExportGroup } from './export-groups.ts';
import { asksPeerAs, exportClass } from './peer-classes.ts';

/**
 * An update group whose paths are rewritten by the peer's AS (`as-override`, `remove-private-AS`). FRR takes the AS of the peer
 * that came up first for all of them (`SUBGRP_PEER` is a copy of it), as long as there is anybody in the group.
 */
export interface SharedAs {
  readonly router: Router;
  /** What is alike for its peers; it has the same at another time. */
  readonly key: string;
  /** The export groups it is made of. */
  readonly members: readonly ExportGroup[];
  readonly ases: ReadonlySet<number>;
  /** The AS of the first peer in the order of the configuration. */
  readonly usual: number;
  /** The AS that counts; null: nobody was up yet. */
  leader: number | null;
}

/** The update groups of all routers in which the AS of one peer counts for all. */
export function sharedAs(
  topology: Topology,
  groups: readonly (readonly ExportGroup[])[],
): readonly SharedAs[] {
  return topology.routers.flatMap((router, node) => {
    if (!router?.config.profile.quirks.updateGroupsShareAs) return [];
    const byKey = new Map<string, ExportGroup[]>();
    for (const group of groups[node] ?? []) {
      if (group.peer.type !== 'ebgp' || !asksPeerAs(group.peer)) continue;
      const key = `${node} ${group.apart} ${sentKey(group.peer)}`;
      byKey.set(key, [...(byKey.get(key) ?? []), group]);
    }
    return [...byKey].map(([key, members]) => {
      const ases = new Set(members.map(({ peer }) => peer.remoteAs));
      return { router, key, members, ases, usual: members[0]?.peer.remoteAs ?? 0, leader: null };
    });
  });
}

/** Are there peers of several AS in it? */
export function isMixed({ ases }: SharedAs): boolean {
  return ases.size > 1;
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
  return [config.group, ...policies, offered, config.advertisementInterval].join();
}

/** Is what the other end offered part of the key? */
export function asksWhatWasOffered({ quirks }: RouterProfile, type: Peer['type']): boolean {
  return quirks.updateGroupsShareAs === true && type === 'ebgp';
}

/** Who tells us prefix filters, or has a limit of what is sent, has a group of its own. */
export function isAlone({ options }: Peer, offered: number): boolean {
  return (offered & TELLS_FILTERS) !== 0 || options.maximumPrefixOut !== undefined;
}

/** What the other end of a session offered, as bits: several paths for a prefix (RFC 7911), messages beyond 4096 octets that both ends take (RFC 8654). */
export function offeredThere(topology: Topology, slot: number): number {
  const { peers, reverse, silent } = topology;
  const far = reverse[slot] ?? -1;
  const takesLong = takesLongMessages(topology, slot);
  if (far < 0) return (silent.get(slot) ?? 0) & (takesLong ? 3 : 1);
  const { options } = peers.example(peers.kindOf(far));
  const filters = options.prefixFilter?.sends ? TELLS_FILTERS : 0;
  return (
    offeredBits(options.addPathReceive === true, takesLong && takesLongMessages(topology, far)) | filters
  );
}

function takesLongMessages({ routers, owner, peers }: Topology, slot: number): boolean {
  const own = peers.example(peers.kindOf(slot)).config.habits?.offersExtendedMessages;
  return own ?? routers[owner[slot] ?? -1]?.config.profile.sessions?.offersExtendedMessages === true;
}

/** Prefix filters (RFC 5292). */
const TELLS_FILTERS = 4;

export function offeredBits(severalPaths: boolean, longMessages: boolean): number {
  return (severalPaths ? 1 : 0) + (longMessages ? 2 : 0);
}

/** Before a prefix: nobody leads yet (`usual` false), or the first in the order of the configuration does. */
export function resetLeaders(engine: Engine, usual: boolean): void {
  for (const one of engine.sharedAs) {
    if (usual) lead(engine, one, one.usual);
    else one.leader = null;
  }
}

/** One of them is led by a peer of this AS, whoever was first. */
export function setLeader(engine: Engine, place: number, asn: number): void {
  const one = engine.sharedAs[place];
  if (one) lead(engine, one, asn);
}

/** The session of a slot has come up. */
export function noteLeader(engine: Engine, slot: number): void {
  for (const one of engine.sharedAs) {
    if (one.leader === null && holds(one, slot))
      lead(engine, one, engine.topology.peers.at(slot)?.remoteAs ?? one.usual);
  }
}

/**
 * Who led a group of the state before still does where a peer has stayed in it, whether or not it was the leader itself. `before`: by slot, the
 * slot of the same session then, -1 for a new one.
 */
export function keepLeaders(engine: Engine, earlier: Engine, before: Int32Array): void {
  const known = new Map(earlier.sharedAs.map((one) => [one.key, one]));
  for (const one of engine.sharedAs) {
    const then = known.get(one.key);
    const stayed =
      then &&
      one.members.some(({ slots }) =>
        slots.some((slot) => (before[slot] ?? -1) >= 0 && holds(then, before[slot] ?? -1)),
      );
    lead(engine, one, (stayed ? then.leader : null) ?? one.usual);
  }
}

function holds({ members }: SharedAs, slot: number): boolean {
  return members.some(({ slots }) => slots.includes(slot));
}

function lead({ classes }: Engine, one: SharedAs, asn: number): void {
  if (one.leader === asn) return;
  one.leader = asn;
  for (const group of one.members)
    group.class = exportClass(classes, one.router, { ...group.peer, remoteAs: asn });
}

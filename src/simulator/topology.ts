import { type FamilyName, ipFamilyOf } from '../base/family.ts';
import { type Address, addressOf, bitsOf, type Prefix } from '../base/ip.ts';
import type { Peer } from '../bgp/peer.ts';
import type { Router } from '../bgp/router.ts';
import { withLanes } from './lanes.ts';
import type { SessionEnd } from './sessions.ts';
import { firstAddress, type Wiring } from './wiring.ts';

/**
 * The established sessions of one family as compact arrays: every session end is a slot, the slots of a router lie together
 * (`slotStart[r]` to `slotStart[r + 1]`), `reverse` leads to the other end.
 */
export interface Topology {
  readonly family: FamilyName;
  /** By node; null: no BGP there. */
  readonly routers: readonly (Router | null)[];
  readonly slotStart: Int32Array;
  readonly owner: Int32Array;
  readonly reverse: Int32Array;
  readonly peers: readonly Peer[];
  /** Place of each slot in the list of session ends. */
  readonly sessions: Int32Array;
  /**
   * Sessions over which several paths go (RFC 7911): the sender's slot → slots at the other end, that of the session first. The others lie
   * behind all sessions; they share the peer, and nothing is sent from them.
   */
  readonly lanes: ReadonlyMap<number, Int32Array>;
}

/** Session ends become slots, per router in the order of `ends` (configuration order). */
export function buildTopology(
  family: FamilyName,
  routers: readonly (Router | null)[],
  ends: readonly SessionEnd[],
  wiring: Wiring,
  before: LastTopology | null = null,
): Topology {
  const active = ends.map((end, place) => ({ end, place })).filter(({ end }) => carries(end, family));
  active.sort((a, b) => a.end.node - b.end.node || a.place - b.place);
  const slotOf = new Map(active.map(({ place }, slot) => [place, slot]));
  const slotStart = new Int32Array(routers.length + 1);
  for (const { end } of active) slotStart[end.node + 1] = (slotStart[end.node + 1] ?? 0) + 1;
  for (let i = 1; i < slotStart.length; i++) slotStart[i] = (slotStart[i] ?? 0) + (slotStart[i - 1] ?? 0);
  return withLanes({
    family,
    routers,
    slotStart,
    owner: Int32Array.from(active, ({ end }) => end.node),
    reverse: Int32Array.from(active, ({ end }) => slotOf.get(end.other ?? -1) ?? -1),
    peers: peersOf(family, active, ends, routers, wiring, before),
    sessions: Int32Array.from(active, ({ place }) => place),
  });
}

/** What there was before: peers of sessions that are as they were are the same objects. */
export interface LastTopology {
  readonly topology: Topology;
  readonly ends: readonly SessionEnd[];
  readonly wiring: Wiring;
}

function peersOf(
  family: FamilyName,
  active: readonly { readonly end: SessionEnd }[],
  ends: readonly SessionEnd[],
  routers: readonly (Router | null)[],
  wiring: Wiring,
  before: LastTopology | null,
): readonly Peer[] {
  const otherOf = (list: readonly SessionEnd[], end: SessionEnd) =>
    end.silent?.peer ?? list[end.other ?? -1] ?? end;
  let [node, slot] = [-1, 0];
  return active.map(({ end }) => {
    const other = otherOf(ends, end);
    if (before) {
      const { topology } = before;
      // Slots of a router lie in the same order in both, but for those that came or went.
      if (end.node !== node) slot = topology.slotStart[end.node] ?? 0;
      node = end.node;
      const last = topology.slotStart[node + 1] ?? 0;
      const isSame = (end: SessionEnd) => routers[end.node] === topology.routers[end.node];
      for (let at = slot; at < last; at++) {
        const old = before.ends[topology.sessions[at] ?? -1];
        if (!old || old.config !== end.config) continue;
        slot = at + 1;
        const known = topology.peers[at];
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
    }
    return peerOf(family, end, other, routers, wiring);
  });
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

function carries(end: SessionEnd, family: FamilyName): boolean {
  return (end.other !== null || end.silent !== undefined) && end.families.includes(family);
}

function peerOf(
  family: FamilyName,
  end: SessionEnd,
  other: SessionEnd,
  routers: readonly (Router | null)[],
  wiring: Wiring,
): Peer {
  const configured = end.config.families[family];
  if (!configured) throw new Error(`session slot without ${family}`);
  const atFirst = end.early ? configured.importPolicyAtFirst : undefined;
  const options = atFirst ? { ...configured, importPolicy: atFirst } : configured;
  const extended = [end, other].every(({ config }) => config.extendedNextHop);
  const linkLocal =
    family === 'ipv6-unicast' &&
    end.interface !== null &&
    [end, other].every(({ node }) => routers[node]?.config.profile.quirks.linkLocalNextHop);
  return {
    config: end.config,
    family,
    options,
    type: end.type,
    remoteAs: end.remoteAs,
    address: end.peerAddress,
    localAddress: end.localAddress,
    nextHop: sessionNextHop(family, other, routers[other.node] ?? null, extended),
    ownNextHop: sessionNextHop(family, end, routers[end.node] ?? null, extended),
    routerId: other.config.routerId
      ? Number(other.config.routerId.value)
      : (routers[other.node]?.routerId ?? 0),
    interface: end.interface?.name ?? null,
    sharedNetworks: extended && family === 'ipv4-unicast' ? [] : sharedNetworks(family, end, wiring),
    viaLinkLocal: linkLocal && end.type === 'ebgp',
    ownViaLinkLocal: linkLocal && end.type !== 'ebgp',
    name: end.peerAddress?.text ?? end.config.interface ?? '',
  };
}

/**
 * The next hop a router gives for itself on a session: its address there, where the families agree; else an address of the
 * interface (RFC 2545, FRR) or the mapped one (GoBGP); null: only the link-local address of an unnumbered session.
 * `extended`: both ends take IPv6 next hops for IPv4 routes (RFC 8950).
 */
function sessionNextHop(
  family: FamilyName,
  end: SessionEnd,
  router: Router | null,
  extended: boolean,
): Address | null {
  const wanted = ipFamilyOf(family);
  const own = end.localAddress;
  if (own === null || own.family === wanted || (extended && wanted === 4)) return own;
  if (wanted === 6 && router?.config.profile.quirks.mapsIpv4NextHop)
    return addressOf(6, 0xffff_0000_0000n | own.value);
  const onInterface = end.interface ? firstAddress(end.interface, wanted) : null;
  return onInterface?.address ?? own;
}

/**
 * Networks of the segment with the peer, where they have room for a third party: a cable with two addresses has none. None for routes
 * of the other family: FRR looks for the peer's address in the network of the next hop (`bgp_multiaccess_check_v4`, `_v6`).
 */
function sharedNetworks(
  family: FamilyName,
  { interface: near, peerAddress }: SessionEnd,
  { links }: Wiring,
): readonly Prefix[] {
  const wanted = ipFamilyOf(family);
  if (!near?.link || (peerAddress?.family ?? 6) !== wanted) return [];
  const networks = near.addresses
    .map(({ network }) => network)
    .filter((network) => network.family === wanted);
  if ((links.get(near.link)?.length ?? 0) > 2) return networks;
  return networks.filter(({ family, length }) => bitsOf(family) - length > 2);
}

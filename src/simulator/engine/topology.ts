import { type FamilyName, ipFamilyOf } from '../../base/family.ts';
import {
  type Address,
  addressOf,
  bitsOf,
  contains,
  isLinkLocal,
  mappedAddress,
  type Prefix,
} from '../../base/ip.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { PeerFamilyConfig } from '../../bgp/peer-family-config.ts';
import type { Router } from '../../bgp/router.ts';
import { firstAddress, type WiredInterface, type Wiring } from '../kernel/wiring.ts';
import { isLinkLocalTold, isStaleRefused, kindsOf } from '../peers/peer-kinds.ts';
import { PeerList } from '../peers/peer-list.ts';
import { type LastTopology, sharedPeers } from '../peers/shared-peers.ts';
import { offeredBits } from '../peers/update-groups.ts';
import type { SessionList } from '../sessions/session-list.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import { type Copies, nodeOfTable, type TablesBeside, tablesBeside, withCopies } from '../table/beside.ts';
import { withLanes } from './lanes.ts';

/**
 * The established sessions of one family as compact arrays: every session end is a slot, the slots of a router lie together
 * (`slotStart[r]` to `slotStart[r + 1]`), `reverse` leads to the other end.
 */
export interface Topology {
  readonly family: FamilyName;
  /** By node, the tables beside behind all others; null: no BGP there. */
  readonly routers: readonly (Router | null)[];
  readonly slotStart: Int32Array;
  readonly owner: Int32Array;
  readonly reverse: Int32Array;
  readonly peers: PeerList;
  /** Slots whose peer is gone without a word: what it had offered, as `offeredBits` has it. */
  readonly silent: ReadonlyMap<number, number>;
  /** Of those: what came over them is kept beyond the restart time, marked LLGR_STALE. */
  readonly stale: ReadonlySet<number>;
  /** Place of each slot in the list of session ends. */
  readonly sessions: Int32Array;
  /**
   * Sessions over which several paths go (RFC 7911): the sender's slot → slots at the other end, that of the session first. The others lie
   * behind all sessions; they share the peer, and nothing is sent from them.
   */
  readonly lanes: ReadonlyMap<number, Int32Array>;
  /** The same of ends whose peer has fallen silent, by their own slot: what came over several lanes stays as long as the end waits. */
  readonly leftLanes: ReadonlyMap<number, Int32Array>;
  /** Routers with several tables: nodes behind all routers, and slots behind all others. */
  readonly beside: TablesBeside;
  readonly copies: Copies;
}

/** Session ends become slots, per router in the order of `ends` (configuration order). */
export function buildTopology(
  family: FamilyName,
  hosts: readonly (Router | null)[],
  ends: SessionList,
  wiring: Wiring,
  before: LastTopology | null = null,
): Topology {
  const beside = tablesBeside(family, hosts);
  const tables = beside.tables.map(({ host }) => hosts[host] ?? null);
  const routers = tables.length === 0 ? hosts : [...hosts, ...tables];
  const homeOf = (place: number) => homeNode(family, ends, beside, place);
  const slotStart = new Int32Array(routers.length + 1);
  const slotOf = new Int32Array(ends.length).fill(-1);
  for (let place = 0; place < ends.length; place++) {
    if (!ends.carries(place, family)) continue;
    const after = homeOf(place) + 1;
    slotStart[after] = (slotStart[after] ?? 0) + 1;
  }
  for (let i = 1; i < slotStart.length; i++) slotStart[i] = (slotStart[i] ?? 0) + (slotStart[i - 1] ?? 0);
  const count = slotStart.at(-1) ?? 0;
  const sessions = new Int32Array(count);
  const next = slotStart.slice();
  for (let place = 0; place < ends.length; place++) {
    if (!ends.carries(place, family)) continue;
    const node = homeOf(place);
    const slot = next[node] ?? 0;
    next[node] = slot + 1;
    slotOf[place] = slot;
    sessions[slot] = place;
  }
  const owner = sessions.map(homeOf);
  const reverse = sessions.map((place) => slotOf[ends.otherOf(place)] ?? -1);
  const silent = new Map<number, number>();
  const stale = new Set<number>();
  reverse.forEach((far, slot) => {
    const left = far < 0 ? ends.lean(sessions[slot] ?? -1)?.silent : undefined;
    const several = left?.peer.config.families[family]?.addPathReceive === true;
    if (left) silent.set(slot, offeredBits(several, left.longMessages));
    if (left?.isStale) stale.add(slot);
  });
  const make = (slot: number) => {
    const end = endAt(ends, sessions[slot]);
    return peerOf(family, end, end.silent?.peer ?? ends.lean(end.other ?? -1) ?? end, routers, wiring);
  };
  const wanted = ipFamilyOf(family);
  const nextHop = (slot: number) => {
    const far = ends.localOf(ends.otherOf(sessions[slot] ?? -1));
    return far?.family === wanted ? far : undefined;
  };
  const peers = new PeerList({
    sessions: count,
    extra: [],
    kinds: () => kindsOf(family, ends, sessions, routers),
    make,
    nextHop,
    made: mayShare(before, beside)
      ? sharedPeers(before, { ends: ends.all(), sessions, routers, wiring, make })
      : null,
  });
  const left = (slot: number) => {
    const silent = reverse[slot] === -1 ? ends.at(sessions[slot] ?? -1)?.silent : undefined;
    return silent?.lanes?.[family] ?? 1;
  };
  return withCopies(
    withLanes({ family, routers, slotStart, owner, reverse, silent, stale, peers, sessions, beside }, left),
  );
}

/** Peers are looked for where they were before, by router. */
function mayShare(before: LastTopology | null, { tables }: TablesBeside): before is LastTopology {
  return before !== null && tables.length + before.topology.beside.tables.length === 0;
}

/** The node of the table that a session is in. */
function homeNode(family: FamilyName, ends: SessionList, beside: TablesBeside, place: number): number {
  const host = ends.nodeOf(place);
  if (beside.tables.length === 0) return host;
  const name = ends.lean(place)?.config.families[family]?.table ?? null;
  const node = nodeOfTable({ beside }, host, name);
  return node < 0 ? host : node;
}

function endAt(ends: SessionList, place = -1): SessionEnd {
  const end = ends.at(place);
  if (!end) throw new Error(`no session end in place ${place}`);
  return end;
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
  const options = optionsNow(end, family, configured);
  const extended = [end, other].every(({ config }) => config.extendedNextHop);
  const linkLocal = isLinkLocalTold(family, end, other, routers);
  return {
    config: end.config,
    family,
    options,
    type: end.type,
    ...(isToldAsOutside(end, routers[end.node]) ? { told: 'ebgp' as const } : {}),
    remoteAs: end.remoteAs,
    address: end.peerAddress,
    localAddress: end.localAddress,
    nextHop: sessionNextHop(family, other, routers[other.node] ?? null, extended, wiring),
    ownNextHop: sessionNextHop(family, end, routers[end.node] ?? null, extended, wiring),
    ...(extended ? { extendedNextHop: true } : {}),
    ...(isStaleRefused(end, other, routers) ? { refusesStale: true } : {}),
    routerId: other.config.routerId
      ? Number(other.config.routerId.value)
      : (end.silent?.routerId ?? routers[other.node]?.routerId ?? 0),
    interface: end.interface?.name ?? null,
    sharedNetworks: extended && family === 'ipv4-unicast' ? [] : sharedNetworks(family, end, wiring, routers),
    viaLinkLocal: linkLocal && end.type === 'ebgp',
    ownViaLinkLocal: linkLocal && end.type !== 'ebgp',
    name: end.peerAddress?.text ?? end.config.interface ?? '',
  };
}

/** The options as they are at this moment of the session; as they were written, the same object. */
function optionsNow(
  { early, conditions }: SessionEnd,
  family: FamilyName,
  configured: PeerFamilyConfig,
): PeerFamilyConfig {
  const atFirst = early ? configured.importPolicyAtFirst : undefined;
  const asked = configured.conditional ? conditions?.[family] : undefined;
  const { conditional } = configured;
  if (!atFirst && !asked) return configured;
  return {
    ...configured,
    ...(atFirst ? { importPolicy: atFirst } : {}),
    ...(asked && conditional ? { conditional: { ...conditional, asked } } : {}),
  };
}

/** A neighbor of the same confederation whose AS stood nowhere before it called. */
function isToldAsOutside({ config, type }: SessionEnd, router: Router | null | undefined): boolean {
  if (typeof config.remoteAs === 'number' || type === 'ebgp' || !router?.bgp.confederation) return false;
  return router.config.profile.quirks.tellsByKindAsOutside === true;
}

/** The only interface without a link-local address. */
const LOOPBACK = 'lo';

/**
 * The next hop a router gives for itself on a session: its address there, where the families agree; else an address of the
 * interface (RFC 2545, FRR), its router id or on the loopback the mapped one (FRR), the mapped one or the one of the session (GoBGP); null: only a link-local address.
 * `extended`: both ends take IPv6 next hops for IPv4 routes (RFC 8950).
 */
function sessionNextHop(
  family: FamilyName,
  end: SessionEnd,
  router: Router | null,
  extended: boolean,
  wiring: Wiring,
): Address | null {
  const wanted = ipFamilyOf(family);
  const own = end.localAddress;
  if (own === null) return router?.config.profile.quirks.nextHopWithoutAddress ? globalOf(end) : null;
  if (isLinkLocal(own) && (wanted === 6 || extended))
    return router?.config.profile.quirks.nextHopWithoutAddress ? globalOf(end) : null;
  if (own.family === wanted) return own;
  if (wanted === 4 && (extended || router?.config.profile.quirks.tellsIpv6NextHop)) return own;
  if (wanted === 6 && router?.config.profile.quirks.mapsIpv4NextHop) return mappedAddress(own);
  // FRR looks at the interface that has the address, be it another than the one towards the peer (bgp_zebra_nexthop_set).
  const holds = interfaceOf(wiring, end.node, own);
  const byAddress = router?.config.profile.quirks.nextHopWithoutAddress === true;
  const near = (byAddress ? (holds ?? end.interface) : (end.interface ?? holds)) ?? null;
  const onInterface = near ? firstAddress(near, wanted) : null;
  if (onInterface) return onInterface.address;
  if (!router?.config.profile.quirks.nextHopWithoutAddress) return own;
  if (wanted === 4) return addressOf(4, BigInt(router.routerId));
  if (near?.name === LOOPBACK) return mappedAddress(own);
  // What has a carrier has a link-local address.
  return end.interface ? null : own;
}

/** The address beside the link-local one that an unnumbered session goes over; null: there is none. */
function globalOf({ interface: near }: SessionEnd): Address | null {
  return (
    near?.addresses.find(({ address }) => address.family === 6 && !isLinkLocal(address))?.address ?? null
  );
}

/** Of a session over several hops: where the address lies that it speaks from. */
function interfaceOf(wiring: Wiring, node: number, own: Address): WiredInterface | undefined {
  return wiring.owners.get(own.text)?.find((one) => one.node === node)?.interface;
}

/**
 * Networks of the segment with the peer, where they have room for a third party: a cable with two addresses has none, but for the
 * peer itself as the gateway of a route from here: it is told of it with its own address. None for routes of the other family: FRR looks for the peer's address in the network of the next hop (`bgp_multiaccess_check_v4`, `_v6`).
 */
function sharedNetworks(
  family: FamilyName,
  { node, interface: near, peerAddress }: SessionEnd,
  { links, nodes }: Wiring,
  routers: readonly (Router | null)[],
): readonly Prefix[] {
  const wanted = ipFamilyOf(family);
  if (!near?.link || (peerAddress?.family ?? 6) !== wanted) return [];
  const wholeInterface = routers[node]?.config.profile.quirks.nextHopByGateway === true;
  const networks = near.addresses
    .map(({ network }) => network)
    .filter((network) => network.family === wanted)
    .filter((network) => wholeInterface || (peerAddress !== null && contains(network, peerAddress)));
  if ((links.get(near.link)?.length ?? 0) > 2) return networks;
  const routes = [routers[node]?.config.statics, nodes[node]?.node.kernelRoutes];
  if (routes.some((all) => all?.some(({ via }) => via !== null && via.text === peerAddress?.text)))
    return networks;
  return networks.filter(({ family, length }) => bitsOf(family) - length > 2);
}

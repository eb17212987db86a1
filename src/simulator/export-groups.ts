import type { Peer } from '../bgp/peer.ts';
import type { Router } from '../bgp/router.ts';
import { exportClass, type PeerClass, type PeerClasses } from './peer-classes.ts';
import type { Topology } from './topology.ts';

/** Slots of one router that are told the same, as an update group is in FRR. */
export interface ExportGroup {
  readonly class: PeerClass;
  /** One of its peers stands for all. */
  readonly peer: Peer;
  readonly slots: Int32Array;
  /** Rules about the single peer (split horizon, sender-side loop check) apply after the group's answer. */
  readonly looksAtPeer: boolean;
  /** What was last told, and whom that path had come from. */
  sent: number;
  from: Peer | null;
}

export function exportGroups(
  classes: PeerClasses,
  topology: Topology,
  router: Router,
  node: number,
): readonly ExportGroup[] {
  const [start, end] = [topology.slotStart[node] ?? 0, topology.slotStart[node + 1] ?? 0];
  const shared = sharedNetworkCounts(topology.peers.slice(start, end));
  const members = new Map<PeerClass, number[]>();
  for (let slot = start; slot < end; slot++) {
    const peer = topology.peers[slot];
    if (!peer) continue;
    const thirdParty = mayHaveThirdParty(router, peer, shared);
    const peerClass = exportClass(classes, router, peer, thirdParty);
    const slots = members.get(peerClass);
    if (slots) slots.push(slot);
    else members.set(peerClass, [slot]);
  }
  return [...members].map(([peerClass, slots]) => groupOf(topology, router, peerClass, slots));
}

function groupOf(
  { peers }: Topology,
  router: Router,
  peerClass: PeerClass,
  slots: readonly number[],
): ExportGroup {
  const { quirks } = router.config.profile;
  const peer = peers[slots[0] ?? 0] ?? peerClass.peer;
  return {
    class: peerClass,
    peer,
    slots: Int32Array.from(slots),
    looksAtPeer:
      !quirks.sendsBackToSource ||
      quirks.senderSideLoopCheck ||
      (quirks.clusterLoopCheck !== 'receive' && peer.options.routeReflectorClient),
    sent: 0,
    from: null,
  };
}

function sharedNetworkCounts(peers: readonly Peer[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { sharedNetworks } of peers) {
    for (const { text } of sharedNetworks) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** On a cable between two there is no third; on a segment with several peers, or with gateways of local routes, there is. */
function mayHaveThirdParty(router: Router, peer: Peer, shared: ReadonlyMap<string, number>): boolean {
  if (peer.type !== 'ebgp' || !router.config.profile.quirks.thirdPartyNextHop) return false;
  const gateways = router.bgp.originations.some(({ kind }) => kind === 'redistribute');
  return peer.sharedNetworks.some(({ text, family, length }) => {
    const cable = length >= (family === 4 ? 30 : 126);
    return (shared.get(text) ?? 0) > 1 || (gateways && !cable);
  });
}

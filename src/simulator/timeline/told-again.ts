import type { FamilyName } from '../../base/family.ts';
import type { Peer } from '../../bgp/peer.ts';
import { contentKey } from '../../bgp/policy/analyse.ts';
import type { Router } from '../../bgp/router.ts';
import type { Topology } from '../engine/topology.ts';
import { hostOf } from '../table/beside.ts';
import { isToldByCommand } from './commanded.ts';
import { habitsOf } from './habits.ts';
import type { Past } from './past.ts';
import { asksAgain, refreshedSlots, sideOf } from './refreshed.ts';

const known = new WeakMap<Past, Map<FamilyName, readonly number[]>>();

/**
 * Slots of routers with other files on which the daemon looks again at what it tells, since it notices that something about that has changed. FRR notices no
 * change of `bgp ebgp-requires-policy` and `bgp default local-preference`: they count for what is told anew, and what was told or kept back before stays so (seen on 8.4.4).
 */
export function toldAgain(past: Past, before: Topology, now: Topology): readonly number[] {
  const byFamily = known.get(past) ?? new Map<FamilyName, readonly number[]>();
  known.set(past, byFamily);
  const slots = byFamily.get(now.family) ?? slotsToldAgain(past, before, now);
  byFamily.set(now.family, slots);
  return slots;
}

function slotsToldAgain(past: Past, before: Topology, now: Topology): readonly number[] {
  const found: number[] = [];
  const { reread, slots } = past;
  if (reread.size === 0) return found;
  const refreshed = refreshedSlots(past, before, now);
  const isAskedFor = (slot: number, old: number) => {
    const [far, farBefore] = [now.reverse[slot] ?? -1, before.reverse[old] ?? -1];
    const node = now.owner[far] ?? -1;
    if (now.lanes.has(slot) || !reread.has(hostOf(now, node))) return false;
    return asksAgain(sideOf(before, farBefore), sideOf(now, far));
  };
  slots[now.family].subarray(0, now.slotStart.at(-1)).forEach((old, slot) => {
    const node = now.owner[slot] ?? -1;
    const [router, earlier] = [now.routers[node], before.routers[before.owner[old] ?? -1]];
    const [peer, was] = [now.peers.at(slot), before.peers.at(old)];
    if (router && habitsOf(router).reloadsImportOnly) {
      if (isToldByCommand(was, peer) || isAskedFor(slot, old)) found.push(slot);
      return;
    }
    if (!router || !reread.has(hostOf(now, node))) return;
    const same = earlier && peer && was && outboundKey(router, peer) === outboundKey(earlier, was);
    const overlooks = router.config.profile.sessions?.overlooksSwitches;
    if (!same || !overlooks || refreshed.has(slot)) found.push(slot);
  });
  return found;
}

/** All that is asked about what a peer is told, but for whether it needs a policy. */
function outboundKey({ bgp, clusterId, routerId, publicAs }: Router, peer: Peer): string {
  const { config, options } = peer;
  const { importPolicy: _, importPolicyAtFirst: _first, ...outbound } = options;
  const { families: _families, impliedFamilies: _implied, description: _text, ...others } = config;
  const { timers: _timers, habits: _habits, ...session } = others;
  const { confederation, gracefulShutdown, rejectAsSets, decision } = bgp;
  const { noClientToClient, allowsOutboundPolicy, suppressFibPending, maxMed = null } = bgp;
  return contentKey([
    ...[clusterId, routerId, publicAs, confederation, gracefulShutdown, rejectAsSets],
    ...[noClientToClient, allowsOutboundPolicy, suppressFibPending, decision.mergesMultipath, maxMed],
    ...[
      peer.type,
      peer.told,
      peer.remoteAs,
      peer.ownNextHop?.text,
      peer.sharedNetworks.map(({ text }) => text),
    ],
    session,
    outbound,
  ]);
}

import { type FamilyName, familyNames, ipFamilyOf } from '../../base/family.ts';
import type { Quirks } from '../../bgp/profile.ts';
import { holdPrefix } from '../result/hosts.ts';
import type { FamilyState, SimulationState } from '../state.ts';
import type { Closing } from './closings.ts';

/**
 * Session ends that a next hop of the other family ends, by place: it comes again whenever the session is up. Asked of neighbors that
 * tell such next hops unasked.
 */
export function foreignNextHops(state: SimulationState): ReadonlyMap<number, Closing> {
  const found = new Map<number, Closing>();
  for (const family of familyNames) {
    const familyState = state.families[family];
    const slots = slotsAtRisk(familyState, family);
    if (slots.length > 0) lookAt(state, familyState, family, slots, found);
  }
  return found;
}

function lookAt(
  state: SimulationState,
  familyState: FamilyState,
  family: FamilyName,
  slots: readonly number[],
  found: Map<number, Closing>,
): void {
  const { peers, sessions } = familyState.topology;
  for (const prefix of familyState.prefixes) {
    holdPrefix(state, familyState, prefix);
    const { received, paths } = familyState.engine;
    for (const slot of slots) {
      const wire = paths[received[slot] ?? 0];
      const peer = peers.at(slot);
      const nextHop = wire && (wire.nextHop ?? peer?.nextHop);
      const place = sessions[slot] ?? -1;
      if (!nextHop || nextHop.family === ipFamilyOf(family) || found.has(place)) continue;
      const reason = `${prefix.prefix.text} came with the next hop ${nextHop.text}, an IPv${nextHop.family} address (NOTIFICATION 3/${family === 'ipv4-unicast' ? 0 : 9})`;
      found.set(place, { reason, flaps: peer?.config.source ? [peer.config.source] : [] });
    }
  }
}

/** GoBGP gives its IPv6 address to everybody on an IPv6 session, ExaBGP what its file says. */
function tells({ tellsIpv6NextHop, originatesOnly }: Quirks, family: FamilyName): boolean {
  return (family === 'ipv4-unicast' ? tellsIpv6NextHop : originatesOnly) === true;
}

function slotsAtRisk(
  { topology: { peers, owner, reverse, routers } }: FamilyState,
  family: FamilyName,
): readonly number[] {
  const quirksAt = (slot: number) => routers[owner[slot] ?? -1]?.config.profile.quirks;
  if (!routers.some((router) => router && tells(router.config.profile.quirks, family))) return [];
  if (!routers.some((router) => router?.config.profile.quirks.resetsOverForeignNextHop === family)) return [];
  return peers
    .slotsWhere(({ extendedNextHop }) => family === 'ipv6-unicast' || !extendedNextHop)
    .filter((slot) => {
      const sender = quirksAt(reverse[slot] ?? -1);
      return quirksAt(slot)?.resetsOverForeignNextHop === family && sender && tells(sender, family);
    });
}

import { familyNames } from '../base/family.ts';
import { holdPrefix } from './hosts.ts';
import type { SessionEnd } from './sessions.ts';
import type { SimulationState } from './state.ts';

/** A session end that got more prefixes than it takes (RFC 4486: Cease, subcode 1). */
interface Overflow {
  readonly count: number;
  readonly limit: number;
}

/** Session ends beyond their maximum-prefix, by place; costs a pass over all prefixes where any end has one. */
export function overflows(state: SimulationState): ReadonlyMap<number, Overflow> {
  const found = new Map<number, Overflow>();
  for (const family of familyNames) {
    const familyState = state.families[family];
    const { peers, sessions, owner, routers } = familyState.topology;
    const limited = peers.flatMap(({ options }, slot) => (options.maximumPrefix === null ? [] : [slot]));
    if (limited.length === 0) continue;
    const counts = new Map(limited.map((slot) => [slot, 0]));
    for (const prefix of familyState.prefixes) {
      holdPrefix(state, familyState, prefix);
      for (const slot of limited) {
        const quirks = routers[owner[slot] ?? -1]?.config.profile.quirks;
        const { received, inList } = familyState.engine;
        const force = peers[slot]?.options.maximumPrefixForce;
        const counted =
          quirks?.maximumPrefixCountsReceived || force ? received[slot] !== 0 : inList[slot] === 1;
        if (counted) counts.set(slot, (counts.get(slot) ?? 0) + 1);
      }
    }
    for (const [slot, count] of counts) {
      const limit = peers[slot]?.options.maximumPrefix ?? null;
      if (limit !== null && count > limit) found.set(sessions[slot] ?? -1, { count, limit });
    }
  }
  return found;
}

/** The end as it is once the overflowing sessions are closed. */
export function closed(
  { ends, network }: SimulationState,
  end: SessionEnd,
  place: number,
  overflowing: ReadonlyMap<number, Overflow>,
): SessionEnd {
  const own = overflowing.get(place);
  const far = end.other === null ? undefined : overflowing.get(end.other);
  if (!own && !far) return end;
  const other = ends[end.other ?? -1];
  const { count, limit } = own ?? far ?? { count: 0, limit: 0 };
  const words = `maximum-prefix ${limit} exceeded by ${count} prefixes (NOTIFICATION 6/1)`;
  const name = network.nodes[other?.node ?? -1]?.name ?? '';
  const reason = own ? words : `${name} closed the session: ${words}`;
  return { ...end, state: 'Idle', other: null, reason, closedBy: own ? end.node : (other?.node ?? end.node) };
}

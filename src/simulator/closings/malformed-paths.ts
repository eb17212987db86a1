import { type FamilyName, familyNames } from '../../base/family.ts';
import type { SourceRange } from '../../base/source.ts';
import type { Path } from '../../bgp/attributes.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { Router } from '../../bgp/router.ts';
import { holdPrefix } from '../result/hosts.ts';
import type { FamilyState, SimulationState } from '../state.ts';
import type { Closing } from './closings.ts';

/**
 * Session ends that a malformed AS_PATH ends, by place: one that comes again whenever the session is up. Only ends are looked at
 * whose peer may send such a path.
 */
export function malformedPaths(state: SimulationState): ReadonlyMap<number, Closing> {
  const found = new Map<number, Closing>();
  if (!state.context.store.asPaths.malformed) return found;
  for (const family of familyNames) {
    const familyState = state.families[family];
    const slots = slotsAtRisk(familyState);
    if (slots.length > 0)
      for (const prefix of familyState.prefixes) {
        holdPrefix(state, familyState, prefix);
        for (const slot of slots) noteReset(familyState, family, slot, prefix.prefix.text, found);
      }
  }
  return found;
}

function slotsAtRisk({ topology: { peers, owner, reverse, routers } }: FamilyState): readonly number[] {
  // Whoever passes such a path on makes it no better.
  const isAnnounced = routers.some((router) => announcedBare(router) !== null);
  const senders = peers.slotsWhere(
    ({ options }) => isAnnounced || options.removePrivateAs?.replaceAs === false,
  );
  return senders.flatMap((sender) => {
    const slot = reverse[sender] ?? -1;
    const quirks = routers[owner[slot] ?? -1]?.config.profile.quirks;
    return quirks?.malformedAsPath === undefined ? [] : [slot];
  });
}

/** Where a router announces a path with an empty segment; null: nowhere. */
function announcedBare(router: Router | null): SourceRange | null {
  for (const one of router?.bgp.originations ?? []) {
    if (one.kind !== 'announce' || !one.source) continue;
    if (one.attributes.segments?.some(({ asns }) => asns.length === 0)) return one.source;
  }
  return null;
}

function noteReset(
  { topology, engine }: FamilyState,
  family: FamilyName,
  slot: number,
  prefix: string,
  found: Map<number, Closing>,
): void {
  const wire = engine.paths[engine.received[slot] ?? 0];
  const peer = topology.peers.at(slot);
  const place = topology.sessions[slot] ?? -1;
  if (!wire?.asPath.malformed || !peer || found.has(place)) return;
  const { malformedAsPath } = topology.routers[topology.owner[slot] ?? -1]?.config.profile.quirks ?? {};
  const notification = malformedAsPath === 'resets' ? '3/11' : misread(peer, family, wire);
  if (notification === null) return;
  const sender = topology.peers.at(topology.reverse[slot] ?? -1)?.options.removePrivateAs;
  const reason = `the AS_PATH of ${prefix} has an empty segment (NOTIFICATION ${notification})`;
  const from = topology.routers[topology.owner[topology.reverse[slot] ?? -1] ?? -1] ?? null;
  const source = sender?.source ?? announcedBare(from);
  found.set(place, { reason, flaps: source ? [source] : [] });
}

/**
 * What stands behind the AS_PATH is taken for routes of IPv4 unicast: always something where the routes themselves do (their NEXT_HOP,
 * whose flags are no prefix length); with MP_REACH_NLRI, which FRR writes first, only further attributes: then the next hop that no
 * NEXT_HOP named is refused. null: nothing stands there, and the route is withdrawn.
 */
function misread({ address, extendedNextHop }: Peer, family: FamilyName, wire: Path): string | null {
  const extended = extendedNextHop === true || address === null;
  if (family === 'ipv4-unicast' && !extended) return '3/10';
  const more =
    wire.med !== null ||
    wire.atomicAggregate ||
    wire.aggregator !== null ||
    wire.communities.length > 0 ||
    wire.largeCommunities.length > 0 ||
    (wire.extendedCommunities?.length ?? 0) > 0 ||
    (wire.otc ?? null) !== null;
  return more ? '3/8' : null;
}

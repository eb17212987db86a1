import { familyOf } from '../../../base/family.ts';
import { type Address, addressOf } from '../../../base/ip.ts';
import { communityText } from '../../../bgp/communities.ts';
import type { AnnouncedAttributes, Origination } from '../../../bgp/origination-config.ts';
import type { NextHop } from './attributes.ts';
import { extendedDigits } from './extended.ts';
import type { FinishedNeighbor } from './finish.ts';
import type { Reading } from './reading.ts';
import { groupKey, sentRoutes } from './rib.ts';
import type { Change } from './routes.ts';

/** The neighbor's routes with the attributes that reach the peer (attributes.py, `pack`), for this audience alone. */
export function announcements(
  neighbor: FinishedNeighbor,
  audience: string,
  reading: Reading,
): readonly Origination[] {
  const announced: Origination[] = [];
  for (const change of sentRoutes(neighbor).values()) {
    const nextHop = sentNextHop(neighbor, change, reading);
    if (nextHop === undefined) continue;
    announced.push({
      kind: 'announce',
      family: familyOf(change.prefix.family),
      prefix: change.prefix,
      attributes: sentAttributes(neighbor, change, nextHop),
      onlyTo: audience,
      group: groupKey(change),
      ...(change.pathId === null ? {} : { pathId: change.pathId }),
      source: change.source,
    });
  }
  return announced;
}

/**
 * The local AS stands in the AS_PATH only where the file gives none: what it gives goes out as written. LOCAL_PREF goes to
 * internal peers only, and always.
 */
function sentAttributes(
  neighbor: FinishedNeighbor,
  { attributes }: Change,
  nextHop: Address | null,
): AnnouncedAttributes {
  const internal = neighbor.localAs === neighbor.peerAs;
  const { asPath, originatorId, clusterList, aggregator } = attributes;
  return {
    origin: attributes.origin ?? 0,
    nextHop,
    asPath: asPath?.sequence ?? (internal ? [] : [neighbor.localAs]),
    asSet: asPath?.set ?? [],
    med: attributes.med ?? null,
    ...(internal && attributes.aigp !== undefined ? { aigp: attributes.aigp } : {}),
    localPref: internal ? (attributes.localPref ?? 100) : null,
    inOrder: true,
    communities: (attributes.communities ?? []).map(communityText),
    largeCommunities: attributes.largeCommunities ?? [],
    ...(attributes.extendedCommunities === undefined
      ? {}
      : {
          extendedCommunities: attributes.extendedCommunities
            .split(' ')
            .flatMap((one) => extendedDigits(one) ?? []),
        }),
    originatorId: originatorId ?? null,
    clusterList: clusterList ?? [],
    atomicAggregate: attributes.atomicAggregate ?? false,
    aggregator: aggregator ?? null,
  };
}

/**
 * null: the local address; undefined: nothing, which others take for a withdrawal (RFC 7606). IPv4 routes carry the next hop of the route that speaks for the
 * group (NEXT_HOP), which an IPv6 one leaves out; IPv6 routes their own (MP_REACH_NLRI), of whatever family it is: for `self` on an IPv4 session 0.0.0.0, in
 * four octets. `self` of an IPv4 route on an IPv6 session is the router id.
 */
function sentNextHop(
  neighbor: FinishedNeighbor,
  change: Change,
  reading: Reading,
): Address | null | undefined {
  const { family } = change;
  const reach: NextHop | null = change.nextHop;
  if (!reach) return undefined;
  const written = family === 4 && familyOfHop(reach) === 4 ? (change.attributes.nextHop ?? reach) : reach;
  if (family === 4 && familyOfHop(reach) === 4 && familyOfHop(written) === 6) {
    const effect = 'goes out without a next hop, as an IPv6 route with the same attributes follows it';
    reading.note(change.source, change.prefix.text, `${effect}: nobody takes it`, false);
    return undefined;
  }
  if (!('self' in written)) {
    if (family === 6 && written.family === 4) noteForeign(change, written.text, reading);
    return written;
  }
  if (family === neighbor.peer.family) return null;
  if (family === 4) return neighbor.routerId;
  noteForeign(change, UNSPECIFIED.text, reading);
  return UNSPECIFIED;
}

const UNSPECIFIED = addressOf(4, 0n);

function noteForeign({ prefix, source }: Change, nextHop: string, reading: Reading): void {
  const effect = `goes out with the IPv4 next hop ${nextHop}: GoBGP takes it, BIRD refuses it, FRR ends the session over it`;
  reading.note(source, prefix.text, effect, false);
}

function familyOfHop(hop: NextHop): 4 | 6 {
  return 'self' in hop ? hop.self : hop.family;
}

import type { FamilyName } from '../../base/family.ts';
import { contains } from '../../base/ip.ts';
import { takesStale } from '../../bgp/long-lived.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { Router } from '../../bgp/router.ts';
import type { SessionList } from '../sessions/session-list.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import type { Asked } from '../timeline/conditions.ts';
import { habitsOf } from '../timeline/habits.ts';
import type { PeerKinds } from './peer-list.ts';

/** Which peers differ in nothing but addresses, router id and name. */
export function kindsOf(
  family: FamilyName,
  ends: SessionList,
  sessions: Int32Array,
  routers: readonly (Router | null)[],
): PeerKinds {
  const kinds = new Int32Array(sessions.length);
  const firstOf: number[] = [];
  let known = new Map<PeerConfig, Kind[]>();
  let node = -1;
  let last: Kind = { like: none, kind: -1 };
  for (let slot = 0; slot < sessions.length; slot++) {
    const place = sessions[slot] ?? -1;
    const end = ends.lean(place);
    if (!end) continue;
    if (end.node !== node) {
      node = end.node;
      known = new Map();
      last = { like: none, kind: -1 };
    }
    const like = likeOf(family, end, ends, routers);
    if (!isLike(last.like, like)) {
      const same = known.get(like.config) ?? [];
      const found = same.find((one) => isLike(one.like, like));
      last = found ?? { like, kind: firstOf.push(slot) - 1 };
      if (!found) same.push(last);
      known.set(like.config, same);
    }
    kinds[slot] = last.kind;
  }
  return { kinds, firstOf };
}

interface Kind {
  readonly like: PeerLike;
  readonly kind: number;
}

/** What peers of one kind have in common. */
interface PeerLike {
  readonly config: PeerConfig | null;
  readonly type: Peer['type'] | null;
  readonly remoteAs: number;
  readonly interface: SessionEnd['interface'];
  /** What else decides about next hops: addresses at all and of which version, RFC 8950, link-local ones; and the policy it began with. */
  readonly ways: number;
  /** In which of several networks of the interface the peer is, by place: a third party is looked for there. */
  readonly network: number;
}

const none: PeerLike = { config: null, type: null, remoteAs: 0, interface: null, ways: 0, network: 0 };

function likeOf(
  family: FamilyName,
  end: SessionEnd,
  ends: SessionList,
  routers: readonly (Router | null)[],
): PeerLike & { readonly config: PeerConfig } {
  // The other end is looked at where it may matter only: there are a million of them.
  const asksOther =
    end.config.extendedNextHop || family === 'ipv6-unicast' || asksForLongLived(routers[end.node]);
  const other = asksOther ? (end.silent?.peer ?? ends.lean(end.other ?? -1) ?? end) : end;
  const extended = end.config.extendedNextHop && other.config.extendedNextHop;
  const ways =
    (end.peerAddress?.family ?? 0) +
    8 * (end.localAddress?.family ?? 0) +
    (extended ? 64 : 0) +
    (end.early ? 256 : 0) +
    (isStaleRefused(end, other, routers) ? 4096 : 0) +
    512 * answers.indexOf(end.conditions?.[family]) +
    (isLinkLocalTold(family, end, other, routers) ? 128 : 0);
  const { config, type, remoteAs, interface: near } = end;
  return { config, type, remoteAs, interface: near, ways, network: networkOf(end) };
}

/** What the condition of `advertise-map` can have come to. */
const answers: readonly (Asked | undefined)[] = [undefined, 'unasked', 'holds', 'fails'];

function networkOf({ interface: near, peerAddress }: SessionEnd): number {
  if (!near || near.addresses.length < 2 || !peerAddress) return 0;
  return near.addresses.findIndex(({ network }) => contains(network, peerAddress));
}

function isLike(a: PeerLike, b: PeerLike): boolean {
  return (
    a.config === b.config &&
    a.type === b.type &&
    a.remoteAs === b.remoteAs &&
    a.interface === b.interface &&
    a.ways === b.ways &&
    a.network === b.network
  );
}

function asksForLongLived(router: Router | null | undefined): boolean {
  return router?.config.profile.quirks.tellsLlgrStale !== undefined;
}

/** Is the neighbour told of no path that is marked LLGR_STALE? */
export function isStaleRefused(
  end: SessionEnd,
  other: SessionEnd,
  routers: readonly (Router | null)[],
): boolean {
  const [own, router] = [routers[end.node], routers[other.node]];
  if (!asksForLongLived(own)) return false;
  const { tellsLlgrStale } = own?.config.profile.quirks ?? {};
  return !takesStale(tellsLlgrStale, habitsOf(own, end), habitsOf(router, other));
}

/** Does the neighbour's link-local address come along with its routes? */
export function isLinkLocalTold(
  family: FamilyName,
  end: SessionEnd,
  other: SessionEnd,
  routers: readonly (Router | null)[],
): boolean {
  return (
    family === 'ipv6-unicast' &&
    end.interface !== null &&
    [end, other].every(({ node }) => routers[node]?.config.profile.quirks.linkLocalNextHop === true)
  );
}

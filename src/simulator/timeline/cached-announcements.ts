import type { RouterConfig } from '../../bgp/config.ts';
import type { Announcement, Origination } from '../../bgp/origination-config.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { Network } from '../kernel/network.ts';

/**
 * The router of new files where the daemon keeps what it announced by the name of each neighbor (ExaBGP's `RIB._cache`), and makes of it what
 * its reload does. What is left over stays, and what is kept back is said on the next session (`saidAgain`).
 */
export function withCached(before: RouterConfig | null, now: RouterConfig): RouterConfig {
  const earlier = before?.bgp;
  if (!earlier || !now.bgp) return now;
  const pairs = now.bgp.peers.flatMap((peer) => {
    const name = peer.announcesFromBefore?.name;
    const was = earlier.peers.find((one) => name !== undefined && one.announcesFromBefore?.name === name);
    return was ? [{ peer, was, isReset: peer.resetBy !== was.resetBy }] : [];
  });
  if (pairs.length === 0) return now;
  const goingOn = new Set(pairs.flatMap(({ was, isReset }) => (isReset ? [] : [was.audience])));
  const cached = earlier.originations.filter(isAnnounced);
  const withdrawn = new Set(cached.filter((one) => !one.fromBefore && goingOn.has(one.onlyTo)).map(objectOf));
  let { originations } = now.bgp;
  for (const { peer, was, isReset } of pairs) {
    const { audience, announcesFromBefore } = peer;
    if (audience === undefined) continue;
    const others = originations.filter((one) => !isAnnounced(one) || one.onlyTo !== audience);
    const own = originations.filter(isAnnounced).filter(({ onlyTo }) => onlyTo === audience);
    const old = cached
      .filter(({ onlyTo }) => onlyTo === was.audience)
      .map((one): Announcement => ({ ...one, onlyTo: audience }));
    const said = isReset
      ? announcesFromBefore?.kept
        ? saidAnew(old, own, withdrawn)
        : []
      : replaced(old, own);
    originations = [...others, ...said];
  }
  return { ...now, bgp: { ...now.bgp, originations } };
}

/** Another session says what stands in the cache: what the new file no longer has as well. */
function saidAnew(
  old: readonly Announcement[],
  own: readonly Announcement[],
  withdrawn: ReadonlySet<string>,
): readonly Announcement[] {
  const places = new Set(own.map(placeOf));
  // A route of a template is one for all its neighbors: withdrawn from one of them it is not said to the others again.
  const isGone = (one: Announcement) => !one.fromBefore && withdrawn.has(objectOf(one));
  const left = old.filter((one) => !places.has(placeOf(one)) && !isGone(one));
  const gone = new Set(old.filter(isGone).map((one) => `${placeOf(one)} ${one.group}`));
  const said = own.map((one): Announcement => {
    return gone.has(`${placeOf(one)} ${one.group}`) ? { ...one, unsaid: 'files' } : one;
  });
  return [...left.map((one): Announcement => ({ ...one, fromBefore: true })), ...said];
}

/**
 * What a reload makes of routes while the session goes on (`OutgoingRIB.replace`): everything of the old file is withdrawn and everything of the new
 * one announced, in updates by attributes, those of the old file first. A route that now has the attributes of an earlier update is announced
 * there, and withdrawn in the later one that it was in before. The cache then has what is new first.
 */
function replaced(old: readonly Announcement[], own: readonly Announcement[]): readonly Announcement[] {
  const places = new Set(own.map(placeOf));
  const left = old.filter((one) => one.fromBefore && !places.has(placeOf(one)));
  const groups = [...new Set(old.map(({ group }) => group))];
  const before = new Map(old.filter((one) => !one.fromBefore).map((one) => [placeOf(one), one]));
  const isLost = (one: Announcement) => {
    const was = before.get(placeOf(one));
    const at = groups.indexOf(one.group);
    return was !== undefined && at >= 0 && at < groups.indexOf(was.group);
  };
  const said = own.map((one): Announcement => (isLost(one) ? { ...one, unsaid: 'session' } : one));
  const isNew = (one: Announcement) => !before.has(placeOf(one));
  return [...left, ...said.filter(isNew), ...said.filter((one) => !isNew(one))];
}

/** The network once sessions that are gone can be other ones: what the reload withdrew stands in the cache, and is said there. */
export function saidAgain(network: Network, isUp: (host: string, peer: PeerConfig) => boolean): Network {
  const nodes = network.nodes.map((node) => {
    const { router } = node;
    const bgp = router?.bgp;
    if (!router || !bgp?.originations.some((one) => isAnnounced(one) && one.unsaid === 'session'))
      return node;
    const up = new Set(bgp.peers.filter((peer) => isUp(node.name, peer)).map(({ audience }) => audience));
    const originations = bgp.originations.map((one) => {
      if (!isAnnounced(one) || one.unsaid !== 'session' || up.has(one.onlyTo)) return one;
      const { unsaid: _, ...rest } = one;
      return rest;
    });
    const same = originations.every((one, place) => one === bgp.originations[place]);
    return same ? node : { ...node, router: { ...router, bgp: { ...bgp, originations } } };
  });
  return nodes.every((node, place) => node === network.nodes[place]) ? network : { nodes };
}

function isAnnounced(one: Origination): one is Announcement {
  return one.kind === 'announce';
}

function placeOf({ prefix, pathId }: Announcement): string {
  return `${prefix.text} ${pathId ?? ''}`;
}

/** The route as it was read: one of a template is the same for all its neighbors. */
function objectOf({ prefix, pathId, source }: Announcement): string {
  return `${prefix.text} ${pathId ?? ''} ${source?.file} ${source?.line} ${source?.column}`;
}

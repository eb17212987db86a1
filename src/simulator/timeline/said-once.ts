import type { RouterConfig } from '../../bgp/config.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { NetworkNode } from '../kernel/network.ts';
import type { World } from './world.ts';

/**
 * The world where what a daemon says once, and keeps nothing of (ExaBGP `adj-rib-out false`), is lost with the session it was said on: the next
 * one brings nothing until the daemon starts again. `isUp`: as things stood before.
 */
export function withoutSaid(world: World, isUp: (host: string, peer: PeerConfig) => boolean): World {
  const said = new Set(world.said);
  const filed = new Map(world.filed);
  const nodes = world.network.nodes.map((node): NetworkNode => {
    const { name, router } = node;
    const lost = router ? lostAudiences(name, router, said, isUp) : new Set();
    if (!router?.bgp || lost.size === 0) return node;
    const originations = router.bgp.originations.filter(
      (one) => one.kind !== 'announce' || !lost.has(one.onlyTo),
    );
    if (originations.length === router.bgp.originations.length) return node;
    if (!filed.has(name)) filed.set(name, router);
    return { ...node, router: { ...router, bgp: { ...router.bgp, originations } } };
  });
  const changed = nodes.some((node, place) => node !== world.network.nodes[place]);
  if (said.size === world.said.size && !changed) return world;
  return { ...world, said, ...(changed ? { network: { nodes }, filed } : {}) };
}

/** Who has heard everything and is no longer there; those that are there are noted in `said`. */
function lostAudiences(
  host: string,
  { bgp, profile }: RouterConfig,
  said: Set<string>,
  isUp: (host: string, peer: PeerConfig) => boolean,
): ReadonlySet<string | undefined> {
  const lost = new Set<string | undefined>();
  if (!bgp || !profile.quirks.originatesOnly) return lost;
  for (const peer of bgp.peers) {
    const { announcesFromBefore: kept, audience = '' } = peer;
    if (!kept || kept.kept) continue;
    const key = `${host} ${audience}`;
    if (isUp(host, peer)) said.add(key);
    else if (said.has(key)) lost.add(peer.audience);
  }
  return lost;
}

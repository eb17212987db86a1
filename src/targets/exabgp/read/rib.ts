import type { AttributeSet } from './attributes.ts';
import type { FinishedNeighbor } from './finish.ts';
import type { Change } from './routes.ts';

/**
 * What a neighbor is sent from its file once the session is up, by prefix and path identifier, in the order of sending (rib/outgoing.py). Routes with equal attributes go out
 * together, in the order in which each such group began; for a prefix that stands in several groups the last one
 * sent is what the peer keeps. Takes `watchdog` and `withdraw` out of the sets it has looked at, as ExaBGP does.
 */
export function sentRoutes({ changes, families }: FinishedNeighbor): ReadonlyMap<string, Change> {
  const groups = new Map<string, Map<string, Change>>();
  const latest = new Map<string, string>();
  const said = new Map<string, AttributeSet>();
  for (const change of changes) {
    if (
      !families.has(`ipv${change.family} ${change.kind}`) ||
      isHeldBack(change.attributes) ||
      !change.announced
    )
      continue;
    const key = groupKey(change);
    const place = `${change.prefix.text} ${change.pathId ?? ''}`;
    if (latest.get(place) === key) continue;
    latest.set(place, key);
    const group = groups.get(key) ?? new Map<string, Change>();
    groups.set(key, group.set(place, change));
    said.set(key, change.attributes);
  }
  const kept = new Map<string, Change>();
  for (const [key, group] of groups) {
    for (const [place, change] of group) {
      if (change.kind !== 'unicast') continue;
      kept.delete(place);
      kept.set(place, { ...change, attributes: said.get(key) ?? change.attributes });
    }
  }
  return kept;
}

/** `withdraw` keeps a route back only together with `watchdog`; both are looked at once for each set. */
function isHeldBack(attributes: AttributeSet): boolean {
  const held = attributes.watchdog !== undefined && attributes.withdraw === true;
  delete attributes.watchdog;
  delete attributes.withdraw;
  return held;
}

/** Communities in another order are equal: those of the route that was read last speak for the group. */
function groupKey({ attributes, nextHop }: Change): string {
  const {
    split: _split,
    name: _name,
    communities,
    largeCommunities,
    extendedCommunities,
    ...rest
  } = attributes;
  const lists = [communities, largeCommunities, extendedCommunities?.split(' ')];
  const sent = [rest, ...lists.map((list) => list && [...list].map(String).sort())];
  return JSON.stringify([...sent, nextHop], (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

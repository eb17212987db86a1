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
  const said = { 4: new Map<string, AttributeSet>(), 6: new Map<string, AttributeSet>() };
  const [last, first] = families.size < FAMILIES_OUT_OF_ORDER ? ([6, 4] as const) : ([4, 6] as const);
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
    said[change.family].set(key, change.attributes);
  }
  const kept = new Map<string, Change>();
  for (const [key, group] of groups) {
    for (const [place, change] of group) {
      if (change.kind !== 'unicast') continue;
      kept.delete(place);
      kept.set(place, {
        ...change,
        attributes: said[last].get(key) ?? said[first].get(key) ?? change.attributes,
      });
    }
  }
  return kept;
}

/**
 * Before a session begins ExaBGP goes through its families as Python's sets have them (`cached_changes`): IPv6 unicast behind IPv4 unicast, from five families on the other
 * way round. The last route of a group speaks for it.
 */
const FAMILIES_OUT_OF_ORDER = 5;

/** `withdraw` keeps a route back only together with `watchdog`; both are looked at once for each set. */
function isHeldBack(attributes: AttributeSet): boolean {
  const held = attributes.watchdog !== undefined && attributes.withdraw === true;
  delete attributes.watchdog;
  delete attributes.withdraw;
  return held;
}

/** Communities in another order are equal, and so is `self` of either family: what the route that was read last has speaks for the group. */
export function groupKey({ attributes, nextHop }: Change): string {
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
    typeof value === 'bigint' ? String(value) : isSelf(value) ? 'self' : value,
  );
}

function isSelf(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'self' in value;
}

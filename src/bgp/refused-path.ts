import { type AsPath, hasAsSet } from './as-path.ts';
import type { Path } from './attributes.ts';
import type { Peer } from './peer.ts';
import type { Router } from './router.ts';

/** A path with AS 0 is none of the plain ones (`AsPath.rest`). */
export function holdsZero({ rest, asns }: AsPath): boolean {
  return rest === null && asns.includes(0);
}

export const AS_ZERO = 'AS 0 in the AS_PATH (RFC 7607)';

/** What is refused for the look of the AS_PATH alone, policies aside. */
export function refusedAsPath(router: Router, peer: Peer, { asPath }: Path): string | null {
  if (asPath.malformed) return 'a segment of the AS_PATH is empty (RFC 7606)';
  const { refusesAsZero } = router.config.profile.quirks;
  if (refusesAsZero && peer.type === 'ebgp' && holdsZero(asPath)) return AS_ZERO;
  if (router.bgp.rejectAsSets && asPath.rest === null && hasAsSet(asPath)) return 'AS_SET in the AS_PATH';
  if (peer.type === 'ebgp' ? asPath.confedLength > 0 : peer.type === 'confed' && !beginsInside(asPath))
    return 'confederation segments of the AS_PATH do not fit the session (RFC 5065)';
  if (peer.type !== 'ebgp' || !enforcesFirstAs(router, peer) || asPath.neighborAs === peer.remoteAs)
    return null;
  return `first AS of the AS_PATH is not ${peer.remoteAs}`;
}

export function enforcesFirstAs({ bgp }: Router, { config }: Peer): boolean {
  return config.enforceFirstAs ?? bgp.enforceFirstAs;
}

/** An empty list of extended communities withdraws the route (RFC 7606 7.14), and so does LOCAL_PREF that is missing inside the AS (7.5). */
export function refusedAttributes(
  { config }: Router,
  { type }: Peer,
  { emptyLists, localPref }: Path,
): string | null {
  if (type === 'ibgp' && localPref === null && config.profile.quirks.needsLocalPref)
    return 'LOCAL_PREF is missing (RFC 7606)';
  if (!emptyLists || config.profile.quirks.looseExtendedCommunities) return null;
  return 'EXTENDED_COMMUNITIES is there and empty (RFC 7606)';
}

/** What a confederation peer sends begins with its own member AS (FRR aspath_left_confed_check). */
function beginsInside({ segments }: AsPath): boolean {
  return segments[0]?.kind === 'confed-sequence' || segments[0]?.kind === 'confed-set';
}

import type { RouterConfig } from '../../bgp/config.ts';
import type { Announcement, Origination } from '../../bgp/origination-config.ts';
import { withCached } from './cached-announcements.ts';

/** The router of new files, with what its daemon keeps of the earlier ones' announcements. */
export function withAnnouncedBefore(
  before: RouterConfig | null,
  now: RouterConfig | null,
): RouterConfig | null {
  return now && withCached(before, withPoliciesMet(before, now));
}

/**
 * The router of new files where the daemon looks at received routes alone again: what was announced before keeps the policies it met then
 * (GoBGP asks the import policies of an own route when the command runs, and never again).
 */
function withPoliciesMet(before: RouterConfig | null, now: RouterConfig): RouterConfig {
  if (!before?.bgp || !now.bgp || !now.profile.sessions?.reloadsImportOnly) return now;
  const earlier = new Map(before.bgp.originations.filter(isAnnounced).map((one) => [keyOf(one), one]));
  const originations = now.bgp.originations.map((one) => {
    const met = isAnnounced(one) ? earlier.get(keyOf(one)) : undefined;
    return met ? { ...one, policies: met.policies } : one;
  });
  return { ...now, bgp: { ...now.bgp, originations } };
}

function isAnnounced(one: Origination): one is Announcement {
  return one.kind === 'announce';
}

/** What earlier commands said stands in the same line as before. */
function keyOf({ prefix, attributes, source }: Announcement): string {
  return JSON.stringify([prefix.text, source?.line ?? 0, attributes], (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

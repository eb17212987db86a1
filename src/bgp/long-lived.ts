import type { Path } from './attributes.ts';
import { LLGR_STALE, NO_LLGR } from './communities.ts';
import { type PathStore, withPath } from './path-store.ts';
import type { SessionHabits } from './session-habits.ts';

/** What becomes of a path whose peer was gone for longer than its restart time (RFC 9494 4.2): marked, or null, as `no-llgr` asks. */
export function stalePath(store: PathStore, path: Path): Path | null {
  const { communities } = path;
  if (communities.includes(NO_LLGR)) return null;
  if (communities.includes(LLGR_STALE)) return path;
  return withPath(store, path, { communities: [...communities, LLGR_STALE] });
}

/** Seconds for which an end keeps the routes of a peer beyond its restart time, so marked; 0: not at all. */
export function keepsStaleFor(own: SessionHabits, peer: SessionHabits): number {
  return peer.offersLongLived ? Math.min(own.helpsLongLived ?? 0, peer.offersLongLivedFor ?? 0) : 0;
}

/** The most seconds that the capability has room for. */
export const LONGEST_STALE_TIME = 0xffffff;

/** Is a peer told of paths that are marked (RFC 9494 4.3)? `tells`: what the daemon asks for. */
export function takesStale(
  tells: 'known' | 'listed' | undefined,
  own: SessionHabits,
  peer: SessionHabits,
): boolean {
  if (tells === undefined) return true;
  if (tells === 'known') return peer.knowsLongLived === true;
  return own.knowsLongLived === true && peer.offersLongLived === true;
}

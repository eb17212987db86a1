import type { RouterConfig } from '../../bgp/config.ts';
import { peerTableOf } from '../../bgp/peer-table.ts';
import type { Router } from '../../bgp/router.ts';
import type { SessionHabits } from '../../bgp/session-habits.ts';
import type { SessionEnd } from '../sessions/sessions.ts';

/** Of a daemon whose profile says nothing: it trusts its timers. */
const patient: SessionHabits = { fallsWithInterface: 'none', dialsAfter: 1, watchesWay: false };

/** Seconds from its start to its first call. */
export function startsAfter(habits: SessionHabits): number {
  return habits.heldAtStart ?? habits.dialsAfter;
}

/** The same of a daemon with such neighbors; what its files say of it stands at each of them. */
export function daemonStartsAfter({ bgp, profile }: RouterConfig): number {
  const first = bgp && peerTableOf(bgp);
  return startsAfter({ ...(profile.sessions ?? patient), ...(first?.count ? first.shared(0).habits : {}) });
}

/** Those of the daemon, and where a session is named, what its configuration makes of them. */
export function habitsOf(router: Router | null | undefined, end?: SessionEnd): SessionHabits {
  const habits = router?.config.profile.sessions ?? patient;
  return end?.config.habits ? { ...habits, ...end.config.habits } : habits;
}

/** Seconds for which one end keeps the routes of a peer that is gone (`how`), as both their configurations have it; null: not at all. 0 is a time like others (FRR `restart-time 0`): long-lived ones stay. */
export function keepsFor(
  own: SessionHabits,
  peer: SessionHabits,
  how: 'killed' | 'stopped' | 'silent',
): number | null {
  const helps = own.helpsRestart ?? 'none';
  const listed = peer.listsRestartFamilies || (helps === 'either' && peer.offersLongLived);
  if (helps === 'none' || !listed) return null;
  if (how === 'stopped' && peer.saysGoodbye) return null;
  if (how === 'silent' && own.silentNeedsLongLived && !peer.offersLongLived) return null;
  const sendsNotification = peer.restartNotification || peer.sendsRestartNotification;
  if (how === 'silent' && own.restartNotification && !sendsNotification) return null;
  return peer.offersRestart ?? 0;
}

/** Does the session fall in the moment its interface loses its carrier? */
export function fallsWithInterface(router: Router | null | undefined, end: SessionEnd): boolean {
  const { fallsWithInterface: which } = habitsOf(router, end);
  return which === 'single-hop-ebgp' && end.interface !== null && isSingleHop(end);
}

/** BIRD says so itself, of internal sessions too (`direct`). */
export function isSingleHop({ type, config }: SessionEnd): boolean {
  if (config.singleHop !== undefined) return config.singleHop;
  if (config.interface !== null && config.address === null) return true;
  if (config.ttlSecurityHops === 1) return true;
  return type !== 'ibgp' && config.ebgpMultihop === null && config.ttlSecurityHops === null;
}

/**
 * Seconds after which an end that hears nothing gives up (RFC 4271 4.2, 4.4): the smaller hold time of the two, counted from the
 * last KEEPALIVE, which is half an interval ago on average. Infinity: hold time 0.
 */
export function patience(own: SessionEnd, peer: SessionEnd): number {
  const hold = Math.min(own.config.timers.hold, peer.config.timers.hold);
  if (hold === 0) return Number.POSITIVE_INFINITY;
  const interval = Math.min(peer.config.timers.keepalive || hold / 3, hold / 3);
  return hold - interval / 2;
}

/** Each delay is drawn from its last quarter. */
const DRAWN = 7 / 8;

/** The first of its calls, the first of all at `first`, that is answered: not before `answered`. `retry`: its connect retry time. All in seconds. */
export function dialAfter(first: number, answered: number, habits: SessionHabits, retry: number): number {
  if (first >= answered || first === Number.POSITIVE_INFINITY) return first;
  if (!habits.dialsMoreRarely) {
    const interval = Math.max(1, habits.callsAgain ? habits.dialsAfter * DRAWN : retry);
    return first + Math.ceil((answered - first) / interval) * interval;
  }
  let at = first;
  for (let gap = 1; at < answered; gap = Math.min(60, Math.trunc(1 + gap * 1.2))) at += gap;
  return at;
}

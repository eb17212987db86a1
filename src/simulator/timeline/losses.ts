import { keepsStaleFor } from '../../bgp/long-lived.ts';
import type { SessionEnd, Silence } from '../sessions/sessions.ts';
import { connectedInterface, kernelLookup } from '../sessions/transport.ts';
import { neighborOf, runs } from './ends.ts';
import { fallsWithInterface, habitsOf, keepsFor, patience } from './habits.ts';
import { nearInterface, pauseAfterError } from './pauses.ts';
import type { Belief, Notes, Situation } from './situation.ts';
import { isMissed } from './watched.ts';

export function noteGone(end: SessionEnd, { silent }: Notes): void {
  const gone = {
    ...end,
    state: 'Active',
    reason: 'the caller is gone',
    other: null,
    silent: undefined,
    listed: true,
  } as const;
  silent.set(neighborOf(end), { end: gone, place: -1 });
}

/** Did its daemon stop, and take the only way to the peer along before it could say so? */
export function isUnheard({ ground, routers, routersBefore, killed }: Situation, end: SessionEnd): boolean {
  const { node, peerAddress } = end;
  if (routers[node] != null || killed.has(node) || peerAddress === null) return false;
  const router = routersBefore[node];
  if (!habitsOf(router, end).clearsRoutesFirst || router?.config.table?.persists) return false;
  return (
    connectedInterface(ground, node, peerAddress) === null &&
    kernelLookup(ground.tables)(node, peerAddress) === null
  );
}

/** One end of a session that does not go on. */
export function noteLoss(
  situation: Situation,
  belief: Belief,
  side: 0 | 1,
  reached: boolean,
  notes: Notes,
): void {
  const { silent, tries, pauses } = notes;
  const end = belief.ends[side];
  const place = belief.places[side];
  const { clock, routers } = situation;
  if (place === null || !runs(situation, end)) return;
  const wasUp = end.state === 'Established';
  const left = silenceOf(situation, belief, side, reached);
  if (left) silent.set(neighborOf(end), { end: { ...end, other: null, silent: left }, place });
  if (left || !wasUp) return;
  tries.set(neighborOf(end), clock);
  const pauseFor = (seconds: number) => {
    if (seconds === 0) return;
    pauses.set(neighborOf(end), clock + seconds);
    tries.set(neighborOf(end), clock + seconds);
  };
  pauseFor(habitsOf(routers[end.node], end).pauseAfterLoss ?? 0);
  const peer = belief.ends[1 - side];
  const silence = peer ? keptSilence(situation, belief, side, reached) : null;
  if (silence) {
    const reason = 'the peer is gone, its routes are kept for a restart';
    const waiting = { ...end, state: 'Active', reason, other: null, silent: silence } as const;
    silent.set(neighborOf(end), { end: waiting, place });
  } else {
    // A session that BFD stops is an error to BIRD, one that it lets restart is none (bgp_bfd_notify).
    const missed = isMissed(situation, belief.ends, side, reached);
    const forgiven = missed ? habitsOf(routers[end.node], end).watchedByBfd === 'keeps' : reached;
    pauseFor(pauseAfterError(situation, end, tries, forgiven));
    if (end.dynamic && habitsOf(routers[end.node], end).listsCallers) noteGone(end, notes);
  }
}

/** How an end keeps the routes of a peer that offered graceful restart, for the restart time, and where that is 0 as long-lived ones at once; null: not at all. */
function keptSilence(situation: Situation, belief: Belief, side: 0 | 1, reached: boolean): Silence | null {
  const { ends } = belief;
  const [own, peer] = [ends[side], ends[1 - side]];
  const seconds = keptFor(situation, belief, side, reached);
  if (!own || !peer || seconds === null) return null;
  const staleFor = staleTime(situation, own, peer);
  if (seconds > 0) return { ...silenceFor(situation, own, peer, seconds), staleFor };
  return staleFor === 0 ? null : { ...silenceFor(situation, own, peer, staleFor), staleFor, isStale: true };
}

/** For how many seconds; null: not at all. */
function keptFor(situation: Situation, belief: Belief, side: 0 | 1, reached: boolean): number | null {
  const { ends } = belief;
  const [own, peer] = [ends[side], ends[1 - side]];
  if (!peer) return null;
  const left = leftSilently(situation, peer);
  const gone = left
    ? 'killed'
    : runs(situation, peer)
      ? null
      : situation.killed.has(peer.node)
        ? 'killed'
        : 'stopped';
  const missed = isMissed(situation, belief.ends, side, reached);
  const silent = own.silent !== undefined && !reached ? 'silent' : null;
  // BIRD handles what BFD misses as a connection that broke.
  const how = gone ?? (missed ? 'killed' : silent);
  if (how === null || (missed && habitsOf(situation.routers[own.node], own).watchedByBfd === 'stops'))
    return null;
  const [helper, other] = [
    habitsOf(situation.routers[own.node], own),
    habitsOf(situation.routersBefore[peer.node], peer),
  ];
  return keepsFor(helper, other, how);
}

/** Seconds for which it keeps them on when that time is over. */
function staleTime({ routers, routersBefore }: Situation, end: SessionEnd, peer: SessionEnd): number {
  return keepsStaleFor(habitsOf(routers[end.node], end), habitsOf(routersBefore[peer.node], peer));
}

/** Was the session dropped without a word, since the listen range it came from is another in new files? */
function leftSilently({ routers, routersBefore }: Situation, { node, dynamic }: SessionEnd): boolean {
  const [router, old] = [routers[node], routersBefore[node]];
  if (!dynamic || !router || !old || router === old || router.bgp.asn !== old.bgp.asn) return false;
  return habitsOf(router).leavesCallersSilently === true;
}

/** What was kept for the restart time, when that is over. */
function outlived(silence: Silence): Silence | null {
  const { staleFor = 0, isStale, until } = silence;
  return isStale || staleFor === 0 ? null : { ...silence, until: until + staleFor, isStale: true };
}

/** How an end stands that has lost its peer: null: it knows and has given up. */
function silenceOf(situation: Situation, belief: Belief, side: 0 | 1, reached: boolean): Silence | null {
  const { ends, places } = belief;
  const { clock, routers, routersBefore } = situation;
  const [own, peer] = [ends[side], ends[1 - side]];
  if (!peer) return null;
  const near = nearInterface(situation.ground, own);
  if (own.silent && own.state !== 'Established') {
    const falls = habitsOf(routers[own.node], own).keptFallsWithInterface && near !== undefined && !near.up;
    if (falls || isForgotten(situation, own)) return null;
    return own.silent.until <= clock ? outlived(own.silent) : own.silent;
  }
  if (own.silent) {
    const knows = reached && places[1 - side] === null;
    return knows || own.silent.until <= clock ? null : own.silent;
  }
  // A connection that is closed is seen at once where packets pass; whoever changed its own mind knows without.
  if (reached || routers[own.node]?.bgp !== routersBefore[own.node]?.bgp) return null;
  if (near && !near.up && fallsWithInterface(routers[own.node], own)) return null;
  if (isMissed(situation, belief.ends, side, reached)) return null;
  return silenceFor(situation, own, peer, patience(own, peer));
}

/** Have other files made the neighbor anew, shut it down or taken it away? What was kept of it goes. */
function isForgotten({ routers, routersBefore, wanted }: Situation, own: SessionEnd): boolean {
  if (own.dynamic || routers[own.node] === routersBefore[own.node]) return false;
  const now = wanted.find((end) => neighborOf(end) === neighborOf(own));
  return now?.config.shutdown !== own.config.shutdown || now?.config.resetBy !== own.config.resetBy;
}

function silenceFor(
  { clock, routersBefore }: Situation,
  own: SessionEnd,
  peer: SessionEnd,
  seconds: number,
): Silence {
  const [before, router] = [own.silent, routersBefore[peer.node]];
  const habits = habitsOf(router, peer);
  return {
    peer: { ...peer, silent: undefined },
    until: clock + seconds,
    routerId: before?.routerId ?? router?.routerId ?? 0,
    longMessages: before?.longMessages ?? habits.offersExtendedMessages === true,
  };
}

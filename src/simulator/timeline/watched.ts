import { watchEachOther } from '../sessions/bfd.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import { connected, neighborOf, runs } from './ends.ts';
import { habitsOf } from './habits.ts';
import { repeatPause } from './pauses.ts';
import type { Situation } from './situation.ts';

/** Is the session watched by BFD, and the peer gone without a word? */
export function isMissed(
  situation: Situation,
  ends: readonly [SessionEnd, SessionEnd],
  side: 0 | 1,
  reached: boolean,
): boolean {
  const [own, peer] = [ends[side], ends[1 - side]];
  const { routers, routersBefore, killed } = situation;
  if (!peer || !habitsOf(routers[own.node], own).watchedByBfd) return false;
  if (reached && (runs(situation, peer) || !killed.has(peer.node))) return false;
  return watched(routersBefore, own, peer);
}

function watched(routers: Situation['routers'], a: SessionEnd, b: SessionEnd): boolean {
  return watchEachOther([a, routers[a.node]?.config], [b, routers[b.node]?.config]);
}

/** BFD that loses the peer while the session is paused has the pause begin anew (`bgp_bfd_notify` stops the protocol again). */
export function pauseAgain(
  situation: Situation,
  tries: Map<string, number>,
  pauses: Map<string, number>,
): void {
  const { before, ground, groundBefore, routers, routersBefore } = situation;
  for (const end of pauses.size === 0 ? [] : before) {
    if (!pauses.has(neighborOf(end)) || end.state === 'Established') continue;
    if (habitsOf(routers[end.node], end).watchedByBfd !== 'stops') continue;
    const peer = before.find((one) => one.node === end.peerNode && one.peerNode === end.node);
    if (!peer || !connected(groundBefore, end, peer)) continue;
    if (connected(ground, end, peer) && runs(situation, peer)) continue;
    if (watched(routersBefore, end, peer)) repeatPause(situation, end, tries, pauses);
  }
}

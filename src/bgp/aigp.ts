import type { Peer } from './peer.ts';
import type { Candidate } from './rib/candidate.ts';
import { totalAigp } from './rib/steps.ts';
import type { Router } from './router.ts';

/** Is AIGP taken and sent on a session? RFC 7311 3.1: inside the AS, and elsewhere where it is switched on. */
export function carriesAigp({ config }: Router, { options, type }: Peer): boolean {
  const habit = config.profile.quirks.aigp;
  return habit === 'passed-on' || (habit === 'by-session' && (options.aigp ?? type === 'ibgp'));
}

/**
 * The metric a best path is sent with, null where none is: as it stands while the next hop stays, with the way to the next hop added
 * where the router puts in itself (RFC 7311 3.4.3).
 */
export function aigpToSend(router: Router, peer: Peer, best: Candidate): number | null {
  const { aigp = null } = best.path;
  if (aigp === null || !carriesAigp(router, peer)) return null;
  if (router.config.profile.quirks.aigp === 'passed-on' || best.peer === null) return aigp;
  return putsItself(peer, best) ? totalAigp(best) : aigp;
}

function putsItself({ type, options }: Peer, { peer }: Candidate): boolean {
  if (type !== 'ibgp') return true;
  const { nextHopSelf, nextHopSelfFrom = 'none' } = options;
  const kind = peer?.type === 'ibgp' ? 'ibgp' : 'ebgp';
  if (nextHopSelfFrom === 'all' || nextHopSelfFrom === kind) return true;
  return nextHopSelf === 'force' || (nextHopSelf === 'yes' && kind === 'ebgp');
}

import type { Path } from './attributes.ts';
import type { Peer } from './peer.ts';
import type { Candidate } from './rib/candidate.ts';
import { totalAigp } from './rib/steps.ts';
import type { Router } from './router.ts';

/** BIRD's IGP_METRIC_UNKNOWN. */
const UNKNOWN_METRIC = 0x80000000;

/** Is AIGP taken and sent on a session? RFC 7311 3.1: inside the AS, and elsewhere where it is switched on. */
export function carriesAigp({ config }: Router, { options, type }: Peer): boolean {
  const habit = config.profile.quirks.aigp;
  return habit === 'passed-on' || (habit === 'by-session' && (options.aigp ?? type === 'ibgp'));
}

/**
 * The metric a best path is sent with, null where none is: as it stands while the next hop stays, with the way to the next hop added
 * where the router puts in itself (RFC 7311 3.4.3).
 */
export function aigpToSend(router: Router, peer: Peer, best: Candidate, named: Path): number | null {
  const { aigp = null } = best.path;
  if (aigp === null) return peer.options.originatesAigp ? ownAigp(best, named) : null;
  if (!carriesAigp(router, peer)) return null;
  const { quirks } = router.config.profile;
  if (quirks.aigp === 'passed-on' || best.peer === null) return aigp;
  const itself = quirks.nextHopByGateway ? named.nextHopByPolicy === 'self' : putsItself(peer, best);
  return itself ? totalAigp(best) : aigp;
}

/** Of networks on the own interfaces, and of routes whose `igp_metric` a filter has set, where the router is the next hop (BIRD `bgp_init_aigp_metric`). */
function ownAigp({ path, peer }: Candidate, { nextHopByPolicy }: Path): number | null {
  if (peer !== null || nextHopByPolicy !== 'self') return null;
  const said = path.own?.values.get('igp_metric');
  if (said?.type === 'int') return said.value < UNKNOWN_METRIC ? said.value : null;
  return path.source === 'connected' ? 0 : null;
}

function putsItself({ type, options }: Peer, { peer }: Candidate): boolean {
  if (type !== 'ibgp') return true;
  const { nextHopSelf, nextHopSelfFrom = 'none' } = options;
  const kind = peer?.type === 'ibgp' ? 'ibgp' : 'ebgp';
  if (nextHopSelfFrom === 'all' || nextHopSelfFrom === kind) return true;
  return nextHopSelf === 'force' || (nextHopSelf === 'yes' && kind === 'ebgp');
}

import type { Prefix } from '../../base/ip.ts';
import type { ConditionalAdvertisement } from '../../bgp/peer-family-config.ts';
import { evaluateChain } from '../../bgp/policy/evaluate.ts';
import type { Candidate } from '../../bgp/rib/candidate.ts';
import type { Router } from '../../bgp/router.ts';
import type { Met } from '../dependencies.ts';
import type { ExportGroup } from '../peers/export-groups.ts';

function live(met: Met, node: number, { condition, when }: ConditionalAdvertisement): 'holds' | 'fails' {
  const isMet = met.get(node)?.has(condition) ?? false;
  return isMet === (when === 'exist') ? 'holds' : 'fails';
}

/**
 * What `advertise-map` makes of a best path: the path as it goes on its way through the filters, 'withheld' while the condition does
 * not hold; null: it is not about this one, which goes the ordinary way.
 */
export function conditionally(
  met: Met,
  node: number,
  router: Router,
  { peer }: ExportGroup,
  prefix: Prefix,
  best: Candidate,
): Candidate | 'withheld' | null {
  const { conditional } = peer.options;
  if (!conditional) return null;
  const { store, tables } = router.context;
  const subject = {
    prefix,
    peer,
    ownNextHop: peer.ownNextHop,
    learnedFrom: best.peer,
    localAs: router.bgp.asn,
    defaultLocalPref: router.bgp.defaultLocalPreference,
  };
  const verdict = evaluateChain([conditional.routes], best.path, subject, store, tables);
  if (verdict.verdict === 'reject') return null;
  const { asked = live(met, node, conditional) } = conditional;
  if (asked === 'unasked') return null;
  return asked === 'holds' ? { ...best, path: verdict.path } : 'withheld';
}

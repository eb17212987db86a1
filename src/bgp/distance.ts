import { familyOf } from '../base/family.ts';
import { type Address, contains, type Prefix } from '../base/ip.ts';
import type { Path } from './attributes.ts';
import type { DistanceRule } from './config.ts';
import { evaluateChain } from './policy/evaluate.ts';
import type { Candidate } from './rib/candidate.ts';
import type { Router } from './router.ts';

/**
 * How far BGP's route is against those of other protocols: the smaller distance is installed. In FRR's order
 * (`bgp_distance_apply`): what a route-map set, the network of the neighbour, a backdoor, the kind of session.
 */
export function distanceOf(router: Router, { path, peer }: Candidate, prefix: Prefix): number {
  const { bgp } = router;
  if (path.distance) return path.distance;
  const family = familyOf(prefix.family);
  const { ebgp, ibgp, local } = bgp.distanceByFamily?.[family] ?? bgp.distance;
  if (peer === null) return local;
  const rule = peer.address && longest(bgp.distanceRules, family, peer.address);
  if (rule && permits(router, rule, prefix, path)) return rule.distance;
  if (bgp.backdoors?.includes(prefix.text)) return local;
  return peer.type === 'ebgp' ? ebgp : peer.type === 'ibgp' ? ibgp : local;
}

/** The longest network alone is asked: where its list denies the route no shorter one is. */
function longest(
  rules: readonly DistanceRule[] = [],
  family: DistanceRule['family'],
  neighbor: Address,
): DistanceRule | undefined {
  return rules
    .filter((rule) => rule.family === family && contains(rule.neighbors, neighbor))
    .sort((a, b) => b.neighbors.length - a.neighbors.length)[0];
}

function permits({ context, bgp }: Router, { routes }: DistanceRule, prefix: Prefix, path: Path): boolean {
  if (routes === null) return true;
  const subject = { prefix, peer: null, ownNextHop: null, learnedFrom: null, localAs: bgp.asn };
  return evaluateChain([routes], path, subject, context.store, context.tables).verdict === 'accept';
}

import type { Prefix } from '../../base/ip.ts';
import type { Path } from '../../bgp/attributes.ts';
import { withPath } from '../../bgp/path-store.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { PolicyChain } from '../../bgp/policy/types.ts';
import type { Router } from '../../bgp/router.ts';
import { pathVerdict } from '../engine/path-verdict.ts';

/** What a pipe makes of a path of one table for another; null: it stays out. */
export function pipedPath(
  router: Router,
  policy: PolicyChain,
  prefix: Prefix,
  path: Path,
  peer: Peer | null,
): Path | null {
  const verdict = pathVerdict(router, policy, prefix, { path, peer });
  if (verdict.verdict === 'reject') return null;
  // What was set on the way counts as if it had always been there.
  return withPath(router.context.store, verdict.path, { medByPolicy: false, nextHopByPolicy: 'no' });
}

import { familyOf } from '../../base/family.ts';
import type { Path } from '../../bgp/attributes.ts';
import { withPath } from '../../bgp/path-store.ts';
import type { Router } from '../../bgp/router.ts';
import { pathsUsedWith } from '../kernel/fib.ts';
import type { Engine, SlotCandidate } from './engine.ts';
import { foldedAttributes, worstOrigin } from './fold-paths.ts';

/**
 * What a router tells of its best path: with `multipath-relax as-set`, where others are used together with it, AS_PATHs and communities of
 * all of them, the worst ORIGIN, and itself as next hop, inside the AS too (FRR bgp_path_info_mpath_aggregate_update).
 */
export function toldPath(engine: Engine, node: number, router: Router, best: SlotCandidate): Path {
  if (!router.bgp.decision.mergesMultipath) return best.path;
  const used = pathsUsedWith(engine, node, best, familyOf(engine.prefix.family));
  if (used.length < 2) return best.path;
  const paths = used.map(({ path }) => path);
  const { store } = router.context;
  return withPath(store, best.path, {
    ...foldedAttributes(store.asPaths, paths),
    origin: worstOrigin(paths),
    nextHop: null,
    nextHopByPolicy: 'self',
  });
}

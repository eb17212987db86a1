import { familyOf } from '../base/family.ts';
import { type Path, sortedCommunities, sortedLargeCommunities, withPath } from '../bgp/attributes.ts';
import { sortedExtendedCommunities } from '../bgp/extended-communities.ts';
import type { Origin } from '../bgp/policy/types.ts';
import type { Router } from '../bgp/router.ts';
import { aggregateAsPath } from './aggregate-as-path.ts';
import type { Engine, SlotCandidate } from './engine.ts';
import { pathsUsedWith } from './fib.ts';

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
    asPath: aggregateAsPath(
      store.asPaths,
      paths.map(({ asPath }) => asPath),
    ),
    origin: Math.max(...paths.map(({ origin }) => origin)) as Origin,
    communities: sortedCommunities(paths.flatMap(({ communities }) => communities)),
    largeCommunities: sortedLargeCommunities(paths.flatMap(({ largeCommunities }) => largeCommunities)),
    extendedCommunities: sortedExtendedCommunities(
      paths.flatMap(({ extendedCommunities = [] }) => extendedCommunities),
    ),
    nextHop: null,
    nextHopByPolicy: 'self',
  });
}

import type { AsPath, AsSegment } from '../../bgp/as-path.ts';
import { sortedSets } from '../../bgp/as-path-edits.ts';
import { type AsPathTable, internAsPath } from '../../bgp/as-path-table.ts';
import { type Path, type PathData, sortedCommunities, sortedLargeCommunities } from '../../bgp/attributes.ts';
import { sortedExtendedCommunities } from '../../bgp/extended-communities.ts';
import type { Origin } from '../../bgp/policy/types.ts';

/** What is told of several paths as one: AS_PATHs and communities of all of them (FRR `aggregate-address ... as-set`, `multipath-relax as-set`). */
export function foldedAttributes(
  table: AsPathTable,
  paths: readonly Path[],
): Pick<PathData, 'asPath' | 'communities' | 'largeCommunities' | 'extendedCommunities'> {
  return {
    asPath: aggregateAsPath(
      table,
      paths.map(({ asPath }) => asPath),
    ),
    communities: sortedCommunities(paths.flatMap(({ communities }) => communities)),
    largeCommunities: sortedLargeCommunities(paths.flatMap(({ largeCommunities }) => largeCommunities)),
    extendedCommunities: sortedExtendedCommunities(
      paths.flatMap(({ extendedCommunities = [] }) => extendedCommunities),
    ),
  };
}

/** RFC 4271 9.2.2.2: INCOMPLETE before EGP before IGP. */
export function worstOrigin(paths: readonly Path[]): Origin {
  return paths.reduce<number>((worst, { origin }) => Math.max(worst, origin), 0) as Origin;
}

/**
 * AS_PATH of an aggregate with `as-set` (FRR `bgp_compute_aggregate_aspath_val`): paths that are all alike stay as they are, confederation
 * segments and all; different ones are folded two by two.
 */
export function aggregateAsPath(table: AsPathTable, paths: readonly AsPath[]): AsPath {
  const [first, ...others] = new Set(paths);
  return others.reduce((made, path) => foldAsPaths(table, made, path), first ?? table.empty);
}

/**
 * FRR `aspath_aggregate`: what both begin with stays, segment by segment while those are of one kind and equal; all that follows
 * goes into one set, whatever segments it stood in.
 */
function foldAsPaths(table: AsPathTable, one: AsPath, other: AsPath): AsPath {
  const segments: AsSegment[] = [];
  let at = 0;
  let match = 0;
  for (; at < Math.min(one.segments.length, other.segments.length); at++) {
    const [a, b] = [one.segments[at], other.segments[at]];
    match = 0;
    if (!a || !b || a.kind !== b.kind) break;
    while (match < a.asns.length && a.asns[match] === b.asns[match]) match++;
    if (match > 0) segments.push({ kind: a.kind, asns: a.asns.slice(0, match) });
    if (match !== a.asns.length || match !== b.asns.length) break;
    match = 0;
  }
  const rest = [one, other].flatMap((path) =>
    path.segments.slice(at).flatMap(({ asns }, index) => asns.slice(index === 0 ? match : 0)),
  );
  if (rest.length > 0) segments.push({ kind: 'set', asns: rest });
  return sortedSets(table, internAsPath(table, segments));
}

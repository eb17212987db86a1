import type { Asn } from '../base/asn.ts';
import { type AsPath, hasAsSet, isBare } from './as-path.ts';
import { type AsPathTable, filled, internAsPath, prependSegments } from './as-path-table.ts';

/** RFC 5065 section 4: towards a confederation peer the member AS goes into a confederation sequence. */
export function prependConfedAs(table: AsPathTable, path: AsPath, asn: Asn): AsPath {
  return internAsPath(table, prependSegments(filled(path), 'confed-sequence', [asn]));
}

export function prependAll(
  table: AsPathTable,
  path: AsPath,
  asns: readonly Asn[],
  kind: 'sequence' | 'confed-sequence' = 'sequence',
): AsPath {
  return asns.length === 0 ? path : internAsPath(table, prependSegments(path.segments, kind, asns));
}

/** Another AS in the place of each. */
export function replaceAsns(table: AsPathTable, path: AsPath, change: (asn: Asn) => Asn): AsPath {
  if (path.count === 0) return path;
  return internAsPath(
    table,
    path.segments.map(({ kind, asns }) => ({ kind, asns: asns.map(change) })),
  );
}

/** Segments left empty disappear; `bare`: they stay (FRR `aspath_remove_private_asns`). */
export function dropAsns(
  table: AsPathTable,
  path: AsPath,
  isDropped: (asn: Asn) => boolean,
  bare = false,
): AsPath {
  const segments = path.segments.map(({ kind, asns }) => ({
    kind,
    asns: asns.filter((asn) => !isDropped(asn)),
  }));
  return internAsPath(table, bare ? segments : segments.filter((segment) => !isBare(segment)));
}

/** RFC 5065 section 4: confederation segments end at the border of the confederation. */
export function withoutConfed(table: AsPathTable, path: AsPath): AsPath {
  if (path.confedLength === 0 && !path.malformed) return path;
  return internAsPath(
    table,
    path.segments.filter((segment) => segment.kind === 'sequence' || segment.kind === 'set'),
  );
}

/** Sets sorted, each AS once: they have no order, and FRR keeps none. */
export function sortedSets(table: AsPathTable, path: AsPath): AsPath {
  if (!hasAsSet(path)) return path;
  const segments = path.segments.map((segment) => {
    if (segment.kind !== 'set' && segment.kind !== 'confed-set') return segment;
    return { ...segment, asns: [...new Set(segment.asns)].sort((a, b) => a - b) };
  });
  return internAsPath(table, segments);
}

import type { Asn } from '../base/asn.ts';

/** RFC 4271 4.3 b (sets and sequences) and RFC 5065 section 3 (confederation segments). */
export type AsSegmentKind = 'sequence' | 'set' | 'confed-sequence' | 'confed-set';

export interface AsSegment {
  readonly kind: AsSegmentKind;
  readonly asns: readonly Asn[];
}

/** One AS_PATH, interned: equal paths are the same object. What decisions ask of it is computed once. */
export interface AsPath {
  readonly id: number;
  readonly segments: readonly AsSegment[];
  /** As daemons print it: `65001 {65002,65003} (65100)`. */
  readonly text: string;
  /** Hops for the decision (RFC 4271 9.1.2.2 a): a set counts 1, confederation segments 0. */
  readonly length: number;
  /** Hops of the confederation segments, for `bestpath as-path confed`. */
  readonly confedLength: number;
  /** First AS of the first real segment where that is a sequence; 0 where there is none or it is a set. */
  readonly neighborAs: Asn;
  /** First AS of a leading confederation sequence; 0 where there is none. */
  readonly neighborConfedAs: Asn;
  /** Every AS in order, for loop checks. */
  readonly asns: readonly Asn[];
  /** Paths made by prepending one AS to this one; filled as they are asked for. */
  longer: Map<Asn, AsPath> | null;
}

/** The AS_PATHs of one context, each once. */
export interface AsPathTable {
  readonly byText: Map<string, AsPath>;
  readonly empty: AsPath;
}

export function createAsPathTable(): AsPathTable {
  const byText = new Map<string, AsPath>();
  const empty = describe([], '', 0);
  byText.set('', empty);
  return { byText, empty };
}

export function internAsPath(table: AsPathTable, segments: readonly AsSegment[]): AsPath {
  const text = asPathText(segments);
  let path = table.byText.get(text);
  if (!path) {
    path = describe(segments, text, table.byText.size);
    table.byText.set(text, path);
  }
  return path;
}

export function asSequence(table: AsPathTable, asns: readonly Asn[]): AsPath {
  return asns.length === 0 ? table.empty : internAsPath(table, [{ kind: 'sequence', asns }]);
}

/** RFC 4271 5.1.2: the AS goes in front of a leading sequence, else into a new one. */
export function prependAs(table: AsPathTable, path: AsPath, asn: Asn): AsPath {
  const known = path.longer?.get(asn);
  if (known) return known;
  const longer = internAsPath(table, prependSegments(path.segments, 'sequence', [asn]));
  path.longer ??= new Map();
  path.longer.set(asn, longer);
  return longer;
}

/** RFC 5065 section 4: towards a confederation peer the member AS goes into a confederation sequence. */
export function prependConfedAs(table: AsPathTable, path: AsPath, asn: Asn): AsPath {
  return internAsPath(table, prependSegments(path.segments, 'confed-sequence', [asn]));
}

export function prependAll(table: AsPathTable, path: AsPath, asns: readonly Asn[]): AsPath {
  return asns.length === 0 ? path : internAsPath(table, prependSegments(path.segments, 'sequence', asns));
}

function prependSegments(
  segments: readonly AsSegment[],
  kind: 'sequence' | 'confed-sequence',
  asns: readonly Asn[],
): readonly AsSegment[] {
  const first = segments[0];
  if (first?.kind === kind) return [{ kind, asns: [...asns, ...first.asns] }, ...segments.slice(1)];
  return [{ kind, asns }, ...segments];
}

/** Applies `change` to every AS; null drops it. Segments left empty disappear. */
export function mapAsns(table: AsPathTable, path: AsPath, change: (asn: Asn) => Asn | null): AsPath {
  const segments: AsSegment[] = [];
  for (const segment of path.segments) {
    const asns = segment.asns.map(change).filter((asn) => asn !== null);
    if (asns.length > 0) segments.push({ kind: segment.kind, asns });
  }
  return internAsPath(table, segments);
}

/** RFC 5065 section 4: confederation segments end at the border of the confederation. */
export function withoutConfed(table: AsPathTable, path: AsPath): AsPath {
  if (path.confedLength === 0) return path;
  return internAsPath(
    table,
    path.segments.filter((segment) => segment.kind === 'sequence' || segment.kind === 'set'),
  );
}

export function countAs(path: AsPath, asn: Asn): number {
  let count = 0;
  for (const present of path.asns) if (present === asn) count++;
  return count;
}

export function hasAsSet(path: AsPath): boolean {
  return path.segments.some((segment) => segment.kind === 'set' || segment.kind === 'confed-set');
}

/** Numbers as daemons print them: sequences bare, sets in braces, confederation in parentheses or brackets. */
export function asPathText(segments: readonly AsSegment[]): string {
  return segments
    .map(({ kind, asns }) => {
      if (kind === 'sequence') return asns.join(' ');
      if (kind === 'set') return `{${asns.join(',')}}`;
      return kind === 'confed-sequence' ? `(${asns.join(' ')})` : `[${asns.join(',')}]`;
    })
    .join(' ');
}

function describe(segments: readonly AsSegment[], text: string, id: number): AsPath {
  let length = 0;
  let confedLength = 0;
  for (const { kind, asns } of segments) {
    if (kind === 'sequence') length += asns.length;
    else if (kind === 'set') length += 1;
    else confedLength += kind === 'confed-sequence' ? asns.length : 1;
  }
  const firstReal = segments.find((segment) => segment.kind === 'sequence' || segment.kind === 'set');
  const first = segments[0];
  return {
    id,
    segments,
    text,
    length,
    confedLength,
    neighborAs: firstReal?.kind === 'sequence' ? (firstReal.asns[0] ?? 0) : 0,
    neighborConfedAs: first?.kind === 'confed-sequence' ? (first.asns[0] ?? 0) : 0,
    asns: segments.flatMap((segment) => segment.asns),
    longer: null,
  };
}

import type { Asn } from '../base/asn.ts';
import { createPairTable, dropPairs, notePair, type PairTable, pairValue } from './pair-table.ts';

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
  /** Numbers in all segments together. */
  readonly count: number;
  /** First AS of the first real segment where that is a sequence; 0 where there is none or it is a set. */
  readonly neighborAs: Asn;
  /** First AS of a leading confederation sequence; 0 where there is none. */
  readonly neighborConfedAs: Asn;
  /** Every AS in order. */
  readonly asns: readonly Asn[];
  /** A segment holds no AS: who gets that takes it for malformed (RFC 7606 7.2). */
  readonly malformed: boolean;
  /** A path of one sequence: the path behind its first AS. null: any other path, and the empty one. */
  readonly rest: AsPath | null;
}

/**
 * The AS_PATHs of one context, each once. A path of one sequence is found by its first AS and the path behind it, since nearly
 * every new path is another one with one more AS in front; all others are found by their text.
 */
export interface AsPathTable {
  readonly byText: Map<string, AsPath>;
  /** (number of a path, AS put in front of it) → number of the longer path. */
  readonly longer: PairTable;
  readonly byId: AsPath[];
  readonly empty: AsPath;
  /** A path all of whose ASNs were taken out: empty for everybody but `attribute-unchanged as-path` (FRR keeps the bare segment). */
  readonly emptied: AsPath;
  /** Was a malformed path ever made? */
  malformed: boolean;
  /** Paths are not remembered: equal ones are several objects, all of them numbered `TRANSIENT`, and go when nobody has them any more. */
  readonly transient: boolean;
}

/** The number of every path of a transient table but the empty ones. */
export const TRANSIENT = -1;

export function createAsPathTable(transient = false): AsPathTable {
  const empty = new MixedPath(0, [], '');
  const emptied = new MixedPath(1, [], '');
  return {
    byText: new Map(),
    longer: createPairTable(),
    byId: [empty, emptied],
    empty,
    emptied,
    malformed: false,
    transient,
  };
}

export function internAsPath(table: AsPathTable, segments: readonly AsSegment[]): AsPath {
  // A path with AS 0 (RFC 7607) is none of the plain ones, whose first AS is all that is looked at.
  if (segments.every(({ kind, asns }) => kind === 'sequence' && !asns.includes(0))) {
    let path = table.empty;
    for (const { asns } of segments.toReversed())
      for (let i = asns.length - 1; i >= 0; i--) path = prependAs(table, path, asns[i] ?? 0);
    return path;
  }
  const text = asPathText(segments);
  if (segments.some(isBare)) table.malformed = true;
  if (table.transient) return new MixedPath(TRANSIENT, segments, text);
  let path = table.byText.get(text);
  if (!path) {
    path = new MixedPath(table.byId.length, segments, text);
    table.byText.set(text, path);
    table.byId.push(path);
  }
  return path;
}

/** Forgets the paths numbered `limit` and above. */
export function forgetAsPaths(table: AsPathTable, limit: number): void {
  for (const [text, { id }] of table.byText) if (id >= limit) table.byText.delete(text);
  dropPairs(table.longer, limit);
  table.byId.length = limit;
}

export function asSequence(table: AsPathTable, asns: readonly Asn[]): AsPath {
  return asns.length === 0 ? table.empty : internAsPath(table, [{ kind: 'sequence', asns }]);
}

/** RFC 4271 5.1.2: the AS goes in front of a leading sequence, else into a new one, which takes the place of an empty segment. */
export function prependAs(table: AsPathTable, path: AsPath, asn: Asn): AsPath {
  if (path === table.emptied) return prependAs(table, table.empty, asn);
  if (table.transient && (path.rest !== null || path.segments.length === 0))
    return new SequencePath(TRANSIENT, asn, path);
  if (table.transient) return internAsPath(table, prependSegments(filled(path), 'sequence', [asn]));
  const known = table.byId[pairValue(table.longer, path.id, asn)];
  if (known && known !== table.empty) return known;
  const longer =
    path.rest === null && path.segments.length > 0
      ? internAsPath(table, prependSegments(filled(path), 'sequence', [asn]))
      : new SequencePath(table.byId.length, asn, path);
  if (longer.id === table.byId.length) table.byId.push(longer);
  notePair(table.longer, path.id, asn, longer.id);
  return longer;
}

/** RFC 5065 section 4: towards a confederation peer the member AS goes into a confederation sequence. */
export function prependConfedAs(table: AsPathTable, path: AsPath, asn: Asn): AsPath {
  return internAsPath(table, prependSegments(filled(path), 'confed-sequence', [asn]));
}

function isBare({ asns }: AsSegment): boolean {
  return asns.length === 0;
}

/** Without an empty segment in front. */
function filled({ segments }: AsPath): readonly AsSegment[] {
  return segments[0] && isBare(segments[0]) ? segments.slice(1) : segments;
}

export function prependAll(
  table: AsPathTable,
  path: AsPath,
  asns: readonly Asn[],
  kind: 'sequence' | 'confed-sequence' = 'sequence',
): AsPath {
  return asns.length === 0 ? path : internAsPath(table, prependSegments(path.segments, kind, asns));
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

export function countAs(path: AsPath, asn: Asn): number {
  let count = 0;
  for (const present of path.asns) if (present === asn) count++;
  return count;
}

/** Does the AS stand outside the confederation segments? */
export function holdsRealAs(path: AsPath, asn: Asn): boolean {
  if (path.confedLength === 0) return holdsAs(path, asn);
  return path.segments.some(
    ({ kind, asns }) => (kind === 'sequence' || kind === 'set') && asns.includes(asn),
  );
}

export function hasAsSet(path: AsPath): boolean {
  return path.segments.some((segment) => segment.kind === 'set' || segment.kind === 'confed-set');
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

/** Does the AS stand anywhere in the path? */
export function holdsAs(path: AsPath, asn: Asn): boolean {
  let at = path;
  for (; at.rest !== null; at = at.rest) if (at.neighborAs === asn) return true;
  return at.count > 0 && at.asns.includes(asn);
}

/** One sequence, written out only when somebody asks: there are as many of these as prefixes times routers. */
class SequencePath implements AsPath {
  readonly id: number;
  readonly length: number;
  readonly confedLength = 0;
  readonly malformed = false;
  readonly neighborAs: Asn;
  readonly neighborConfedAs = 0;
  readonly rest: AsPath;

  constructor(id: number, first: Asn, rest: AsPath) {
    this.id = id;
    this.length = rest.length + 1;
    this.neighborAs = first;
    this.rest = rest;
  }

  get count(): number {
    return this.length;
  }

  get asns(): readonly Asn[] {
    const asns: Asn[] = [];
    for (let at: AsPath = this; at.rest !== null; at = at.rest) asns.push(at.neighborAs);
    return asns;
  }

  get segments(): readonly AsSegment[] {
    return [{ kind: 'sequence', asns: this.asns }];
  }

  get text(): string {
    return this.asns.join(' ');
  }
}

/** Any other path, the empty one included. */
class MixedPath implements AsPath {
  readonly id: number;
  readonly segments: readonly AsSegment[];
  readonly text: string;
  readonly length: number;
  readonly confedLength: number;
  readonly count: number;
  readonly neighborAs: Asn;
  readonly neighborConfedAs: Asn;
  readonly asns: readonly Asn[];
  readonly malformed: boolean;
  readonly rest = null;

  constructor(id: number, segments: readonly AsSegment[], text: string) {
    let length = 0;
    let confedLength = 0;
    for (const { kind, asns } of segments) {
      if (kind === 'sequence') length += asns.length;
      else if (kind === 'set') length += 1;
      else confedLength += kind === 'confed-sequence' ? asns.length : 1;
    }
    const firstReal = segments.find((segment) => segment.kind === 'sequence' || segment.kind === 'set');
    const first = segments[0];
    this.id = id;
    this.segments = segments;
    this.text = text;
    this.length = length;
    this.confedLength = confedLength;
    this.asns = segments.flatMap((segment) => segment.asns);
    this.count = this.asns.length;
    this.malformed = segments.some(isBare);
    this.neighborAs = firstReal?.kind === 'sequence' ? (firstReal.asns[0] ?? 0) : 0;
    this.neighborConfedAs = first?.kind === 'confed-sequence' ? (first.asns[0] ?? 0) : 0;
  }
}

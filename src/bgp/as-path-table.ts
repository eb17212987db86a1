import type { Asn } from '../base/asn.ts';
import { type AsPath, type AsSegment, asPathText, isBare, MixedPath, SequencePath } from './as-path.ts';
import { createPairTable, dropPairs, notePair, type PairTable, pairValue } from './pair-table.ts';

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

/** Without an empty segment in front. */
export function filled({ segments }: AsPath): readonly AsSegment[] {
  return segments[0] && isBare(segments[0]) ? segments.slice(1) : segments;
}

export function prependSegments(
  segments: readonly AsSegment[],
  kind: 'sequence' | 'confed-sequence',
  asns: readonly Asn[],
): readonly AsSegment[] {
  const first = segments[0];
  if (first?.kind === kind) return [{ kind, asns: [...asns, ...first.asns] }, ...segments.slice(1)];
  return [{ kind, asns }, ...segments];
}

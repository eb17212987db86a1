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

export function isBare({ asns }: AsSegment): boolean {
  return asns.length === 0;
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
export class SequencePath implements AsPath {
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
export class MixedPath implements AsPath {
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

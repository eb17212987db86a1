import { AS_TRANS } from '../../base/asn.ts';
import type { AsSegment } from '../as-path.ts';
import type { Aggregator } from './attribute/aggregator.ts';
import type { Attributes } from './attributes.ts';

/** What an UPDATE of a 2-octet peer means once the whole numbers are put back. */
export interface WholeAs {
  readonly asPath: readonly AsSegment[];
  readonly aggregator: Aggregator | null;
}

/**
 * RFC 6793 4.2.3: a 2-octet session has AS_TRANS where a number does not fit, and AS4_PATH and AS4_AGGREGATOR carry the whole ones. Where AGGREGATOR and
 * AS4_AGGREGATOR are both there and the former is not AS_TRANS, somebody aggregated who knows nothing of either: both are ignored.
 */
export function wholeAs({ asPath = [], as4Path, aggregator, as4Aggregator }: Attributes): WholeAs {
  const outdated = aggregator !== undefined && as4Aggregator !== undefined && aggregator.asn !== AS_TRANS;
  if (outdated) return { asPath, aggregator };
  const whole = aggregator && as4Aggregator ? as4Aggregator : (aggregator ?? null);
  return { asPath: as4Path ? wholePath(asPath, as4Path) : asPath, aggregator: whole };
}

/** The head of AS_PATH that 2-octet speakers put there since, then AS4_PATH; AS_PATH alone where that is the shorter one. */
function wholePath(asPath: readonly AsSegment[], as4Path: readonly AsSegment[]): readonly AsSegment[] {
  // Section 6: confederation segments have no business there and are discarded.
  const tail = as4Path.filter(({ kind }) => !isConfederation(kind));
  const count = hops(asPath) - hops(tail);
  return count < 0 ? asPath : joined(firstHops(asPath, count), tail);
}

/** A sequence that goes on in the tail is one sequence. */
function joined(head: readonly AsSegment[], tail: readonly AsSegment[]): readonly AsSegment[] {
  const [last, first] = [head.at(-1), tail[0]];
  if (last?.kind !== 'sequence' || first?.kind !== 'sequence') return [...head, ...tail];
  const whole = { kind: 'sequence', asns: [...last.asns, ...first.asns] } as const;
  return [...head.slice(0, -1), whole, ...tail.slice(1)];
}

function isConfederation(kind: AsSegment['kind']): boolean {
  return kind === 'confed-sequence' || kind === 'confed-set';
}

/** As the decision counts (RFC 4271 9.1.2.2 a, RFC 5065 5.3): a set is one, confederation segments are none. */
function hops(segments: readonly AsSegment[]): number {
  return segments.reduce(
    (sum, { kind, asns }) => sum + (kind === 'sequence' ? asns.length : kind === 'set' ? 1 : 0),
    0,
  );
}

/** So many hops of the beginning, with the confederation segments that stand before and among them. */
function firstHops(segments: readonly AsSegment[], count: number): readonly AsSegment[] {
  const head: AsSegment[] = [];
  let left = count;
  for (const segment of segments) {
    if (left <= 0 && !isConfederation(segment.kind)) break;
    const taken = segment.kind === 'sequence' ? segment.asns.slice(0, left) : segment.asns;
    head.push({ kind: segment.kind, asns: taken });
    left -= hops([{ kind: segment.kind, asns: taken }]);
  }
  return head;
}

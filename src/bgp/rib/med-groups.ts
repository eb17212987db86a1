import type { AsPath } from '../as-path.ts';
import type { DecisionOptions } from '../config.ts';
import type { DecisionProfile } from '../profile.ts';
import type { Candidate } from './candidate.ts';

/**
 * RFC 4271 9.1.2.2 c: MEDs speak only between paths of one neighbouring AS. Paths without any real AS (all of this AS or
 * confederation) compare too, as FRR and GoBGP do.
 */
export function medComparable(
  a: Candidate,
  b: Candidate,
  options: DecisionOptions,
  profile: DecisionProfile,
): boolean {
  if (options.alwaysCompareMed) return true;
  const [left, right] = [a.path.asPath, b.path.asPath];
  if (left.length === 0 && right.length === 0) return true;
  return sameFirstAs(left, right, profile);
}

/** Same first real AS, or same first confederation AS where that counts. */
export function sameFirstAs(left: AsPath, right: AsPath, profile: DecisionProfile): boolean {
  if (profile.medWithinConfedAs && left.neighborConfedAs !== 0) {
    if (left.neighborConfedAs === right.neighborConfedAs) return true;
  }
  const [first, second] = profile.medFirstAsOfSets
    ? [firstRealAs(left), firstRealAs(right)]
    : [left.neighborAs, right.neighborAs];
  return first !== 0 && first === second;
}

function firstRealAs({ segments }: AsPath): number {
  return segments.find(({ kind }) => kind === 'sequence' || kind === 'set')?.asns[0] ?? 0;
}

/** Which paths `deterministic-med` puts into one group: FRR asks for the first AS only, and for paths that are wholly empty. */
export function sameMedGroup(a: Candidate, b: Candidate, profile: DecisionProfile): boolean {
  const [left, right] = [a.path.asPath, b.path.asPath];
  if (left.segments.length === 0 && right.segments.length === 0) return true;
  return sameFirstAs(left, right, profile);
}

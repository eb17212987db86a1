import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `name` is probably a slip of, or null. Capitals and `-` for `_` count as the same letter; beyond that
 * about one letter in four may differ (at least one, at most `limit`). Ties go to the first candidate.
 */
export function nearestName(name: string, candidates: Iterable<string>, limit = 4): string | null {
  const wanted = normalise(name);
  const shape = wanted.replaceAll(/\d+/g, '#');
  const allowed = Math.min(limit, Math.max(1, Math.ceil(wanted.length / 4)));
  let best: string | null = null;
  let bestDistance = allowed + 1;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const other = normalise(candidate);
    // web20 is not a slip of web01: hosts, interfaces and the like differ by number on purpose.
    if (other !== wanted && other.replaceAll(/\d+/g, '#') === shape) continue;
    const apart = areSwapped(wanted, other) ? 1 : distance(wanted, other);
    if (apart < bestDistance) [best, bestDistance] = [candidate, apart];
  }
  return best;
}

/** Two neighboring letters in each other's place: one slip, though two letters differ. */
function areSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at < a.length && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

function normalise(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

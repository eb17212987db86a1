import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `name` is probably a slip of, or null. Capitals and `-` for `_` count as the same letter; beyond that
 * about one letter in four may differ (at least one, at most `limit`). Ties go to the first candidate.
 */
export function nearestName(name: string, candidates: Iterable<string>, limit = 4): string | null {
  const wanted = normalise(name);
  const allowed = Math.min(limit, Math.max(1, Math.ceil(wanted.length / 4)));
  let best: string | null = null;
  let bestDistance = allowed + 1;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const apart = distance(wanted, normalise(candidate));
    if (apart < bestDistance) [best, bestDistance] = [candidate, apart];
  }
  return best;
}

function normalise(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

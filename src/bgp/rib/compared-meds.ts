import type { RouteEntries } from './route-entries.ts';

/** Routes of a destination whose MEDs are looked at one against the other. */
const MOST = 8;

/**
 * May the MED tell any two routes of a destination apart (RFC 4271 9.1.2.2 c)? Where it does not, the decision orders them all, and the best of all is the better of the
 * best before and the one that is new. `always`: MEDs are compared whatever the neighbouring AS is. Routes that are
 * gone count: the best before was chosen among them. True also where it would take long to say.
 */
export function comparesMeds(entries: RouteEntries, place: number, always: boolean): boolean {
  let count = 0;
  for (let entry = entries.first(place); entry !== 0; entry = entries.next(entry)) {
    if (entries.accepted(entry) === 0) continue;
    if (++count > MOST) return true;
    if (entries.hasMed(entry) && (always || meetsItsLike(entries, place, entry))) return true;
  }
  return false;
}

/** Is there a route from the same neighbouring AS beside this one, or one of which that is not known? */
function meetsItsLike(entries: RouteEntries, place: number, self: number): boolean {
  const own = entries.neighborAs(self);
  if (own === null) return true;
  for (let entry = entries.first(place); entry !== 0; entry = entries.next(entry)) {
    if (entry === self || entries.accepted(entry) === 0) continue;
    const other = entries.neighborAs(entry);
    if (other === null || other === own) return true;
  }
  return false;
}

import type { PrefixIndex } from './prefix-index.ts';

/** How many places are worth a look. */
const ENOUGH = 4096;

/** Places that no route stands at any more: their numbers go back to the index once nobody leans on them, so that a table is as large as what is in it and not as what ever was. */
export class VacantPlaces {
  #places: number[] = [];
  #enough = ENOUGH;

  note(place: number): void {
    this.#places.push(place);
  }

  /** To be called when no number of a place is on its way. `isTaken`: a route stands there again; `isHeld`: somebody was told of what stood there. */
  release(index: PrefixIndex, isTaken: (place: number) => boolean, isHeld: (place: number) => boolean): void {
    if (this.#places.length < this.#enough) return;
    const held: number[] = [];
    for (const place of new Set(this.#places)) {
      if (isTaken(place)) continue;
      if (isHeld(place)) held.push(place);
      else index.release(place);
    }
    this.#places = held;
    this.#enough = Math.max(ENOUGH, 2 * held.length);
  }
}

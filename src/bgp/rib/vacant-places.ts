import { PlaceQueue } from './int-columns.ts';
import type { PrefixIndex } from './prefix-index.ts';

/** How many places are worth a look, and how many are looked at in one turn. */
const ENOUGH = 4096;
/** Looks for each place noted: enough to come past those that cannot be released yet, and no more however long they wait. */
const LOOKS = 2;

/** Places that no route stands at any more: their numbers go back to the index once nobody leans on them, so that a table is as large as what is in it and not as what ever was. */
export class VacantPlaces {
  readonly #places = new PlaceQueue();
  #looks = 0;

  note(place: number): void {
    this.#places.push(place);
    this.#looks += LOOKS;
  }

  /** To be called when no number of a place is on its way. `isTaken`: a route stands there again; `isHeld`: somebody was told of what stood there. */
  release(index: PrefixIndex, isTaken: (place: number) => boolean, isHeld: (place: number) => boolean): void {
    if (this.#places.length < ENOUGH) return;
    const looks = Math.min(this.#looks, ENOUGH);
    this.#looks -= looks;
    for (let looked = 0; looked < looks; looked++) {
      const place = this.#places.shift();
      if (place < 0) return;
      if (isTaken(place)) continue;
      if (isHeld(place)) this.#places.push(place);
      else index.release(place);
    }
  }
}

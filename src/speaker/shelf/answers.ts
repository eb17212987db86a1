/** How many answers are kept; a power of two. */
const PLACES = 8192;

/**
 * Answers of import or export by path and by whom it came from, the last ones: attribute sets come in runs. A number of a path that may mean another one now has to be
 * forgotten here.
 */
export class Answers {
  readonly #paths = new Int32Array(PLACES);
  readonly #from = new Int32Array(PLACES);
  readonly #answers = new Int32Array(PLACES);

  /** -1: unknown. `path` is not 0. */
  get(path: number, from: number): number {
    const place = placeOf(path, from);
    return this.#paths[place] === path && this.#from[place] === from ? (this.#answers[place] ?? -1) : -1;
  }

  set(path: number, from: number, answer: number): void {
    const place = placeOf(path, from);
    this.#paths[place] = path;
    this.#from[place] = from;
    this.#answers[place] = answer;
  }

  clear(): void {
    this.#paths.fill(0);
  }
}

function placeOf(path: number, from: number): number {
  return (path ^ Math.imul(from, 0x9e3779b1)) & (PLACES - 1);
}

/**
 * By node: the number of the hop set that the kernel holds for one prefix; 0: no BGP route. A failure leaves nearly all of them as they
 * were: then only those that differ are kept, over the numbers of before.
 */
export class HopTable implements Iterable<number> {
  readonly #all: Uint32Array;
  /** Those that differ, ascending, and what holds instead. */
  readonly #nodes: readonly number[];
  readonly #sets: readonly number[];

  /** `all` is not to be written again. */
  constructor(all: Uint32Array, nodes: readonly number[] = none, sets: readonly number[] = none) {
    this.#all = all;
    this.#nodes = nodes;
    this.#sets = sets;
  }

  get length(): number {
    return this.#all.length;
  }

  at(node: number): number {
    const place = this.#nodes.length === 0 ? -1 : placeIn(this.#nodes, node);
    return (place < 0 ? this.#all[node] : this.#sets[place]) ?? 0;
  }

  *[Symbol.iterator](): Generator<number> {
    for (let node = 0; node < this.length; node++) yield this.at(node);
  }

  equals(other: HopTable): boolean {
    if (this === other) return true;
    for (let node = 0; node < this.length; node++) if (this.at(node) !== other.at(node)) return false;
    return this.length === other.length;
  }

  /** The nodes at which another table of the same length has another number. */
  differences(other: HopTable): readonly number[] {
    if (this === other) return [];
    if (this.#all === other.#all)
      return [...new Set([...this.#nodes, ...other.#nodes])].filter(
        (node) => this.at(node) !== other.at(node),
      );
    const found: number[] = [];
    for (let node = 0; node < this.length; node++) if (this.at(node) !== other.at(node)) found.push(node);
    return found;
  }

  /** The table with what these nodes have now; `make`: zeros of its length, where too many differ for a list of them. */
  with(
    nodes: readonly number[],
    setAt: (node: number) => number,
    make: () => Uint32Array = () => new Uint32Array(this.length),
  ): HopTable {
    const changed = nodes.filter((node) => setAt(node) !== this.at(node)).sort(ascending);
    if (changed.length === 0) return this;
    const listed =
      this.#nodes.length === 0 ? changed : [...new Set([...this.#nodes, ...changed])].sort(ascending);
    if (listed.length * LISTED_AT_MOST > this.length) {
      const all = make();
      all.set(this.#all);
      this.#nodes.forEach((node, place) => {
        all[node] = this.#sets[place] ?? 0;
      });
      for (const node of changed) all[node] = setAt(node);
      return new HopTable(all);
    }
    const sets = listed.map((node) =>
      listed === changed || placeIn(changed, node) >= 0 ? setAt(node) : this.at(node),
    );
    return new HopTable(this.#all, listed, sets);
  }
}

const none: readonly number[] = [];
const ascending = (a: number, b: number) => a - b;

/** Beyond one node in so many all are kept. */
const LISTED_AT_MOST = 8;

function placeIn(nodes: readonly number[], node: number): number {
  let [low, high] = [0, nodes.length - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = nodes[middle] ?? 0;
    if (found === node) return middle;
    if (found < node) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

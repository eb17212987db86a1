import { layOver, noOverlay, type Overlay, overlaid, overlay } from './overlay.ts';

/** By node: the number of the hop set that the kernel holds for one prefix; 0: no BGP route. */
export class HopTable implements Iterable<number> {
  readonly #all: Uint32Array;
  readonly #over: Overlay;

  /** `all` is not to be written again. */
  constructor(all: Uint32Array, over: Overlay = noOverlay) {
    this.#all = all;
    this.#over = over;
  }

  get length(): number {
    return this.#all.length;
  }

  at(node: number): number {
    return overlaid(this.#over, this.#all, node);
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
      return [...new Set([...this.#over.places, ...other.#over.places])].filter(
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
    const over = overlay(this.#over, nodes, setAt, (node) => this.at(node), this.length);
    if (over === this.#over) return this;
    if (over) return new HopTable(this.#all, over);
    const all = make();
    all.set(this.#all);
    layOver(this.#over, all);
    for (const node of nodes) all[node] = setAt(node);
    return new HopTable(all);
  }
}

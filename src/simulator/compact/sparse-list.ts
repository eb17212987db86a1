const BITS = 8;
const SIZE = 1 << BITS;

/** Objects by place where most places may never have one: room is taken for a run of places once one of them has. */
export class SparseList<T extends object> {
  readonly #runs: (T | undefined)[][] = [];

  get(place: number): T | undefined {
    return this.#runs[place >>> BITS]?.[place & (SIZE - 1)];
  }

  set(place: number, value: T): void {
    const number = place >>> BITS;
    while (this.#runs.length <= number) this.#runs.push([]);
    const run = this.#runs[number] ?? [];
    while (run.length < SIZE) run.push(undefined);
    run[place & (SIZE - 1)] = value;
  }
}

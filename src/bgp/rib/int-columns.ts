/**
 * A column of 32-bit numbers that grows by doubling; places never written read 0. Columns of one table begin with capacities of their own, so that they do not all
 * grow for the same place, and somebody waits for all of them.
 */
export class IntColumn {
  #values: Int32Array;

  constructor(capacity = 1024) {
    this.#values = new Int32Array(capacity);
  }

  get(place: number): number {
    return this.#values[place] ?? 0;
  }

  set(place: number, value: number): void {
    if (place >= this.#values.length) {
      const larger = new Int32Array(Math.max(place + 1, this.#values.length * 2));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[place] = value;
  }
}

/** Places that wait, each once, in order of first arrival. */
export class PlaceQueue {
  #waiting = new Uint8Array(1024);
  #places = new Int32Array(1024);
  #head = 0;
  #tail = 0;

  get length(): number {
    return this.#tail - this.#head;
  }

  push(place: number): void {
    if (place >= this.#waiting.length) {
      const larger = new Uint8Array(Math.max(place + 1, this.#waiting.length * 2));
      larger.set(this.#waiting);
      this.#waiting = larger;
    }
    if (this.#waiting[place] === 1) return;
    this.#waiting[place] = 1;
    if (this.#tail === this.#places.length) this.#makeRoom();
    this.#places[this.#tail++] = place;
  }

  /** -1 where nothing waits. */
  shift(): number {
    if (this.#head === this.#tail) return -1;
    const place = this.#places[this.#head++] ?? -1;
    this.#waiting[place] = 0;
    if (this.#head === this.#tail) this.#head = this.#tail = 0;
    return place;
  }

  #makeRoom(): void {
    const used = this.#places.subarray(this.#head, this.#tail);
    const roomy = this.#head > this.#places.length / 2;
    const next = roomy ? this.#places : new Int32Array(this.#places.length * 2);
    next.set(used);
    this.#places = next;
    this.#tail -= this.#head;
    this.#head = 0;
  }
}

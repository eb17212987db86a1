/** Numbers of one chunk, as a power of two: half a megabyte. */
const CHUNK_BITS = 17;

/**
 * Records of a few numbers each, side by side, so that whoever looks at one number of a record finds the others in the same line of the processor's cache: in tables of a
 * million the way to memory is what costs. They lie in chunks: more of them never means that those there are move. What was never written reads 0.
 */
export class IntRecords {
  readonly #chunks: Int32Array[] = [];
  /** Room of one record, as a power of two. */
  readonly #bits: number;
  readonly #shift: number;
  readonly #mask: number;

  /** `fields`: numbers of a record, at most so many. */
  constructor(fields: number) {
    this.#bits = Math.ceil(Math.log2(fields));
    this.#shift = CHUNK_BITS - this.#bits;
    this.#mask = (1 << this.#shift) - 1;
  }

  get(record: number, field: number): number {
    const chunk = this.#chunks[record >>> this.#shift];
    return chunk === undefined ? 0 : (chunk[((record & this.#mask) << this.#bits) + field] ?? 0);
  }

  set(record: number, field: number, value: number): void {
    const chunk = this.#chunks[record >>> this.#shift] ?? this.#grown(record >>> this.#shift);
    chunk[((record & this.#mask) << this.#bits) + field] = value;
  }

  /** Calls `visit` with every record before `end` in which a number is that one: a walk through all of the memory, chunk by chunk. */
  scan(end: number, field: number, value: number, visit: (record: number) => void): void {
    for (let place = 0; place << this.#shift < end; place++) {
      const chunk = this.#chunks[place];
      if (chunk === undefined) return;
      const last = Math.min((end - (place << this.#shift)) << this.#bits, chunk.length);
      for (let at = field; at < last; at += 1 << this.#bits)
        if (chunk[at] === value) visit((place << this.#shift) + (at >> this.#bits));
    }
  }

  /** Adds to a number; what comes of it. */
  add(record: number, field: number, step: number): number {
    const chunk = this.#chunks[record >>> this.#shift] ?? this.#grown(record >>> this.#shift);
    const at = ((record & this.#mask) << this.#bits) + field;
    const sum = (chunk[at] ?? 0) + step;
    chunk[at] = sum;
    return sum;
  }

  #grown(place: number): Int32Array {
    while (this.#chunks.length <= place) this.#chunks.push(new Int32Array(1 << CHUNK_BITS));
    return this.#chunks[place] ?? new Int32Array(0);
  }
}

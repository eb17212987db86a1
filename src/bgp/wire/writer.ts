/** Writes big-endian numbers into a buffer that grows; lengths that are known only afterwards are filled in by `patch`. */
export class ByteWriter {
  #bytes: Uint8Array;
  length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  #grow(count: number): number {
    const at = this.length;
    this.length = at + count;
    if (this.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.length, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
    }
    return at;
  }

  u8(value: number): this {
    const at = this.#grow(1);
    this.#bytes[at] = value;
    return this;
  }

  u16(value: number): this {
    const at = this.#grow(2);
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
    return this;
  }

  u24(value: number): this {
    return this.u8(value >>> 16).u16(value & 0xffff);
  }

  u32(value: number): this {
    return this.u16(Math.floor(value / 65536)).u16(value % 65536);
  }

  /** The first octets of a number of 32 bits. */
  high(value: number, octets: number): this {
    const at = this.#grow(octets);
    for (let i = 0; i < octets; i++) this.#bytes[at + i] = value >>> (24 - i * 8);
    return this;
  }

  u64(value: bigint): this {
    return this.u32(Number(value >> 32n)).u32(Number(value & 0xffff_ffffn));
  }

  put(bytes: Uint8Array): this {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** Leaves room for a number of 1 or 2 bytes that `patch` writes later; its place is returned. */
  reserve(count: 1 | 2): number {
    return this.#grow(count);
  }

  /** Writes into `place` how many bytes came after the room of `count` bytes left there. */
  patch(place: number, count: 1 | 2): void {
    this.patchValue(place, count, this.length - place - count);
  }

  patchValue(place: number, count: 1 | 2, value: number): void {
    if (count === 2) this.#bytes[place++] = value >>> 8;
    this.#bytes[place] = value;
  }

  truncate(length: number): void {
    this.length = Math.min(length, this.length);
  }

  /** A view of what is written so far; the next write may move it. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  /** A copy that stays. */
  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}

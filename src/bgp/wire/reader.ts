/**
 * Reads big-endian numbers out of bytes that nobody vouches for. Past the end every read gives 0 and `short` stays true: decoders read
 * what they expect and ask once at the end, so that no length field can lead outside and nothing is thrown.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  position: number;
  short = false;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = Math.min(end, bytes.length);
  }

  get left(): number {
    return this.end - this.position;
  }

  #take(count: number): number {
    const at = this.position;
    if (count > this.end - at) {
      this.short = true;
      this.position = this.end;
      return -1;
    }
    this.position = at + count;
    return at;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : (this.bytes[at] ?? 0);
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : ((this.bytes[at] ?? 0) << 8) | (this.bytes[at + 1] ?? 0);
  }

  u24(): number {
    const high = this.u8();
    return (high << 16) | this.u16();
  }

  u32(): number {
    const high = this.u16();
    return high * 65536 + this.u16();
  }

  u64(): bigint {
    const high = this.u32();
    return (BigInt(high) << 32n) | BigInt(this.u32());
  }

  /** A view, not a copy; empty where that many are not left. */
  take(count: number): Uint8Array {
    const at = this.#take(count);
    return at < 0 ? this.bytes.subarray(0, 0) : this.bytes.subarray(at, at + count);
  }

  /** A reader of the next `count` bytes, which this one passes over. */
  sub(count: number): ByteReader {
    const at = this.#take(count);
    return at < 0
      ? new ByteReader(this.bytes, this.end, this.end)
      : new ByteReader(this.bytes, at, at + count);
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }
}

/** Octets of a page; no piece is larger. */
const PAGE = 1 << 20;
/** Pieces begin at multiples of so many octets, so that a 32-bit number finds one in 32 GiB. */
const UNIT = 16;
const UNITS_IN_PAGE = PAGE / UNIT;

/**
 * Pieces of octets by number, kept side by side in large pages: no object a piece, and the collector has nothing to look at. Room that was given back is used again for
 * pieces of about the same length.
 */
export class ByteArena {
  readonly #pages: Uint8Array[] = [];
  #next = UNITS_IN_PAGE;
  /** By length in units: the first free room of that length; what follows it stands in its first four octets. -1: none. */
  readonly #free: number[] = [];

  /** Takes a copy; the number stands for it until it is given back. At most `PAGE` octets. */
  add(bytes: Uint8Array, start: number, end: number): number {
    const at = this.#room(unitsOf(end - start));
    const page = this.#pages[at >>> 16];
    const offset = (at & 0xffff) * UNIT;
    for (let from = start, to = offset; page && from < end; from++, to++) page[to] = bytes[from] ?? 0;
    return at;
  }

  /** A view, for as long as the piece is there. */
  view(at: number, length: number): Uint8Array {
    const offset = (at & 0xffff) * UNIT;
    return (this.#pages[at >>> 16] ?? nothing).subarray(offset, offset + length);
  }

  equals(at: number, length: number, bytes: Uint8Array, start: number): boolean {
    const page = this.#pages[at >>> 16] ?? nothing;
    const offset = (at & 0xffff) * UNIT;
    for (let i = 0; i < length; i++) if (page[offset + i] !== bytes[start + i]) return false;
    return true;
  }

  release(at: number, length: number): void {
    const units = unitsOf(length);
    const after = this.#free[units] ?? -1;
    const page = this.#pages[at >>> 16];
    if (!page) return;
    new DataView(page.buffer).setInt32((at & 0xffff) * UNIT, after);
    while (this.#free.length <= units) this.#free.push(-1);
    this.#free[units] = at;
  }

  #room(units: number): number {
    const free = this.#free[units] ?? -1;
    if (free >= 0) {
      const page = this.#pages[free >>> 16] ?? nothing;
      this.#free[units] = new DataView(page.buffer).getInt32((free & 0xffff) * UNIT);
      return free;
    }
    if (this.#next + units > UNITS_IN_PAGE) {
      this.#pages.push(new Uint8Array(PAGE));
      this.#next = 0;
    }
    const at = (this.#pages.length - 1) * UNITS_IN_PAGE + this.#next;
    this.#next += units;
    return at;
  }
}

const nothing = new Uint8Array(0);

function unitsOf(length: number): number {
  return Math.max(1, (length + UNIT - 1) >> 4);
}

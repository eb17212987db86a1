/**
 * Arrays of one length out of few large buffers. What is kept of ten thousand prefixes is half a gigabyte: as buffers of their own
 * the collector would count each towards its next round through everything that is there, and would find nothing to free.
 */
export interface Slab<A> {
  /** An array of zeros that nobody else has. */
  readonly take: () => A;
}

/** No more than this in one buffer, which lives as long as one of its arrays; memory is used as it is written. */
const MOST_OCTETS = 512 << 20;

interface Cells<A> {
  readonly byteLength: number;
  subarray(start: number, end: number): A;
}

/** `count`: how many are expected; those beyond it have buffers of their own. `make`: zeros, so many. */
export function createSlab<A extends Cells<A>>(
  length: number,
  count: number,
  make: (length: number) => A,
): Slab<A> {
  const octets = make(length).byteLength;
  const together = Math.max(1, Math.floor(MOST_OCTETS / Math.max(1, octets)));
  let left = count;
  let [buffer, at, end]: [A | null, number, number] = [null, 0, 0];
  return {
    take: () => {
      if (buffer === null || at === end) {
        if (left <= 1) return make(length);
        end = Math.min(left, together);
        left -= end;
        at = 0;
        buffer = make(end * length);
      }
      at++;
      return buffer.subarray((at - 1) * length, at * length);
    },
  };
}

/**
 * The slots that held a path of one prefix, as they are kept for every prefix. In a full mesh of a thousand routers one slot in a
 * thousand does, and a bit for each of them would be most of what is kept.
 */
export interface HeldSlots {
  /** The slots themselves, ascending, where that is less than a bit per slot. */
  readonly listed: boolean;
  readonly words: Uint32Array;
}

/** `bits`: one per slot, slot 0 the lowest of the first word. They may be written again afterwards. `take`: room for as many. */
export function heldSlots(
  bits: Uint32Array,
  take: () => Uint32Array = () => new Uint32Array(bits.length),
): HeldSlots {
  const count = countUpTo(bits, bits.length);
  if (count >= bits.length) {
    const words = take();
    words.set(bits);
    return { listed: false, words };
  }
  const words = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < bits.length; i++)
    for (let rest = bits[i] ?? 0; rest !== 0; rest &= rest - 1) words[at++] = i * 32 + lowestOf(rest);
  return { listed: true, words };
}

/** How many bits are set; no further than `most`, by a few. */
function countUpTo(bits: Uint32Array, most: number): number {
  let count = 0;
  for (let i = 0; i < bits.length && count < most; i++) count += bitsIn(bits[i] ?? 0);
  return count;
}

/** Sums of neighbouring bits, pairs and fours, then all fours at once (Hacker's Delight, 5-1). */
function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function lowestOf(word: number): number {
  return 31 - Math.clz32(word & -word);
}

export function holds({ listed, words }: HeldSlots, slot: number): boolean {
  if (!listed) return ((words[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0;
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((words[middle] ?? 0) < slot) low = middle + 1;
    else high = middle;
  }
  return words[low] === slot;
}

/** Is one of these among them? */
export function holdsAny(held: HeldSlots, slots: readonly number[]): boolean {
  for (let i = 0; i < slots.length; i++) if (holds(held, slots[i] ?? 0)) return true;
  return false;
}

/** As bits for `slots` slots; to be looked at only, they may be those that are kept. */
export function bitsOfHeld({ listed, words }: HeldSlots, slots: number): Uint32Array {
  if (!listed) return words;
  const bits = new Uint32Array((slots + 31) >>> 5);
  for (let i = 0; i < words.length; i++) {
    const slot = words[i] ?? 0;
    bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) | (1 << (slot & 31));
  }
  return bits;
}

import { layOver, noOverlay, type Overlay, overlaid, overlay } from './overlay.ts';

/**
 * The slots that held a path of one prefix, as they are kept for every prefix. In a full mesh of a thousand routers one slot in a
 * thousand does, and a bit for each of them would be most of what is kept.
 */
export interface HeldSlots {
  /** The slots themselves, ascending, where that is less than a bit per slot. */
  readonly listed: boolean;
  readonly words: Uint32Array;
  /** What of the bits is another, by word. */
  readonly over: Overlay;
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
    return { listed: false, words, over: noOverlay };
  }
  const words = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < bits.length; i++)
    for (let rest = bits[i] ?? 0; rest !== 0; rest &= rest - 1) words[at++] = i * 32 + lowestOf(rest);
  return { listed: true, words, over: noOverlay };
}

/** The same for bits of which most are as they were. */
export function heldSince(before: HeldSlots, bits: Uint32Array, take?: () => Uint32Array): HeldSlots {
  const { listed, words, over } = before;
  if (listed) return heldSlots(bits, take);
  const changed: number[] = [];
  for (let i = 0, next = 0; i < words.length; i++) {
    const then = over.places[next] === i ? over.values[next++] : words[i];
    if (then !== bits[i]) changed.push(i);
  }
  if (changed.length === 0) return before;
  const now = (i: number) => bits[i] ?? 0;
  const since = overlay(over, changed, now, (i) => overlaid(over, words, i), words.length);
  return since ? { listed: false, words, over: since } : heldSlots(bits, take);
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

export function holds({ listed, words, over }: HeldSlots, slot: number): boolean {
  if (!listed) return (overlaid(over, words, slot >>> 5) & (1 << (slot & 31))) !== 0;
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

/** Writes them into `bits`, one per slot. */
export function layHeld({ listed, words, over }: HeldSlots, bits: Uint32Array): void {
  if (!listed) {
    bits.set(words);
    layOver(over, bits);
    return;
  }
  bits.fill(0);
  for (let i = 0; i < words.length; i++) {
    const slot = words[i] ?? 0;
    bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) | (1 << (slot & 31));
  }
}

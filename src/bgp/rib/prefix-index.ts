import { type Prefix, prefixOf } from '../../base/ip.ts';
import { forEachIpv4, isWellFormed } from '../wire/nlri/prefix.ts';
import type { ByteWriter } from '../wire/writer.ts';

/**
 * Gives every destination of one family a small number, which the tables use as an index. Numbers are given out from 0 and again once they were
 * released; what a number stands for does not change while it is in use.
 */
export interface PrefixIndex {
  /** One more than the largest number given out. */
  readonly size: number;
  /**
   * Calls `visit` with the number of each destination in a field of an UPDATE; those without a number get one where `adds`, else they are passed
   * over. False where the field is malformed: then nothing was visited.
   */
  read(nlri: Uint8Array, addPath: boolean, adds: boolean, visit: Visit): boolean;
  add(prefix: Prefix): number;
  /** -1: nobody has it. */
  find(prefix: Prefix): number;
  prefixAt(place: number): Prefix;
  /** Writes it as it lies on the wire, without a path identifier. */
  write(writer: ByteWriter, place: number): void;
  release(place: number): void;
}

export type Visit = (place: number, pathId: number) => void;

const FREE = 255;
const NOBODY = -1;
/** Places of the first table, as bits. */
const FIRST_BITS = 11;

/**
 * IPv4: an open hash table over typed arrays, 13 octets a prefix and as much again for the empty half, because a table of a million has no room
 * for a million objects. The highest bits of a hash say where it stands, and the hash stands beside the number: when the table doubles, everything moves in
 * order, and nobody waits for a walk through the whole memory.
 */
export class Ipv4Index implements PrefixIndex {
  size = 0;
  #addresses = new Uint32Array(1344);
  #lengths = new Uint8Array(1344).fill(FREE);
  readonly #released: number[] = [];
  /** Two numbers a slot: the hash, and one more than the number, 0 where empty. Released ones leave a gap that is closed at once (linear probing, backward shift). */
  #slots = new Int32Array(2 << FIRST_BITS);
  /** 32 less the bits of a slot's place. */
  #shift = 32 - FIRST_BITS;

  read(nlri: Uint8Array, addPath: boolean, adds: boolean, visit: Visit): boolean {
    if (!isWellFormed(nlri, 32, addPath)) return false;
    forEachIpv4(nlri, addPath, (address, length, pathId) => {
      const place = adds ? this.#add(address, length) : this.#find(address, length);
      if (place !== NOBODY) visit(place, pathId);
    });
    return true;
  }

  add({ value, length }: Prefix): number {
    return this.#add(Number(value), length);
  }

  find({ value, length }: Prefix): number {
    return this.#find(Number(value), length);
  }

  #find(address: number, length: number): number {
    return (this.#slots[this.#slotOf(hashOf(address, length), address, length) + 1] ?? 0) - 1;
  }

  prefixAt(place: number): Prefix {
    return prefixOf(4, BigInt(this.#addresses[place] ?? 0), this.#lengths[place] ?? 0);
  }

  write(writer: ByteWriter, place: number): void {
    const length = this.#lengths[place] ?? 0;
    const address = this.#addresses[place] ?? 0;
    writer.u8(length).high(address, (length + 7) >> 3);
  }

  release(place: number): void {
    const address = this.#addresses[place] ?? 0;
    const length = this.#lengths[place] ?? FREE;
    if (length === FREE) return;
    this.#close(this.#slotOf(hashOf(address, length), address, length));
    this.#lengths[place] = FREE;
    this.#released.push(place);
  }

  #add(address: number, length: number): number {
    const hash = hashOf(address, length);
    const slot = this.#slotOf(hash, address, length);
    const known = (this.#slots[slot + 1] ?? 0) - 1;
    if (known !== NOBODY) return known;
    const place = this.#released.pop() ?? this.size++;
    if (place >= this.#addresses.length) this.#growPlaces();
    this.#addresses[place] = address;
    this.#lengths[place] = length;
    this.#slots[slot] = hash;
    this.#slots[slot + 1] = place + 1;
    if ((this.size - this.#released.length) * 4 > this.#slots.length) this.#growSlots();
    return place;
  }

  /** Where it is, or where it would go. */
  #slotOf(hash: number, address: number, length: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (hash >>> this.#shift) * 2; ; slot = (slot + 2) & mask) {
      const place = (slots[slot + 1] ?? 0) - 1;
      if (place === NOBODY) return slot;
      if (slots[slot] === hash && this.#addresses[place] === address && this.#lengths[place] === length)
        return slot;
    }
  }

  /** Empties a slot and moves up those that had been pushed behind it. */
  #close(start: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let gap = start;
    for (let slot = (start + 2) & mask; slots[slot + 1] !== 0; slot = (slot + 2) & mask) {
      const home = ((slots[slot] ?? 0) >>> this.#shift) * 2;
      if (((slot - home) & mask) >= ((slot - gap) & mask)) {
        slots[gap] = slots[slot] ?? 0;
        slots[gap + 1] = slots[slot + 1] ?? 0;
        gap = slot;
      }
    }
    slots[gap + 1] = 0;
  }

  #growPlaces(): void {
    const addresses = new Uint32Array(this.#addresses.length * 2);
    addresses.set(this.#addresses);
    this.#addresses = addresses;
    const lengths = new Uint8Array(this.#lengths.length * 2).fill(FREE);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
  }

  #growSlots(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 1;
    this.#slots = slots;
    this.#shift--;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue;
      const hash = old[from] ?? 0;
      let slot = (hash >>> this.#shift) * 2;
      while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
      slots[slot] = hash;
      slots[slot + 1] = old[from + 1] ?? 0;
    }
  }
}

/** Multiplicative: the highest bits hang on all others. A signed number, as the slots hold it. */
function hashOf(address: number, length: number): number {
  const mixed = Math.imul(address ^ Math.imul(length + 1, 0x9e3779b1), 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
}

/** Reads one destination and names it in a text that is the same for the same destination. */
export interface KeyedNlri {
  isWellFormed(bytes: Uint8Array, addPath: boolean): boolean;
  /** `key` is how it lies on the wire without a path identifier, an octet a character; `next` the place behind it. */
  read(bytes: Uint8Array, at: number, addPath: boolean): KeyedDestination;
  keyOf(prefix: Prefix): string;
  prefixOf(key: string): Prefix;
}

export interface KeyedDestination {
  readonly key: string;
  readonly pathId: number;
  readonly next: number;
}

/** Any other family, by text: tables of these are smaller. */
export class KeyedIndex implements PrefixIndex {
  size = 0;
  readonly #places = new Map<string, number>();
  readonly #keys: (string | undefined)[] = [];
  readonly #released: number[] = [];
  readonly #nlri: KeyedNlri;

  constructor(nlri: KeyedNlri) {
    this.#nlri = nlri;
  }

  read(bytes: Uint8Array, addPath: boolean, adds: boolean, visit: Visit): boolean {
    if (!this.#nlri.isWellFormed(bytes, addPath)) return false;
    for (let at = 0; at < bytes.length; ) {
      const { key, pathId, next } = this.#nlri.read(bytes, at, addPath);
      const place = adds ? this.#add(key) : (this.#places.get(key) ?? NOBODY);
      if (place !== NOBODY) visit(place, pathId);
      at = next;
    }
    return true;
  }

  add(prefix: Prefix): number {
    return this.#add(this.#nlri.keyOf(prefix));
  }

  find(prefix: Prefix): number {
    return this.#places.get(this.#nlri.keyOf(prefix)) ?? NOBODY;
  }

  prefixAt(place: number): Prefix {
    return this.#nlri.prefixOf(this.#keys[place] ?? '');
  }

  write(writer: ByteWriter, place: number): void {
    const key = this.#keys[place] ?? '';
    for (let i = 0; i < key.length; i++) writer.u8(key.charCodeAt(i));
  }

  release(place: number): void {
    const key = this.#keys[place];
    if (key === undefined) return;
    this.#places.delete(key);
    this.#keys[place] = undefined;
    this.#released.push(place);
  }

  #add(key: string): number {
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#released.pop() ?? this.size++;
      this.#places.set(key, place);
      this.#keys[place] = key;
    }
    return place;
  }
}

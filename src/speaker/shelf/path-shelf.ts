import { type Path, pathText } from '../../bgp/attributes.ts';
import type { PathStore } from '../../bgp/path-store.ts';
import { IntColumn } from '../../bgp/rib/int-columns.ts';
import { ByteWriter } from '../../bgp/wire/writer.ts';
import { ByteArena } from './byte-arena.ts';
import { isPlain, readPath, writePath } from './codec.ts';
import { fact, PathFacts, pathField } from './facts.ts';
import { PathGlance } from './glance.ts';

/** How many paths may wait to be looked at before a sweep is worth it. */
const SWEEP = 4096;
/** How many of them are looked at in one go: after the end of a large session there are some hundred thousand. */
const MOST_SWEPT = 8192;
/** How many paths are kept as objects as well, those read last; a power of two. More would outlive what is made in passing, and cost the collector. */
const READ = 1024;

/**
 * All paths of a speaker's tables by small numbers, as octets: a table of a million destinations has some hundred thousand of them, and as objects each would cost a
 * kilobyte and the collector's time. Equal octets have one number. Tables say which numbers they hold (`hold`, `drop`); what nobody holds any more goes at the
 * next `sweep`, and its number is given out again. 0 is no path.
 */
export class PathShelf {
  readonly facts = new PathFacts();
  readonly #store: PathStore;
  readonly #arena = new ByteArena();
  readonly #hash = new IntColumn(1408);
  /** Hash → number, 0 where empty; linear probing, gaps are closed at once. */
  #slots = new Int32Array(2048);
  #numbers = 1;
  #used = 0;
  readonly #released: number[] = [];
  /** New ones and those that somebody dropped last. */
  readonly #suspects: number[] = [];
  #isSuspect = new Uint8Array(1024);
  readonly #odd = new Map<string, number>();
  readonly #oddPaths = new Map<number, Path>();
  readonly #read: (Path | null)[] = new Array(READ).fill(null);
  readonly #readNumbers = new Int32Array(READ);
  readonly #glances: PathGlance[] = [];
  readonly #writer = new ByteWriter(4096);

  constructor(store: PathStore) {
    this.#store = store;
  }

  /** Paths on the shelf. */
  get size(): number {
    return this.#used + this.#oddPaths.size;
  }

  /** The number of a path; it gets one where it has none. `again`: it will be asked for soon. */
  keep(path: Path, again = true): number {
    if (!isPlain(this.#store, path)) return this.#keepOdd(path);
    const writer = this.#writer;
    writer.truncate(0);
    writePath(writer, path);
    const bits = fact.canonical | (path.nextHop?.family === 6 ? fact.ipv6NextHop : 0);
    const bytes = writer.view();
    const known = this.find(bytes, bits);
    if (known === 0) return this.add(bytes, path, bits, again);
    this.facts.mark(known, fact.canonical);
    return known;
  }

  /** The number of these octets; 0: none. `bits`: `fact.ipv6NextHop`. */
  find(bytes: Uint8Array, bits = 0): number {
    if (this.#asked === bytes) return this.#slots[this.#askedSlot] ?? 0;
    const hash = hashOf(bytes, bits & fact.ipv6NextHop);
    const slot = this.#slotOf(hash, bytes, bits & fact.ipv6NextHop);
    this.#asked = bytes;
    this.#askedHash = hash;
    this.#askedSlot = slot;
    return this.#slots[slot] ?? 0;
  }

  /** What `find` was asked for last, and where that stands or would: the same octets are often asked for again at once, and then added. */
  #asked: Uint8Array | null = null;
  #askedHash = 0;
  #askedSlot = 0;

  /** Puts down octets that `find` does not know; `path` is what they say. */
  add(bytes: Uint8Array, path: Path, bits = 0, again = true): number {
    if (this.#asked !== bytes) this.find(bytes, bits);
    const [hash, slot] = [this.#askedHash, this.#askedSlot];
    this.#asked = null;
    const number = this.#newNumber();
    this.#slots[slot] = number;
    this.facts.set(number, pathField.place, this.#arena.add(bytes, 0, bytes.length));
    this.facts.set(number, pathField.length, bytes.length);
    this.#hash.set(number, hash);
    this.facts.note(number, path, bits);
    if (again) this.#remember(number, path);
    if (++this.#used * 2 > this.#slots.length) this.#growSlots();
    return number;
  }

  #keepOdd(path: Path): number {
    const emptied = path.asPath === this.#store.asPaths.emptied ? '!' : '';
    const key = `${pathText(path)}${emptied}`;
    const known = this.#odd.get(key);
    if (known !== undefined) return known;
    const number = this.#newNumber();
    this.#odd.set(key, number);
    this.#oddPaths.set(number, path);
    this.facts.note(number, path, fact.odd);
    return number;
  }

  path(number: number): Path {
    const place = number & (READ - 1);
    const read = this.#readNumbers[place] === number ? this.#read[place] : null;
    if (read) return read;
    const odd = this.#oddPaths.get(number);
    if (odd) return odd;
    const length = this.facts.get(number, pathField.length);
    if (length === 0) throw new Error(`no path ${number}`);
    const path = readPath(this.#store, this.octets(number), this.facts.has(number, fact.ipv6NextHop));
    this.#remember(number, path);
    return path;
  }

  /** The same for a decision, which looks at little of it; a glance in the same slot is the same object, another path from then on. */
  glance(number: number, slot: number): Path {
    const glance = this.#glances[slot] ?? new PathGlance(this);
    this.#glances[slot] = glance;
    glance.id = number;
    return glance;
  }

  /** How it lies here (`writePath`); empty where it is odd. */
  octets(number: number): Uint8Array {
    return this.#arena.view(
      this.facts.get(number, pathField.place),
      this.facts.get(number, pathField.length),
    );
  }

  hold(number: number): void {
    this.facts.add(number, pathField.held, 1);
  }

  drop(number: number): void {
    if (this.facts.add(number, pathField.held, -1) === 0) this.#suspect(number);
  }

  /**
   * Takes away what nobody holds, where enough has come together for that; true: numbers noted elsewhere may mean nothing any more. To be called when no number is
   * on its way into a table.
   */
  sweep(): boolean {
    if (!this.isSweepDue) return false;
    for (const number of this.#suspects.splice(-MOST_SWEPT)) {
      this.#isSuspect[number] = 0;
      if (this.facts.get(number, pathField.held) === 0) this.#forget(number);
    }
    return true;
  }

  get isSweepDue(): boolean {
    return this.#suspects.length >= SWEEP;
  }

  #forget(number: number): void {
    this.#asked = null;
    const place = number & (READ - 1);
    if (this.#readNumbers[place] === number) this.#read[place] = null;
    const odd = this.#oddPaths.get(number);
    if (odd) {
      const emptied = odd.asPath === this.#store.asPaths.emptied ? '!' : '';
      this.#odd.delete(`${pathText(odd)}${emptied}`);
      this.#oddPaths.delete(number);
    } else {
      this.#close(number);
      this.#arena.release(this.facts.get(number, pathField.place), this.facts.get(number, pathField.length));
      this.facts.set(number, pathField.length, 0);
      this.#used--;
    }
    this.#released.push(number);
  }

  #newNumber(): number {
    const number = this.#released.pop() ?? this.#numbers++;
    this.facts.set(number, pathField.held, 0);
    if (number >= this.#isSuspect.length) {
      const larger = new Uint8Array(this.#isSuspect.length * 2);
      larger.set(this.#isSuspect);
      this.#isSuspect = larger;
    }
    this.#suspect(number);
    return number;
  }

  #suspect(number: number): void {
    if (this.#isSuspect[number] === 1) return;
    this.#isSuspect[number] = 1;
    this.#suspects.push(number);
  }

  #remember(number: number, path: Path): void {
    this.#readNumbers[number & (READ - 1)] = number;
    this.#read[number & (READ - 1)] = path;
  }

  /** Where these octets stand, or the empty slot where they would. */
  #slotOf(hash: number, bytes: Uint8Array, kind: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] ?? 0;
      if (number === 0) return slot;
      if (
        this.#hash.get(number) === hash &&
        this.facts.get(number, pathField.length) === bytes.length &&
        (this.facts.get(number, pathField.bits) & fact.ipv6NextHop) === kind &&
        this.#arena.equals(this.facts.get(number, pathField.place), bytes.length, bytes, 0)
      )
        return slot;
    }
  }

  /** Empties the slot of a number and moves up those that had been pushed behind it. */
  #close(number: number): void {
    const mask = this.#slots.length - 1;
    let gap = this.#hash.get(number) & mask;
    while (this.#slots[gap] !== number) gap = (gap + 1) & mask;
    for (let slot = (gap + 1) & mask; ; slot = (slot + 1) & mask) {
      const other = this.#slots[slot] ?? 0;
      if (other === 0) break;
      const home = this.#hash.get(other) & mask;
      if (((slot - home) & mask) >= ((slot - gap) & mask)) {
        this.#slots[gap] = other;
        gap = slot;
      }
    }
    this.#slots[gap] = 0;
  }

  #growSlots(): void {
    const old = this.#slots;
    const mask = old.length * 2 - 1;
    this.#slots = new Int32Array(old.length * 2);
    for (const number of old) {
      if (number === 0) continue;
      let slot = this.#hash.get(number) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number;
    }
  }
}

/** FNV-1a, with the high bits folded down. */
function hashOf(bytes: Uint8Array, kind: number): number {
  let hash = 0x811c9dc5 ^ kind;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash ^ (hash >>> 15);
}

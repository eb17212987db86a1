import { IntRecords } from './int-records.ts';

const FRESH = 0;
const STALE = 1;
const GONE = 2;
/** The lowest bits of the state. */
const AGE = 3;
/** The bits above them: of the accepted path. */
const HAS_MED = 4;
const AS_UNKNOWN = 8;
/** The peer of an entry that is not in use. */
const RELEASED = -1;

/** What a record says of its entry. */
const PEER = 0;
const PATH_ID = 1;
/** Numbers of the path as received, and as accepted; 0: refused. */
const WIRE = 2;
const ACCEPTED = 3;
const ARRIVAL = 4;
/** Released entries are a list through it. */
const NEXT = 5;
const STATE = 6;
/** Neighbouring AS of the accepted path. */
const NEIGHBOR_AS = 7;
const FIELDS = 8;

/** Where the record of a destination has its first entry; the rest of it is the owner's. */
export const FIRST = 0;

/** What of a path says which MEDs are compared. */
export interface MedFacts {
  hasMed(path: number): boolean;
  /** The neighbouring AS that a MED is compared within, 0: none; -1: whoever wants to know has to look at the path. */
  neighborAs(path: number): number;
}

/**
 * The routes of one family as records of numbers: an entry, counted from 1, is one route from one peer, and the entries of a destination are a list, newest first. An
 * entry can be stale (RFC 4724 4.2: it counts until its time is over) or gone (it counts for nothing and waits to be taken out of its list).
 */
export class RouteEntries {
  readonly #entries = new IntRecords(FIELDS);
  /** Entries in use that are not gone. */
  routes = 0;
  /** Entries that are gone and still in their lists. */
  gone = 0;
  /** By peer: entries, and those of them that were accepted. */
  readonly #received: number[] = [];
  readonly #usable: number[] = [];
  readonly #places: IntRecords;
  #size = 1;
  #released = 0;
  #arrivals = 0;

  constructor(places: IntRecords) {
    this.#places = places;
  }

  countOf(peer: number): { readonly received: number; readonly accepted: number } {
    return { received: this.#received[peer] ?? 0, accepted: this.#usable[peer] ?? 0 };
  }

  /** 0: none. */
  first(place: number): number {
    return this.#places.get(place, FIRST);
  }

  next(entry: number): number {
    return this.#entries.get(entry, NEXT);
  }

  peer(entry: number): number {
    return this.#entries.get(entry, PEER);
  }

  pathId(entry: number): number {
    return this.#entries.get(entry, PATH_ID);
  }

  /** Number of the path as received. */
  wire(entry: number): number {
    return this.#entries.get(entry, WIRE);
  }

  setWire(entry: number, path: number): void {
    this.#entries.set(entry, WIRE, path);
  }

  /** Number of the path as accepted; 0: refused. */
  accepted(entry: number): number {
    return this.#entries.get(entry, ACCEPTED);
  }

  /** Rises with every entry. */
  arrival(entry: number): number {
    return this.#entries.get(entry, ARRIVAL);
  }

  isGone(entry: number): boolean {
    return (this.#entries.get(entry, STATE) & AGE) === GONE;
  }

  /** The path that can be chosen; 0: there is none. */
  usable(entry: number): number {
    return this.isGone(entry) ? 0 : this.accepted(entry);
  }

  /** The peer said it again. */
  refresh(entry: number): void {
    this.#age(entry, FRESH);
  }

  #age(entry: number, age: number): void {
    this.#entries.set(entry, STATE, (this.#entries.get(entry, STATE) & ~AGE) | age);
  }

  /** Has the accepted path a MED? */
  hasMed(entry: number): boolean {
    return (this.#entries.get(entry, STATE) & HAS_MED) !== 0;
  }

  /** The AS that a MED of the accepted path is compared within, 0: none; null: only the path itself says it. */
  neighborAs(entry: number): number | null {
    const unknown = (this.#entries.get(entry, STATE) & AS_UNKNOWN) !== 0;
    return unknown ? null : this.#entries.get(entry, NEIGHBOR_AS) >>> 0;
  }

  find(peer: number, place: number, pathId: number): number {
    let entry = this.#places.get(place, FIRST);
    while (entry !== 0 && (this.peer(entry) !== peer || this.pathId(entry) !== pathId))
      entry = this.next(entry);
    return entry;
  }

  link(place: number, peer: number, pathId: number): number {
    const entries = this.#entries;
    let entry = this.#released;
    if (entry === 0) entry = this.#size++;
    else this.#released = this.next(entry);
    entries.set(entry, NEXT, this.#places.get(place, FIRST));
    this.#places.set(place, FIRST, entry);
    entries.set(entry, PEER, peer);
    entries.set(entry, PATH_ID, pathId);
    entries.set(entry, ARRIVAL, ++this.#arrivals);
    entries.set(entry, STATE, FRESH);
    count(this.#received, peer, 1);
    this.routes++;
    return entry;
  }

  /** Takes an entry without paths out of its list. */
  unlink(place: number, entry: number): void {
    const next = this.next(entry);
    let before = this.#places.get(place, FIRST);
    if (before === entry) this.#places.set(place, FIRST, next);
    else {
      while (this.next(before) !== entry) before = this.next(before);
      this.#entries.set(before, NEXT, next);
    }
    if (this.isGone(entry)) this.gone--;
    else {
      count(this.#received, this.peer(entry), -1);
      this.routes--;
    }
    this.#entries.set(entry, PEER, RELEASED);
    this.#entries.set(entry, NEXT, this.#released);
    this.#released = entry;
  }

  /** Another path is accepted, or none (0). */
  accept(entry: number, path: number, meds: MedFacts): void {
    const entries = this.#entries;
    const step = (path === 0 ? 0 : 1) - (this.accepted(entry) === 0 ? 0 : 1);
    entries.set(entry, ACCEPTED, path);
    if (path !== 0) {
      const as = meds.neighborAs(path);
      const bits = (meds.hasMed(path) ? HAS_MED : 0) | (as < 0 ? AS_UNKNOWN : 0);
      entries.set(entry, STATE, (entries.get(entry, STATE) & AGE) | bits);
      entries.set(entry, NEIGHBOR_AS, as);
    }
    if (step !== 0 && !this.isGone(entry)) count(this.#usable, this.peer(entry), step);
  }

  markStale(peer: number): void {
    this.#entries.scan(this.#size, PEER, peer, (entry) => {
      if (entry !== 0 && !this.isGone(entry)) this.#age(entry, STALE);
    });
  }

  /** From now on the routes of a peer count for nothing; `stale`: only those it has not said again. All in one go: a million take some milliseconds. */
  markGone(peer: number, stale: boolean): void {
    const entries = this.#entries;
    let [gone, accepted] = [0, 0];
    entries.scan(this.#size, PEER, peer, (entry) => {
      const now = entries.get(entry, STATE) & AGE;
      if (entry === 0 || now === GONE || (stale && now !== STALE)) return;
      this.#age(entry, GONE);
      gone++;
      if (entries.get(entry, ACCEPTED) !== 0) accepted++;
    });
    if (gone === 0) return;
    count(this.#received, peer, -gone);
    count(this.#usable, peer, -accepted);
    this.routes -= gone;
    this.gone += gone;
  }
}

function count(counts: number[], peer: number, step: number): void {
  while (counts.length <= peer) counts.push(0);
  counts[peer] = (counts[peer] ?? 0) + step;
}

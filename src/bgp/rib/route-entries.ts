import { IntColumn } from './int-columns.ts';

const FRESH = 0;
const STALE = 1;
const GONE = 2;
/** The peer of an entry that is not in use. */
const RELEASED = -1;

/**
 * The routes of one family as columns of numbers: an entry, counted from 1, is one route from one peer, and the entries of a destination are a list, newest first. An
 * entry can be stale (RFC 4724 4.2: it counts until its time is over) or gone (it counts for nothing and waits to be taken out of its list).
 */
export class RouteEntries {
  readonly peer = new IntColumn(1024);
  readonly pathId = new IntColumn(1152);
  /** Numbers of the path as received, and as accepted; 0: refused. */
  readonly wire = new IntColumn(1280);
  readonly accepted = new IntColumn(1408);
  readonly arrival = new IntColumn(1536);
  /** Entries in use that are not gone. */
  routes = 0;
  /** Entries that are gone and still in their lists. */
  gone = 0;
  /** By peer: entries, and those of them that were accepted. */
  readonly #received: number[] = [];
  readonly #usable: number[] = [];
  /** By place. */
  readonly #first = new IntColumn(1664);
  /** By entry; released ones are a list through it. */
  readonly #next = new IntColumn(1792);
  #state = new Uint8Array(1024);
  #size = 1;
  #released = 0;
  #arrivals = 0;

  countOf(peer: number): { readonly received: number; readonly accepted: number } {
    return { received: this.#received[peer] ?? 0, accepted: this.#usable[peer] ?? 0 };
  }

  /** 0: none. */
  first(place: number): number {
    return this.#first.get(place);
  }

  next(entry: number): number {
    return this.#next.get(entry);
  }

  isGone(entry: number): boolean {
    return this.#state[entry] === GONE;
  }

  /** The peer said it again. */
  refresh(entry: number): void {
    this.#state[entry] = FRESH;
  }

  find(peer: number, place: number, pathId: number): number {
    let entry = this.#first.get(place);
    while (entry !== 0 && (this.peer.get(entry) !== peer || this.pathId.get(entry) !== pathId))
      entry = this.#next.get(entry);
    return entry;
  }

  link(place: number, peer: number, pathId: number): number {
    let entry = this.#released;
    if (entry === 0) entry = this.#size++;
    else this.#released = this.#next.get(entry);
    this.#next.set(entry, this.#first.get(place));
    this.#first.set(place, entry);
    this.peer.set(entry, peer);
    this.pathId.set(entry, pathId);
    count(this.#received, peer, 1);
    this.arrival.set(entry, ++this.#arrivals);
    if (entry >= this.#state.length) {
      const larger = new Uint8Array(this.#state.length * 2);
      larger.set(this.#state);
      this.#state = larger;
    }
    this.#state[entry] = FRESH;
    this.routes++;
    return entry;
  }

  /** Takes an entry without paths out of its list. */
  unlink(place: number, entry: number): void {
    const next = this.#next.get(entry);
    let before = this.#first.get(place);
    if (before === entry) this.#first.set(place, next);
    else {
      while (this.#next.get(before) !== entry) before = this.#next.get(before);
      this.#next.set(before, next);
    }
    if (this.isGone(entry)) this.gone--;
    else {
      count(this.#received, this.peer.get(entry), -1);
      this.routes--;
    }
    this.peer.set(entry, RELEASED);
    this.#next.set(entry, this.#released);
    this.#released = entry;
  }

  /** Another path is accepted, or none (0). */
  accept(entry: number, path: number): void {
    const step = (path === 0 ? 0 : 1) - (this.accepted.get(entry) === 0 ? 0 : 1);
    this.accepted.set(entry, path);
    if (step !== 0 && !this.isGone(entry)) count(this.#usable, this.peer.get(entry), step);
  }

  markStale(peer: number): void {
    const state = this.#state;
    for (let entry = 1; entry < this.#size; entry++)
      if (this.peer.get(entry) === peer && state[entry] !== GONE) state[entry] = STALE;
  }

  /** From now on the routes of a peer count for nothing; `stale`: only those it has not said again. All in one go: a million take some milliseconds. */
  markGone(peer: number, stale: boolean): void {
    const state = this.#state;
    let [gone, accepted] = [0, 0];
    for (let entry = 1; entry < this.#size; entry++) {
      if (this.peer.get(entry) !== peer) continue;
      const now = state[entry];
      if (now === GONE || (stale && now !== STALE)) continue;
      state[entry] = GONE;
      gone++;
      if (this.accepted.get(entry) !== 0) accepted++;
    }
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

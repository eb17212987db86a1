import { comparesMeds } from './compared-meds.ts';
import { better, type DecisionProcess, decide, type LossObserver, updateMovesToEnd } from './decide.ts';
import { IntRecords } from './int-records.ts';
import type { PrefixIndex } from './prefix-index.ts';
import { FIRST, RouteEntries } from './route-entries.ts';
import { RoutePool, type TableRoute } from './route-pool.ts';
import { LOCAL, type TableOwner } from './table-owner.ts';
import { VacantPlaces } from './vacant-places.ts';

const SEVERAL = -1;

/** What the record of a destination says beside its first entry: the best one, and the path the owner was told last, for an update in place changes the path and not the entry. */
const BEST = FIRST + 1;
const TOLD = FIRST + 2;
/** Whom the best one came from. */
const BEST_PEER = FIRST + 3;
const PLACE_FIELDS = FIRST + 4;

/** Destinations looked at in one turn for routes that are gone. */
const SLICE = 4096;

/**
 * Adj-RIBs-In and Loc-RIB of one family (RFC 4271 3.2) as columns of numbers. Refused routes stay, so that a change of policy needs no route refresh. The routes of a
 * session that ended count for nothing at once, and are taken out a slice at a time.
 */
export class FamilyTable {
  readonly index: PrefixIndex;
  /** Destinations with a best path. */
  prefixes = 0;
  #process: DecisionProcess;
  readonly #owner: TableOwner;
  readonly #places = new IntRecords(PLACE_FIELDS);
  readonly #entries = new RouteEntries(this.#places);
  readonly #vacant = new VacantPlaces();
  /** Where the next slice begins. */
  #slice = 0;
  readonly #pool: RoutePool;

  constructor(index: PrefixIndex, process: DecisionProcess, owner: TableOwner) {
    this.index = index;
    this.#process = process;
    this.#owner = owner;
    this.#pool = new RoutePool(this.#entries, owner);
  }

  /** The router's own options changed; `decideAll` makes them count. */
  set process(process: DecisionProcess) {
    this.#process = process;
  }

  /** Routes received or made, refused ones among them. */
  get routes(): number {
    return this.#entries.routes;
  }

  /** How many routes of a peer there are, and how many of them the policy let in. */
  countOf(peer: number): { readonly received: number; readonly accepted: number } {
    return this.#entries.countOf(peer);
  }

  /** A route came in, or a local one was made; it replaces what the peer had there before (RFC 4271 3.1). */
  receive(peer: number, place: number, pathId: number, wire: number): void {
    const accepted = peer === LOCAL ? wire : this.#owner.imported(peer, place, wire);
    const entries = this.#entries;
    let entry = entries.find(peer, place, pathId);
    // Where the path that goes had a MED to compare, the best of all was not the best of the others.
    const meets = entry === 0 || entries.accepted(entry) === 0 || !this.#comparesMeds(place);
    if (entry !== 0) {
      const same = entries.wire(entry) === wire && entries.accepted(entry) === accepted;
      if (entries.isGone(entry) || updateMovesToEnd(this.#process.profile)) {
        this.#unlink(place, entry);
        entry = 0;
      } else {
        entries.refresh(entry);
        if (same) return;
      }
    }
    if (entry === 0) entry = entries.link(place, peer, pathId);
    this.#owner.hold(wire);
    this.#dropWire(entry);
    entries.setWire(entry, wire);
    this.#accept(entry, accepted);
    this.#decide(place, meets ? entry : 0);
  }

  #dropWire(entry: number): void {
    const before = this.#entries.wire(entry);
    if (before !== 0) this.#owner.drop(before);
    this.#entries.setWire(entry, 0);
  }

  #accept(entry: number, accepted: number): void {
    const before = this.#entries.accepted(entry);
    if (before === accepted) return;
    if (accepted !== 0) this.#owner.hold(accepted);
    if (before !== 0) this.#owner.drop(before);
    this.#entries.accept(entry, accepted, this.#owner);
  }

  withdraw(peer: number, place: number, pathId: number): void {
    const entry = this.#entries.find(peer, place, pathId);
    if (entry === 0) return;
    this.#unlink(place, entry);
    this.decide(place);
  }

  /** Everything a peer said goes: the session is down. */
  withdrawAll(peer: number): void {
    this.#entries.markGone(peer, false);
    if (this.removeGone()) this.#owner.gone();
  }

  /** RFC 4724 4.2: the peer is gone and its routes stay until it has said them again, or for a time. */
  markStale(peer: number): void {
    this.#entries.markStale(peer);
  }

  /** The stale routes that the peer did not say again, at its End-of-RIB or when the time is over. */
  withdrawStale(peer: number): void {
    this.#entries.markGone(peer, true);
    if (this.removeGone()) this.#owner.gone();
  }

  /** Takes the next of the routes that are gone out of their destinations, and decides these; true: there are more. */
  removeGone(): boolean {
    const entries = this.#entries;
    for (let looked = 0; entries.gone > 0 && looked < SLICE; looked++) {
      if (this.#slice >= this.index.size) this.#slice = 0;
      this.removeGoneAt(this.#slice++);
    }
    return entries.gone > 0;
  }

  /** The same for a destination that somebody is to be told of before its turn. */
  removeGoneAt(place: number): void {
    const entries = this.#entries;
    if (entries.gone === 0) return;
    let changed = false;
    for (let entry = entries.first(place); entry !== 0; ) {
      const next = entries.next(entry);
      if (entries.isGone(entry)) {
        this.#unlink(place, entry);
        changed = true;
      }
      entry = next;
    }
    if (changed) this.decide(place);
  }

  /** Gives back the numbers of destinations without routes, where there are many; `isHeld`: some peer was told of it. */
  releasePlaces(isHeld: (place: number) => boolean): void {
    this.#vacant.release(this.index, (place) => this.#entries.first(place) !== 0, isHeld);
  }

  /** Phase 1 once more for a peer whose policy changed. */
  reimport(peer: number): void {
    const entries = this.#entries;
    for (let place = 0; place < this.index.size; place++) {
      let changed = false;
      for (let entry = entries.first(place); entry !== 0; entry = entries.next(entry)) {
        if (entries.peer(entry) !== peer || entries.isGone(entry)) continue;
        const accepted = this.#owner.imported(peer, place, entries.wire(entry));
        if (accepted === entries.accepted(entry)) continue;
        this.#accept(entry, accepted);
        changed = true;
      }
      if (changed) this.decide(place);
    }
  }

  /** Phase 2 again for every destination: next hops came or went, or the router's own options changed. */
  decideAll(): void {
    for (let place = 0; place < this.index.size; place++)
      if (this.#entries.first(place) !== 0) this.decide(place);
  }

  /** Phase 2 (RFC 4271 9.1.2) for one destination; tells the owner where the outcome is another. */
  decide(place: number): void {
    this.#decide(place, 0);
  }

  /** `challenger`: the one entry that is new or another than before; 0: any may be. */
  #decide(place: number, challenger: number): void {
    if (this.#entries.first(place) === 0) this.#vacant.note(place);
    const before = this.#places.get(place, BEST);
    const only = this.#onlyUsable(place);
    const entry = only === SEVERAL ? this.#bestOf(place, before, challenger) : only;
    const path = entry === 0 ? 0 : this.#entries.accepted(entry);
    if (entry === before && path === this.#places.get(place, TOLD)) {
      this.#owner.decided?.(place);
      return;
    }
    this.prefixes += (path === 0 ? 0 : 1) - (this.#places.get(place, TOLD) === 0 ? 0 : 1);
    this.#places.set(place, BEST, entry);
    this.#places.set(place, TOLD, path);
    this.#places.set(place, BEST_PEER, entry === 0 ? LOCAL : this.#entries.peer(entry));
    this.#owner.changed(place);
    this.#owner.decided?.(place);
  }

  /** The one entry that can be best; 0: none, SEVERAL: the steps have to say. */
  #onlyUsable(place: number): number {
    let only = 0;
    const entries = this.#entries;
    for (let entry = entries.first(place); entry !== 0; entry = entries.next(entry)) {
      if (entries.usable(entry) === 0) continue;
      if (only !== 0) return SEVERAL;
      only = entry;
    }
    const { reach } = this.#owner;
    if (only === 0 || reach === null) return only;
    const peer = this.#owner.peer(entries.peer(only));
    return reach(this.#owner.glance(entries.accepted(only), 0), peer).invalid === null ? only : 0;
  }

  #bestOf(place: number, before: number, challenger: number): number {
    if (challenger !== 0 && this.#meetsTheBestAlone(place, before, challenger)) {
      // A refused one changes nothing.
      if (this.#entries.accepted(challenger) === 0) return before;
      const first = this.#pool.route(0, challenger, before);
      const second = this.#pool.route(1, before, before);
      return better(this.#process, first, second).entry;
    }
    return decide(this.#process, this.#pool.routes(place, before))?.entry ?? 0;
  }

  /** Where no two MEDs are compared, the one that beats the best of the others is the best of all. */
  #meetsTheBestAlone(place: number, before: number, challenger: number): boolean {
    if (before === 0 || before === challenger || !this.#process.orders || this.#owner.reach !== null)
      return false;
    if (this.#entries.usable(before) === 0) return false;
    return !this.#comparesMeds(place);
  }

  #comparesMeds(place: number): boolean {
    return comparesMeds(this.#entries, place, this.#process.config.decision.alwaysCompareMed);
  }

  /** Number of the best path; 0: none. */
  bestPath(place: number): number {
    return this.#entries.gone > 0 && this.#entries.isGone(this.#places.get(place, BEST))
      ? 0
      : this.#places.get(place, TOLD);
  }

  /** Whom the best path came from. */
  bestPeer(place: number): number {
    return this.#places.get(place, BEST_PEER);
  }

  isEmpty(place: number): boolean {
    const entries = this.#entries;
    let entry = entries.first(place);
    while (entry !== 0 && entries.isGone(entry)) entry = entries.next(entry);
    return entry === 0;
  }

  /** The usable routes of a destination with what the decision says of each; copies. */
  candidates(place: number, observe?: LossObserver): readonly TableRoute[] {
    const routes = this.#pool
      .routes(place, this.#places.get(place, BEST))
      .map((route) => ({ ...route, path: this.#owner.path(route.accepted) }));
    if (observe) decide(this.#process, routes, observe);
    return routes;
  }

  /** Every entry of a destination, newest first, refused ones too: Adj-RIB-In before policy. */
  forEachRoute(
    place: number,
    visit: (peer: number, pathId: number, wire: number, accepted: number) => void,
  ): void {
    const entries = this.#entries;
    for (let entry = entries.first(place); entry !== 0; entry = entries.next(entry))
      if (!entries.isGone(entry))
        visit(entries.peer(entry), entries.pathId(entry), entries.wire(entry), entries.accepted(entry));
  }

  #unlink(place: number, entry: number): void {
    if (this.#places.get(place, BEST) === entry) this.#places.set(place, BEST, 0);
    this.#accept(entry, 0);
    this.#dropWire(entry);
    this.#entries.unlink(place, entry);
  }
}

import type { Path } from '../attributes.ts';
import type { Peer } from '../peer.ts';
import type { Candidate } from './candidate.ts';
import { type DecisionProcess, decide, type LossObserver, updateMovesToEnd } from './decide.ts';
import { IntColumn } from './int-columns.ts';
import type { PrefixIndex } from './prefix-index.ts';
import type { PathHolder } from './rib-out.ts';

/** What a table asks of its owner. Paths go by numbers that stand for them as long as they are held. */
export interface TableOwner extends PathHolder {
  /** Phase 1 for one route: the number of the path as accepted, 0: refused. */
  imported(peer: number, place: number, wire: number): number;
  /** By number; it is there as long as an entry names it. */
  path(id: number): Path;
  /** The same for a decision: it may be a view whose fields are not its own. */
  glance(id: number): Path;
  /** By number; null: this router itself. */
  peer(number: number): Peer | null;
  /** Why traffic for this path cannot be forwarded, and how far its next hop is; null: every path can be used, and none is far. */
  readonly reach:
    | ((path: Path, peer: Peer | null) => { readonly invalid: string | null; readonly metric: number })
    | null;
  /** The best path of a destination is another one, or none. */
  changed(place: number): void;
  /** A destination was decided: what is used together with the best path may be another now. */
  decided?(place: number): void;
}

/** One route of the Adj-RIB-In, or a local one, as the decision sees it. */
export interface TableRoute extends Omit<Candidate, 'peer'> {
  peer: Peer | null;
  /** `LOCAL`: this router. */
  peerNumber: number;
  /** RFC 7911; 0 without add-path. */
  pathId: number;
  /** Number of the path as received, and as accepted. */
  wire: number;
  accepted: number;
  entry: number;
}

/** The peer number of routes made here. */
export const LOCAL = 0;

const SEVERAL = -1;

const reachable = { invalid: null, metric: 0 };

/**
 * Adj-RIBs-In and Loc-RIB of one family (RFC 4271 3.2) as columns of numbers: an entry is one route from one peer, the entries of a destination are a list,
 * newest first. Refused routes stay, so that a change of policy needs no route refresh.
 */
export class FamilyTable {
  readonly index: PrefixIndex;
  /** Entries in use: routes received or made, refused ones among them. */
  routes = 0;
  /** Destinations with a best path. */
  prefixes = 0;
  #process: DecisionProcess;
  readonly #owner: TableOwner;
  /** By peer: entries, and those of them that were accepted. */
  readonly #received: number[] = [];
  readonly #usable: number[] = [];
  // By place. `told`: the path the owner was told last, for an update in place changes the path and not the entry.
  readonly #first = new IntColumn();
  readonly #best = new IntColumn();
  readonly #told = new IntColumn();
  // By entry, from 1; released ones are a list through `next`.
  readonly #next = new IntColumn();
  readonly #peer = new IntColumn();
  readonly #pathId = new IntColumn();
  readonly #wire = new IntColumn();
  readonly #accepted = new IntColumn();
  readonly #arrival = new IntColumn();
  #stale = new Uint8Array(1024);
  #entries = 1;
  #released = 0;
  #arrivals = 0;
  readonly #pool: TableRoute[] = [];

  constructor(index: PrefixIndex, process: DecisionProcess, owner: TableOwner) {
    this.index = index;
    this.#process = process;
    this.#owner = owner;
  }

  /** The router's own options changed; `decideAll` makes them count. */
  set process(process: DecisionProcess) {
    this.#process = process;
  }

  /** How many routes of a peer there are, and how many of them the policy let in. */
  countOf(peer: number): { readonly received: number; readonly accepted: number } {
    return { received: this.#received[peer] ?? 0, accepted: this.#usable[peer] ?? 0 };
  }

  /** A route came in, or a local one was made; it replaces what the peer had there before (RFC 4271 3.1). */
  receive(peer: number, place: number, pathId: number, wire: number): void {
    const accepted = peer === LOCAL ? wire : this.#owner.imported(peer, place, wire);
    let entry = this.#find(peer, place, pathId);
    if (entry !== 0) {
      this.#stale[entry] = 0;
      const same = this.#wire.get(entry) === wire && this.#accepted.get(entry) === accepted;
      if (updateMovesToEnd(this.#process.profile)) {
        this.#unlink(place, entry);
        entry = 0;
      } else if (same) return;
    }
    if (entry === 0) entry = this.#link(place, peer, pathId);
    this.#owner.hold(wire);
    this.#dropWire(entry);
    this.#wire.set(entry, wire);
    this.#accept(entry, accepted);
    this.decide(place);
  }

  #dropWire(entry: number): void {
    const before = this.#wire.get(entry);
    if (before !== 0) this.#owner.drop(before);
    this.#wire.set(entry, 0);
  }

  #accept(entry: number, accepted: number): void {
    const before = this.#accepted.get(entry);
    if (before === accepted) return;
    if (accepted !== 0) this.#owner.hold(accepted);
    if (before !== 0) this.#owner.drop(before);
    const step = (accepted === 0 ? 0 : 1) - (before === 0 ? 0 : 1);
    this.#accepted.set(entry, accepted);
    if (step !== 0) count(this.#usable, this.#peer.get(entry), step);
  }

  withdraw(peer: number, place: number, pathId: number): void {
    const entry = this.#find(peer, place, pathId);
    if (entry === 0) return;
    this.#unlink(place, entry);
    this.decide(place);
  }

  /** Everything a peer said goes: the session is down. */
  withdrawAll(peer: number): void {
    this.#withdrawWhere(peer, () => true);
  }

  /** RFC 4724 4.2: the peer is gone and its routes stay until it has said them again, or for a time. */
  markStale(peer: number): void {
    this.#forEachOf(peer, (entry) => {
      this.#stale[entry] = 1;
      return false;
    });
  }

  /** The stale routes that the peer did not say again, at its End-of-RIB or when the time is over. */
  withdrawStale(peer: number): void {
    this.#withdrawWhere(peer, (entry) => this.#stale[entry] === 1);
  }

  /** Phase 1 once more for a peer whose policy changed. */
  reimport(peer: number): void {
    this.#forEachOf(peer, (entry, place) => {
      const accepted = this.#owner.imported(peer, place, this.#wire.get(entry));
      if (accepted === this.#accepted.get(entry)) return false;
      this.#accept(entry, accepted);
      return true;
    });
  }

  /** Phase 2 again for every destination: next hops came or went, or the router's own options changed. */
  decideAll(): void {
    for (let place = 0; place < this.index.size; place++)
      if (this.#first.get(place) !== 0) this.decide(place);
  }

  /** Phase 2 (RFC 4271 9.1.2) for one destination; tells the owner where the outcome is another. */
  decide(place: number): void {
    const before = this.#best.get(place);
    const only = this.#onlyUsable(place);
    const entry = only === SEVERAL ? this.#bestOf(place, before) : only;
    const path = entry === 0 ? 0 : this.#accepted.get(entry);
    if (entry === before && path === this.#told.get(place)) {
      this.#owner.decided?.(place);
      return;
    }
    this.prefixes += (path === 0 ? 0 : 1) - (this.#told.get(place) === 0 ? 0 : 1);
    this.#best.set(place, entry);
    this.#told.set(place, path);
    this.#owner.changed(place);
    this.#owner.decided?.(place);
  }

  /** The one entry that can be best; 0: none, SEVERAL: the steps have to say. */
  #onlyUsable(place: number): number {
    let only = 0;
    for (let entry = this.#first.get(place); entry !== 0; entry = this.#next.get(entry)) {
      if (this.#accepted.get(entry) === 0) continue;
      if (only !== 0) return SEVERAL;
      only = entry;
    }
    const { reach } = this.#owner;
    if (only === 0 || reach === null) return only;
    const peer = this.#owner.peer(this.#peer.get(only));
    return reach(this.#owner.glance(this.#accepted.get(only)), peer).invalid === null ? only : 0;
  }

  #bestOf(place: number, before: number): number {
    const count = this.#fillPool(place, before);
    return decide(this.#process, this.#pool.slice(0, count))?.entry ?? 0;
  }

  /** Number of the best path; 0: none. */
  bestPath(place: number): number {
    return this.#told.get(place);
  }

  /** Whom the best path came from. */
  bestPeer(place: number): number {
    return this.#peer.get(this.#best.get(place));
  }

  isEmpty(place: number): boolean {
    return this.#first.get(place) === 0;
  }

  /** The usable routes of a destination with what the decision says of each; copies. */
  candidates(place: number, observe?: LossObserver): readonly TableRoute[] {
    const count = this.#fillPool(place, this.#best.get(place));
    const routes = this.#pool
      .slice(0, count)
      .map((route) => ({ ...route, path: this.#owner.path(route.accepted) }));
    if (observe) decide(this.#process, routes, observe);
    return routes;
  }

  /** Every entry of a destination, newest first, refused ones too: Adj-RIB-In before policy. */
  forEachRoute(
    place: number,
    visit: (peer: number, pathId: number, wire: number, accepted: number) => void,
  ): void {
    for (let entry = this.#first.get(place); entry !== 0; entry = this.#next.get(entry))
      visit(this.#peer.get(entry), this.#pathId.get(entry), this.#wire.get(entry), this.#accepted.get(entry));
  }

  #find(peer: number, place: number, pathId: number): number {
    let entry = this.#first.get(place);
    while (entry !== 0 && (this.#peer.get(entry) !== peer || this.#pathId.get(entry) !== pathId))
      entry = this.#next.get(entry);
    return entry;
  }

  #link(place: number, peer: number, pathId: number): number {
    let entry = this.#released;
    if (entry === 0) entry = this.#entries++;
    else this.#released = this.#next.get(entry);
    this.#next.set(entry, this.#first.get(place));
    this.#first.set(place, entry);
    this.#peer.set(entry, peer);
    this.#pathId.set(entry, pathId);
    count(this.#received, peer, 1);
    this.#arrival.set(entry, ++this.#arrivals);
    if (entry >= this.#stale.length) {
      const larger = new Uint8Array(this.#stale.length * 2);
      larger.set(this.#stale);
      this.#stale = larger;
    }
    this.#stale[entry] = 0;
    this.routes++;
    return entry;
  }

  #unlink(place: number, entry: number): void {
    const next = this.#next.get(entry);
    let before = this.#first.get(place);
    if (before === entry) this.#first.set(place, next);
    else {
      while (this.#next.get(before) !== entry) before = this.#next.get(before);
      this.#next.set(before, next);
    }
    if (this.#best.get(place) === entry) this.#best.set(place, 0);
    this.#accept(entry, 0);
    this.#dropWire(entry);
    count(this.#received, this.#peer.get(entry), -1);
    this.#next.set(entry, this.#released);
    this.#released = entry;
    this.routes--;
  }

  #withdrawWhere(peer: number, goes: (entry: number) => boolean): void {
    this.#forEachOf(peer, (entry, place) => {
      if (!goes(entry)) return false;
      this.#unlink(place, entry);
      return true;
    });
  }

  /** Visits the entries of a peer; where `visit` says that it changed one the destination is decided again. */
  #forEachOf(peer: number, visit: (entry: number, place: number) => boolean): void {
    for (let place = 0; place < this.index.size; place++) {
      let changed = false;
      for (let entry = this.#first.get(place); entry !== 0; ) {
        const next = this.#next.get(entry);
        if (this.#peer.get(entry) === peer && visit(entry, place)) changed = true;
        entry = next;
      }
      if (changed) this.decide(place);
    }
  }

  /** The accepted routes of a destination, oldest first, in objects that are used again for the next; how many there are. */
  #fillPool(place: number, best: number): number {
    let count = 0;
    for (let entry = this.#first.get(place); entry !== 0; entry = this.#next.get(entry)) {
      const accepted = this.#accepted.get(entry);
      if (accepted === 0) continue;
      const path = this.#owner.glance(accepted);
      const number = this.#peer.get(entry);
      const peer = this.#owner.peer(number);
      const { invalid, metric } = this.#owner.reach?.(path, peer) ?? reachable;
      this.#pool[count] ??= newRoute(path);
      const route = this.#pool[count];
      if (!route) break;
      count++;
      route.path = path;
      route.peer = peer;
      route.peerNumber = number;
      route.pathId = this.#pathId.get(entry);
      route.wire = this.#wire.get(entry);
      route.accepted = accepted;
      route.entry = entry;
      route.invalid = invalid;
      route.igpMetric = metric;
      route.selected = entry === best;
      route.arrival = this.#arrival.get(entry);
    }
    reverse(this.#pool, count);
    return count;
  }
}

function count(counts: number[], peer: number, step: number): void {
  while (counts.length <= peer) counts.push(0);
  counts[peer] = (counts[peer] ?? 0) + step;
}

function newRoute(path: Path): TableRoute {
  return {
    path,
    peer: null,
    peerNumber: LOCAL,
    pathId: 0,
    wire: 0,
    accepted: 0,
    entry: 0,
    invalid: null,
    igpMetric: 0,
    selected: false,
    arrival: 0,
  };
}

/** The first `count` of a list, in place. */
function reverse<Item>(list: Item[], count: number): void {
  for (let i = 0, j = count - 1; i < j; i++, j--) {
    const [low, high] = [list[i], list[j]];
    if (low === undefined || high === undefined) return;
    list[i] = high;
    list[j] = low;
  }
}

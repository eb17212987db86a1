import type { Path } from '../attributes.ts';
import type { Peer } from '../peer.ts';
import type { Candidate } from './candidate.ts';
import type { RouteEntries } from './route-entries.ts';
import { LOCAL, type TableOwner } from './table-owner.ts';

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

const reachable = { invalid: null, metric: 0 };

/** The routes of one destination for a decision, in objects that are used again for the next: a table decides too often to make new ones. */
export class RoutePool {
  readonly #entries: RouteEntries;
  readonly #owner: TableOwner;
  readonly #pool: TableRoute[] = [];

  constructor(entries: RouteEntries, owner: TableOwner) {
    this.#entries = entries;
    this.#owner = owner;
  }

  /** The accepted routes of a destination, oldest first, in objects that are used again for the next. */
  routes(place: number, best: number): readonly TableRoute[] {
    const entries = this.#entries;
    let count = 0;
    for (let entry = entries.first(place); entry !== 0; entry = entries.next(entry)) {
      const accepted = entries.accepted(entry);
      if (accepted === 0 || entries.isGone(entry)) continue;
      this.route(count++, entry, best);
    }
    return this.#pool.slice(0, count).reverse();
  }

  /** An accepted route as the decision sees it, in an object that is used again for the next. */
  route(at: number, entry: number, best: number): TableRoute {
    const entries = this.#entries;
    const accepted = entries.accepted(entry);
    const path = this.#owner.glance(accepted, at);
    const number = entries.peer(entry);
    const peer = this.#owner.peer(number);
    const { invalid, metric } = this.#owner.reach?.(path, peer) ?? reachable;
    const route = this.#pool[at] ?? newRoute(path);
    this.#pool[at] = route;
    route.path = path;
    route.peer = peer;
    route.peerNumber = number;
    route.pathId = entries.pathId(entry);
    route.wire = entries.wire(entry);
    route.accepted = accepted;
    route.entry = entry;
    route.invalid = invalid;
    route.igpMetric = metric;
    route.selected = entry === best;
    route.arrival = entries.arrival(entry);
    return route;
  }
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

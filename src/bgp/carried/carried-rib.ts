import type { Path } from '../attributes.ts';
import type { Peer } from '../peer.ts';
import type { Candidate } from '../rib/candidate.ts';
import { type DecisionProcess, decide, type LossObserver } from '../rib/decide.ts';
import type { Nlri } from '../wire/nlri/index.ts';
import type { CarriedNlri } from './destinations.ts';

/** One route from one peer. */
export interface CarriedRoute extends Candidate {
  readonly peerNumber: number;
  readonly pathId: number;
  peer: Peer | null;
  /** As it came; `path` is what the import made of it. */
  wire: Path;
  /** Why it is not used; null: it is. */
  refused: string | null;
  attached: string;
  stale: boolean;
}

/** A destination with what every peer says of it. */
export interface CarriedDestination {
  readonly key: string;
  readonly bare: Nlri;
  readonly routes: CarriedRoute[];
  best: CarriedRoute | null;
}

/** What the import makes of a route. */
export type CarriedImport = { readonly path: Path } | { readonly path: null; readonly refused: string };

/** What a table asks of its owner. */
export interface CarriedOwner {
  readonly process: DecisionProcess;
  imported(peer: Peer, wire: Path): CarriedImport;
  /** Something about the usable routes of a destination is otherwise than before. */
  changed(destination: CarriedDestination): void;
}

/**
 * Adj-RIBs-In and Loc-RIB of a family that is passed on (RFC 4271 3.2), by the name of the destination. These tables are small beside those of unicast: a route is an
 * object.
 */
export class CarriedRib {
  readonly destinations = new Map<string, CarriedDestination>();
  readonly #owner: CarriedOwner;
  readonly #counts = new Map<number, { received: number; accepted: number }>();
  routes = 0;
  #arrivals = 0;

  constructor(owner: CarriedOwner) {
    this.#owner = owner;
  }

  /** Destinations with a best path. */
  get prefixes(): number {
    let count = 0;
    for (const { best } of this.destinations.values()) if (best) count++;
    return count;
  }

  countOf(peer: number): { readonly received: number; readonly accepted: number } {
    return this.#counts.get(peer) ?? { received: 0, accepted: 0 };
  }

  /** `peer` null: it was made here, and no policy is asked. */
  receive(
    peerNumber: number,
    peer: Peer | null,
    { key, bare, pathId, attached }: CarriedNlri,
    wire: Path,
  ): void {
    const destination = this.destinations.get(key) ?? { key, bare, routes: [], best: null };
    this.destinations.set(key, destination);
    const { routes } = destination;
    const known = routes.find((one) => one.peerNumber === peerNumber && one.pathId === pathId);
    const route: CarriedRoute = known ?? {
      peerNumber,
      pathId,
      peer,
      path: wire,
      wire,
      attached,
      refused: null,
      stale: false,
      invalid: null,
      igpMetric: 0,
      selected: false,
      arrival: ++this.#arrivals,
    };
    if (!known) {
      routes.push(route);
      this.#count(peerNumber, 'received', 1);
    }
    Object.assign(route, { wire, attached, stale: false });
    this.#import(route, peer, known === undefined);
    this.#decide(destination);
  }

  #import(route: CarriedRoute, peer: Peer | null, isNew: boolean): void {
    const before = isNew ? 0 : Number(route.refused === null);
    const outcome = peer ? this.#owner.imported(peer, route.wire) : { path: route.wire };
    route.peer = peer;
    route.path = outcome.path ?? route.wire;
    route.refused = outcome.path === null ? outcome.refused : null;
    this.#count(route.peerNumber, 'accepted', Number(route.refused === null) - before);
  }

  withdraw(peerNumber: number, { key, pathId }: CarriedNlri): void {
    this.#removeWhere(
      this.destinations.get(key),
      (one) => one.peerNumber === peerNumber && one.pathId === pathId,
    );
  }

  /** Everything a peer said goes. */
  withdrawAll(peerNumber: number): void {
    for (const one of this.destinations.values())
      this.#removeWhere(one, (route) => route.peerNumber === peerNumber);
  }

  /** RFC 4724 4.2. */
  markStale(peerNumber: number): void {
    for (const { routes } of this.destinations.values())
      for (const route of routes) if (route.peerNumber === peerNumber) route.stale = true;
  }

  withdrawStale(peerNumber: number): void {
    for (const one of this.destinations.values())
      this.#removeWhere(one, (route) => route.peerNumber === peerNumber && route.stale);
  }

  /** The peer is configured otherwise, or stands for another session: its routes are judged again. */
  reimport(peerNumber: number, peer: Peer): void {
    for (const destination of this.destinations.values()) {
      const own = destination.routes.filter((route) => route.peerNumber === peerNumber);
      for (const route of own) this.#import(route, peer, false);
      if (own.length > 0) this.#decide(destination);
    }
  }

  decideAll(): void {
    for (const destination of this.destinations.values()) this.#decide(destination);
  }

  /** The routes that may be chosen, oldest first. */
  usable({ routes }: CarriedDestination): readonly CarriedRoute[] {
    return routes.filter(({ refused }) => refused === null);
  }

  /** Tells what beat each loser. */
  explain(destination: CarriedDestination, observe: LossObserver): void {
    decide(this.#owner.process, this.usable(destination), observe);
  }

  #removeWhere(destination: CarriedDestination | undefined, goes: (route: CarriedRoute) => boolean): void {
    if (!destination?.routes.some(goes)) return;
    const { routes } = destination;
    for (const route of routes.filter(goes)) {
      routes.splice(routes.indexOf(route), 1);
      this.#count(route.peerNumber, 'received', -1);
      if (route.refused === null) this.#count(route.peerNumber, 'accepted', -1);
    }
    this.#decide(destination);
    if (routes.length === 0) this.destinations.delete(destination.key);
  }

  #decide(destination: CarriedDestination): void {
    const best = decide(this.#owner.process, this.usable(destination));
    for (const route of destination.routes) route.selected = route === best;
    destination.best = best;
    this.#owner.changed(destination);
  }

  #count(peerNumber: number, what: 'received' | 'accepted', step: number): void {
    const counts = this.#counts.get(peerNumber) ?? { received: 0, accepted: 0 };
    counts[what] += step;
    this.#counts.set(peerNumber, counts);
    if (what === 'received') this.routes += step;
  }
}

import type { FamilyName } from '../base/family.ts';
import type { Address } from '../base/ip.ts';
import { emptyPath, internPath } from '../bgp/attributes.ts';
import type { BgpConfig, RouterConfig } from '../bgp/config.ts';
import { LOCAL } from '../bgp/rib/family-table.ts';
import { createRouter, createRouterContext, type Router } from '../bgp/router.ts';
import type { Connection, ConnectionEvents, Environment } from './environment.ts';
import { Neighbor, type NeighborHost, type NeighborNote } from './neighbor.ts';
import { createTables, type Reach, type Tables } from './tables.ts';

/** What a speaker needs beside its configuration. */
export interface SpeakerOptions {
  readonly environment: Environment;
  /** Used where the configuration has no router id. */
  readonly routerId: Address;
  readonly reach?: Reach;
  ownAddress(family: 4 | 6, session: Address | null): Address | null;
  log(neighbor: Neighbor | null, note: NeighborNote): void;
}

const reachable: Reach = () => ({ invalid: null, metric: 0 });

/** One BGP router on real connections: neighbors around the tables of the router core. */
export class Speaker implements NeighborHost {
  readonly environment: Environment;
  readonly router: Router;
  readonly tables: ReadonlyMap<FamilyName, Tables>;
  readonly neighbors: readonly Neighbor[];
  readonly #options: SpeakerOptions;

  constructor(config: RouterConfig, bgp: BgpConfig, options: SpeakerOptions) {
    this.environment = options.environment;
    this.#options = options;
    const id = Number((bgp.routerId ?? options.routerId).value);
    this.router = createRouter(config, bgp, id, new Set(), createRouterContext());
    this.tables = createTables(this.router, options.reach ?? reachable);
    this.neighbors = bgp.peers.map((peer, place) => new Neighbor(place + 1, peer, this));
    for (const tables of this.tables.values()) tables.watch(() => this.#tellAll());
  }

  start(): void {
    this.#originate();
    for (const neighbor of this.neighbors) neighbor.start();
  }

  /** Ends every session with these words; the peers drop what they had of us. */
  stop(words: string): void {
    for (const neighbor of this.neighbors) neighbor.stop(words);
  }

  /** Somebody connected to the BGP port; null: nobody here knows the address. */
  accept(connection: Connection): ConnectionEvents | null {
    const from = connection.remote;
    const neighbor = this.neighbors.find(({ config }) => config.address?.text === from?.text);
    return neighbor?.accept(connection) ?? null;
  }

  ownAddress(family: 4 | 6, session: Address | null): Address | null {
    return this.#options.ownAddress(family, session);
  }

  log(neighbor: Neighbor, note: NeighborNote): void {
    this.#options.log(neighbor, note);
  }

  #tellAll(): void {
    for (const neighbor of this.neighbors) neighbor.tell();
  }

  /** `network` statements; whether a route stands behind them is for whoever follows the kernel. */
  #originate(): void {
    const { store } = this.router.context;
    for (const origination of this.router.bgp.originations) {
      if (origination.kind !== 'network') continue;
      const tables = this.tables.get(origination.family);
      const path = internPath(store, { ...emptyPath(store), source: 'network' });
      if (tables) tables.table.receive(LOCAL, tables.table.index.add(origination.prefix), 0, path.id);
    }
  }
}

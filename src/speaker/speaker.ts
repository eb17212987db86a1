import { carriedFamilies, type FamilyName } from '../base/family.ts';
import { type Address, addressOf } from '../base/ip.ts';
import type { BgpConfig, RouterConfig } from '../bgp/config.ts';
import { createTransientPathStore } from '../bgp/path-store.ts';
import { createRouter, createRouterContext, type Router } from '../bgp/router.ts';
import type { FamilyKey } from '../bgp/wire/negotiated.ts';
import { CarriedTables } from './carried/carried-tables.ts';
import { RouteTargets } from './carried/route-targets.ts';
import type { Connection, ConnectionEvents, Environment } from './environment.ts';
import { derivedRouterId, type HostState, type HostView, hostView, ownAddressBeside } from './host-state.ts';
import { type NextHops, nextHopsOf } from './kernel/next-hops.ts';
import { nextHopOf } from './kernel/wanted.ts';
import { Doorman, MOST_CALLS } from './neighbor/doorman.ts';
import type { Neighbor } from './neighbor/neighbor.ts';
import type { NeighborHost, NeighborNote } from './neighbor/neighbor-host.ts';
import { Neighbors } from './neighbor/neighbors.ts';
import { Originations } from './originate.ts';
import { type PeerChange, planReload, planText } from './reload.ts';
import { familyKeys, type GracefulSettings } from './session/our-open.ts';
import { createTables, type Reach, type Tables } from './tables/tables.ts';

/** What a speaker needs beside its configuration. */
export interface SpeakerOptions {
  readonly environment: Environment;
  /** As it is at the start; later ones come by `setHost`. */
  readonly host: HostState;
  readonly reach?: Reach;
  /** Paths whose next hop the host cannot reach are not used; otherwise every next hop counts as reachable. */
  readonly followsNextHops?: boolean;
  /** null or absent: the peers forget us when we go (RFC 4724). */
  readonly graceful?: GracefulSettings | null;
  log(neighbor: Neighbor | null, note: SpeakerNote): void;
}

export type SpeakerNote =
  | NeighborNote
  /** Somebody called and was turned away. */
  | { readonly kind: 'refused'; readonly address: string; readonly calls: number; readonly words: string }
  | { readonly kind: 'reloaded'; readonly words: string }
  /** After a restart: all peers have said theirs, or the time is over. */
  | { readonly kind: 'released'; readonly words: string };

/** Their paths are still remembered on the shelf. */
const MOST_CHANGES = 1024;

const usable = { invalid: null, metric: 0 };

/** One BGP router on real connections: neighbors around the tables of the router core. */
export class Speaker implements NeighborHost {
  readonly environment: Environment;
  readonly tables: ReadonlyMap<FamilyName, Tables>;
  /** Families whose routes are passed on, by their number on the wire. */
  readonly carried: ReadonlyMap<FamilyKey, CarriedTables>;
  readonly originations: Originations;
  router: Router;
  graceful: GracefulSettings | null;
  defers: boolean;
  host: HostView;
  nextHops: NextHops;
  /** Milliseconds of the environment's clock. */
  readonly startedAt: number;
  readonly #neighbors: Neighbors;
  readonly #doorman: Doorman;
  readonly #options: SpeakerOptions;
  #state: HostState;

  constructor(config: RouterConfig, bgp: BgpConfig, options: SpeakerOptions) {
    this.environment = options.environment;
    this.#options = options;
    this.#state = options.host;
    this.graceful = options.graceful ?? null;
    this.defers = this.graceful?.restarted ?? false;
    this.host = hostView(options.host, config.statics);
    this.nextHops = nextHopsOf(options.host, this.host);
    this.router = this.#routerOf(config, bgp);
    const reach = options.reach ?? (options.followsNextHops ? this.#reach : null);
    this.tables = createTables(this.router, reach, (run) => this.environment.after(0, run));
    this.carried = createCarried(this.router);
    new RouteTargets(this.carried, (run) => this.environment.after(0, run));
    this.originations = new Originations(this.tables);
    this.#neighbors = new Neighbors(this);
    this.#doorman = new Doorman(this.environment);
    this.startedAt = this.environment.now();
    for (const peer of bgp.peers) this.#neighbors.add(peer);
    for (const tables of [...this.tables.values(), ...this.carried.values()])
      tables.watch(() => {
        this.#changes++;
        this.#tellAll();
      });
  }

  get neighbors(): readonly Neighbor[] {
    return this.#neighbors.all;
  }

  start(): void {
    this.originations.refresh(this.router, this.host);
    for (const neighbor of this.neighbors) neighbor.start();
    const { graceful } = this;
    if (this.defers && graceful)
      this.environment.after(graceful.restartTime * 1000, () => this.#release('the time for it is over'));
  }

  /** Ends every session with these words; the peers drop what they had of us. */
  stop(words: string): void {
    for (const neighbor of this.neighbors) neighbor.stop(words);
  }

  /** Ends every session without a word: peers that agreed to keep our routes do so (RFC 4724). */
  leave(): void {
    for (const neighbor of this.neighbors) neighbor.leave();
  }

  /** Goes over to another configuration; sessions whose OPEN stays the same go on. Says whom that concerns. */
  reload(config: RouterConfig, bgp: BgpConfig): string {
    const plan = planReload(this.router.bgp, bgp);
    this.host = hostView(this.#state, config.statics);
    this.router = this.#routerOf(config, bgp);
    for (const tables of [...this.tables.values(), ...this.carried.values()])
      tables.setRouter(this.router, plan.decideAgain);
    for (const name of plan.removed) this.#neighbors.remove(name, 'removed from the configuration');
    for (const change of [...plan.changed, ...plan.kept]) this.#change(change);
    for (const neighbor of this.neighbors) if (neighbor.dynamic) this.#reloadDynamic(neighbor);
    for (const peer of plan.added) this.#neighbors.add(peer).start();
    const words = planText(plan, this.originations.refresh(this.router, this.host));
    this.#options.log(null, { kind: 'reloaded', words });
    return words;
  }

  /** What the host has changed: interfaces and routes that originations and next hops lean on. */
  setHost(state: HostState): void {
    const { config, bgp } = this.router;
    this.#state = state;
    this.host = hostView(state, config.statics);
    this.nextHops = nextHopsOf(state, this.host);
    this.router = this.#routerOf(config, bgp);
    const again = this.#options.followsNextHops ?? false;
    for (const tables of this.tables.values()) tables.setRouter(this.router, again);
    for (const tables of this.carried.values()) tables.setRouter(this.router, false);
    for (const neighbor of this.neighbors) neighbor.lookAtAddresses();
    this.originations.refresh(this.router, this.host);
  }

  /** Somebody connected to the BGP port; null: it is turned away. */
  accept(connection: Connection): ConnectionEvents | null {
    const from = connection.remote;
    if (!from) return null;
    const calls = this.#doorman.calls(from.text);
    const refuse = (words: string): null => {
      this.#options.log(null, { kind: 'refused', address: from.text, calls, words });
      return null;
    };
    if (calls > MOST_CALLS) return refuse('it calls too often');
    const neighbor = this.#neighbors.byAddress(from) ?? this.#neighbors.fromRange(from);
    if (typeof neighbor === 'string') return refuse(neighbor);
    return neighbor.accept(connection) ?? refuse('its session takes no call now');
  }

  neighbor(name: string): Neighbor | null {
    return this.#neighbors.named(name);
  }

  interfaceAddress(name: string, family: 4 | 6): Address | null {
    const found = this.host.interfaces.find((one) => one.name === name);
    return found?.addresses.find(({ address }) => address.family === family)?.address ?? null;
  }

  ownAddress(family: 4 | 6, session: Address | null): Address | null {
    return ownAddressBeside(this.host, family, session);
  }

  log(neighbor: Neighbor, note: NeighborNote): void {
    this.#options.log(neighbor, note);
    if (note.kind === 'up') this.#doorman.welcome(neighbor.name);
    if (this.defers && (note.kind === 'up' || note.kind === 'end-of-rib')) this.#releaseOnceAllSaid();
    if (neighbor.dynamic && note.kind === 'state' && (note.to === 'Idle' || note.to === 'Active'))
      this.gone(neighbor);
  }

  /** A neighbor of a listen range is forgotten once nothing of it is left. */
  gone(neighbor: Neighbor): void {
    this.environment.after(0, () => {
      if (!neighbor.isQuiet) return;
      neighbor.leave();
      this.#neighbors.forget(neighbor);
    });
  }

  /** Whether the host can forward to the next hop of a path; what is made here needs none. */
  readonly #reach: Reach = (path, peer) => {
    const nextHop = peer && nextHopOf(path, peer);
    if (!nextHop) return usable;
    const hop = this.nextHops(nextHop, peer?.interface ?? null);
    return typeof hop === 'string' ? { invalid: hop, metric: 0 } : usable;
  };

  #change({ name, config, reset, again }: PeerChange): void {
    this.neighbor(name)?.reconfigure(config, reset, again);
  }

  /** A dynamic neighbor follows the range it came from. */
  #reloadDynamic(neighbor: Neighbor): void {
    const { address } = neighbor.config;
    const config = address && this.#neighbors.rangeConfig(address);
    if (!config) this.#neighbors.remove(neighbor.name, 'removed from the configuration');
    else {
      const plan = planReload(
        { ...this.router.bgp, peers: [neighbor.config] },
        { ...this.router.bgp, peers: [config] },
      );
      for (const change of plan.changed) this.#change(change);
    }
  }

  #routerOf(config: RouterConfig, bgp: BgpConfig): Router {
    const id = bgp.routerId ?? derivedRouterId(this.host) ?? addressOf(4, 1n);
    const context = this.router?.context ?? createRouterContext(createTransientPathStore());
    return createRouter(config, bgp, Number(id.value), this.host.addresses, context, this.host.networks);
  }

  /** RFC 4724 4.1: the restarted speaker waits for the End-of-RIB of all its peers before it says anything. */
  #releaseOnceAllSaid(): void {
    if (this.neighbors.every((neighbor) => !neighbor.running || neighbor.hasSaidAll))
      this.#release('all peers have said theirs');
  }

  #release(words: string): void {
    if (!this.defers) return;
    this.defers = false;
    if (this.graceful) this.graceful = { ...this.graceful, restarted: false };
    this.#options.log(null, { kind: 'released', words });
    this.#tellAll();
  }

  /** Destinations that changed since the peers were told last. */
  #changes = 0;

  /** Who has much to say is passed on while it speaks: otherwise what waits grows longer than what is remembered of the paths. */
  updateTaken(): void {
    if (this.#changes < MOST_CHANGES) return;
    this.#changes = 0;
    for (const neighbor of this.neighbors) neighbor.tellNow();
  }

  #tellAll(): void {
    for (const neighbor of this.neighbors) neighbor.tell();
  }
}

function createCarried(router: Router): ReadonlyMap<FamilyKey, CarriedTables> {
  return new Map(
    carriedFamilies.map((family) => {
      const key = familyKeys[family];
      return [key, new CarriedTables(family, key, router)];
    }),
  );
}

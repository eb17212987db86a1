import type { CarriedFamily } from '../../base/family.ts';
import { prefixOf } from '../../base/ip.ts';
import type { Path } from '../../bgp/attributes.ts';
import {
  type CarriedDestination,
  type CarriedImport,
  CarriedRib,
  type CarriedRoute,
} from '../../bgp/carried/carried-rib.ts';
import { readCarried } from '../../bgp/carried/destinations.ts';
import { exportPath } from '../../bgp/export.ts';
import { importPath } from '../../bgp/import.ts';
import type { Peer } from '../../bgp/peer.ts';
import { groupWinners } from '../../bgp/rib/decide.ts';
import type { Router } from '../../bgp/router.ts';
import type { FamilyKey, Negotiated } from '../../bgp/wire/negotiated.ts';
import { CarriedOut, type CarriedSaying } from './carried-out.ts';
import { sayingOf } from './carried-update.ts';

/** One peer in one family that is passed on, while its session is up. */
export interface CarriedMember {
  readonly number: number;
  peer: Peer;
  readonly out: CarriedOut;
}

/** Stands where a policy would look at a prefix: these destinations have none. */
const noPrefix = prefixOf(4, 0n, 0);

/** The tables of one family whose routes are passed on, with its peers: the same import, decision and export as for unicast. */
export class CarriedTables {
  readonly family: CarriedFamily;
  readonly key: FamilyKey;
  readonly rib: CarriedRib;
  router: Router;
  readonly #members = new Map<number, CarriedMember>();
  /** Peers whose session is down while their routes are still held (RFC 4724). */
  readonly #gone = new Map<number, Peer>();
  readonly #watchers = new Set<() => void>();
  readonly #memberWatchers = new Set<() => void>();
  /** Does a peer want routes with these extended communities (RFC 4684)? null: everybody wants all. */
  constraint: ((peer: number, communities: readonly string[]) => boolean) | null = null;

  constructor(family: CarriedFamily, key: FamilyKey, router: Router) {
    this.family = family;
    this.key = key;
    this.router = router;
    const table = this;
    this.rib = new CarriedRib({
      get process() {
        return table.router.process;
      },
      imported: (peer, wire) => this.#imported(peer, wire),
      changed: (destination) => {
        for (const { out } of this.#members.values()) out.changed(destination);
        for (const watcher of this.#watchers) watcher();
      },
    });
  }

  /** Is told whenever somebody may have to be told something. */
  watch(watcher: () => void): void {
    this.#watchers.add(watcher);
  }

  /** Is told when a session that has the family comes or goes. */
  watchMembers(watcher: () => void): void {
    this.#memberWatchers.add(watcher);
  }

  get memberNumbers(): Iterable<number> {
    return this.#members.keys();
  }

  /** What a peer wants is another thing than before. */
  lookAgain(number: number): void {
    const member = this.#members.get(number);
    if (!member) return;
    member.out.changedAll(this.rib.destinations.values());
    for (const watcher of this.#watchers) watcher();
  }

  setRouter(router: Router, again: boolean): void {
    this.router = router;
    if (again) this.rib.decideAll();
  }

  /** The session is up: the peer is to be told of everything. */
  join(number: number, peer: Peer, session: Negotiated): CarriedMember {
    const out = new CarriedOut((destination) => this.#wanted(member, destination, session));
    const member: CarriedMember = { number, peer, out };
    this.#members.set(number, member);
    this.#gone.delete(number);
    out.changedAll(this.rib.destinations.values());
    for (const watcher of this.#memberWatchers) watcher();
    return member;
  }

  /** The configuration of a peer changed and its session goes on. */
  update(member: CarriedMember, peer: Peer, again: { readonly in: boolean; readonly out: boolean }): void {
    member.peer = peer;
    if (again.in) this.rib.reimport(member.number, peer);
    if (again.out) member.out.changedAll(this.rib.destinations.values());
  }

  /** The session is down. `keep`: its routes stay, stale, until `forget` (RFC 4724). */
  leave(number: number, keep: boolean): void {
    const left = this.#members.get(number);
    if (!left) return;
    this.#members.delete(number);
    for (const watcher of this.#memberWatchers) watcher();
    if (keep) {
      this.#gone.set(number, left.peer);
      this.rib.markStale(number);
    } else this.forget(number);
  }

  forget(number: number): void {
    this.rib.withdrawAll(number);
    this.#gone.delete(number);
  }

  /** RFC 2918: everything once more. */
  again({ out }: CarriedMember): void {
    out.again(this.rib.destinations.values());
  }

  /** Takes a field of an UPDATE, announced with this path or withdrawn (null); false: it is malformed. */
  receive(number: number, field: Uint8Array, addPath: boolean, path: Path | null): boolean {
    const routes = readCarried(this.key, field, addPath);
    const peer = this.#members.get(number)?.peer;
    if (!routes) return false;
    for (const route of routes) {
      if (path && peer) this.rib.receive(number, peer, route, path);
      else this.rib.withdraw(number, route);
    }
    return true;
  }

  #imported(peer: Peer, wire: Path): CarriedImport {
    const outcome = importPath(this.router, peer, noPrefix, wire);
    return outcome.path ? { path: outcome.path } : { path: null, refused: outcome.refused };
  }

  #wanted(
    member: CarriedMember,
    destination: CarriedDestination,
    session: Negotiated,
  ): readonly CarriedSaying[] {
    const { best } = destination;
    const { peer } = member;
    if (!session.addPathSend.has(this.key)) {
      const only = best && this.#saying(member, best, session);
      return only ? [{ ...only, holder: '' }] : [];
    }
    const usable = this.rib.usable(destination);
    const chosen = peer.options.addPathSend === 'all' ? usable : groupWinners(this.router.process, usable);
    return usable.flatMap((route) => {
      if (route !== best && !chosen.includes(route)) return [];
      return this.#saying(member, route, session) ?? [];
    });
  }

  #saying({ number, peer }: CarriedMember, route: CarriedRoute, session: Negotiated): CarriedSaying | null {
    const { path } = exportPath(this.router, peer, noPrefix, route);
    if (!path || this.constraint?.(number, path.extendedCommunities ?? []) === false) return null;
    const holder = `${route.peerNumber} ${route.pathId}`;
    const attributes = sayingOf(path, this.key, peer, session);
    return { holder, attributes, attached: route.attached, path };
  }
}

import { type FamilyName, familyNames } from '../base/family.ts';
import type { Path } from '../bgp/attributes.ts';
import { egressPath } from '../bgp/egress.ts';
import { type ExportOutcome, exportPath } from '../bgp/export.ts';
import { importPath } from '../bgp/import.ts';
import { defaultPrefix, localPath } from '../bgp/originate.ts';
import type { Peer } from '../bgp/peer.ts';
import { chainNeeds } from '../bgp/policy/analyse.ts';
import { AddPathOut, type WantedPath } from '../bgp/rib/add-path-out.ts';
import { AdjRibOut } from '../bgp/rib/adj-rib-out.ts';
import { groupWinners } from '../bgp/rib/decide.ts';
import { FamilyTable } from '../bgp/rib/family-table.ts';
import { ipv6Nlri } from '../bgp/rib/ipv6-nlri.ts';
import { Ipv4Index, KeyedIndex } from '../bgp/rib/prefix-index.ts';
import type { RibOut } from '../bgp/rib/rib-out.ts';
import type { Router } from '../bgp/router.ts';
import { type FamilyKey, IPV4_UNICAST, IPV6_UNICAST } from '../bgp/wire/negotiated.ts';

/** The families that have tables, by their number on the wire. */
export const tableFamilies: ReadonlyMap<FamilyKey, FamilyName> = new Map([
  [IPV4_UNICAST, 'ipv4-unicast'],
  [IPV6_UNICAST, 'ipv6-unicast'],
]);

/** How the router forwards: who asks is told whether a path can be used. */
export type Reach = (
  path: Path,
  peer: Peer | null,
) => { readonly invalid: string | null; readonly metric: number };

/** One peer in one family, while its session is up; `peer` is another one once its configuration changed. */
export interface TablePeer {
  readonly number: number;
  peer: Peer;
  readonly out: RibOut;
  /** It is told several paths of a destination (RFC 7911). */
  readonly addPath: boolean;
  /** Answers of export by path and where it came from. */
  readonly exports: Map<number, number>;
}

/** The tables of one family with its peers: drives the three phases of RFC 4271 section 9 over them. */
export class Tables {
  readonly family: FamilyName;
  readonly table: FamilyTable;
  router: Router;
  readonly #peers = new Map<number, TablePeer>();
  /** What changed since somebody looked, besides the peers: kernel routes, events. */
  readonly #watchers = new Set<(place: number) => void>();
  readonly #deciders = new Set<(place: number) => void>();

  constructor(family: FamilyName, router: Router, reach: Reach) {
    this.family = family;
    this.router = router;
    const index = family === 'ipv4-unicast' ? new Ipv4Index() : new KeyedIndex(ipv6Nlri);
    this.table = new FamilyTable(index, router.process, {
      imported: (number, place, wire) => this.#imported(number, place, wire),
      path: (id) => this.pathAt(id),
      peer: (number) => this.peerAt(number),
      reach,
      changed: (place) => {
        for (const { out } of this.#peers.values()) out.changed(place);
        for (const watcher of this.#watchers) watcher(place);
      },
      decided: (place) => {
        if (this.#everyPath.size > 0) this.#anyPathChanged(place);
        for (const watcher of this.#deciders) watcher(place);
      },
    });
  }

  /** Peers that hear of paths beside the best one. */
  readonly #everyPath = new Set<RibOut>();

  /** Peers whose session is down while their routes are still held (RFC 4724). */
  readonly #gone = new Map<number, Peer>();

  get peers(): Iterable<TablePeer> {
    return this.#peers.values();
  }

  pathAt(id: number): Path {
    const path = this.router.context.store.byId[id];
    if (!path) throw new Error(`no path ${id}`);
    return path;
  }

  watch(watcher: (place: number) => void): void {
    this.#watchers.add(watcher);
  }

  /** Is told of every decision, also of those after which the same path is best. */
  watchDecisions(watcher: (place: number) => void): void {
    this.#deciders.add(watcher);
  }

  /** The router's configuration is another one; `again` decides all destinations once more. */
  setRouter(router: Router, again: boolean): void {
    this.router = router;
    this.table.process = router.process;
    this.#forgetAnswers();
    if (again) this.table.decideAll();
  }

  /** The session is up: the peer is to be told of everything. `addPath`: of several paths for one destination. */
  join(number: number, peer: Peer, addPath = false): TablePeer {
    this.#forgetAnswers();
    const out: RibOut = addPath
      ? new AddPathOut(this.table, (place) => this.#exportedPaths(joined, place))
      : new AdjRibOut(this.table, (place, path, from) => this.#exported(joined, place, path, from));
    const joined: TablePeer = { number, peer, out, addPath, exports: new Map() };
    if (addPath) this.#everyPath.add(out);
    this.#peers.set(number, joined);
    this.#gone.delete(number);
    joined.out.all(true);
    this.#tellDefault(joined);
    return joined;
  }

  /** The configuration of a peer changed and its session goes on (RFC 2918 was made for this; what it sent is still here). */
  update(member: TablePeer, peer: Peer, again: { readonly in: boolean; readonly out: boolean }): void {
    member.peer = peer;
    this.#forgetAnswers();
    if (again.in) this.table.reimport(member.number);
    if (again.out) member.out.changedAll();
    if (again.out) this.#tellDefault(member);
  }

  /** Where the default route stands once some peer is told it whatever the table says (`default-originate`). */
  #defaultPlace = -1;

  #tellDefault({ peer, out }: TablePeer): void {
    if (!peer.options.defaultOriginate) return;
    this.#defaultPlace = this.table.index.add(defaultPrefix(this.family));
    out.changed(this.#defaultPlace);
  }

  /** `default-originate` without a route-map; with one it would wait for another route (see `config.ts`). */
  #ownDefault(peer: Peer): number {
    if (peer.options.defaultOriginate?.policy !== null) return 0;
    const path = localPath(this.router, { source: 'default', med: 0 });
    return egressPath({ router: this.router, peer, from: null, keepsNextHop: false }, path).id;
  }

  /** What was answered may be another now: a number stands for another peer, or a policy changed. */
  #forgetAnswers(): void {
    this.#imports.clear();
    for (const { exports } of this.#peers.values()) exports.clear();
  }

  /** The session is down. `keep`: its routes stay, stale, until `forget` (RFC 4724). */
  leave(number: number, keep: boolean): void {
    const left = this.#peers.get(number);
    if (!left) return;
    this.#imports.delete(number);
    if (keep) {
      this.#gone.set(number, left.peer);
      this.table.markStale(number);
    }
    this.#peers.delete(number);
    this.#everyPath.delete(left.out);
    if (!keep) this.forget(number);
  }

  forget(number: number): void {
    this.table.withdrawAll(number);
    this.#gone.delete(number);
  }

  /** Answers of import by path as received, where the policy does not look at the destination. */
  readonly #imports = new Map<number, Map<number, number>>();

  #imported(number: number, place: number, wire: number): number {
    const peer = this.#peers.get(number)?.peer ?? this.#gone.get(number);
    if (!peer) return 0;
    const byPrefix = chainNeeds(peer.options.importPolicy, this.router.context.notes).prefix;
    const known = this.#imports.get(number) ?? new Map<number, number>();
    const answer = byPrefix ? undefined : known.get(wire);
    if (answer !== undefined) return answer;
    const outcome = importPath(this.router, peer, this.table.index.prefixAt(place), this.pathAt(wire));
    const id = outcome.path?.id ?? 0;
    if (known.size >= MOST_ANSWERS) known.clear();
    this.#imports.set(number, known.set(wire, id));
    return id;
  }

  /** The paths of a destination for a peer that takes several: all that can be used, or the best of each neighbouring AS. */
  #exportedPaths(member: TablePeer, place: number): readonly WantedPath[] {
    const { peer } = member;
    if (place === this.#defaultPlace && peer.options.defaultOriginate)
      return [{ holder: 'default', wire: this.#ownDefault(peer) }];
    const usable = this.table.candidates(place).filter(({ invalid }) => invalid === null);
    const chosen = peer.options.addPathSend === 'all' ? usable : groupWinners(this.router.process, usable);
    return usable.flatMap((route) => {
      if (!route.selected && !chosen.includes(route)) return [];
      const wire = this.#exported(member, place, route.path.id, route.peerNumber);
      return wire === 0 ? [] : [{ holder: `${route.peerNumber} ${route.pathId}`, wire }];
    });
  }

  #exported({ peer, exports }: TablePeer, place: number, path: number, from: number): number {
    if (place === this.#defaultPlace && peer.options.defaultOriginate) return this.#ownDefault(peer);
    if (path === 0) return 0;
    const byPrefix = chainNeeds(peer.options.exportPolicy, this.router.context.notes).prefix;
    const key = path * MOST_PEERS + from;
    const answer = byPrefix ? undefined : exports.get(key);
    if (answer !== undefined) return answer;
    const id = this.exportOf(peer, place, path, from).path?.id ?? 0;
    if (exports.size >= MOST_ANSWERS) exports.clear();
    exports.set(key, id);
    return id;
  }

  #anyPathChanged(place: number): void {
    for (const out of this.#everyPath) out.changed(place);
    for (const watcher of this.#watchers) watcher(place);
  }

  /** What a peer is told of a path, or why nothing. */
  exportOf(peer: Peer, place: number, path: number, from: number): ExportOutcome {
    const best = {
      path: this.pathAt(path),
      peer: this.peerAt(from),
      invalid: null,
      igpMetric: 0,
      selected: true,
      arrival: 0,
    };
    return exportPath(this.router, peer, this.table.index.prefixAt(place), best);
  }

  /** By number; null: this router, or nobody any more. */
  peerAt(number: number): Peer | null {
    return this.#peers.get(number)?.peer ?? this.#gone.get(number) ?? null;
  }
}

/** Attribute sets come in runs: few answers serve most questions. */
const MOST_ANSWERS = 4096;
const MOST_PEERS = 65536;

export function createTables(router: Router, reach: Reach): ReadonlyMap<FamilyName, Tables> {
  return new Map(familyNames.map((family) => [family, new Tables(family, router, reach)]));
}

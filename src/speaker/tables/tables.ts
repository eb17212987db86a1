import { type FamilyName, familyNames } from '../../base/family.ts';
import type { Path } from '../../bgp/attributes.ts';
import type { ExportOutcome } from '../../bgp/export.ts';
import { defaultPrefix } from '../../bgp/originate.ts';
import type { Peer } from '../../bgp/peer.ts';
import { AddPathOut } from '../../bgp/rib/add-path-out.ts';
import { AdjRibOut } from '../../bgp/rib/adj-rib-out.ts';
import { FamilyTable } from '../../bgp/rib/family-table.ts';
import { ipv6Nlri } from '../../bgp/rib/ipv6-nlri.ts';
import { Ipv4Index, KeyedIndex } from '../../bgp/rib/prefix-index.ts';
import type { RibOut } from '../../bgp/rib/rib-out.ts';
import type { Router } from '../../bgp/router.ts';
import { type FamilyKey, IPV4_UNICAST, IPV6_UNICAST } from '../../bgp/wire/negotiated.ts';
import { fact } from '../shelf/facts.ts';
import { PathShelf } from '../shelf/path-shelf.ts';
import { Exports } from './exports.ts';
import { Imports } from './imports.ts';
import { PlacePrefix } from './place-prefix.ts';
import type { TableFacts } from './table-facts.ts';
import type { TablePeer } from './table-peer.ts';

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

/** Puts off what need not be done at once. */
export type Later = (run: () => void) => void;

/** The tables of one family with its peers: drives the three phases of RFC 4271 section 9 over them. */
export class Tables implements TableFacts {
  readonly family: FamilyName;
  readonly table: FamilyTable;
  /** The paths that the table and the peers hold, by number. */
  readonly shelf: PathShelf;
  router: Router;
  readonly #later: Later;
  readonly #imports = new Imports(this);
  readonly #exports = new Exports(this);
  readonly #peers = new Map<number, TablePeer>();
  /** Those of all peers, as a list: it is walked for every change. */
  #outs: readonly RibOut[] = [];
  /** What changed since somebody looked, besides the peers: kernel routes, events. */
  readonly #watchers: ((place: number) => void)[] = [];
  readonly #deciders: ((place: number) => void)[] = [];

  /** `reach` null: every path can be used; `later` has its turn after others had theirs. */
  constructor(family: FamilyName, router: Router, reach: Reach | null, later: Later) {
    this.family = family;
    this.router = router;
    this.#later = later;
    this.shelf = new PathShelf(router.context.store);
    const index = family === 'ipv4-unicast' ? new Ipv4Index() : new KeyedIndex(ipv6Nlri);
    this.table = new FamilyTable(index, router.process, {
      imported: (number, place, wire) => this.#imports.imported(number, place, wire),
      path: (id) => this.shelf.path(id),
      glance: (id, slot) => this.shelf.glance(id, slot),
      hasMed: (id) => this.shelf.facts.has(id, fact.med),
      neighborAs: (id) => this.shelf.facts.neighborAs(id),
      hold: (id) => this.shelf.hold(id),
      drop: (id) => this.shelf.drop(id),
      peer: (number) => this.peerAt(number),
      reach,
      changed: (place) => this.#changed(place),
      decided: (place) => {
        if (this.#everyPath.size > 0) this.#anyPathChanged(place);
        for (const watcher of this.#deciders) watcher(place);
      },
      gone: () => this.#removeLater(),
    });
  }

  /** By place in the lists: an iterator for each change of a table is work for the collector. */
  #changed(place: number): void {
    for (let i = 0; i < this.#outs.length; i++) this.#outs[i]?.changed(place);
    for (let i = 0; i < this.#watchers.length; i++) this.#watchers[i]?.(place);
  }

  /** Peers that hear of paths beside the best one. */
  readonly #everyPath = new Set<RibOut>();

  /** Peers whose session is down while their routes are still held (RFC 4724). */
  readonly #gone = new Map<number, Peer>();

  get peers(): Iterable<TablePeer> {
    return this.#peers.values();
  }

  pathAt(id: number): Path {
    return this.shelf.path(id);
  }

  /** To be called when something was dealt with to its end: paths that nobody holds any more go, once there are enough of them. */
  settle(): void {
    if (this.shelf.sweep()) this.#forgetAnswers();
    this.table.releasePlaces((place) => place === this.#exports.defaultPlace || this.#isTold(place));
  }

  #isTold(place: number): boolean {
    for (const { out } of this.#peers.values()) if (out.sentOf(place).length > 0) return true;
    return false;
  }

  #removes = false;
  /** Of sessions that ended: they still hold what they were told. */
  readonly #closing: RibOut[] = [];

  /** What a session that ended leaves behind goes a slice at a time, so that nobody waits for a million decisions. */
  #removeLater(): void {
    if (this.#removes) return;
    this.#removes = true;
    this.#later(() => {
      this.#removes = false;
      const removes = this.table.removeGone();
      const [closing] = this.#closing;
      if (closing && !closing.close(CLOSED_AT_ONCE)) this.#closing.shift();
      this.settle();
      if (removes || this.#closing.length > 0 || this.shelf.isSweepDue) this.#removeLater();
    });
  }

  watch(watcher: (place: number) => void): void {
    this.#watchers.push(watcher);
  }

  /** Is told of every decision, also of those after which the same path is best. */
  watchDecisions(watcher: (place: number) => void): void {
    this.#deciders.push(watcher);
  }

  /** The router's configuration is another one; `again` decides all destinations once more. */
  setRouter(router: Router, again: boolean): void {
    this.router = router;
    this.table.process = router.process;
    this.#forgetAnswers();
    for (const member of this.#peers.values()) this.#exports.viewAgain(member, member.peer);
    if (again) this.table.decideAll();
  }

  /** The session is up: the peer is to be told of everything. `addPath`: of several paths for one destination. */
  join(number: number, peer: Peer, addPath = false): TablePeer {
    this.#forgetAnswers();
    const out: RibOut = addPath
      ? new AddPathOut(this.table, this.shelf, (place) =>
          this.#exports.exportedPaths(joined, place, this.table.candidates(place)),
        )
      : new AdjRibOut(this.table, this.shelf, (place, path, from) =>
          this.#exports.exported(joined, place, path, from),
        );
    const joined: TablePeer = { number, peer, out, addPath, neverToldOwn: false, answers: null };
    this.#exports.viewAgain(joined, peer);
    if (addPath) this.#everyPath.add(out);
    this.#setPeers(() => this.#peers.set(number, joined));
    this.#gone.delete(number);
    joined.out.all(true);
    this.#tellDefault(joined);
    return joined;
  }

  #setPeers(change: () => void): void {
    change();
    this.#outs = [...this.#peers.values()].map(({ out }) => out);
  }

  /** The configuration of a peer changed and its session goes on (RFC 2918 was made for this; what it sent is still here). */
  update(member: TablePeer, peer: Peer, again: { readonly in: boolean; readonly out: boolean }): void {
    this.#forgetAnswers();
    this.#exports.viewAgain(member, peer);
    if (again.in) this.table.reimport(member.number);
    if (again.out) member.out.changedAll();
    if (again.out) this.#tellDefault(member);
  }

  #tellDefault({ peer, out }: TablePeer): void {
    if (!peer.options.defaultOriginate) return;
    const place = this.table.index.add(defaultPrefix(this.family));
    this.#exports.defaultPlace = place;
    out.changed(place);
  }

  /** What was answered may be another now: a number stands for another peer or path, or a policy changed. */
  #forgetAnswers(): void {
    this.#imports.forget();
    this.#exports.forget();
  }

  /** The session is down. `keep`: its routes stay, stale, until `forget` (RFC 4724). */
  leave(number: number, keep: boolean): void {
    const left = this.#peers.get(number);
    if (!left) return;
    this.#forgetAnswers();
    if (keep) {
      this.#gone.set(number, left.peer);
      this.table.markStale(number);
    }
    this.#setPeers(() => this.#peers.delete(number));
    this.#everyPath.delete(left.out);
    this.#closing.push(left.out);
    this.#removeLater();
    this.#exports.forgetGroups(this.peers);
    if (!keep) this.forget(number);
  }

  forget(number: number): void {
    this.table.withdrawAll(number);
    this.#gone.delete(number);
  }

  prefixAt(place: number): PlacePrefix {
    return new PlacePrefix(this.table.index, place);
  }

  #anyPathChanged(place: number): void {
    for (const out of this.#everyPath) out.changed(place);
    for (const watcher of this.#watchers) watcher(place);
  }

  /** What a peer is told of a path, or why nothing. */
  exportOf(peer: Peer, place: number, path: number, from: number): ExportOutcome {
    return this.#exports.outcome(peer, place, this.shelf.path(path), from);
  }

  /** By number; null: this router, or nobody any more. */
  peerAt(number: number): Peer | null {
    return this.#peers.get(number)?.peer ?? this.#gone.get(number) ?? null;
  }
}

/** Destinations that a session that ended lets go of in one turn of the event loop. */
const CLOSED_AT_ONCE = 16_384;

export function createTables(
  router: Router,
  reach: Reach | null,
  later: Later,
): ReadonlyMap<FamilyName, Tables> {
  return new Map(familyNames.map((family) => [family, new Tables(family, router, reach, later)]));
}

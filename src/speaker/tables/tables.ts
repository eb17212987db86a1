import { type FamilyName, familyNames } from '../../base/family.ts';
import type { Path } from '../../bgp/attributes.ts';
import { egressPath } from '../../bgp/egress.ts';
import { type ExportOutcome, exportPath } from '../../bgp/export.ts';
import { importPath } from '../../bgp/import.ts';
import { defaultPrefix, localPath } from '../../bgp/originate.ts';
import type { Peer } from '../../bgp/peer.ts';
import { chainNeeds } from '../../bgp/policy/analyse.ts';
import { AddPathOut, type WantedPath } from '../../bgp/rib/add-path-out.ts';
import { AdjRibOut } from '../../bgp/rib/adj-rib-out.ts';
import { groupWinners } from '../../bgp/rib/decide.ts';
import { FamilyTable, LOCAL } from '../../bgp/rib/family-table.ts';
import { ipv6Nlri } from '../../bgp/rib/ipv6-nlri.ts';
import { Ipv4Index, KeyedIndex } from '../../bgp/rib/prefix-index.ts';
import type { RibOut } from '../../bgp/rib/rib-out.ts';
import type { Router } from '../../bgp/router.ts';
import { isNeverToldOwn } from '../../bgp/suppression.ts';
import { type FamilyKey, IPV4_UNICAST, IPV6_UNICAST } from '../../bgp/wire/negotiated.ts';
import { Answers } from '../shelf/answers.ts';
import { fact } from '../shelf/facts.ts';
import { PathShelf } from '../shelf/path-shelf.ts';
import { exportGroup } from './export-group.ts';
import { PlacePrefix } from './place-prefix.ts';

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

/** One peer in one family, while its session is up; `peer` is another one once its configuration changed. */
export interface TablePeer {
  readonly number: number;
  peer: Peer;
  readonly out: RibOut;
  /** It is told several paths of a destination (RFC 7911). */
  readonly addPath: boolean;
  /** What it said itself is never told to it, whatever the path is. */
  neverToldOwn: boolean;
  /** What export answered to it and to those that are told the same; null: it hangs on the destination. */
  answers: Answers | null;
}

/** The tables of one family with its peers: drives the three phases of RFC 4271 section 9 over them. */
export class Tables {
  readonly family: FamilyName;
  readonly table: FamilyTable;
  /** The paths that the table and the peers hold, by number. */
  readonly shelf: PathShelf;
  router: Router;
  readonly #later: Later;
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
      imported: (number, place, wire) => this.#imported(number, place, wire),
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
    this.table.releasePlaces((place) => place === this.#defaultPlace || this.#isTold(place));
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
    for (const member of this.#peers.values()) this.#viewAgain(member, member.peer);
    if (again) this.table.decideAll();
  }

  /** The session is up: the peer is to be told of everything. `addPath`: of several paths for one destination. */
  join(number: number, peer: Peer, addPath = false): TablePeer {
    this.#forgetAnswers();
    const out: RibOut = addPath
      ? new AddPathOut(this.table, this.shelf, (place) => this.#exportedPaths(joined, place))
      : new AdjRibOut(this.table, this.shelf, (place, path, from) =>
          this.#exported(joined, place, path, from),
        );
    const joined: TablePeer = { number, peer, out, addPath, neverToldOwn: false, answers: null };
    this.#viewAgain(joined, peer);
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
    this.#viewAgain(member, peer);
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
    if (peer.options.defaultOriginate?.policy !== null || peer.ownNextHop === null) return 0;
    const path = localPath(this.router, { source: 'default', med: 0 });
    const egress = { router: this.router, peer, from: null, keepsNextHop: false };
    return this.shelf.keep(egressPath(egress, path));
  }

  /** What was answered may be another now: a number stands for another peer or path, or a policy changed. */
  #forgetAnswers(): void {
    this.#imports.clear();
    this.#lastWire = 0;
    for (const answers of this.#exports.values()) answers.clear();
  }

  /** Answers of export by group of peers. */
  readonly #exports = new Map<string, Answers>();

  /** What hangs on the configuration of a peer, and of the router. */
  #viewAgain(member: TablePeer, peer: Peer): void {
    member.peer = peer;
    member.neverToldOwn = isNeverToldOwn(this.router, peer);
    member.answers = this.#answersFor(peer);
  }

  #answersFor(peer: Peer): Answers | null {
    if (chainNeeds(peer.options.exportPolicy, this.router.context.notes).prefix) return null;
    const group = exportGroup(this.router, peer);
    const answers = this.#exports.get(group) ?? new Answers();
    this.#exports.set(group, answers);
    return answers;
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
    const used = new Set([...this.#peers.values()].map(({ answers }) => answers));
    for (const [group, answers] of this.#exports) if (!used.has(answers)) this.#exports.delete(group);
    if (!keep) this.forget(number);
  }

  forget(number: number): void {
    this.table.withdrawAll(number);
    this.#gone.delete(number);
  }

  /** Answers of import by path as received and by peer, where the policy does not look at the destination. */
  readonly #imports = new Answers();
  // The last of them once more: the destinations of an UPDATE come one after another.
  #lastWire = 0;
  #lastNumber = 0;
  #lastImport = 0;

  #imported(number: number, place: number, wire: number): number {
    if (wire === this.#lastWire && number === this.#lastNumber) return this.#lastImport;
    const peer = this.#peers.get(number)?.peer ?? this.#gone.get(number);
    if (!peer) return 0;
    const byPrefix = chainNeeds(peer.options.importPolicy, this.router.context.notes).prefix;
    let answer = byPrefix ? -1 : this.#imports.get(wire, number);
    if (answer < 0) {
      const received = this.shelf.path(wire);
      const { path } = importPath(this.router, peer, this.#prefixOf(place), received);
      answer = path === received ? wire : path === null ? 0 : this.shelf.keep(path);
    }
    if (byPrefix) return answer;
    this.#imports.set(wire, number, answer);
    this.#lastWire = wire;
    this.#lastNumber = number;
    this.#lastImport = answer;
    return answer;
  }

  #prefixOf(place: number): PlacePrefix {
    return new PlacePrefix(this.table.index, place);
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
      const wire = this.#exported(member, place, route.accepted, route.peerNumber);
      return wire === 0 ? [] : [{ holder: `${route.peerNumber} ${route.pathId}`, wire }];
    });
  }

  #exported(member: TablePeer, place: number, path: number, from: number): number {
    const { number, peer, answers } = member;
    if (place === this.#defaultPlace && peer.options.defaultOriginate) return this.#ownDefault(peer);
    if (path === 0 || (from === number && member.neverToldOwn)) return 0;
    // What it said itself, and what was made here, is told to it alone.
    const source = from === number ? OWN + number : from === LOCAL ? MADE_HERE + number : from;
    const known = answers?.get(path, source) ?? -1;
    if (known >= 0) return known;
    const best = this.shelf.path(path);
    const sent = this.#export(peer, place, best, from).path;
    const answer = sent === best ? path : sent === null ? 0 : this.shelf.keep(sent, false);
    answers?.set(path, source, answer);
    return answer;
  }

  #anyPathChanged(place: number): void {
    for (const out of this.#everyPath) out.changed(place);
    for (const watcher of this.#watchers) watcher(place);
  }

  /** What a peer is told of a path, or why nothing. */
  exportOf(peer: Peer, place: number, path: number, from: number): ExportOutcome {
    return this.#export(peer, place, this.shelf.path(path), from);
  }

  #export(peer: Peer, place: number, path: Path, from: number): ExportOutcome {
    const best = {
      path,
      peer: this.peerAt(from),
      invalid: null,
      igpMetric: 0,
      selected: true,
      arrival: 0,
    };
    const outcome = exportPath(this.router, peer, this.#prefixOf(place), best);
    if (outcome.path === null || outcome.path.nextHop !== null || peer.ownNextHop !== null) return outcome;
    return { path: null, suppressed: NO_NEXT_HOP, reason: outcome.reason };
  }

  /** By number; null: this router, or nobody any more. */
  peerAt(number: number): Peer | null {
    return this.#peers.get(number)?.peer ?? this.#gone.get(number) ?? null;
  }
}

/** IPv6 routes on a session over IPv4, and the host has no IPv6 address but of the link and of itself. */
const NO_NEXT_HOP = 'this end has no address of the family to be the next hop';

/** Destinations that a session that ended lets go of in one turn of the event loop. */
const CLOSED_AT_ONCE = 16_384;

/** Above the numbers of all peers. */
const OWN = 1 << 24;
const MADE_HERE = 1 << 25;

export function createTables(
  router: Router,
  reach: Reach | null,
  later: Later,
): ReadonlyMap<FamilyName, Tables> {
  return new Map(familyNames.map((family) => [family, new Tables(family, router, reach, later)]));
}

import { type FamilyName, familyNames } from '../base/family.ts';
import type { Path } from '../bgp/attributes.ts';
import { exportPath } from '../bgp/export.ts';
import { importPath } from '../bgp/import.ts';
import type { Peer } from '../bgp/peer.ts';
import { chainNeeds } from '../bgp/policy/analyse.ts';
import { AdjRibOut } from '../bgp/rib/adj-rib-out.ts';
import { FamilyTable } from '../bgp/rib/family-table.ts';
import { ipv6Nlri } from '../bgp/rib/ipv6-nlri.ts';
import { Ipv4Index, KeyedIndex } from '../bgp/rib/prefix-index.ts';
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

/** One peer in one family, while its session is up. */
export interface TablePeer {
  readonly number: number;
  readonly peer: Peer;
  readonly out: AdjRibOut;
}

/** The tables of one family with its peers: drives the three phases of RFC 4271 section 9 over them. */
export class Tables {
  readonly family: FamilyName;
  readonly table: FamilyTable;
  readonly router: Router;
  readonly #peers = new Map<number, TablePeer>();
  /** What changed since somebody looked, besides the peers: kernel routes, events. */
  readonly #watchers = new Set<(place: number) => void>();

  constructor(family: FamilyName, router: Router, reach: Reach) {
    this.family = family;
    this.router = router;
    const index = family === 'ipv4-unicast' ? new Ipv4Index() : new KeyedIndex(ipv6Nlri);
    this.table = new FamilyTable(index, router.process, {
      imported: (number, place, wire) => this.#imported(number, place, wire),
      path: (id) => this.pathAt(id),
      peer: (number) => this.#peers.get(number)?.peer ?? this.#gone.get(number) ?? null,
      reach,
      changed: (place) => {
        for (const { out } of this.#peers.values()) out.changed(place);
        for (const watcher of this.#watchers) watcher(place);
      },
    });
  }

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

  /** The session is up: the peer is to be told of everything. */
  join(number: number, peer: Peer): TablePeer {
    const exporter = this.#exporter(peer);
    const joined: TablePeer = { number, peer, out: new AdjRibOut(this.table, exporter) };
    this.#peers.set(number, joined);
    this.#gone.delete(number);
    joined.out.all(true);
    return joined;
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

  #exporter(peer: Peer): (place: number, path: number, from: number) => number {
    const byPrefix = chainNeeds(peer.options.exportPolicy, this.router.context.notes).prefix;
    const known = new Map<number, number>();
    return (place, path, from) => {
      const key = path * MOST_PEERS + from;
      const answer = byPrefix ? undefined : known.get(key);
      if (answer !== undefined) return answer;
      const best = {
        path: this.pathAt(path),
        peer: this.#peers.get(from)?.peer ?? this.#gone.get(from) ?? null,
        invalid: null,
        igpMetric: 0,
        selected: true,
        arrival: 0,
      };
      const outcome = exportPath(this.router, peer, this.table.index.prefixAt(place), best);
      const id = outcome.path?.id ?? 0;
      if (known.size >= MOST_ANSWERS) known.clear();
      known.set(key, id);
      return id;
    };
  }
}

/** Attribute sets come in runs: few answers serve most questions. */
const MOST_ANSWERS = 4096;
const MOST_PEERS = 65536;

export function createTables(router: Router, reach: Reach): ReadonlyMap<FamilyName, Tables> {
  return new Map(familyNames.map((family) => [family, new Tables(family, router, reach)]));
}

import { type CarriedFamily, type FamilyName, isCarried, type TableFamily } from '../../base/family.ts';
import type { CarriedRib } from '../../bgp/carried/carried-rib.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { FamilyTable } from '../../bgp/rib/family-table.ts';
import { type FamilyKey, familyText, type Negotiated } from '../../bgp/wire/negotiated.ts';
import { CarriedSide } from '../carried/carried-side.ts';
import type { TablePeer } from '../tables/table-peer.ts';
import { type Tables, tableFamilies } from '../tables/tables.ts';
import { type Excess, excessOf } from './maximum-prefix.ts';
import type { Again, NeighborHost } from './neighbor-host.ts';

/** The neighbor as the rules see it in a family; null where that is not configured. */
export interface PeerViews {
  readonly table: (family: FamilyName) => Peer | null;
  readonly carried: (family: CarriedFamily) => Peer | null;
}

/** What a neighbor has to do with the tables while its session is up, by family: those whose routes are forwarded by, and those whose routes are passed on. */
export class NeighborTables {
  readonly members = new Map<FamilyKey, TablePeer>();
  readonly carried: CarriedSide;
  readonly #number: number;
  readonly #host: NeighborHost;

  constructor(number: number, host: NeighborHost) {
    this.#number = number;
    this.#host = host;
    this.carried = new CarriedSide(number, host.carried);
  }

  get families(): readonly FamilyKey[] {
    return [...this.members.keys(), ...this.carried.members.keys()];
  }

  peer(family: FamilyKey): Peer | null {
    return (this.members.get(family) ?? this.carried.members.get(family))?.peer ?? null;
  }

  tablesOf(family: FamilyKey): Tables | null {
    const name = tableFamilies.get(family);
    return (name && this.#host.tables.get(name)) ?? null;
  }

  /** The session is up with what was agreed on. */
  join(session: Negotiated, views: PeerViews): void {
    for (const family of session.families) {
      const tables = this.tablesOf(family);
      const peer = tables && views.table(tables.family);
      if (tables && peer)
        this.members.set(family, tables.join(this.#number, peer, session.addPathSend.has(family)));
    }
    this.carried.up(session, views.carried);
  }

  /** The session is down; routes of the families in `kept` stay for a while. */
  leave(kept: ReadonlySet<FamilyKey>): void {
    for (const family of this.members.keys()) this.tablesOf(family)?.leave(this.#number, kept.has(family));
    this.members.clear();
    this.carried.down(kept);
  }

  /** Policies and options are asked again with what is held. */
  refresh(again: Again, views: PeerViews): void {
    for (const [family, member] of this.members) {
      const tables = this.tablesOf(family);
      const peer = tables && views.table(tables.family);
      if (tables && peer) tables.update(member, peer, again);
    }
    this.carried.refresh(again, views.carried);
  }

  /** The host has other addresses: who was told this end's own as the next hop hears everything again where that is another now. */
  lookAtAddresses(views: PeerViews): boolean {
    let changed = false;
    for (const [family, member] of this.members) {
      const tables = this.tablesOf(family);
      const peer = tables && views.table(tables.family);
      if (!tables || !peer || peer.ownNextHop?.text === member.peer.ownNextHop?.text) continue;
      tables.update(member, peer, { in: false, out: true });
      member.out.all(false);
      changed = true;
    }
    return changed;
  }

  markStale(family: FamilyKey): void {
    this.#rib(family)?.markStale(this.#number);
  }

  /** What was marked stale and not said again goes. */
  dropStale(family: FamilyKey): void {
    this.#rib(family)?.withdrawStale(this.#number);
  }

  /** All its routes of a family go. */
  forget(family: FamilyKey): void {
    (this.tablesOf(family) ?? this.carried.tables(family))?.forget(this.#number);
  }

  /** In the first family in which the peer said more than `maximum-prefix` allows; null: in none. */
  excess(countsReceived: boolean): Excess | null {
    return (
      this.#excessAmong(this.members, countsReceived) ??
      this.#excessAmong(this.carried.members, countsReceived)
    );
  }

  #excessAmong(
    members: ReadonlyMap<FamilyKey, { readonly peer: Peer }>,
    countsReceived: boolean,
  ): Excess | null {
    for (const [family, { peer }] of members) {
      // Asked after every UPDATE: nothing is made or counted where there is no limit.
      if (peer.options.maximumPrefix === null) continue;
      const counts = this.#rib(family)?.countOf(this.#number);
      const excess = counts && excessOf(family, peer, counts, countsReceived);
      if (excess) return excess;
    }
    return null;
  }

  #rib(family: FamilyKey): FamilyTable | CarriedRib | undefined {
    return this.tablesOf(family)?.table ?? this.carried.tables(family)?.rib;
  }
}

/** null: a family without a table. */
export function familyName(family: FamilyKey): TableFamily | null {
  const name = familyText(family);
  return isCarried(name) ? name : (tableFamilies.get(family) ?? null);
}

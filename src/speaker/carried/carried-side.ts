import type { CarriedFamily } from '../../base/family.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { FamilyKey, Negotiated } from '../../bgp/wire/negotiated.ts';
import type { CarriedMember, CarriedTables } from './carried-tables.ts';
import { writeCarriedBatch } from './carried-update.ts';

/** Destinations looked at before the event loop has its turn again. */
const SLICE = 1024;

/** What a neighbor has to do with the families that are passed on: its part of their tables while its session is up. */
export class CarriedSide {
  readonly members = new Map<FamilyKey, CarriedMember>();
  readonly #number: number;
  readonly #tables: ReadonlyMap<FamilyKey, CarriedTables>;

  constructor(number: number, tables: ReadonlyMap<FamilyKey, CarriedTables>) {
    this.#number = number;
    this.#tables = tables;
  }

  tables(family: FamilyKey): CarriedTables | null {
    return this.#tables.get(family) ?? null;
  }

  /** The session is up with what was agreed on; `peerIn`: the neighbor as the rules see it, null where the family is not configured. */
  up(session: Negotiated, peerIn: (family: CarriedFamily) => Peer | null): void {
    for (const key of session.families) {
      const tables = this.#tables.get(key);
      const peer = tables && peerIn(tables.family);
      if (tables && peer) this.members.set(key, tables.join(this.#number, peer, session));
    }
  }

  /** The session is down; routes of the families in `kept` stay for a while. */
  down(kept: ReadonlySet<FamilyKey>): void {
    for (const key of this.members.keys()) this.#tables.get(key)?.leave(this.#number, kept.has(key));
    this.members.clear();
  }

  /** Policies and options are asked again with what is held. */
  refresh(
    again: { readonly in: boolean; readonly out: boolean },
    peerIn: (family: CarriedFamily) => Peer | null,
  ): void {
    for (const [key, member] of this.members) {
      const tables = this.#tables.get(key);
      const peer = tables && peerIn(tables.family);
      if (tables && peer) tables.update(member, peer, again);
    }
  }

  /** RFC 2918: the peer wants everything of a family again; false: it is none of these. */
  again(family: FamilyKey): boolean {
    const member = this.members.get(family);
    if (member) this.#tables.get(family)?.again(member);
    return member !== undefined;
  }

  /** Tells the next of what waits in a family; how many destinations still wait. */
  tellNext(
    family: FamilyKey,
    session: Negotiated,
    write: (bytes: Uint8Array, messages: number) => void,
  ): number {
    const out = this.members.get(family)?.out;
    for (const batch of out?.take(SLICE) ?? []) writeCarriedBatch({ family, session, write }, batch);
    return out?.waiting ?? 0;
  }
}

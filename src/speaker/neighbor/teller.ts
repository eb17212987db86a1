import { type FamilyKey, IPV4_UNICAST } from '../../bgp/wire/negotiated.ts';
import type { CarriedSide } from '../carried/carried-side.ts';
import type { Environment } from '../environment.ts';
import type { Session } from '../session/session.ts';
import type { TablePeer } from '../tables/table-peer.ts';
import type { Tables } from '../tables/tables.ts';
import { tellNext } from '../tables/update-out.ts';

/** How many octets may wait in a socket before a peer that reads slowly is told no more for now. */
const MOST_BACKLOG = 256 * 1024;

/** Whom a teller speaks for. */
export interface TellerOwner {
  readonly environment: Environment;
  /** null: nobody is to be told anything now. */
  readonly listener: Session | null;
  readonly members: ReadonlyMap<FamilyKey, TablePeer>;
  readonly carried: CarriedSide;
  tablesOf(family: FamilyKey): Tables | null;
}

/** Tells one peer what waits for it: a slice at a time, no more than it reads, and says when all was said. */
export class Teller {
  readonly #owner: TellerOwner;
  #scheduled = false;
  readonly #ended = new Set<FamilyKey>();
  /** Families that the peer asked to hear again, until all of it was said (RFC 7313). */
  readonly #again = new Set<FamilyKey>();

  constructor(owner: TellerOwner) {
    this.#owner = owner;
  }

  /** A new session has heard nothing. */
  reset(): void {
    this.#ended.clear();
    this.#again.clear();
  }

  /** Something waits for the peer. */
  tell(): void {
    if (this.#scheduled || !this.#owner.listener) return;
    this.#scheduled = true;
    this.#owner.environment.after(0, () => {
      this.#scheduled = false;
      if (this.#slice()) this.tell();
    });
  }

  /** As much as one slice, without waiting for its turn. */
  tellNow(): void {
    if (this.#scheduled) this.#slice();
  }

  /** RFC 2918: the peer wants everything of a family again; with RFC 7313 it is told where that begins and ends. */
  again(family: FamilyKey): void {
    const { listener, members, carried } = this.#owner;
    const member = members.get(family);
    if (!listener || (!member && !carried.again(family))) return;
    if (listener.agreement?.enhancedRouteRefresh) {
      listener.send({ kind: 'route-refresh', family, subtype: 'begin' });
      this.#again.add(family);
    }
    member?.out.all(false);
    this.tell();
  }

  /** True where more can be told at once. */
  #slice(): boolean {
    const { listener, members, carried } = this.#owner;
    if (!listener) return false;
    let waiting = 0;
    const write = (bytes: Uint8Array, messages: number) => {
      listener.counters.updatesSent += messages;
      listener.write(bytes);
    };
    for (const [family, member] of members) {
      if ((listener.connection?.backlog ?? 0) > MOST_BACKLOG) return false;
      const tables = this.#owner.tablesOf(family);
      if (!tables) continue;
      const left = tellNext({ tables, member, family, session: listener.negotiated, write });
      waiting += left;
      if (left === 0) this.#allSaid(listener, family);
    }
    for (const family of carried.members.keys()) {
      if ((listener.connection?.backlog ?? 0) > MOST_BACKLOG) return false;
      const left = carried.tellNext(family, listener.negotiated, write);
      waiting += left;
      if (left === 0) this.#allSaid(listener, family);
    }
    return waiting > 0;
  }

  #allSaid(session: Session, family: FamilyKey): void {
    if (!this.#ended.has(family)) sendEndOfRib(session, family);
    this.#ended.add(family);
    if (this.#again.delete(family)) session.send({ kind: 'route-refresh', family, subtype: 'end' });
  }
}

/** RFC 4724 section 2: once, when the first of everything was said. */
function sendEndOfRib(session: Session, family: FamilyKey): void {
  const withdrawn = family === IPV4_UNICAST ? null : { family, nlri: [] };
  session.send({ kind: 'update', attributes: {}, announced: null, withdrawn, mpNextHop: [] });
}

import { type Fault, isFault, resetting } from '../../bgp/wire/fault.ts';
import type { Frame } from '../../bgp/wire/framing.ts';
import { decodeMessage } from '../../bgp/wire/message.ts';
import type { FamilyKey } from '../../bgp/wire/negotiated.ts';
import { ceaseError, errorCode, messageType } from '../../bgp/wire/registry.ts';
import { beforeOpen } from '../session/agreement.ts';
import type { Session } from '../session/session.ts';
import { takeUpdate } from '../tables/update-in.ts';
import type { Excess } from './maximum-prefix.ts';
import type { NeighborHost, NeighborNote } from './neighbor-host.ts';
import { familyName, type NeighborTables } from './neighbor-tables.ts';

/** Whom a hearer listens for. */
export interface HearerOwner {
  readonly number: number;
  note(note: NeighborNote): void;
  /** RFC 4724: the peer has said all it had of a family. */
  saidAll(family: FamilyKey): void;
  /** RFC 2918: it wants everything of a family again. */
  sayAgain(family: FamilyKey): void;
  /** It said more than `maximum-prefix` allows. */
  saidTooMuch(excess: Excess): void;
}

/** What one peer says while its session is up, into the tables. */
export class Hearer {
  /** Families of which the peer has said all it had since the session came up. */
  readonly heardAll = new Set<FamilyKey>();
  readonly #owner: HearerOwner;
  readonly #tables: NeighborTables;
  readonly #host: NeighborHost;
  /** One for all UPDATEs of all sessions. */
  readonly #intake;

  constructor(owner: HearerOwner, tables: NeighborTables, host: NeighborHost) {
    this.#owner = owner;
    this.#tables = tables;
    this.#host = host;
    this.#intake = {
      number: owner.number,
      session: beforeOpen,
      tables: (family: FamilyKey) => tables.tablesOf(family),
      carried: (family: FamilyKey) => tables.carried.tables(family),
      peer: (family: FamilyKey) => tables.peer(family),
      endOfRib: (family: FamilyKey) => this.#endOfRib(family),
      note: (fault: Fault) => owner.note({ kind: 'fault', fault }),
    };
  }

  /** One UPDATE or ROUTE-REFRESH; a fault ends the session. */
  hear(session: Session, frame: Frame): Fault | null {
    if (frame.type === messageType.routeRefresh) return this.#refresh(session, frame);
    this.#intake.session = session.negotiated;
    const fault = takeUpdate(this.#intake, frame.body);
    if (fault === null) this.#checkLimits();
    this.#host.updateTaken();
    return fault;
  }

  #checkLimits(): void {
    const { maximumPrefixCountsReceived: countsReceived = false } = this.#host.router.config.profile.quirks;
    const excess = this.#tables.excess(countsReceived);
    if (!excess) return;
    const fault = resetting(errorCode.cease, ceaseError.maximumPrefixes, excess.words);
    this.#owner.note({ kind: 'fault', fault });
    this.#owner.saidTooMuch(excess);
  }

  #endOfRib(family: FamilyKey): void {
    const name = familyName(family);
    if (!name) return;
    this.#owner.saidAll(family);
    this.heardAll.add(family);
    this.#owner.note({ kind: 'end-of-rib', family: name });
  }

  /** RFC 2918; RFC 7313 section 4: what stands between the marks is everything, and what was not in it is gone. */
  #refresh(session: Session, frame: Frame): Fault | null {
    const message = decodeMessage(frame, session.negotiated);
    if (isFault(message)) return message;
    if (message.kind !== 'route-refresh') return null;
    const { family, subtype } = message;
    if (this.#tables.peer(family) === null) return null;
    if (subtype === 'request') this.#owner.sayAgain(family);
    else if (subtype === 'begin') this.#tables.markStale(family);
    else if (subtype === 'end') this.#tables.dropStale(family);
    return null;
  }
}

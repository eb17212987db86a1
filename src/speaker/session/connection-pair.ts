import type { Asn } from '../../base/asn.ts';
import { collide } from '../../bgp/fsm/collision.ts';
import type { Open } from '../../bgp/wire/open.ts';
import { ceaseError, errorCode } from '../../bgp/wire/registry.ts';
import type { Connection, ConnectionEvents } from '../environment.ts';
import { restarts } from '../neighbor/kept-routes.ts';
import { Session } from './session.ts';
import type { SessionOwner } from './session-owner.ts';

/** How this end stands in a collision. */
interface OwnEnd {
  readonly identifier: number;
  readonly asn: Asn;
}

/** The sessions of one peer: the one this end drives, and beside it one for the other end's connection while both are open (RFC 4271 6.8). */
export class ConnectionPair {
  readonly #owner: SessionOwner;
  #main: Session;
  #second: Session | null = null;

  constructor(owner: SessionOwner) {
    this.#owner = owner;
    this.#main = new Session('outgoing', owner);
  }

  get main(): Session {
    return this.#main;
  }

  get second(): Session | null {
    return this.#second;
  }

  /** No connection. */
  get isQuiet(): boolean {
    const { state } = this.#main;
    return (state === 'Idle' || state === 'Active') && !this.#second;
  }

  start(): void {
    this.#main.handle(this.#owner.target === null ? 'manual-start-passive' : 'manual-start');
  }

  /** Ends both with these words for the other end. */
  stop(code: number, subcode: number, data: Uint8Array, words: string): void {
    for (const session of [this.#second, this.#main]) session?.stop(code, subcode, data, words);
    this.#second = null;
  }

  /** Lets go of both without a word. */
  abandon(): void {
    for (const session of [this.#second, this.#main]) session?.abandon();
    this.#second = null;
  }

  /** The peer opened a connection; null: it is not wanted now. */
  accept(connection: Connection): ConnectionEvents | null {
    if (this.#second) return null;
    const { state } = this.#main;
    if (state === 'Idle' && this.#main.retries > 0) return null;
    if (state === 'Idle') this.#main.handle('manual-start-passive');
    // In Connect the own call goes on beside this one: were it given up here and the other's there, both would be gone (RFC 4271 6.8 decides).
    if (this.#main.state === 'Active') return this.#main.accept(connection);
    this.#second = new Session('incoming', this.#owner);
    this.#second.handle('manual-start-passive');
    return this.#second.accept(connection);
  }

  /** RFC 4271 6.8; true: the connection the OPEN came on has to go. */
  collides(session: Session, open: Open, own: OwnEnd): boolean {
    const other = this.#beside(session);
    if (!other) return false;
    // RFC 4724 4.2: a peer that restarts calls before its end of the old connection is known to be gone.
    if (other.state === 'Established' && restarts(other)) {
      other.handle('tcp-fails');
      this.#replace(other, session);
      return false;
    }
    const theirs = { identifier: open.identifier, asn: open.asn };
    const stays = collide(other.state, session.direction, own, theirs);
    if (stays === 'present') return true;
    if (stays === 'opened') {
      other.handle('collision-dump');
      this.#replace(other, session);
    }
    return false;
  }

  #beside(session: Session): Session | null {
    return session === this.#main ? this.#second : this.#main;
  }

  /** Of two connections this one is left; the other does not begin again by itself. */
  #replace(other: Session, session: Session): void {
    this.#second = null;
    if (other === this.#main) this.#main = session;
    other.abandon();
  }

  /** A second connection that failed or lost a collision is over: only the main one is opened again. */
  beginsAgain(session: Session): boolean {
    if (session === this.#second) this.#second = null;
    return session === this.#main;
  }

  /** This one is established. */
  settle(session: Session): void {
    const other = this.#beside(session);
    this.#main = session;
    this.#second = null;
    // RFC 4271 6.8: a connection without an OPEN of its own so far has nothing to say any more.
    other?.stop(errorCode.cease, ceaseError.connectionCollision, new Uint8Array(0), '');
  }
}

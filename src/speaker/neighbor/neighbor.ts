import type { Asn } from '../../base/asn.ts';
import { defaults } from '../../bgp/fsm/timers.ts';
import type { PeerType } from '../../bgp/peer.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { Fault } from '../../bgp/wire/fault.ts';
import type { Frame } from '../../bgp/wire/framing.ts';
import type { FamilyKey } from '../../bgp/wire/negotiated.ts';
import { shutdownData } from '../../bgp/wire/notification.ts';
import type { Open } from '../../bgp/wire/open.ts';
import { ceaseError, errorCode } from '../../bgp/wire/registry.ts';
import type { CarriedSide } from '../carried/carried-side.ts';
import type { Connection, ConnectionEvents, Environment, Target } from '../environment.ts';
import type { Agreement } from '../session/agreement.ts';
import { ConnectionPair } from '../session/connection-pair.ts';
import { notificationWords } from '../session/notification-words.ts';
import { ourOpen } from '../session/our-open.ts';
import type { Session } from '../session/session.ts';
import type { DownReason, SessionNote, SessionOwner } from '../session/session-owner.ts';
import type { TablePeer } from '../tables/table-peer.ts';
import type { Tables } from '../tables/tables.ts';
import { localAsFor, peerType, targetOf, theirFault } from './both-ends.ts';
import { Hearer, type HearerOwner } from './hearer.ts';
import { keptFamilies, nobody, outlives } from './kept-routes.ts';
import type { Excess } from './maximum-prefix.ts';
import type { Again, NeighborHost, NeighborNote } from './neighbor-host.ts';
import { familyName, NeighborTables, type PeerViews } from './neighbor-tables.ts';
import { type StaleOwner, StaleRoutes } from './stale-routes.ts';
import { carriedPeer, tablePeer } from './table-peer.ts';
import { Teller, type TellerOwner } from './teller.ts';

/** One configured peer: at most two connections of which one stays, and its part of the tables while it is up. */
export class Neighbor implements SessionOwner, StaleOwner, TellerOwner, HearerOwner {
  readonly number: number;
  config: PeerConfig;
  /** Made by a listen range, for as long as the peer is there. */
  readonly dynamic: boolean;
  readonly environment: Environment;
  readonly largeHold = defaults.largeHold;
  readonly #host: NeighborHost;
  readonly #connections: ConnectionPair;
  #established: Session | null = null;
  readonly #tables: NeighborTables;
  readonly #teller: Teller;
  readonly #hearer: Hearer;
  /** False until it is started and after it was stopped: calls are turned away. */
  running = false;
  lastDown: DownReason | null = null;
  establishedAt: number | null = null;
  /** When the last session ended; null: it is up, or never was. */
  lostAt: number | null = null;
  /** How often a session came up and went again. */
  readonly flaps = { up: 0, down: 0 };
  /** Why it was stopped; null: it was not. */
  stopped: string | null = null;
  /** The last thing that went wrong, in words; null: nothing did since the session came up. */
  problem: string | null = null;
  readonly #stale: StaleRoutes;

  constructor(number: number, config: PeerConfig, host: NeighborHost, dynamic = false) {
    this.number = number;
    this.config = config;
    this.dynamic = dynamic;
    this.environment = host.environment;
    this.#host = host;
    this.#connections = new ConnectionPair(this);
    this.#stale = new StaleRoutes(this);
    this.#tables = new NeighborTables(number, host);
    this.#teller = new Teller(this);
    this.#hearer = new Hearer(this, this.#tables, host);
  }

  get name(): string {
    return this.config.address?.text ?? this.config.interface ?? '';
  }

  /** The session that counts: the one that is up, else the one this end drives. */
  get session(): Session {
    return this.#established ?? this.#connections.main;
  }

  get localAs(): Asn {
    return localAsFor(this.type, this.config, this.#host.router);
  }

  get type(): PeerType {
    return peerType(this.config, this.#host.router, this.#established?.peerOpen?.asn);
  }

  get connectRetry(): number {
    return this.config.timers.connectRetry || defaults.connectRetry;
  }

  get keepalive(): number {
    return this.config.timers.keepalive || Infinity;
  }

  get target(): Target | null {
    return targetOf(this.config, this.#host);
  }

  start(): void {
    if (this.config.shutdown) return;
    this.stopped = null;
    this.running = true;
    this.#connections.start();
  }

  /** RFC 9003: ends the session with words for the other end's operator. */
  stop(words: string, subcode: number = ceaseError.administrativeShutdown): void {
    const data = words === '' ? noData : shutdownData(words);
    this.#stopWith({ code: errorCode.cease, subcode, data, words });
  }

  #stopWith({ code, subcode, data, words }: Goodbye): void {
    this.running = false;
    this.stopped = words === '' ? 'shut down' : words;
    this.#connections.stop(code, subcode, data, words);
    this.#stale.forget();
  }

  /** Lets go of the connections without a word, so that the peer keeps our routes until we are back (RFC 4724). */
  leave(): void {
    this.running = false;
    this.#connections.abandon();
  }

  /** Ends the session and begins again (RFC 4486: reset, or what changed). */
  restart(words: string, subcode: number = ceaseError.administrativeReset): void {
    this.stop(words, subcode);
    this.start();
  }

  /** Takes over a configuration. `reset`: why the session has to begin anew, null: it goes on. */
  reconfigure(config: PeerConfig, reset: string | null, again: Again): void {
    this.config = config;
    if (reset !== null) {
      this.note({ kind: 'configured', words: reset });
      this.stop(reset, ceaseError.otherConfigurationChange);
      this.start();
      return;
    }
    this.refresh(again);
  }

  /** Soft reset: policies are asked again with what is held (RFC 2918 is not needed for that). */
  refresh(again: Again): void {
    const session = this.#established;
    if (!session?.agreement) return;
    this.#tables.refresh(again, this.#views(session));
    this.tell();
  }

  /** The host has other addresses than before. */
  lookAtAddresses(): void {
    const session = this.#established;
    if (session?.agreement && this.#tables.lookAtAddresses(this.#views(session))) this.tell();
  }

  /** RFC 2918: asks the peer for all it has; false: it never offered that. */
  askAgain(): boolean {
    const session = this.#established;
    if (!session?.agreement?.routeRefresh) return false;
    for (const family of this.#tables.families)
      session.send({ kind: 'route-refresh', family, subtype: 'request' });
    return true;
  }

  /** No connection, and no routes of an earlier one. */
  get isQuiet(): boolean {
    return this.#connections.isQuiet && !this.#stale.holds;
  }

  /** Up, with an End-of-RIB for each family; a peer without graceful restart promises none (RFC 4724 section 2). */
  get hasSaidAll(): boolean {
    const agreement = this.#established?.agreement;
    if (!agreement) return false;
    if (!agreement.theirs.capabilities.gracefulRestart) return true;
    return [...agreement.negotiated.families].every((family) => this.heardAll.has(family));
  }

  /** The tables it is part of now, by family. */
  get members(): ReadonlyMap<FamilyKey, TablePeer> {
    return this.#tables.members;
  }

  /** Its part of the families whose routes are passed on. */
  get carried(): CarriedSide {
    return this.#tables.carried;
  }

  tablesOf(family: FamilyKey): Tables | null {
    return this.#tables.tablesOf(family);
  }

  #views(session: Session): PeerViews {
    return {
      table: (family) => tablePeer(this, this.#host, session, family),
      carried: (family) => carriedPeer(this, session, family),
    };
  }

  get second(): Session | null {
    return this.#connections.second;
  }

  /** The peer opened a connection; null: it is not wanted now. */
  accept(connection: Connection): ConnectionEvents | null {
    return this.running ? this.#connections.accept(connection) : null;
  }

  open(): Open {
    const { router, graceful } = this.#host;
    return ourOpen(this.config, this.localAs, router.routerId, graceful);
  }

  openFault(open: Open): Fault | null {
    return theirFault(open, this.config, this.localAs, this.#host.router.routerId);
  }

  /** RFC 4271 6.8; true: the connection the OPEN came on has to go. */
  collides(session: Session, open: Open): boolean {
    return this.#connections.collides(session, open, {
      identifier: this.#host.router.routerId,
      asn: this.localAs,
    });
  }

  beginsAgain(session: Session): boolean {
    return this.#connections.beginsAgain(session) && this.running;
  }

  up(session: Session, agreement: Agreement): void {
    this.#connections.settle(session);
    this.#established = session;
    this.establishedAt = this.environment.now();
    this.lostAt = null;
    this.flaps.up++;
    this.problem = null;
    this.note({ kind: 'up' });
    this.#tables.join(agreement.negotiated, this.#views(session));
    const kept = agreement.theirs.capabilities.gracefulRestart?.families ?? [];
    const forwarding = kept.filter((one) => one.forwarding).map(({ family }) => family);
    this.#stale.back(new Set(this.#tables.families), new Set(forwarding));
    this.tell();
  }

  down(session: Session, reason: DownReason): void {
    this.lastDown = reason;
    if (session !== this.#established) return;
    this.#established = null;
    this.establishedAt = null;
    this.lostAt = this.environment.now();
    this.flaps.down++;
    this.#teller.reset();
    this.#hearer.heardAll.clear();
    const kept = outlives(session, reason) ? keptFamilies(session) : nobody;
    const seconds = session.agreement?.theirs.capabilities.gracefulRestart?.restartTime ?? 0;
    for (const family of this.#tables.families) if (kept.has(family)) this.#hold(family, seconds);
    this.#tables.leave(kept);
    this.note({ kind: 'down', reason });
    if (this.dynamic && !this.#stale.holds) this.#host.gone(this);
  }

  #hold(family: FamilyKey, seconds: number): void {
    const name = familyName(family);
    if (name) this.note({ kind: 'stale', family: name, seconds });
    this.#stale.hold(family, seconds);
  }

  allForgotten(): void {
    if (this.dynamic && !this.#established) this.#host.gone(this);
  }

  deliver(session: Session, frame: Frame): Fault | null {
    return this.#hearer.hear(session, frame);
  }

  get heardAll(): ReadonlySet<FamilyKey> {
    return this.#hearer.heardAll;
  }

  saidAll(family: FamilyKey): void {
    this.#stale.said(family);
  }

  sayAgain(family: FamilyKey): void {
    this.#teller.again(family);
  }

  /** RFC 4486: too many prefixes end the session, and it does not begin again by itself. */
  saidTooMuch(excess: Excess): void {
    this.#stopWith({ code: errorCode.cease, subcode: ceaseError.maximumPrefixes, ...excess });
  }

  drained(): void {
    this.tell();
  }

  log(_: Session, note: SessionNote): void {
    if (note.kind !== 'state')
      this.problem = notificationWords(this, note.kind, note.notification, note.words);
    else if (note.event === 'tcp-fails') this.problem = note.words;
    this.note(note);
  }

  note(note: NeighborNote): void {
    this.#host.log(this, note);
  }

  /** Something waits for the peer. */
  tell(): void {
    this.#teller.tell();
  }

  tellNow(): void {
    this.#teller.tellNow();
  }

  /** null: nobody listens, or nothing is said yet (RFC 4724 4.1). */
  get listener(): Session | null {
    return this.#host.defers ? null : this.#established;
  }

  dropStale(family: FamilyKey): void {
    this.#tables.dropStale(family);
  }

  forgetRoutes(family: FamilyKey): void {
    this.#tables.forget(family);
  }
}

interface Goodbye {
  readonly code: number;
  readonly subcode: number;
  readonly data: Uint8Array;
  readonly words: string;
}

const noData = new Uint8Array(0);

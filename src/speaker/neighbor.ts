import type { Asn } from '../base/asn.ts';
import { isCarried, type TableFamily } from '../base/family.ts';
import type { PeerConfig } from '../bgp/config.ts';
import { collide } from '../bgp/fsm/collision.ts';
import { defaults } from '../bgp/fsm/timers.ts';
import type { PeerType } from '../bgp/peer.ts';
import { type Fault, isFault, resetting } from '../bgp/wire/fault.ts';
import type { Frame } from '../bgp/wire/framing.ts';
import { decodeMessage } from '../bgp/wire/message.ts';
import { type FamilyKey, familyText } from '../bgp/wire/negotiated.ts';
import { shutdownData } from '../bgp/wire/notification.ts';
import type { Open } from '../bgp/wire/open.ts';
import { ceaseError, errorCode, messageType } from '../bgp/wire/registry.ts';
import { openFault } from '../bgp/wire/validate.ts';
import type { Agreement } from './agreement.ts';
import { CarriedSide } from './carried/carried-side.ts';
import type { Connection, ConnectionEvents, Environment, Target } from './environment.ts';
import { keptFamilies, nobody, outlives, restarts } from './kept-routes.ts';
import { excessOf } from './maximum-prefix.ts';
import type { Again, NeighborHost } from './neighbor-host.ts';
import { notificationWords } from './notification-words.ts';
import { ourOpen } from './our-open.ts';
import { type DownReason, Session, type SessionNote, type SessionOwner } from './session.ts';
import { type StaleOwner, StaleRoutes } from './stale-routes.ts';
import { carriedPeer, tablePeer } from './table-peer.ts';
import { type TablePeer, type Tables, tableFamilies } from './tables.ts';
import { Teller, type TellerOwner } from './teller.ts';
import { takeUpdate } from './update-in.ts';

/** One configured peer: at most two connections of which one stays, and its part of the tables while it is up. */
export class Neighbor implements SessionOwner, StaleOwner, TellerOwner {
  readonly number: number;
  config: PeerConfig;
  /** Made by a listen range, for as long as the peer is there. */
  readonly dynamic: boolean;
  readonly environment: Environment;
  readonly largeHold = defaults.largeHold;
  readonly #host: NeighborHost;
  /** The one this end drives; the other end's connection gets a second one while both are open (RFC 4271 6.8). */
  #main: Session;
  #second: Session | null = null;
  #established: Session | null = null;
  #members = new Map<FamilyKey, TablePeer>();
  /** Its part of the families whose routes are passed on. */
  readonly carried: CarriedSide;
  readonly #teller: Teller;
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
    this.#main = new Session('outgoing', this);
    this.#stale = new StaleRoutes(this);
    this.carried = new CarriedSide(number, host.carried);
    this.#teller = new Teller(this);
  }

  get name(): string {
    return this.config.address?.text ?? this.config.interface ?? '';
  }

  /** The session that counts: the one that is up, else the one this end drives. */
  get session(): Session {
    return this.#established ?? this.#main;
  }

  /** RFC 5065 section 3: inside a confederation the member AS, outside the confederation's. */
  get localAs(): Asn {
    const { bgp, publicAs } = this.#host.router;
    return this.config.localAs?.asn ?? (this.type === 'ebgp' ? publicAs : bgp.asn);
  }

  get type(): PeerType {
    const { bgp } = this.#host.router;
    const remote = this.#established?.peerOpen?.asn ?? this.config.remoteAs;
    if (remote === 'internal' || remote === (this.config.localAs?.asn ?? bgp.asn)) return 'ibgp';
    return typeof remote === 'number' && bgp.confederation?.members.includes(remote) ? 'confed' : 'ebgp';
  }

  get connectRetry(): number {
    return this.config.timers.connectRetry || defaults.connectRetry;
  }

  get keepalive(): number {
    return this.config.timers.keepalive || Infinity;
  }

  get target(): Target | null {
    const { address, interface: zone, passive, port, updateSource } = this.config;
    if (!address || passive) return null;
    const source =
      updateSource && 'interface' in updateSource
        ? this.#host.interfaceAddress(updateSource.interface, address.family)
        : updateSource;
    return { address, port: port || 179, source, zone };
  }

  start(): void {
    if (this.config.shutdown) return;
    this.stopped = null;
    this.running = true;
    this.#main.handle(this.target === null ? 'manual-start-passive' : 'manual-start');
  }

  /** RFC 9003: ends the session with words for the other end's operator. */
  stop(words: string, subcode: number = ceaseError.administrativeShutdown): void {
    const data = words === '' ? noData : shutdownData(words);
    this.#stopWith({ code: errorCode.cease, subcode, data, words });
  }

  #stopWith({ code, subcode, data, words }: Goodbye): void {
    this.running = false;
    this.stopped = words === '' ? 'shut down' : words;
    for (const session of [this.#second, this.#main]) session?.stop(code, subcode, data, words);
    this.#second = null;
    this.#stale.forget();
  }

  /** Lets go of the connections without a word, so that the peer keeps our routes until we are back (RFC 4724). */
  leave(): void {
    this.running = false;
    for (const session of [this.#second, this.#main]) session?.abandon();
    this.#second = null;
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
      this.#host.log(this, { kind: 'configured', words: reset });
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
    for (const [family, member] of this.#members) {
      const tables = this.tablesOf(family);
      const peer = tables && tablePeer(this, this.#host, session, tables.family);
      if (tables && peer) tables.update(member, peer, again);
    }
    this.carried.refresh(again, (family) => carriedPeer(this, session, family));
    this.tell();
  }

  /** RFC 2918: asks the peer for all it has; false: it never offered that. */
  askAgain(): boolean {
    const session = this.#established;
    if (!session?.agreement?.routeRefresh) return false;
    for (const family of [...this.#members.keys(), ...this.carried.members.keys()])
      session.send({ kind: 'route-refresh', family, subtype: 'request' });
    return true;
  }

  /** No connection, and no routes of an earlier one. */
  get isQuiet(): boolean {
    const { state } = this.#main;
    return (state === 'Idle' || state === 'Active') && !this.#second && !this.#stale.holds;
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
    return this.#members;
  }

  get second(): Session | null {
    return this.#second;
  }

  /** The peer opened a connection; null: it is not wanted now. */
  accept(connection: Connection): ConnectionEvents | null {
    if (!this.running || this.#second) return null;
    const { state } = this.#main;
    if (state === 'Idle' && this.#main.retries > 0) return null;
    if (state === 'Idle') this.#main.handle('manual-start-passive');
    // In Connect the own call goes on beside this one: were it given up here and the other's there, both would be gone (RFC 4271 6.8 decides).
    if (this.#main.state === 'Active') return this.#main.accept(connection);
    this.#second = new Session('incoming', this);
    this.#second.handle('manual-start-passive');
    return this.#second.accept(connection);
  }

  open(): Open {
    const { router, graceful } = this.#host;
    return ourOpen(this.config, this.localAs, router.routerId, graceful);
  }

  openFault(open: Open): Fault | null {
    const { remoteAs, localRole } = this.config;
    const role = localRole ? { name: localRole.role, strict: localRole.strict } : null;
    const { routerId } = this.#host.router;
    return openFault(open, { remoteAs, localAs: this.localAs, localIdentifier: routerId, role });
  }

  /** RFC 4271 6.8; true: the connection the OPEN came on has to go. */
  collides(session: Session, open: Open): boolean {
    const other = session === this.#main ? this.#second : this.#main;
    if (!other) return false;
    const local = { identifier: this.#host.router.routerId, asn: this.localAs };
    // RFC 4724 4.2: a peer that restarts calls before its end of the old connection is known to be gone.
    if (other.state === 'Established' && restarts(other)) {
      other.handle('tcp-fails');
      this.#replace(other, session);
      return false;
    }
    const stays = collide(other.state, session.direction, local, {
      identifier: open.identifier,
      asn: open.asn,
    });
    if (stays === 'present') return true;
    if (stays === 'opened') {
      other.handle('collision-dump');
      this.#replace(other, session);
    }
    return false;
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
    return this.running && session === this.#main;
  }

  up(session: Session, agreement: Agreement): void {
    const other = session === this.#main ? this.#second : this.#main;
    this.#main = session;
    this.#second = null;
    // RFC 4271 6.8: a connection without an OPEN of its own so far has nothing to say any more.
    other?.stop(errorCode.cease, ceaseError.connectionCollision, new Uint8Array(0), '');
    this.#established = session;
    this.establishedAt = this.environment.now();
    this.lostAt = null;
    this.flaps.up++;
    this.problem = null;
    this.#host.log(this, { kind: 'up' });
    const { families, addPathSend: sends } = agreement.negotiated;
    for (const family of families) {
      const tables = this.tablesOf(family);
      const peer = tables && tablePeer(this, this.#host, session, tables.family);
      if (tables && peer) this.#members.set(family, tables.join(this.number, peer, sends.has(family)));
    }
    this.carried.up(agreement.negotiated, (family) => carriedPeer(this, session, family));
    const kept = agreement.theirs.capabilities.gracefulRestart?.families ?? [];
    const forwarding = kept.filter((one) => one.forwarding).map(({ family }) => family);
    this.#stale.back(new Set([...this.#members.keys(), ...this.carried.members.keys()]), new Set(forwarding));
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
    this.heardAll.clear();
    const kept = outlives(session, reason) ? keptFamilies(session) : nobody;
    const seconds = session.agreement?.theirs.capabilities.gracefulRestart?.restartTime ?? 0;
    for (const family of this.#members.keys()) {
      this.tablesOf(family)?.leave(this.number, kept.has(family));
      if (kept.has(family)) this.#hold(family, seconds);
    }
    this.#members.clear();
    for (const family of this.carried.members.keys()) if (kept.has(family)) this.#hold(family, seconds);
    this.carried.down(kept);
    this.#host.log(this, { kind: 'down', reason });
    if (this.dynamic && !this.#stale.holds) this.#host.gone(this);
  }

  #hold(family: FamilyKey, seconds: number): void {
    const name = familyName(family);
    if (name) this.#host.log(this, { kind: 'stale', family: name, seconds });
    this.#stale.hold(family, seconds);
  }

  allForgotten(): void {
    if (this.dynamic && !this.#established) this.#host.gone(this);
  }

  deliver(session: Session, frame: Frame): Fault | null {
    if (frame.type === messageType.routeRefresh) return this.#refresh(session, frame);
    const fault = takeUpdate(
      {
        number: this.number,
        session: session.negotiated,
        tables: (family) => this.tablesOf(family),
        carried: (family) => this.carried.tables(family),
        peer: (family) => (this.#members.get(family) ?? this.carried.members.get(family))?.peer ?? null,
        endOfRib: (family) => this.#endOfRib(family),
        note: (fault) => this.#host.log(this, { kind: 'fault', fault }),
      },
      frame.body,
    );
    if (fault === null) this.#checkLimits();
    this.#host.updateTaken();
    return fault;
  }

  /** RFC 4486: too many prefixes end the session, and it does not begin again by itself. */
  #checkLimits(): void {
    const { maximumPrefixCountsReceived: countsReceived = false } = this.#host.router.config.profile.quirks;
    for (const [family, { peer }] of [...this.#members, ...this.carried.members]) {
      const table = this.tablesOf(family)?.table ?? this.carried.tables(family)?.rib;
      const excess = table && excessOf(family, peer, table.countOf(this.number), countsReceived);
      if (!excess) continue;
      const { words } = excess;
      this.#host.log(this, {
        kind: 'fault',
        fault: resetting(errorCode.cease, ceaseError.maximumPrefixes, words),
      });
      this.#stopWith({ code: errorCode.cease, subcode: ceaseError.maximumPrefixes, ...excess });
      return;
    }
  }

  drained(): void {
    this.tell();
  }

  log(_: Session, note: SessionNote): void {
    if (note.kind !== 'state')
      this.problem = notificationWords(this, note.kind, note.notification, note.words);
    else if (note.event === 'tcp-fails') this.problem = note.words;
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

  /** Families of which the peer has said all it had since the session came up. */
  readonly heardAll = new Set<FamilyKey>();

  #endOfRib(family: FamilyKey): void {
    const name = familyName(family);
    if (!name) return;
    this.#stale.said(family);
    this.heardAll.add(family);
    this.#host.log(this, { kind: 'end-of-rib', family: name });
  }

  /** RFC 2918; RFC 7313 section 4: what stands between the marks is everything, and what was not in it is gone. */
  #refresh(session: Session, frame: Frame): Fault | null {
    const message = decodeMessage(frame, session.negotiated);
    if (isFault(message)) return message;
    if (message.kind !== 'route-refresh') return null;
    const { family, subtype } = message;
    const table = this.#members.has(family) ? this.tablesOf(family)?.table : this.#carriedRib(family);
    if (subtype === 'request') this.#teller.again(family);
    else if (subtype === 'begin') table?.markStale(this.number);
    else if (subtype === 'end') table?.withdrawStale(this.number);
    return null;
  }

  #carriedRib(family: FamilyKey) {
    return this.carried.members.has(family) ? this.carried.tables(family)?.rib : undefined;
  }

  dropStale(family: FamilyKey): void {
    (this.tablesOf(family)?.table ?? this.carried.tables(family)?.rib)?.withdrawStale(this.number);
  }

  forgetRoutes(family: FamilyKey): void {
    (this.tablesOf(family) ?? this.carried.tables(family))?.forget(this.number);
  }

  tablesOf(family: FamilyKey): Tables | null {
    const name = tableFamilies.get(family);
    return (name && this.#host.tables.get(name)) ?? null;
  }
}

/** null: a family without a table. */
function familyName(family: FamilyKey): TableFamily | null {
  const name = familyText(family);
  return isCarried(name) ? name : (tableFamilies.get(family) ?? null);
}

interface Goodbye {
  readonly code: number;
  readonly subcode: number;
  readonly data: Uint8Array;
  readonly words: string;
}

const noData = new Uint8Array(0);

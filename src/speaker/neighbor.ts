import type { Asn } from '../base/asn.ts';
import { type FamilyName, familyNames } from '../base/family.ts';
import type { Address } from '../base/ip.ts';
import type { PeerConfig } from '../bgp/config.ts';
import { collide } from '../bgp/fsm/collision.ts';
import { defaults } from '../bgp/fsm/timers.ts';
import type { Peer, PeerType } from '../bgp/peer.ts';
import type { Router } from '../bgp/router.ts';
import type { Fault } from '../bgp/wire/fault.ts';
import type { Frame } from '../bgp/wire/framing.ts';
import { type FamilyKey, IPV4_UNICAST, IPV6_UNICAST } from '../bgp/wire/negotiated.ts';
import { shutdownData } from '../bgp/wire/notification.ts';
import type { Open } from '../bgp/wire/open.ts';
import { ceaseError, errorCode, messageType } from '../bgp/wire/registry.ts';
import { openFault } from '../bgp/wire/validate.ts';
import type { Agreement } from './agreement.ts';
import type { Connection, ConnectionEvents, Environment, Target } from './environment.ts';
import { type DownReason, Session, type SessionNote, type SessionOwner } from './session.ts';
import { type TablePeer, type Tables, tableFamilies } from './tables.ts';
import { takeUpdate } from './update-in.ts';
import { tellNext } from './update-out.ts';

/** What a neighbor shares with the others of its speaker. */
export interface NeighborHost {
  readonly environment: Environment;
  readonly router: Router;
  readonly tables: ReadonlyMap<FamilyName, Tables>;
  /** The own address of a family on the way to the peer, for next hops of the other family than the session's. */
  ownAddress(family: 4 | 6, session: Address | null): Address | null;
  log(neighbor: Neighbor, note: NeighborNote): void;
}

export type NeighborNote =
  | SessionNote
  | { readonly kind: 'up' }
  | { readonly kind: 'down'; readonly reason: DownReason }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'end-of-rib'; readonly family: FamilyName };

/** How many octets may wait in a socket before a peer that reads slowly is told no more for now. */
const MOST_BACKLOG = 256 * 1024;

const familyKeys: Readonly<Record<FamilyName, FamilyKey>> = {
  'ipv4-unicast': IPV4_UNICAST,
  'ipv6-unicast': IPV6_UNICAST,
};

/** One configured peer: at most two connections of which one stays, and its part of the tables while it is up. */
export class Neighbor implements SessionOwner {
  readonly number: number;
  readonly config: PeerConfig;
  readonly environment: Environment;
  readonly largeHold = defaults.largeHold;
  readonly #host: NeighborHost;
  /** The one this end drives; the other end's connection gets a second one while both are open (RFC 4271 6.8). */
  #main: Session;
  #second: Session | null = null;
  #established: Session | null = null;
  #members = new Map<FamilyKey, TablePeer>();
  #telling = false;
  /** False until it is started and after it was stopped: calls are turned away. */
  running = false;
  lastDown: DownReason | null = null;
  establishedAt: number | null = null;

  constructor(number: number, config: PeerConfig, host: NeighborHost) {
    this.number = number;
    this.config = config;
    this.environment = host.environment;
    this.#host = host;
    this.#main = new Session('outgoing', this);
  }

  get name(): string {
    return this.config.address?.text ?? this.config.interface ?? '';
  }

  /** The session that counts: the one that is up, else the one this end drives. */
  get session(): Session {
    return this.#established ?? this.#main;
  }

  get localAs(): Asn {
    return this.config.localAs?.asn ?? this.#host.router.publicAs;
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
    const source = updateSource && 'text' in updateSource ? updateSource : null;
    return { address, port: port || 179, source, zone };
  }

  start(): void {
    if (this.config.shutdown) return;
    this.running = true;
    this.#main.handle(this.target === null ? 'manual-start-passive' : 'manual-start');
  }

  /** RFC 9003: ends the session with words for the other end's operator. */
  stop(words: string, subcode: number = ceaseError.administrativeShutdown): void {
    const data = words === '' ? new Uint8Array(0) : shutdownData(words);
    this.running = false;
    for (const session of [this.#second, this.#main]) session?.stop(errorCode.cease, subcode, data, words);
    this.#second = null;
  }

  /** The peer opened a connection; null: it is not wanted now. */
  accept(connection: Connection): ConnectionEvents | null {
    if (!this.running || this.#second) return null;
    const { state } = this.#main;
    if (state === 'Idle' && this.#main.retries > 0) return null;
    if (state === 'Idle') this.#main.handle('manual-start-passive');
    if (this.#main.state === 'Connect' || this.#main.state === 'Active') return this.#main.accept(connection);
    this.#second = new Session('incoming', this);
    this.#second.handle('manual-start-passive');
    return this.#second.accept(connection);
  }

  open(): Open {
    const { router } = this.#host;
    const families = familyNames.filter((family) => this.config.families[family]);
    return {
      kind: 'open',
      asn: this.localAs,
      holdTime: this.config.timers.hold,
      identifier: this.config.routerId ? Number(this.config.routerId.value) : router.routerId,
      capabilities: {
        multiprotocol: families.map((family) => familyKeys[family]),
        routeRefresh: true,
        extendedMessage: true,
        fourOctetAs: this.localAs,
        enhancedRouteRefresh: true,
        gracefulRestart: { restarted: false, notification: false, restartTime: 120, families: [] },
        ...(this.config.localRole ? { role: this.config.localRole.role } : {}),
      },
    };
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
    const stays = collide(other.state, session.direction, local, {
      identifier: open.identifier,
      asn: open.asn,
    });
    if (stays === 'present') return true;
    if (stays === 'opened') {
      this.#second = null;
      if (other === this.#main) this.#main = session;
      other.handle('collision-dump');
    }
    return false;
  }

  up(session: Session, agreement: Agreement): void {
    const other = session === this.#main ? this.#second : this.#main;
    this.#main = session;
    this.#second = null;
    // RFC 4271 6.8: a connection without an OPEN of its own so far has nothing to say any more.
    other?.stop(errorCode.cease, ceaseError.connectionCollision, new Uint8Array(0), '');
    this.#established = session;
    this.establishedAt = this.environment.now();
    this.#host.log(this, { kind: 'up' });
    for (const family of agreement.negotiated.families) {
      const tables = this.#tables(family);
      const peer = tables && this.#peer(session, tables.family, agreement);
      if (tables && peer) this.#members.set(family, tables.join(this.number, peer));
    }
    this.tell();
  }

  down(session: Session, reason: DownReason): void {
    this.lastDown = reason;
    if (session !== this.#established) return;
    this.#established = null;
    this.establishedAt = null;
    this.#ended.clear();
    for (const family of this.#members.keys()) this.#tables(family)?.leave(this.number, false);
    this.#members.clear();
    this.#host.log(this, { kind: 'down', reason });
  }

  deliver(session: Session, frame: Frame): Fault | null {
    if (frame.type === messageType.routeRefresh) {
      this.#refresh(frame.body);
      return null;
    }
    return takeUpdate(
      {
        number: this.number,
        session: session.negotiated,
        tables: (family) => this.#tables(family),
        peer: (family) => this.#members.get(family)?.peer ?? null,
        endOfRib: (family) => this.#endOfRib(family),
        note: (fault) => this.#host.log(this, { kind: 'fault', fault }),
      },
      frame.body,
    );
  }

  drained(): void {
    this.tell();
  }

  log(_: Session, note: SessionNote): void {
    this.#host.log(this, note);
  }

  /** Something waits for the peer: tells it a slice at a time, and no more than it reads. */
  tell(): void {
    if (this.#telling || !this.#established) return;
    this.#telling = true;
    this.environment.after(0, () => {
      this.#telling = false;
      if (this.#tellSlice()) this.tell();
    });
  }

  /** True where more can be told at once. */
  #tellSlice(): boolean {
    const session = this.#established;
    if (!session) return false;
    let waiting = 0;
    for (const [family, member] of this.#members) {
      if ((session.connection?.backlog ?? 0) > MOST_BACKLOG) return false;
      const tables = this.#tables(family);
      if (!tables) continue;
      const left = tellNext({
        tables,
        member,
        family,
        session: session.negotiated,
        write: (bytes, messages) => {
          session.counters.updatesSent += messages;
          session.write(bytes);
        },
      });
      waiting += left;
      if (left === 0 && !this.#ended.has(family)) this.#sendEndOfRib(session, family);
    }
    return waiting > 0;
  }

  readonly #ended = new Set<FamilyKey>();

  /** RFC 4724 section 2: once, when the first of everything was said. */
  #sendEndOfRib(session: Session, family: FamilyKey): void {
    this.#ended.add(family);
    const nothing = { family, nlri: [] };
    const plain = family === IPV4_UNICAST;
    session.send({
      kind: 'update',
      attributes: {},
      announced: null,
      withdrawn: plain ? null : nothing,
      mpNextHop: [],
    });
  }

  #endOfRib(family: FamilyKey): void {
    const tables = this.#tables(family);
    if (!tables) return;
    tables.table.withdrawStale(this.number);
    this.#host.log(this, { kind: 'end-of-rib', family: tables.family });
  }

  /** RFC 2918: the peer wants everything of a family again. */
  #refresh(body: Uint8Array): void {
    const family = ((body[0] ?? 0) * 256 + (body[1] ?? 0)) * 256 + (body[3] ?? 0);
    this.#members.get(family)?.out.all(false);
    this.tell();
  }

  #tables(family: FamilyKey): Tables | null {
    const name = tableFamilies.get(family);
    return (name && this.#host.tables.get(name)) ?? null;
  }

  #peer(session: Session, family: FamilyName, { theirs }: Agreement): Peer | null {
    const options = this.config.families[family];
    const { local = null, remote = null } = session.connection ?? {};
    if (!options) return null;
    const wanted = family === 'ipv4-unicast' ? 4 : 6;
    return {
      config: this.config,
      family,
      options,
      type: this.type,
      remoteAs: theirs.asn,
      address: remote,
      localAddress: local,
      nextHop: remote?.family === wanted ? remote : null,
      ownNextHop: local?.family === wanted ? local : this.#host.ownAddress(wanted, local),
      routerId: theirs.identifier,
      interface: this.config.interface,
      sharedNetworks: [],
      name: this.name,
    };
  }
}

import type { Direction } from '../../bgp/fsm/collision.ts';
import type { Action, EventName, State } from '../../bgp/fsm/events.ts';
import { notificationFor, step } from '../../bgp/fsm/machine.ts';
import { idleHold, jittered, keepaliveInterval } from '../../bgp/fsm/timers.ts';
import { type Fault, isFault, resetting } from '../../bgp/wire/fault.ts';
import { type Frame, Framer } from '../../bgp/wire/framing.ts';
import { decodeMessage, encodeMessage, type Outgoing } from '../../bgp/wire/message.ts';
import type { Negotiated } from '../../bgp/wire/negotiated.ts';
import { hardReset, type Notification } from '../../bgp/wire/notification.ts';
import type { Open } from '../../bgp/wire/open.ts';
import { errorCode, messageType, openError } from '../../bgp/wire/registry.ts';
import type { Connection, ConnectionEvents } from '../environment.ts';
import { type Agreement, beforeOpen, negotiate } from './agreement.ts';
import type { DownReason, SessionOwner } from './session-owner.ts';
import { SessionTimers, type TimerName } from './session-timers.ts';

/** Seconds (RFC 9687 section 6: eight minutes, or twice the hold time where that is longer). */
const LEAST_SEND_HOLD = 480;

/** One connection and its state: does what the table of the session machine says. */
export class Session {
  state: State = 'Idle';
  readonly direction: Direction;
  agreement: Agreement | null = null;
  /** ConnectRetryCounter (RFC 4271 8). */
  retries = 0;
  readonly counters = { received: 0, sent: 0, updatesReceived: 0, updatesSent: 0 };
  readonly #owner: SessionOwner;
  readonly #timers: SessionTimers;
  #connection: Connection | null = null;
  #framer = new Framer();
  #sentOpen: Open | null = null;
  #receivedOpen: Open | null = null;
  #fault: Fault | null = null;
  #sent: Notification | null = null;
  #received: Notification | null = null;

  constructor(direction: Direction, owner: SessionOwner) {
    this.direction = direction;
    this.#owner = owner;
    this.#timers = new SessionTimers(owner.environment);
  }

  get connection(): Connection | null {
    return this.#connection;
  }

  get peerOpen(): Open | null {
    return this.#receivedOpen;
  }

  get negotiated(): Negotiated {
    return this.agreement?.negotiated ?? beforeOpen;
  }

  /** Brings an event (RFC 4271 8.1) and does what follows from it. */
  handle(event: EventName, fault: Fault | null = null): void {
    const from = this.state;
    const { next, actions } = step(from, event);
    this.#fault = fault;
    // The state counts from here on: what an action brings back must find the new one.
    this.state = next;
    if (next !== from)
      this.#owner.log(this, { kind: 'state', from, to: next, event, words: fault?.message ?? '' });
    for (const action of actions) this.#actions[action](from, event);
  }

  /** The connection that the other end began is this session's. */
  accept(connection: Connection): ConnectionEvents {
    this.#drop();
    this.#connection = connection;
    this.handle('tcp-confirmed');
    return this.#eventsOf(() => this.#connection === connection);
  }

  /** Ends the session with these words for the other end; it starts again only when asked to. */
  stop(code: number, subcode: number, data: Uint8Array, words: string): void {
    this.handle('manual-stop', { outcome: 'session-reset', code, subcode, data, message: words });
    // The machine ignores a stop in Idle; the penalty must not end in a new beginning all the same.
    this.#timers.stop('idle-hold');
  }

  /** Lets go of everything without a word and without a new beginning. */
  abandon(): void {
    this.#timers.stopAll();
    this.#drop();
    this.state = 'Idle';
  }

  send(message: Outgoing): void {
    this.write(encodeMessage(message, this.negotiated));
    if (message.kind === 'update') this.counters.updatesSent++;
  }

  /** Whole messages, encoded already. */
  write(bytes: Uint8Array): void {
    this.counters.sent++;
    this.#connection?.write(bytes);
    if ((this.#connection?.backlog ?? 0) > 0) this.#armSendHold();
  }

  /** RFC 9687: a peer that takes nothing for so long is gone, whatever it says itself. */
  #armSendHold(): void {
    if (this.#timers.runs('send-hold') || this.state !== 'Established') return;
    const seconds = Math.max(LEAST_SEND_HOLD, 2 * (this.agreement?.holdTime ?? 0));
    this.#timers.arm('send-hold', seconds, () => {
      const fault = resetting(errorCode.sendHoldTimerExpired, 0, `peer took nothing for ${seconds} s`);
      this.handle('hold-expires', fault);
    });
  }

  /** What each word of the table means here. */
  readonly #actions: Readonly<Record<Action, (from: State, event: EventName) => void>> = {
    connect: () => this.#connect(),
    close: () => this.#drop(),
    'send-open': () => this.#sendOpen(),
    'send-keepalive': () => this.send({ kind: 'keepalive' }),
    'send-notification': (from, event) => this.#sendNotification(from, event),
    negotiate: () => this.#negotiate(),
    'arm-connect-retry': () => {
      const { connectRetry, environment } = this.#owner;
      this.#arm('connect-retry', jittered(connectRetry, environment.random()), 'connect-retry-expires');
    },
    'stop-connect-retry': () => this.#timers.stop('connect-retry'),
    'arm-large-hold': () => this.#arm('hold', this.#owner.largeHold, 'hold-expires'),
    'arm-hold': () => this.#timers.heard(this.agreement?.holdTime ?? 0, () => this.handle('hold-expires')),
    'arm-keepalive': () => this.#armKeepalive(),
    'stop-timers': () => {
      this.#timers.stop('idle-hold');
      this.#timers.stop('send-hold');
      this.#timers.stop('hold');
      this.#timers.stop('keepalive');
    },
    'arm-idle-hold': () => {
      if (!this.#owner.beginsAgain(this)) return;
      // Who only listens does not begin to call after a failure.
      const event = this.#owner.target === null ? 'automatic-start-passive' : 'idle-hold-expires';
      this.#arm('idle-hold', idleHold(this.retries), event);
    },
    'count-retry': () => {
      this.retries++;
    },
    'clear-retries': () => {
      this.retries = 0;
    },
    'session-up': () => {
      if (this.agreement) this.#owner.up(this, this.agreement);
    },
    'session-down': (_, event) => this.#owner.down(this, this.#downReason(event)),
    // `#tables` hands the message over once the state has allowed it.
    deliver: () => undefined,
  };

  #downReason(event: EventName): DownReason {
    const words = this.#fault?.message ?? '';
    return { event, sent: this.#sent, received: this.#received, words };
  }

  #connect(): void {
    const { target, environment } = this.#owner;
    this.#drop();
    if (target === null) return;
    let mine: Connection | null = null;
    const connection = environment.connect(
      target,
      this.#eventsOf(() => mine !== null && this.#connection === mine),
    );
    mine = connection;
    this.#connection = connection;
  }

  /** Callbacks of a connection that may be another session's, or nobody's, by the time they come. */
  #eventsOf(isMine: () => boolean): ConnectionEvents {
    return {
      opened: () => {
        if (isMine()) this.handle('tcp-acked');
      },
      bytes: (piece) => {
        if (isMine()) this.#bytes(piece, isMine);
      },
      drained: () => {
        if (!isMine()) return;
        this.#timers.stop('send-hold');
        this.#owner.drained(this);
      },
      closed: (reason) => {
        if (!isMine()) return;
        this.#connection = null;
        this.handle('tcp-fails', {
          outcome: 'session-reset',
          code: 0,
          subcode: 0,
          data: new Uint8Array(0),
          message: reason,
        });
      },
    };
  }

  #drop(): void {
    const connection = this.#connection;
    this.#connection = null;
    this.#framer = new Framer();
    connection?.close();
    this.#receivedOpen = null;
  }

  #sendOpen(): void {
    if (!this.#connection) return;
    this.agreement = null;
    this.#sent = this.#received = null;
    this.#sentOpen = this.#owner.open();
    this.send({ ...this.#sentOpen, kind: 'open' });
  }

  #negotiate(): void {
    if (!this.#sentOpen || !this.#receivedOpen) return;
    this.agreement = negotiate(this.#sentOpen, this.#receivedOpen);
    this.#framer.maxLength = this.agreement.negotiated.maxLength;
  }

  #sendNotification(from: State, event: EventName): void {
    const fault = this.#fault && this.#fault.code !== 0 ? this.#fault : null;
    const codes = fault ?? notificationFor(from, event);
    const data = fault?.data ?? new Uint8Array(0);
    const said: Notification = { kind: 'notification', code: codes.code, subcode: codes.subcode, data };
    const notification = this.#isForGood(from, event) ? hardReset(said) : said;
    this.#sent = notification;
    this.send(notification);
    this.#owner.log(this, { kind: 'sent', notification, words: fault?.message ?? '' });
  }

  /** RFC 8538: what somebody wants to end must not be waited for at the other end, where it keeps something of ours. */
  #isForGood(from: State, event: EventName): boolean {
    const wanted = event === 'manual-stop' || event === 'automatic-stop';
    const { notificationRestart = false, ours } = this.agreement ?? {};
    const kept = ours?.capabilities.gracefulRestart?.families.length ?? 0;
    return wanted && from === 'Established' && notificationRestart && kept > 0;
  }

  #arm(name: TimerName, seconds: number, event: EventName): void {
    this.#timers.arm(name, seconds, () => this.handle(event));
  }

  #armKeepalive(): void {
    const seconds = keepaliveInterval(this.agreement?.holdTime ?? 0, this.#owner.keepalive);
    if (seconds === 0) this.#timers.stop('keepalive');
    else this.#arm('keepalive', jittered(seconds, this.#owner.environment.random()), 'keepalive-expires');
  }

  #bytes(piece: Uint8Array, isMine: () => boolean): void {
    const { frames, fault } = this.#framer.push(piece);
    for (const frame of frames) {
      this.counters.received++;
      this.#message(frame);
      if (!isMine()) return;
    }
    if (fault) this.handle('header-error', fault);
  }

  #message(frame: Frame): void {
    switch (frame.type) {
      case messageType.keepalive:
        this.handle('keepalive');
        break;
      case messageType.update:
      case messageType.routeRefresh:
        this.#tables(frame);
        break;
      default:
        this.#greeting(frame);
    }
  }

  #tables(frame: Frame): void {
    const event = frame.type === messageType.update ? 'update' : 'route-refresh';
    const established = this.state === 'Established';
    this.handle(event);
    if (!established) return;
    if (event === 'update') this.counters.updatesReceived++;
    const fault = this.#owner.deliver(this, frame);
    if (fault) this.handle('update-error', fault);
  }

  #greeting(frame: Frame): void {
    const message = decodeMessage(frame, this.negotiated);
    if (isFault(message)) this.handle('open-error', message);
    else if (message.kind === 'open') this.#openReceived(message);
    else if (message.kind === 'notification') this.#notified(message);
  }

  #openReceived(open: Open): void {
    const fault = this.state === 'OpenSent' ? this.#owner.openFault(open) : null;
    if (fault) {
      this.handle('open-error', fault);
      return;
    }
    if (this.state === 'OpenSent') this.#receivedOpen = open;
    const collides = this.state === 'OpenSent' && this.#owner.collides(this, open);
    this.handle(collides ? 'collision-dump' : 'open-received');
  }

  #notified(notification: Notification): void {
    this.#received = notification;
    this.#owner.log(this, { kind: 'received', notification, words: '' });
    const version =
      notification.code === errorCode.open && notification.subcode === openError.unsupportedVersion;
    this.handle(version ? 'version-notification' : 'notification');
  }
}

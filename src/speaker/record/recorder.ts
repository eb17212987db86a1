import type { Address } from '../../base/ip.ts';
import type { Connection, ConnectionEvents, Environment, Target, Timer } from '../environment.ts';
import type { Operation, Outcome } from '../operation/operation.ts';
import { drawing } from './chance.ts';
import { type Ends, FORMAT, FORMAT_VERSION, type RecordedLine, type RecordingHeader } from './format.ts';
import { base64 } from './octets.ts';

/** Where lines go, each with its line end. */
export interface RecordingSink {
  write(line: string): void;
  close(): void;
}

/**
 * An environment that writes down everything it hands to the speaker. Time stands still while the speaker works at one thing, so that a replay, which knows only when each
 * thing came, sees the same clock.
 */
export class Recorder implements Environment {
  readonly random: () => number;
  readonly #world: Environment;
  readonly #sink: RecordingSink;
  readonly #begin: number;
  #at = 0;
  #depth = 0;
  #began = false;
  #timers = 0;
  #connections = 0;

  constructor(
    world: Environment,
    sink: RecordingSink,
    header: Omit<RecordingHeader, 'format' | 'version' | 'seed'>,
  ) {
    this.#world = world;
    this.#sink = sink;
    this.#begin = world.now();
    const seed = Math.floor(world.random() * 2 ** 32);
    this.random = drawing(seed);
    const whole: RecordingHeader = { format: FORMAT, version: FORMAT_VERSION, ...header, seed };
    sink.write(`${JSON.stringify(whole)}\n`);
  }

  now(): number {
    return this.#depth > 0 || !this.#began ? this.#at : this.#clock();
  }

  after(milliseconds: number, run: () => void): Timer {
    const number = this.#timers++;
    return this.#world.after(milliseconds, () => this.#input([this.#clock(), 't', number], run));
  }

  connect(target: Target, events: ConnectionEvents): Connection {
    const number = this.#connections++;
    this.#line([this.#at, 'k', number, `${target.address.text} ${target.port}`]);
    const ends: KnownEnds = { local: null, remote: null };
    const connection: Connection = this.#world.connect(
      target,
      this.#events(number, events, () => {
        ends.local = connection.local;
        ends.remote = connection.remote;
        return endsOf(ends);
      }),
    );
    return this.#wrapped(connection, number, ends);
  }

  /** Somebody called; `take` says what becomes of it. */
  accept(
    connection: Connection,
    take: (recorded: Connection) => ConnectionEvents | null,
  ): ConnectionEvents | null {
    const number = this.#connections++;
    const ends: KnownEnds = { local: connection.local, remote: connection.remote };
    let events: ConnectionEvents | null = null;
    this.#input([this.#clock(), 'a', number, endsOf(ends)], () => {
      events = take(this.#wrapped(connection, number, ends));
    });
    return events && this.#events(number, events, () => endsOf(ends));
  }

  operation(operation: Operation, run: () => Outcome): Outcome {
    let outcome: Outcome = { ok: true };
    this.#input([this.#clock(), 'o', operation], () => {
      outcome = run();
    });
    return outcome;
  }

  close(): void {
    this.#sink.close();
  }

  #clock(): number {
    // Rounded as it is written: a replay must see the very same number.
    return Math.round((this.#world.now() - this.#begin) * 1000) / 1000;
  }

  #input(line: RecordedLine, run: () => void): void {
    this.#began = true;
    this.#at = line[0];
    this.#line(line);
    this.#depth++;
    try {
      run();
    } finally {
      this.#depth--;
    }
  }

  #line(line: RecordedLine): void {
    this.#sink.write(`${JSON.stringify(line)}\n`);
  }

  #events(number: number, events: ConnectionEvents, ends: () => Ends): ConnectionEvents {
    return {
      opened: () => this.#input([this.#clock(), 'c', number, ends()], () => events.opened()),
      bytes: (piece) => {
        const octets = piece.slice();
        this.#input([this.#clock(), 'r', number, base64(octets)], () => events.bytes(octets));
      },
      drained: () => this.#input([this.#clock(), 'd', number], () => events.drained()),
      closed: (reason) => this.#input([this.#clock(), 'e', number, reason], () => events.closed(reason)),
    };
  }

  #wrapped(connection: Connection, number: number, ends: KnownEnds): Connection {
    let looks = 0;
    let last = 0;
    const look = (): number => {
      const { backlog } = connection;
      looks++;
      if (backlog !== last) this.#line([this.#at, 'b', number, looks, backlog]);
      last = backlog;
      return backlog;
    };
    return {
      get local() {
        return ends.local;
      },
      get remote() {
        return ends.remote;
      },
      get backlog() {
        return look();
      },
      write: (bytes) => {
        this.#line([this.#at, 'w', number, base64(bytes)]);
        connection.write(bytes);
      },
      close: () => {
        this.#line([this.#at, 'x', number]);
        connection.close();
      },
    };
  }
}

/** As they were when the connection came about: a socket forgets them once it is closed. */
interface KnownEnds {
  local: Address | null;
  remote: Address | null;
}

function endsOf({ local, remote }: KnownEnds): Ends {
  return [local?.text ?? null, remote?.text ?? null];
}

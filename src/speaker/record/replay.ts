import { parseAddress } from '../../base/ip.ts';
import type { SpeakerConfig } from '../config.ts';
import type { Connection, ConnectionEvents, Environment, Timer } from '../environment.ts';
import { Monitor, type SpeakerEvent } from '../monitor/monitor.ts';
import { type ConfigReader, perform } from '../operation/perform.ts';
import { Speaker } from '../speaker.ts';
import { drawing } from './chance.ts';
import type { Ends, RecordedLine } from './format.ts';
import { base64, octetsOf } from './octets.ts';
import type { Recording } from './read.ts';

/** What a recording comes to when it runs again. */
export interface Replayed {
  readonly speaker: Speaker;
  readonly events: readonly SpeakerEvent[];
  /** Where the speaker did something else than it did then; null: nowhere. */
  readonly difference: string | null;
  /** Lines that were repeated. */
  readonly inputs: number;
}

/** Runs a recording again, without sockets and without waiting; `read` makes a configuration of files, as it did then. */
export function replay(recording: Recording, config: SpeakerConfig, read: ConfigReader): Replayed {
  const { header, lines } = recording;
  const world = new ReplayedWorld(lines, header.seed);
  const events: SpeakerEvent[] = [];
  const monitor = new Monitor(world, () => undefined);
  monitor.follow((event) => events.push(event));
  const speaker = new Speaker(config.config, config.bgp, {
    environment: world,
    host: header.host,
    graceful: header.graceful,
    followsNextHops: header.followsNextHops === true,
    log: (neighbor, note) => monitor.note(neighbor, note),
  });
  world.run(
    (line) => {
      if (line[1] === 'o') perform(speaker, line[2], read);
    },
    (connection) => speaker.accept(connection),
  );
  return { speaker, events, difference: world.difference, inputs: world.inputs };
}

/** An environment in which exactly that happens which was recorded. What the speaker does is held against what it did. */
class ReplayedWorld implements Environment {
  difference: string | null = null;
  inputs = 0;
  readonly random: () => number;
  readonly #lines: readonly RecordedLine[];
  readonly #timers = new Map<number, () => void>();
  readonly #connections: ReplayedConnection[] = [];
  readonly #looks = new Map<string, number>();
  #next = 0;
  #at = 0;
  #made = 0;

  constructor(lines: readonly RecordedLine[], seed: number) {
    this.#lines = lines;
    this.random = drawing(seed);
    for (const line of lines) if (line[1] === 'b') this.#looks.set(`${line[2]} ${line[3]}`, line[4]);
  }

  now(): number {
    return this.#at;
  }

  after(_: number, run: () => void): Timer {
    const number = this.#made++;
    this.#timers.set(number, run);
    return { cancel: () => this.#timers.delete(number) };
  }

  connect({ address, port }: Parameters<Environment['connect']>[0], events: ConnectionEvents): Connection {
    const connection = this.#connection(null, events);
    this.expect('k', connection.number, `${address.text} ${port}`);
    return connection;
  }

  /** Every line in its turn, until the end or the first difference. */
  run(
    operation: (line: RecordedLine) => void,
    accept: (connection: Connection) => ConnectionEvents | null,
  ): void {
    while (this.#next < this.#lines.length && this.difference === null) {
      const line = this.#lines[this.#next++];
      if (!line || line[1] === 'b') continue;
      this.#at = line[0];
      this.inputs++;
      if (line[1] === 'o') operation(line);
      else if (line[1] === 't') this.#ring(line[2]);
      else if (line[1] === 'a') {
        const connection = this.#connection(line[3], null);
        connection.events = accept(connection);
      } else if (line[1] === 'w' || line[1] === 'k' || line[1] === 'x')
        this.#differ(`then it ${verbs[line[1]]}, now it does not`);
      else this.#happen(line);
    }
  }

  look(number: number, look: number): number | null {
    return this.#looks.get(`${number} ${look}`) ?? null;
  }

  /** The speaker does something: the recording has to say the same next. */
  expect(kind: 'w' | 'k' | 'x', connection: number, what: string): void {
    if (this.difference !== null) return;
    while (this.#lines[this.#next]?.[1] === 'b') this.#next++;
    const line = this.#lines[this.#next];
    const told = line?.[1] === 'x' ? '' : line?.[3];
    if (line && line[1] === kind && line[2] === connection && told === what) this.#next++;
    else this.#differ(`now it ${verbs[kind]} on connection ${connection}, then it did something else`);
  }

  #connection(ends: Ends | null, events: ConnectionEvents | null): ReplayedConnection {
    const connection = new ReplayedConnection(this, this.#connections.length, ends, events);
    this.#connections.push(connection);
    return connection;
  }

  #ring(number: number): void {
    const run = this.#timers.get(number);
    this.#timers.delete(number);
    if (run) run();
    else this.#differ('a timer rang then that is not set now');
  }

  #happen(line: RecordedLine & { readonly 1: 'c' | 'r' | 'd' | 'e' }): void {
    const connection = this.#connections[line[2]];
    if (!connection) this.#differ('something came then on a connection that is not there now');
    else connection.happen(line);
  }

  #differ(words: string): void {
    this.difference ??= `line ${this.#next + 1}, ${this.#at} ms: ${words}`;
  }
}

const verbs = { w: 'wrote', k: 'called', x: 'closed' } as const;

class ReplayedConnection implements Connection {
  readonly number: number;
  events: ConnectionEvents | null;
  readonly #world: ReplayedWorld;
  #ends: Ends | null;
  #looks = 0;
  #backlog = 0;

  constructor(world: ReplayedWorld, number: number, ends: Ends | null, events: ConnectionEvents | null) {
    this.#world = world;
    this.number = number;
    this.#ends = ends;
    this.events = events;
  }

  get local() {
    return parseAddress(this.#ends?.[0] ?? '');
  }

  get remote() {
    return parseAddress(this.#ends?.[1] ?? '');
  }

  get backlog(): number {
    this.#looks++;
    this.#backlog = this.#world.look(this.number, this.#looks) ?? this.#backlog;
    return this.#backlog;
  }

  write(bytes: Uint8Array): void {
    this.#world.expect('w', this.number, base64(bytes));
  }

  close(): void {
    this.#world.expect('x', this.number, '');
  }

  happen(line: RecordedLine & { readonly 1: 'c' | 'r' | 'd' | 'e' }): void {
    if (line[1] === 'c') {
      this.#ends = line[3];
      this.events?.opened();
    } else if (line[1] === 'r') this.events?.bytes(octetsOf(line[3]));
    else if (line[1] === 'd') this.events?.drained();
    else this.events?.closed(line[3]);
  }
}

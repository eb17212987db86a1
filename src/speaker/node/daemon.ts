import type { Server } from 'node:net';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SpeakerConfig } from '../config.ts';
import type { Environment, Timer } from '../environment.ts';
import type { HostState } from '../host-state.ts';
import type { LogRecord } from '../log.ts';
import { Monitor } from '../monitor.ts';
import type { Operation, Outcome } from '../operation.ts';
import type { GracefulSettings } from '../our-open.ts';
import { type ConfigReader, perform } from '../perform.ts';
import type { Recorder } from '../record/recorder.ts';
import { Speaker } from '../speaker.ts';
import { readHostState } from './host.ts';
import { type ListenPlace, listenAt } from './listeners.ts';
import { connectionsClosed } from './tcp.ts';

export interface DaemonOptions {
  readonly name: string;
  readonly config: SpeakerConfig;
  readonly environment: Environment;
  readonly host: HostState;
  readonly graceful: GracefulSettings | null;
  readonly places: readonly ListenPlace[];
  readonly read: ConfigReader;
  /** null: nothing is recorded. */
  readonly recorder: Recorder | null;
  log(record: LogRecord): void;
}

/** How often the host is looked at, in milliseconds. */
const WATCH = 2000;

/** A speaker on the sockets of this host: everything that happens to it besides connections and timers goes through `perform`. */
export class Daemon {
  readonly speaker: Speaker;
  readonly monitor: Monitor;
  readonly options: DaemonOptions;
  #servers: readonly Server[] = [];
  #watch: Timer | null = null;
  #host: string;

  constructor(options: DaemonOptions) {
    this.options = options;
    const { config, environment, host, graceful } = options;
    this.monitor = new Monitor(environment, (record) => options.log(record));
    this.#host = JSON.stringify(host);
    this.speaker = new Speaker(config.config, config.bgp, {
      environment,
      host,
      graceful,
      log: (neighbor, note) => this.monitor.note(neighbor, note),
    });
  }

  /** Listens and starts; what keeps it from listening. */
  async start(): Promise<readonly Diagnostic[]> {
    const { places, recorder } = this.options;
    const { servers, diagnostics } = await listenAt(places, (connection) =>
      recorder
        ? recorder.accept(connection, (recorded) => this.speaker.accept(recorded))
        : this.speaker.accept(connection),
    );
    this.#servers = servers;
    if (diagnostics.length > 0) return diagnostics;
    this.perform({ kind: 'start' });
    this.#watchHost();
    return [];
  }

  perform(operation: Operation): Outcome {
    const { recorder, read } = this.options;
    const run = () => perform(this.speaker, operation, read);
    return recorder ? recorder.operation(operation, run) : run();
  }

  /** Takes no more calls, says goodbye, and waits for the last words to be taken. */
  async stop(message: string, graceful: boolean): Promise<void> {
    this.#watch?.cancel();
    for (const server of this.#servers) server.close();
    this.perform({ kind: 'stop', message, graceful });
    await connectionsClosed(MOST_GOODBYE);
    this.options.recorder?.close();
  }

  #watchHost(): void {
    const timer = setTimeout(() => {
      const state = readHostState();
      const text = JSON.stringify(state);
      if (text !== this.#host) {
        this.#host = text;
        this.perform({ kind: 'host', state });
      }
      this.#watchHost();
    }, WATCH);
    this.#watch = { cancel: () => clearTimeout(timer) };
  }
}

/** Milliseconds; the whole end takes less than two seconds. */
const MOST_GOODBYE = 1500;

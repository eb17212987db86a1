import type { Server } from 'node:net';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SpeakerConfig } from '../config.ts';
import type { Environment, Timer } from '../environment.ts';
import type { HostState } from '../host-state.ts';
import { KernelInstaller, type KernelTable } from '../kernel/installer.ts';
import type { KernelMark, StandingRoute } from '../kernel/ip-route.ts';
import type { LogRecord } from '../monitor/log.ts';
import { Monitor } from '../monitor/monitor.ts';
import type { Operation, Outcome } from '../operation/operation.ts';
import { type ConfigReader, perform } from '../operation/perform.ts';
import type { Recorder } from '../record/recorder.ts';
import type { GracefulSettings } from '../session/our-open.ts';
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
  /** null: no routes are installed, and every next hop counts as reachable. */
  readonly kernel: KernelOptions | null;
  log(record: LogRecord): void;
}

export interface KernelOptions {
  readonly table: KernelTable;
  readonly mark: KernelMark;
  /** What stands in the kernel from an earlier run. */
  readonly leftovers: readonly StandingRoute[];
}

/** How often the host is looked at, in milliseconds. */
const WATCH = 2000;
/** After how many looks routes that the kernel refused are tried again: soon at first, for an address may still be on its way. */
const RETRY = [1, 2, 4, 8];
const RETRY_AT_LAST = 15;

/** A speaker on the sockets of this host: everything that happens to it besides connections and timers goes through `perform`. */
export class Daemon {
  readonly speaker: Speaker;
  readonly monitor: Monitor;
  readonly options: DaemonOptions;
  #servers: readonly Server[] = [];
  #watch: Timer | null = null;
  #host: string;
  /** Since the kernel refused something. */
  #refusedFor = 0;
  readonly #kernel: KernelInstaller | null;

  constructor(options: DaemonOptions) {
    this.options = options;
    const { config, environment, host, graceful, kernel } = options;
    this.monitor = new Monitor(environment, (record) => options.log(record));
    this.#host = JSON.stringify(host);
    this.speaker = new Speaker(config.config, config.bgp, {
      environment,
      host,
      graceful,
      followsNextHops: kernel !== null,
      log: (neighbor, note) => {
        this.monitor.note(neighbor, note);
        // Leftovers of the run before have waited for this.
        if (note.kind === 'released') this.#kernel?.recheck();
      },
    });
    this.#kernel = kernel && new KernelInstaller(this.speaker, kernel.table, kernel.mark, this.monitor);
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
    this.#kernel?.start(this.options.kernel?.leftovers ?? []);
    this.perform({ kind: 'start' });
    this.#watchHost();
    return [];
  }

  perform(operation: Operation): Outcome {
    const { recorder, read } = this.options;
    const run = () => perform(this.speaker, operation, read);
    const outcome = recorder ? recorder.operation(operation, run) : run();
    // What may go into the kernel can be another now, without any decision being so.
    if (operation.kind === 'reload' || operation.kind === 'host') this.#kernel?.recheck();
    return outcome;
  }

  /** Takes no more calls, says goodbye, and waits for the last words to be taken. */
  async stop(message: string, graceful: boolean): Promise<void> {
    this.#watch?.cancel();
    for (const server of this.#servers) server.close();
    const removed = this.#kernel?.end(graceful);
    this.perform({ kind: 'stop', message, graceful });
    await Promise.all([connectionsClosed(MOST_GOODBYE), removed]);
    this.options.recorder?.close();
  }

  #lookAtHost(): void {
    const kernel = this.#kernel;
    let own = 0;
    const state = readHostState((prefix, metric) => {
      const ours = kernel?.owns(prefix, metric) ?? false;
      if (ours) own++;
      return ours;
    });
    const text = JSON.stringify(state);
    if (text !== this.#host) {
      this.#host = text;
      this.perform({ kind: 'host', state });
    } else if (kernel && (kernel.isMissing(own) || this.#triesAgain(kernel))) kernel.recheck();
  }

  #triesAgain({ hasFailed }: KernelInstaller): boolean {
    this.#refusedFor = hasFailed ? this.#refusedFor + 1 : 0;
    return RETRY.includes(this.#refusedFor) || (hasFailed && this.#refusedFor % RETRY_AT_LAST === 0);
  }

  #watchHost(wait = WATCH): void {
    const timer = setTimeout(() => {
      const before = process.cpuUsage();
      this.#lookAtHost();
      const { user, system } = process.cpuUsage(before);
      this.#watchHost(Math.max(WATCH, ((user + system) / 1000) * MOST_LOOKING));
    }, wait);
    this.#watch = { cancel: () => clearTimeout(timer) };
  }
}

/** A host with many routes takes long to look at: no more than a fiftieth of the time goes into it. By CPU: what other processes take must not make this one slow to see. */
const MOST_LOOKING = 50;
/** Milliseconds; the whole end takes less than two seconds. */
const MOST_GOODBYE = 1500;

import type { Namespaces } from '../netns.ts';
import type { HostTables } from '../tables.ts';

/** One routing daemon (FRR: its three) inside a namespace, from start to end. */
export interface RunningDaemon {
  /** Where its files, sockets, pids and logs are. */
  readonly folder: string;
  /** What it says of itself; the kernel's routes are read by the fabric. */
  tables(): Promise<Omit<HostTables, 'kernel'>>;
  /**
   * What moves with every decision and every message still to be sent, also where the tables look the same each time they are
   * asked for; much cheaper than the tables.
   */
  version?(): Promise<string>;
  /** Peer → a text that is another one for every connection: a session that was reset is known by it. Established ones only. */
  connections?(): Promise<ReadonlyMap<string, string>>;
  /** Peer → the second (since 1970) at which its session came up; Established ones only. Daemons tell it more or less exactly. */
  since?(): Promise<ReadonlyMap<string, number>>;
  /** Is every policy in force that stands in its files? Without it they are from the start. */
  policiesInForce?(): Promise<boolean>;
  /** SIGTERM to everything that runs, SIGKILL to what does not care; comes back once it is gone. */
  stop(): Promise<void>;
  /** SIGKILL to everything that runs, without a word to anybody. */
  kill(): void;
  /** Other files take the place of those it runs from, loaded the way the daemon has for it, without a restart. What it said of them. */
  reload(files: ReadonlyMap<string, string>): Promise<string>;
  /** Processes of it that run. */
  pids(): readonly number[];
  /** The last lines of its logs, for failure reports. */
  log(): string;
  /** Removes what it left on disk; the namespaces kill what still runs. */
  close(): void;
}

/** How a daemon is run. */
export interface DaemonKind {
  /** Programs it needs. */
  readonly programs: readonly string[];
  /** It knows no route refresh (RFC 2918): what a peer refused at first it never says again. */
  readonly saysOnce?: boolean;
  /** Starts it on a host from its own files; comes back once it answers. */
  start(namespaces: Namespaces, host: string, files: ReadonlyMap<string, string>): Promise<RunningDaemon>;
  /** The daemon that an earlier run of the command started there. */
  attach(namespaces: Namespaces, host: string, folder: string): RunningDaemon;
}

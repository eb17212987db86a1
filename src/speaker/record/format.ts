import type { HostState } from '../host-state.ts';
import type { Operation } from '../operation/operation.ts';
import type { GracefulSettings } from '../session/our-open.ts';

/** First word of every recording. */
export const FORMAT = 'fabricgen-speaker-recording';
export const FORMAT_VERSION = 1;

/** The first line: what the speaker was started from. */
export interface RecordingHeader {
  readonly format: typeof FORMAT;
  readonly version: typeof FORMAT_VERSION;
  readonly name: string;
  /** Who reads the files: `frr`, and its version. */
  readonly target: string;
  readonly daemonVersion: string;
  readonly files: Readonly<Record<string, string>>;
  readonly host: HostState;
  readonly graceful: GracefulSettings | null;
  /** Absent: every next hop counted as reachable. */
  readonly followsNextHops?: boolean;
  /** Chance is drawn from here (32 bits). */
  readonly seed: number;
}

/** Both ends of a connection; null: not known. */
export type Ends = readonly [local: string | null, remote: string | null];

/**
 * Every other line is an array: milliseconds since the beginning, a letter, and what belongs to it. Connections and timers are numbered in the order in which they
 * were made, which a replay repeats.
 */
export type RecordedLine =
  /** An operation. */
  | readonly [at: number, kind: 'o', operation: Operation]
  /** A timer rang. */
  | readonly [at: number, kind: 't', timer: number]
  /** Somebody called. */
  | readonly [at: number, kind: 'a', connection: number, ends: Ends]
  /** A call of ours was answered. */
  | readonly [at: number, kind: 'c', connection: number, ends: Ends]
  /** Octets came in, base64. */
  | readonly [at: number, kind: 'r', connection: number, octets: string]
  /** The kernel has taken what was written. */
  | readonly [at: number, kind: 'd', connection: number]
  | readonly [at: number, kind: 'e', connection: number, reason: string]
  /** What the speaker saw in the socket when it looked for the nth time; only where it was another than before. */
  | readonly [at: number, kind: 'b', connection: number, look: number, octets: number]
  /** What the speaker wrote: not an input, but what a replay is held against, and half of a packet capture. */
  | readonly [at: number, kind: 'w', connection: number, octets: string]
  /** A call of ours began. */
  | readonly [at: number, kind: 'k', connection: number, target: string]
  /** This end let go of the connection. */
  | readonly [at: number, kind: 'x', connection: number];

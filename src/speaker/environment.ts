import type { Address } from '../base/ip.ts';

/**
 * The world around the speaker: TCP, clock and chance. The speaker calls these and is told of what happens through the callbacks given along; nothing else comes in, so
 * that a recording of the callbacks is a recording of everything.
 */
export interface Environment {
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** 0 to 1, for jitter (RFC 4271 section 10). */
  random(): number;
  after(milliseconds: number, run: () => void): Timer;
  connect(target: Target, events: ConnectionEvents): Connection;
}

export interface Timer {
  cancel(): void;
}

export interface Target {
  readonly address: Address;
  readonly port: number;
  /** null: whatever the kernel takes. */
  readonly source: Address | null;
  /** Interface of a link-local address. */
  readonly zone: string | null;
}

export interface Connection {
  /** Unknown until it is open. */
  readonly local: Address | null;
  readonly remote: Address | null;
  /** Octets written that the kernel has not taken yet. */
  readonly backlog: number;
  write(bytes: Uint8Array): void;
  /** Sends what was written, then ends; no callback follows. */
  close(): void;
}

export interface ConnectionEvents {
  opened(): void;
  bytes(piece: Uint8Array): void;
  /** The kernel has taken what was written. */
  drained(): void;
  /** The other end closed, or the connection failed or never came; the last callback. */
  closed(reason: string): void;
}

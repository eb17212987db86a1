import { type Fault, resetting } from './fault.ts';
import {
  errorCode,
  HEADER_LENGTH,
  headerError,
  MAX_EXTENDED_LENGTH,
  MAX_LENGTH,
  messageType,
} from './registry.ts';

/** One message as it lies in the stream: its type, and the bytes behind the header. */
export interface Frame {
  readonly type: number;
  readonly body: Uint8Array;
}

/** RFC 4271 4.2 to 4.5, RFC 2918: the least a message of each type can have, header included. */
const least: Readonly<Record<number, number>> = {
  [messageType.open]: 29,
  [messageType.update]: 23,
  [messageType.notification]: 21,
  [messageType.keepalive]: 19,
  [messageType.routeRefresh]: 23,
};

/**
 * Cuts a byte stream into messages, whatever pieces it comes in (RFC 4271 4.1). Holds at most one message, and takes each octet over once; a bad header is found as
 * soon as its 19 bytes are there, not when the length it claims has arrived.
 */
export class Framer {
  /** RFC 8654: raised once both ends offered extended messages. */
  maxLength = MAX_LENGTH;
  /** The beginning of a message: a header's room until that is there, then the room of all of it. */
  #held: Uint8Array = nothing;
  #filled = 0;

  /** How many bytes wait for the rest of their message. */
  get waiting(): number {
    return this.#filled;
  }

  /**
   * The messages that end in this piece, in order; their bodies are views that stay valid until the piece itself is used again. After a fault nothing
   * more comes: the stream has no next message.
   */
  push(piece: Uint8Array): { readonly frames: readonly Frame[]; readonly fault: Fault | null } {
    const frames: Frame[] = [];
    let at = 0;
    while (this.#filled > 0 && at < piece.length) {
      at = this.#fill(piece, at);
      if (this.#filled < this.#held.length) break;
      const fault = this.#filled === HEADER_LENGTH ? headerFault(this.#held, 0, this.maxLength) : null;
      if (fault) return { frames, fault };
      const length = lengthAt(this.#held, 0);
      if (length > this.#filled) this.#hold(this.#held, length);
      else {
        frames.push(frameAt(this.#held, 0, length));
        this.#filled = 0;
      }
    }
    while (piece.length - at >= HEADER_LENGTH) {
      const fault = headerFault(piece, at, this.maxLength);
      if (fault) return { frames, fault };
      const length = lengthAt(piece, at);
      if (piece.length - at < length) break;
      frames.push(frameAt(piece, at, length));
      at += length;
    }
    // A copy: the socket's buffer is not ours.
    if (at < piece.length) {
      const rest = piece.subarray(at);
      this.#hold(rest, rest.length < HEADER_LENGTH ? HEADER_LENGTH : lengthAt(rest, 0));
    }
    return { frames, fault: null };
  }

  /** Takes octets of the piece for the message that is held; the place of the first that is not needed. */
  #fill(piece: Uint8Array, at: number): number {
    const end = Math.min(piece.length, at + this.#held.length - this.#filled);
    this.#held.set(piece.subarray(at, end), this.#filled);
    this.#filled += end - at;
    return end;
  }

  #hold(beginning: Uint8Array, room: number): void {
    const held = new Uint8Array(room);
    held.set(beginning);
    this.#held = held;
    this.#filled = beginning.length;
  }
}

const nothing = new Uint8Array(0);

function frameAt(bytes: Uint8Array, at: number, length: number): Frame {
  return { type: bytes[at + 18] ?? 0, body: bytes.subarray(at + HEADER_LENGTH, at + length) };
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 16] ?? 0) << 8) | (bytes[at + 17] ?? 0);
}

/** RFC 4271 6.1. */
function headerFault(bytes: Uint8Array, at: number, maxLength: number): Fault | null {
  for (let i = at; i < at + 16; i++) {
    if (bytes[i] !== 0xff)
      return resetting(errorCode.messageHeader, headerError.notSynchronized, 'the marker is not all ones');
  }
  const length = lengthAt(bytes, at);
  const type = bytes[at + 18] ?? 0;
  const minimum = least[type];
  if (minimum === undefined) {
    const data = bytes.slice(at + 18, at + 19);
    return resetting(
      errorCode.messageHeader,
      headerError.badType,
      `there is no message of type ${type}`,
      data,
    );
  }
  // RFC 8654 section 4: OPEN and KEEPALIVE never grow.
  const most =
    type === messageType.keepalive ? HEADER_LENGTH : type === messageType.open ? MAX_LENGTH : maxLength;
  if (length >= minimum && length <= Math.min(most, MAX_EXTENDED_LENGTH)) return null;
  const data = bytes.slice(at + 16, at + 18);
  const message = `a message of type ${type} cannot have ${length} octets`;
  return resetting(errorCode.messageHeader, headerError.badLength, message, data);
}

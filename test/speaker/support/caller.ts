import { type Address, parseAddress } from '../../../src/base/ip.ts';
import { Framer } from '../../../src/bgp/wire/framing.ts';
import { encodeMessage } from '../../../src/bgp/wire/message.ts';
import { decodeNotification, notificationText } from '../../../src/bgp/wire/notification.ts';
import type { Open } from '../../../src/bgp/wire/open.ts';
import type { Connection } from '../../../src/speaker/environment.ts';
import { beforeOpen } from '../../../src/speaker/session/agreement.ts';
import type { VirtualNetwork } from './virtual.ts';

export function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (!address) throw new Error(text);
  return address;
}

/** Somebody who connects and says what he likes. */
export class Caller {
  /** Names of the messages that came back. */
  readonly heard: string[] = [];
  closed: string | null = null;
  readonly #connection: Connection;

  constructor(network: VirtualNetwork, from: string, to: string) {
    const framer = new Framer();
    const target = { address: addressOf(to), port: 179, source: addressOf(from), zone: null };
    this.#connection = network.environment(addressOf(from)).connect(target, {
      opened: () => undefined,
      bytes: (piece) => {
        for (const { type, body } of framer.push(piece).frames)
          this.heard.push(type === 3 ? notificationText(decodeNotification(body)) : `message ${type}`);
      },
      drained: () => undefined,
      closed: (reason) => {
        this.closed = reason;
      },
    });
  }

  say(bytes: Uint8Array): void {
    this.#connection.write(bytes);
  }

  hangUp(): void {
    this.#connection.close();
  }
}

/** The bytes of an OPEN for IPv4 unicast. */
export function openBytes(asn: number, changes: Partial<Open> = {}): Uint8Array {
  const capabilities = { multiprotocol: [], fourOctetAs: asn, ...changes.capabilities };
  return encodeMessage(
    { kind: 'open', asn, holdTime: 90, identifier: 0x0a000009, ...changes, capabilities },
    beforeOpen,
  ).slice();
}

export function keepaliveBytes(): Uint8Array {
  return encodeMessage({ kind: 'keepalive' }, beforeOpen).slice();
}

/** A message of that type with that body, whatever stands in it. */
export function messageBytes(type: number, body: readonly number[]): Uint8Array {
  const length = 19 + body.length;
  return Uint8Array.from([...Array<number>(16).fill(255), length >> 8, length & 255, type, ...body]);
}

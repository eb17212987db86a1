import { connect, type Socket } from 'node:net';
import { type Frame, Framer } from '../../../src/bgp/wire/framing.ts';
import { IPV4_UNICAST, IPV6_UNICAST, type Negotiated } from '../../../src/bgp/wire/negotiated.ts';
import { messageType } from '../../../src/bgp/wire/registry.ts';
import { decodeUpdate } from '../../../src/bgp/wire/update.ts';
import { keepaliveBytes, openBytes } from '../support/caller.ts';

/** What every peer of a soak agrees on with the speaker. */
export const agreed: Negotiated = {
  fourOctetAs: true,
  families: new Set([IPV4_UNICAST, IPV6_UNICAST]),
  addPathReceive: new Set(),
  addPathSend: new Set(),
  extendedNextHop: new Set(),
  maxLength: 4096,
};

/** One end of a session on a real socket: says what it is told to, and keeps what it hears. */
export class SoakPeer {
  /** By prefix: next hop and AS_PATH as told last. Empty unless it listens. */
  readonly told = new Map<string, string>();
  up = false;
  /** Times its session ended without its own doing. */
  losses = 0;
  readonly #address: string;
  readonly #port: number;
  readonly #asn: number;
  readonly #listens: boolean;
  #socket: Socket | null = null;
  #keepalive: NodeJS.Timeout | null = null;

  constructor(address: string, port: number, asn: number, listens = false) {
    this.#address = address;
    this.#port = port;
    this.#asn = asn;
    this.#listens = listens;
  }

  /** Calls the speaker; a call that is turned away is no loss. */
  begin(): void {
    const socket = connect({ host: '127.0.0.1', port: this.#port, localAddress: this.#address });
    const framer = new Framer();
    this.#socket = socket;
    socket.on('connect', () => {
      const multiprotocol = [IPV4_UNICAST, IPV6_UNICAST];
      const capabilities = { multiprotocol, fourOctetAs: this.#asn, routeRefresh: true as const };
      socket.write(openBytes(this.#asn, { capabilities, identifier: this.#asn }));
      socket.write(keepaliveBytes());
      this.#keepalive = setInterval(() => socket.write(keepaliveBytes()), 10_000);
    });
    socket.on('data', (piece) => {
      for (const frame of framer.push(piece).frames) this.#hear(frame);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#socket === socket) this.#over(1);
    });
  }

  get isConnected(): boolean {
    return this.#socket !== null;
  }

  say(bytes: Uint8Array): void {
    if (this.#socket?.writable) this.#socket.write(bytes);
  }

  /** Octets said that nobody has taken. */
  get backlog(): number {
    return this.#socket?.writableLength ?? 0;
  }

  /** Reads no more, or again. */
  listen(reads: boolean): void {
    if (reads) this.#socket?.resume();
    else this.#socket?.pause();
  }

  /** Hangs up: in good order, or with a reset. */
  end(reset: boolean): void {
    const socket = this.#socket;
    this.#over(0);
    if (reset) socket?.resetAndDestroy();
    else socket?.destroy();
  }

  #over(losses: number): void {
    if (this.up) this.losses += losses;
    this.up = false;
    this.told.clear();
    this.#socket = null;
    if (this.#keepalive) clearInterval(this.#keepalive);
  }

  #hear({ type, body }: Frame): void {
    if (type === messageType.keepalive) this.up = true;
    if (type !== messageType.update || !this.#listens) return;
    const update = decodeUpdate(body, agreed);
    if (!('attributes' in update)) throw new Error(`the speaker said ${Buffer.from(body).toString('hex')}`);
    for (const { nlri } of update.withdrawn)
      for (const one of nlri) if (one.kind === 'prefix') this.told.delete(one.prefix.text);
    const hop = (update.attributes.nextHop ?? update.mpNextHop[0])?.text ?? '';
    const path = (update.attributes.asPath ?? []).flatMap(({ asns }) => asns).join(' ');
    for (const { nlri } of update.announced)
      for (const one of nlri) if (one.kind === 'prefix') this.told.set(one.prefix.text, `${hop} ${path}`);
  }
}

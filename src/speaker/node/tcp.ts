import { createServer, type Server, Socket } from 'node:net';
import { type Address, parseAddress } from '../../base/ip.ts';
import type { Connection, ConnectionEvents, Environment, Target } from '../environment.ts';

/** The environment of a running speaker: Node's sockets, timers and clock. */
export const nodeEnvironment: Environment = {
  now: () => performance.now(),
  random: () => Math.random(),
  after: (milliseconds, run) => {
    if (milliseconds <= 0) {
      const immediate = setImmediate(run);
      return { cancel: () => clearImmediate(immediate) };
    }
    const timer = setTimeout(run, milliseconds);
    return { cancel: () => clearTimeout(timer) };
  },
  connect,
};

function connect({ address, port, source, zone }: Target, events: ConnectionEvents): Connection {
  const socket = new Socket();
  const connection = new SocketConnection(socket, events);
  socket.once('connect', () => connection.opened());
  socket.connect({
    host: zone && address.text.startsWith('fe80') ? `${address.text}%${zone}` : address.text,
    port,
    ...(source ? { localAddress: source.text } : {}),
  });
  return connection;
}

class SocketConnection implements Connection {
  readonly #socket: Socket;
  #events: ConnectionEvents | null;
  #failure = 'the other end closed the connection';

  constructor(socket: Socket, events: ConnectionEvents | null) {
    this.#socket = socket;
    this.#events = events;
    open.add(socket);
    socket.setNoDelay(true);
    socket.on('data', (piece) => this.#bytes(piece));
    socket.on('drain', () => this.#events?.drained());
    socket.on('error', (error) => {
      this.#failure = error.message;
    });
    socket.on('close', () => {
      open.delete(socket);
      this.handOn(Infinity);
      const events = this.#events;
      this.#events = null;
      events?.closed(this.#failure);
    });
  }

  get local(): Address | null {
    return addressIn(this.#socket.localAddress);
  }

  get remote(): Address | null {
    return addressIn(this.#socket.remoteAddress);
  }

  get backlog(): number {
    return this.#socket.writableLength;
  }

  #piece: Uint8Array | null = null;

  /** What was read waits for its turn; nothing more is read meanwhile. */
  #bytes(piece: Uint8Array): void {
    if (!this.#events) return;
    this.#piece = piece;
    this.#socket.pause();
    takeTurns(this);
  }

  /** Hands on so many octets of what was read; how many there were. */
  handOn(most: number): number {
    const piece = this.#piece;
    if (!piece) return 0;
    const now = piece.length > most ? piece.subarray(0, most) : piece;
    this.#piece = piece.length > most ? piece.subarray(most) : null;
    this.#events?.bytes(now);
    if (this.#piece) takeTurns(this);
    else this.#socket.resume();
    return now.length;
  }

  opened(): void {
    this.#events?.opened();
  }

  listen(events: ConnectionEvents): void {
    this.#events = events;
  }

  write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  close(): void {
    this.#events = null;
    this.#piece = null;
    const socket = this.#socket;
    if (socket.connecting) {
      socket.destroy();
      return;
    }
    // What the peer still says is read and dropped: a socket closed over unread octets is reset, and with it goes what was written last.
    socket.resume();
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER);
    socket.once('close', () => clearTimeout(timer));
  }
}

/** Connections with something to hand on, and whether the event loop will come back to them. */
const ready: SocketConnection[] = [];
let turning = false;
/** Octets that one connection hands on before it is another one's turn, and all of them before the event loop turns: some milliseconds. */
const MOST_OF_ONE = 16 * 1024;
const MOST_OF_ALL = 32 * 1024;
const LEAST_OF_ONE = 2 * 1024;
/** Milliseconds after which the event loop turns, whatever is left. */
const BUDGET = 10;
/** What one connection hands on now. Code that has not run yet is slow, as is a busy machine: the first pieces are small, and so are those behind a slow one. */
let portion = LEAST_OF_ONE;

/**
 * Node would read two megabytes of each connection on end and hand them on, and timers of other sessions would wait for all of them: here they take turns, with a little
 * each.
 */
function takeTurns(connection: SocketConnection): void {
  ready.push(connection);
  if (turning) return;
  turning = true;
  setImmediate(turn);
}

function turn(): void {
  turning = false;
  const start = performance.now();
  let now = start;
  for (let octets = 0; octets < MOST_OF_ALL && now - start < BUDGET; ) {
    const connection = ready.shift();
    if (!connection) return;
    octets += connection.handOn(portion);
    const before = now;
    now = performance.now();
    if (now - before > BUDGET / 2) portion = Math.max(LEAST_OF_ONE, portion / 2);
    else if (now - before < BUDGET / 4) portion = Math.min(MOST_OF_ONE, portion * 2);
  }
  if (ready.length === 0 || turning) return;
  turning = true;
  setImmediate(turn);
}

/** Milliseconds for the other end to take the last words. */
const LINGER = 1000;

const open = new Set<Socket>();

/** Once every connection is closed, or after `milliseconds`, whichever comes first. */
export async function connectionsClosed(milliseconds: number): Promise<void> {
  const closed = [...open].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  let timer: NodeJS.Timeout | null = null;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([Promise.all(closed), over]);
  if (timer) clearTimeout(timer);
  for (const socket of open) socket.destroy();
}

/** Sockets of both families give IPv4 addresses in IPv6 form, and link-local ones with their interface. */
function addressIn(text: string | undefined): Address | null {
  if (text === undefined) return null;
  return parseAddress(text.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, ''));
}

/** Listens on one address and port; `accept` says what is to become of each caller, null: it is turned away. */
export function listen(
  address: Address | null,
  port: number,
  accept: (connection: Connection) => ConnectionEvents | null,
): Promise<Server> {
  const server = createServer((socket) => {
    const connection = new SocketConnection(socket, null);
    const events = accept(connection);
    if (events) connection.listen(events);
    else socket.destroy();
  });
  server.maxConnections = MOST_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: address?.text ?? '::', ...(address ? {} : { ipv6Only: false }) }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

/** Beyond it the kernel's answer is a closed connection. */
const MOST_CONNECTIONS = 4096;

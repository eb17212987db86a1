import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeMessage } from '../../src/bgp/wire/message.ts';
import { apiPlace, ask } from '../../src/cli/speaker/client.ts';
import { Daemon } from '../../src/speaker/node/daemon.ts';
import { serveApi } from '../../src/speaker/node/http.ts';
import { nodeEnvironment } from '../../src/speaker/node/tcp.ts';
import { beforeOpen } from '../../src/speaker/session/agreement.ts';
import { addressOf, keepaliveBytes, openBytes } from './support/caller.ts';
import { configOf, frrConf } from './support/configs.ts';

const MANY = 6000;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const text = frrConf(65001, [
  'neighbor 127.0.0.1 remote-as 65009',
  'neighbor 127.0.0.1 passive',
  'neighbor 127.0.0.2 remote-as 65008',
  'neighbor 127.0.0.2 passive',
]);

async function daemon(port: number): Promise<Daemon> {
  const made = new Daemon({
    name: 'r1',
    config: configOf(text),
    environment: nodeEnvironment,
    host: { interfaces: [{ name: 'lo', addresses: ['127.0.0.1/8', '10.0.0.1/32'] }], routes: [] },
    graceful: null,
    places: [{ address: addressOf('127.0.0.1'), port }],
    read: () => 'no files',
    recorder: null,
    kernel: null,
    log: () => undefined,
  });
  expect(await made.start()).toEqual([]);
  closers.push(() => made.stop('', false));
  return made;
}

/** A connection to the speaker that says OPEN and KEEPALIVE. */
function greet(port: number, from: string, asn: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress: from });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.write(openBytes(asn));
      socket.write(keepaliveBytes());
      resolve(socket);
    });
    closers.push(() => socket.destroy());
  });
}

async function eventually(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const up = (one: Daemon, name: string) => one.speaker.neighbor(name)?.session.state === 'Established';

describe('on real sockets', () => {
  it('a peer that stops reading fills no memory, and the others are told all the same', async () => {
    const port = await freePort();
    const r1 = await daemon(port);
    const deaf = await greet(port, '127.0.0.1', 65009);
    const good = await greet(port, '127.0.0.2', 65008);
    let heard = 0;
    good.on('data', (piece) => {
      heard += piece.length;
    });
    await eventually('both are up', () => up(r1, '127.0.0.1') && up(r1, '127.0.0.2'));
    deaf.pause();
    // Long attributes, one set each: some 6 MB for each peer.
    const communities = Array.from({ length: 250 }, (_, n) => `65001:${n}`);
    for (let n = 0; n < MANY; n++)
      r1.perform({
        kind: 'announce',
        prefix: `10.${(n >> 8) & 255}.${n & 255}.0/24`,
        attributes: { med: n, communities },
      });
    const largest = { backlog: 0 };
    await eventually('the good one has heard all', () => {
      const { connection } = r1.speaker.neighbor('127.0.0.1')?.session ?? {};
      largest.backlog = Math.max(largest.backlog, connection?.backlog ?? 0);
      return heard > MANY * 1000;
    });
    const waiting = [...(r1.speaker.neighbor('127.0.0.1')?.members.values() ?? [])].reduce(
      (sum, { out }) => sum + out.waiting,
      0,
    );
    expect(waiting).toBeGreaterThan(0);
    // A slice that was begun is finished; then it waits.
    expect(largest.backlog).toBeLessThan(8 * 1024 * 1024);
    expect(up(r1, '127.0.0.2')).toBe(true);
  });

  it('a goodbye reaches a peer that is still talking, and the speaker ends in time', async () => {
    const port = await freePort();
    const r1 = await daemon(port);
    const peer = await greet(port, '127.0.0.1', 65009);
    const pieces: Buffer[] = [];
    peer.on('data', (piece: Buffer) => pieces.push(piece));
    await eventually('it is up', () => up(r1, '127.0.0.1'));
    const chatter = setInterval(
      () => peer.writable && peer.write(encodeMessage({ kind: 'keepalive' }, beforeOpen)),
      1,
    );
    peer.on('error', () => undefined);
    const ended = new Promise((resolve) => peer.once('end', resolve));
    const began = Date.now();
    await r1.stop('works', false);
    clearInterval(chatter);
    await ended;
    expect(Date.now() - began).toBeLessThan(2000);
    const all = Buffer.concat(pieces);
    expect(all.subarray(all.length - 8).toString('utf8')).toBe('\x06\x02\x05works');
  });

  it('a port that is taken is said', async () => {
    const port = await freePort();
    const blocker: Server = createServer();
    await new Promise<void>((resolve) => blocker.listen(port, '127.0.0.1', resolve));
    closers.push(() => blocker.close());
    const second = new Daemon({
      ...(await daemon(await freePort())).options,
      places: [{ address: addressOf('127.0.0.1'), port }],
    });
    expect(await second.start()).toMatchObject([
      { rule: 'speaker-listen', message: `127.0.0.1:${port} is in use` },
    ]);
  });
});

describe('the control API on a socket', () => {
  async function api() {
    const folder = mkdtempSync(join(tmpdir(), 'fabricgen-api-'));
    const r1 = await daemon(await freePort());
    const place = { socket: join(folder, 'api.sock') };
    const target = {
      name: 'r1',
      speaker: r1.speaker,
      perform: (one: Parameters<Daemon['perform']>[0]) => r1.perform(one),
    };
    const server = await serveApi(place, target, r1.monitor);
    closers.push(() => {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    });
    return { r1, place, target };
  }

  it('answers, and refuses a body that is too long', async () => {
    const { place } = await api();
    expect(await ask(place, 'GET', '/v1/status')).toMatchObject({ status: 200, body: { asn: 65001 } });
    const long = { prefix: '10.0.0.0/8', communities: Array.from({ length: 20_000 }, () => '65000:1') };
    expect(await ask(place, 'POST', '/v1/announce', long)).toMatchObject({ status: 413 });
    expect(await ask(place, 'GET', '/v1/status')).toMatchObject({ status: 200 });
  });

  it('streams events, those that are over first where asked', async () => {
    const { place, r1 } = await api();
    r1.monitor.publish({ level: 'info', event: 'test', message: 'before', fields: {} });
    const lines: string[] = [];
    const sent = request({ socketPath: place.socket, path: '/v1/events?since=0' }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (piece: string) => lines.push(...piece.split('\n').filter((line) => line !== '')));
    });
    sent.on('error', () => undefined);
    sent.end();
    closers.push(() => sent.destroy());
    await eventually('the old one', () => lines.some((line) => line.includes('"before"')));
    r1.monitor.publish({ level: 'info', event: 'test', message: 'after', fields: {} });
    await eventually('the new one', () => lines.some((line) => line.includes('"after"')));
    const ids = lines.map((line) => (JSON.parse(line) as { id: number }).id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  it('takes the place of a socket that nobody listens on, and of no other', async () => {
    const { place, target, r1 } = await api();
    await expect(serveApi(place, target, r1.monitor)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it.each([
    ['127.0.0.1:8179', { address: '127.0.0.1', port: 8179 }],
    ['[::1]:8179', { address: '::1', port: 8179 }],
    ['0.0.0.0:8179', { rule: 'speaker-listen' }],
    ['10.0.0.1:8179', { rule: 'speaker-listen' }],
    ['127.0.0.1.example.org:80', { rule: 'speaker-listen' }],
    ['8179', { rule: 'speaker-listen' }],
    ['127.0.0.1:99999', { rule: 'speaker-listen' }],
  ])('--api %s', (given, place) => {
    expect(apiPlace({ api: given }, 'r1')).toMatchObject(place);
  });
});

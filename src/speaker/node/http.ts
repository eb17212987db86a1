import { chmodSync, existsSync, mkdirSync, unlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { dispatch } from '../api/dispatch.ts';
import type { ApiTarget } from '../api/routes.ts';
import { metricsText } from '../monitor/metrics.ts';
import type { Monitor, SpeakerEvent } from '../monitor/monitor.ts';

/** A unix socket, or a port on a loopback address. */
export type ApiPlace = { readonly socket: string } | { readonly address: string; readonly port: number };

const MOST_BODY = 64 * 1024;
const MOST_STREAMS = 32;
/** Octets that may wait for a reader of events before it is cut off. */
const MOST_WAITING = 1024 * 1024;

/** The control API of a running speaker. Rejects where the place cannot be had. */
export async function serveApi(place: ApiPlace, target: ApiTarget, monitor: Monitor): Promise<Server> {
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  const streams = new Set<ServerResponse>();
  const server = createServer({ maxHeaderSize: 8192 }, (request, response) => {
    const url = request.url ?? '/';
    if (url.startsWith('/v1/events')) follow(url, response, monitor, streams);
    else if (url === '/metrics') {
      const { user, system } = process.cpuUsage();
      const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
      const figures = {
        residentBytes: rss,
        heapBytes: heapUsed,
        arrayBufferBytes: arrayBuffers,
        cpuSeconds: (user + system) / 1e6,
        loopLagSeconds: lag.max / 1e9,
      };
      lag.reset();
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
      response.end(metricsText(target.speaker, monitor, figures));
    } else void answer(request, response, target);
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  server.maxConnections = 256;
  server.once('close', () => lag.disable());
  if ('socket' in place) await clearSocket(place.socket);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(
      'socket' in place ? { path: place.socket } : { host: place.address, port: place.port },
      () => {
        server.off('error', reject);
        resolve();
      },
    );
  });
  // Whoever may use the socket may change routes.
  if ('socket' in place) chmodSync(place.socket, 0o660);
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, target: ApiTarget): Promise<void> {
  const body = await bodyOf(request);
  const { status, body: given } =
    body === null
      ? { status: 413, body: { error: `a body has at most ${MOST_BODY} octets` } }
      : dispatch(target, request.method ?? 'GET', request.url ?? '/', body);
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  if (body === null) response.setHeader('connection', 'close');
  response.end(`${JSON.stringify(given)}\n`);
}

/** null: too long, or the other end went away. */
function bodyOf(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let length = 0;
    request.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length <= MOST_BODY) pieces.push(piece);
      else resolve(null);
    });
    request.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
    request.on('error', () => resolve(null));
  });
}

/** One JSON object a line; a reader that does not keep up is cut off, for the speaker waits for nobody. */
function follow(url: string, response: ServerResponse, monitor: Monitor, streams: Set<ServerResponse>): void {
  const since = /^\/v1\/events\?since=([0-9]{1,15})$/.exec(url)?.[1];
  const known = url === '/v1/events' || since !== undefined;
  if (!known || streams.size >= MOST_STREAMS) {
    response.statusCode = known ? 503 : 400;
    response.end(
      `${JSON.stringify({ error: known ? `${MOST_STREAMS} readers are the limit` : 'only `since` is known here' })}\n`,
    );
    return;
  }
  streams.add(response);
  response.setHeader('content-type', 'application/x-ndjson');
  response.flushHeaders();
  const write = (event: SpeakerEvent) => {
    if (response.writableLength > MOST_WAITING) response.destroy();
    else response.write(`${JSON.stringify(event)}\n`);
  };
  if (since !== undefined) for (const event of monitor.since(Number(since))) write(event);
  const end = monitor.follow(write);
  response.once('close', () => {
    end();
    streams.delete(response);
  });
}

/** A socket that nobody answers on is left over from a speaker that was killed; one that somebody answers on stays. */
async function clearSocket(path: string): Promise<void> {
  if (!existsSync(path)) {
    if (dirname(path) === RUN_FOLDER) mkdirSync(RUN_FOLDER, { recursive: true, mode: 0o755 });
    return;
  }
  const answered = await new Promise<boolean>((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
  if (!answered) unlinkSync(path);
}

export const RUN_FOLDER = '/run/fabricgen';

import { type IncomingMessage, request } from 'node:http';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { ApiPlace } from '../../speaker/node/http.ts';

export interface PlaceOptions {
  readonly socket?: string;
  readonly api?: string | false;
  readonly name?: string;
}

/** Where the control API of a speaker is: the same words for who runs one and for who asks one. null: there is none. */
export function apiPlace(
  { socket, api, name }: PlaceOptions,
  fallback: string,
): ApiPlace | Diagnostic | null {
  if (api === false) return null;
  if (api === undefined) return { socket: socket ?? `/run/fabricgen/${name ?? fallback}.sock` };
  const [, bracketed, plain, port] =
    /^(?:\[([0-9a-f:]+)\]|([0-9.]+|localhost)):([0-9]{1,5})$/i.exec(api) ?? [];
  const address = bracketed ?? plain ?? '';
  const loopback = address === 'localhost' || address === '::1' || /^127(?:\.[0-9]{1,3}){3}$/.test(address);
  if (loopback && Number(port) <= 65535) return { address, port: Number(port) };
  return {
    rule: 'speaker-listen',
    severity: 'error',
    message: `--api ${api} is not a loopback address with a port`,
    ranges: [],
    expected: '127.0.0.1:8179 or [::1]:8179',
    fix: 'who reaches the API changes routes: use a loopback address, or the unix socket',
  };
}

export interface ClientAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Asks a speaker; a diagnostic where none answers. */
export function ask(
  place: ApiPlace,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<ClientAnswer | Diagnostic> {
  return new Promise((resolve) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const sent = request(
      {
        ...endOf(place),
        method,
        path,
        headers:
          text === ''
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
        timeout: 10_000,
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () => resolve(answerOf(response, Buffer.concat(pieces).toString('utf8'), place)));
        response.on('error', (error) => resolve(noAnswer(place, error)));
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('nothing came for 10 s')));
    sent.on('error', (error) => resolve(noAnswer(place, error)));
    sent.end(text);
  });
}

/** Hands every line of the stream of events on, until it ends; a diagnostic where none comes. */
export function follow(
  place: ApiPlace,
  path: string,
  line: (text: string) => void,
): Promise<Diagnostic | null> {
  return new Promise((resolve) => {
    const sent = request({ ...endOf(place), path }, (response) => {
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        const lines = (rest + piece).split('\n');
        rest = lines.pop() ?? '';
        for (const one of lines) line(one);
      });
      response.on('end', () =>
        resolve(response.statusCode === 200 ? null : noAnswer(place, new Error(rest))),
      );
      response.on('error', (error) => resolve(noAnswer(place, error)));
    });
    sent.on('error', (error) => resolve(noAnswer(place, error)));
    sent.end();
  });
}

function endOf(place: ApiPlace) {
  return 'socket' in place ? { socketPath: place.socket } : { host: place.address, port: place.port };
}

function answerOf(
  { statusCode = 0 }: IncomingMessage,
  text: string,
  place: ApiPlace,
): ClientAnswer | Diagnostic {
  try {
    return { status: statusCode, body: JSON.parse(text) as unknown };
  } catch {
    return noAnswer(place, new Error('the answer is not JSON'));
  }
}

function noAnswer(place: ApiPlace, error: NodeJS.ErrnoException): Diagnostic {
  const where = 'socket' in place ? place.socket : `${place.address}:${place.port}`;
  const missing = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
  return {
    rule: 'speaker-answer',
    severity: 'error',
    message: missing ? `no speaker answers at ${where}` : `${where}: ${error.message}`,
    ranges: [],
    fix: missing
      ? 'start one with `fabricgen speaker --config FILE`, or name its socket with --socket or --name'
      : 'look at the log of the speaker',
  };
}

import type { Server } from 'node:net';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Address } from '../../base/ip.ts';
import type { Connection, ConnectionEvents } from '../environment.ts';
import { listen } from './tcp.ts';

/** Where calls are taken; null: every address of both families. */
export interface ListenPlace {
  readonly address: Address | null;
  readonly port: number;
}

export interface Listening {
  readonly servers: readonly Server[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Listens at every place; where one fails none is kept. */
export async function listenAt(
  places: readonly ListenPlace[],
  accept: (connection: Connection) => ConnectionEvents | null,
): Promise<Listening> {
  const servers: Server[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const place of places) {
    try {
      servers.push(await listen(place.address, place.port, accept));
    } catch (error) {
      diagnostics.push(listenFault(error, placeText(place)));
    }
  }
  if (diagnostics.length > 0) for (const server of servers) server.close();
  return { servers: diagnostics.length > 0 ? [] : servers, diagnostics };
}

function placeText({ address, port }: ListenPlace): string {
  if (address === null) return `TCP port ${port}`;
  return address.family === 4 ? `${address.text}:${port}` : `[${address.text}]:${port}`;
}

const reasons: Readonly<Record<string, { readonly why: string; readonly fix: string }>> = {
  EADDRINUSE: {
    why: 'is in use',
    fix: 'stop the program that has it (another BGP daemon or speaker), or choose another',
  },
  EACCES: {
    why: 'needs a right that this user does not have',
    fix: 'run as root, give the program CAP_NET_BIND_SERVICE, or use --port with a number above 1023',
  },
  EADDRNOTAVAIL: { why: 'is not an address of this host', fix: 'name an address that `ip address` shows' },
  ENOENT: {
    why: 'is in a folder that is not there',
    fix: 'make the folder, or name another file with --socket',
  },
};

const noRightToSocket = {
  why: 'may not be made by this user',
  fix: 'name another file with --socket, or run as root',
};

/** Why something cannot be listened on, in words. */
export function listenFault(error: unknown, place: string): Diagnostic {
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  const known = code === 'EACCES' && place.includes('/') ? noRightToSocket : reasons[code];
  return {
    rule: 'speaker-listen',
    severity: 'error',
    message: known ? `${place} ${known.why}` : `${place} cannot be listened on: ${message}`,
    ranges: [],
    fix: known?.fix ?? 'choose another',
  };
}

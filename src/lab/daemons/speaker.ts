import { request } from 'node:http';
import { communityText, parseCommunity } from '../../bgp/communities.ts';
import type { Namespaces } from '../netns.ts';
import { ownCommand } from '../own-command.ts';
import { type HostTables, sortedPaths, sortedRecord, type TablePath } from '../tables.ts';
import type { RunningDaemon } from './daemon.ts';
import { DaemonProcess } from './process.ts';

/** What the control API answers, as far as the lab looks at it. */
interface NeighborEntry {
  readonly name: string;
  readonly state: string;
  readonly remoteAddress: string | null;
  readonly dynamic: boolean;
  readonly flaps: { readonly up: number };
  readonly messages: { readonly updatesReceived: number; readonly updatesSent: number };
  readonly families: readonly { readonly family: string; readonly waiting: number }[];
}

interface RibEntry {
  readonly prefix: string;
  readonly paths: readonly {
    readonly from: string | null;
    readonly best: boolean;
    readonly reason: string | null;
    readonly origin: string;
    readonly asPath: string;
    readonly nextHop: string | null;
    readonly med: number | null;
    readonly localPref: number | null;
    readonly communities: readonly string[];
    readonly originatorId: string | null;
    readonly clusterList: readonly string[];
  }[];
}

interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly next: number | null;
}

/** The files it takes, the first that is there. */
const configs = ['frr.conf', 'gobgp.toml', 'bird.conf', 'exabgp.conf'];
const NAME = 'speaker';

/** `fabricgen speaker` inside a namespace, from a file of any of the daemons; its routes go into the kernel. */
export class Speaker extends DaemonProcess implements RunningDaemon {
  static async start(
    namespaces: Namespaces,
    host: string,
    files: ReadonlyMap<string, string>,
  ): Promise<Speaker> {
    const speaker = new Speaker(namespaces, host);
    speaker.writeAll(files);
    const config = configs.find((name) => files.has(name)) ?? 'frr.conf';
    const words = ['speaker', '--config', speaker.path(config), '--name', host, '--socket', speaker.#socket];
    const [program = '', ...before] = ownCommand();
    const inside = ['netns', 'exec', namespaces.name(host), program, ...before, ...words, '--install-routes'];
    speaker.spawnProgram(NAME, 'ip', inside);
    await speaker.answers('the speaker', async () => (await speaker.#ask('/status')) !== null);
    return speaker;
  }

  get #socket(): string {
    return this.path('api.sock');
  }

  /** null: there is no answer. */
  #ask<Answer>(path: string): Promise<Answer | null> {
    return new Promise((resolve) => {
      const sent = request({ socketPath: this.#socket, path: `/v1${path}`, timeout: PATIENCE }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('error', () => resolve(null));
        answer.on('end', () => {
          const text = Buffer.concat(pieces).toString('utf8');
          resolve((answer.statusCode ?? 500) < 300 ? (JSON.parse(text) as Answer) : null);
        });
      });
      sent.on('timeout', () => sent.destroy());
      sent.on('error', () => resolve(null));
      sent.end();
    });
  }

  async #neighbors(): Promise<readonly NeighborEntry[]> {
    const told = await this.#ask<{ readonly neighbors: readonly NeighborEntry[] }>('/neighbors');
    return told?.neighbors ?? [];
  }

  async #rib(family: string): Promise<readonly RibEntry[]> {
    const rows: RibEntry[] = [];
    for (let after = ''; ; ) {
      const page = await this.#ask<Rows<RibEntry>>(`/rib?family=${family}${after}`);
      rows.push(...(page?.rows ?? []));
      if (page?.next == null) return rows;
      after = `&after=${page.next}`;
    }
  }

  async tables(): Promise<Omit<HostTables, 'kernel'>> {
    const sessions = (await this.#neighbors()).map((one) => ({ peer: peerOf(one), state: stateOf(one) }));
    const ribs = [await this.#rib('ipv4-unicast'), await this.#rib('ipv6-unicast')];
    const bgp = ribs
      .flat()
      .map(({ prefix, paths }): [string, readonly TablePath[]] => [
        prefix,
        sortedPaths(paths.map((path) => observed(path, prefix))),
      ]);
    return { sessions: sessions.sort((a, b) => (a.peer < b.peer ? -1 : 1)), bgp: sortedRecord(bgp) };
  }

  /** States, messages so far but for KEEPALIVEs, and what is still to be said. */
  async version(): Promise<string> {
    const rows = (await this.#neighbors()).map(({ name, state, messages, families }) => [
      ...[name, state, messages.updatesReceived, messages.updatesSent],
      ...families.map(({ waiting }) => waiting),
    ]);
    return JSON.stringify(rows);
  }

  async connections(): Promise<ReadonlyMap<string, string>> {
    const up = (await this.#neighbors()).filter(({ state }) => state === 'Established');
    return new Map(up.map((one) => [peerOf(one), String(one.flaps.up)]));
  }

  /** SIGHUP has the file read again. */
  async reload(files: ReadonlyMap<string, string>): Promise<string> {
    this.writeAll(files);
    this.signal('SIGHUP');
    return '';
  }
}

/** Milliseconds it has for an answer. */
const PATIENCE = 20_000;

function peerOf({ name, remoteAddress, dynamic }: NeighborEntry): string {
  return dynamic ? (remoteAddress ?? name) : name;
}

function stateOf({ state }: NeighborEntry): string {
  return state === 'Established' ? state : 'down';
}

function observed(path: RibEntry['paths'][number], prefix: string): TablePath {
  const { best, reason, asPath, localPref, med, origin, communities, from, originatorId, clusterList } = path;
  const own = prefix.includes(':') ? '::' : '0.0.0.0';
  return {
    ...{ best, asPath, localPref, med, origin },
    // It has names for the well-known ones.
    communities: communities.map((one) => communityText(parseCommunity(one) ?? 0)),
    multipath: false,
    valid: reason === null || !reason.startsWith('no route to'),
    nextHop: path.nextHop ?? own,
    from: from ?? '',
    ...(originatorId === null ? {} : { originatorId }),
    ...(clusterList.length === 0 ? {} : { clusterList }),
  };
}

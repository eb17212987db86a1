import { communityText } from '../../bgp/communities.ts';
import type { Namespaces } from '../netns.ts';
import { type HostTables, sortedPaths, sortedRecord, type TablePath } from '../tables.ts';
import type { RunningDaemon } from './daemon.ts';
import { DaemonProcess } from './process.ts';

interface NeighborEntry {
  readonly state: Readonly<Record<string, unknown>>;
  readonly timers?: { readonly state?: Readonly<Record<string, unknown>> };
}

interface RibPath {
  readonly nlri: { readonly prefix: string };
  readonly best?: boolean;
  readonly attrs: readonly Attribute[];
  readonly 'source-id'?: string;
  readonly 'neighbor-ip'?: string;
}

interface Attribute {
  readonly type: number;
  readonly nexthop?: string;
  readonly metric?: number;
  readonly communities?: readonly number[];
  /** ORIGINATOR_ID: an address; CLUSTER_LIST: addresses. */
  readonly value?: number | string | readonly string[];
  readonly as_paths?: readonly { readonly segment_type: number; readonly asns: readonly number[] | null }[];
}

const origins = ['igp', 'egp', 'incomplete'];

/** How often it is asked before a failure is one. */
const TRIES = 3;

const CONFIG = 'gobgp.toml';
const COMMANDS = 'gobgp-cli.txt';
/** A line may leave `gobgp` out. */
const NOUNS = ['global', 'neighbor', 'vrf', 'policy'];

/** One gobgpd inside a namespace, from gobgp.toml and the commands of gobgp-cli.txt. */
export class Gobgp extends DaemonProcess implements RunningDaemon {
  static async start(
    namespaces: Namespaces,
    host: string,
    files: ReadonlyMap<string, string>,
  ): Promise<Gobgp> {
    const gobgp = new Gobgp(namespaces, host);
    gobgp.writeAll(files);
    gobgp.spawn('gobgpd', ['-f', gobgp.path(CONFIG)]);
    await gobgp.answers('gobgpd', async () => (await gobgp.#ask(['global'])).code === 0);
    await gobgp.#commands(files);
    return gobgp;
  }

  #ask(words: readonly string[]) {
    return this.namespaces.askExec(this.host, 'gobgp', words, 20_000);
  }

  /** null: it says nothing (no such table, or it does not answer). */
  async #json<T>(words: readonly string[]): Promise<T | null> {
    return JSON.parse((await this.#ask(['-j', ...words])).stdout || 'null') as T | null;
  }

  async #commands(files: ReadonlyMap<string, string>): Promise<string> {
    if (!files.has(COMMANDS)) return '';
    const functions = NOUNS.map((noun) => `${noun}() { gobgp ${noun} "$@"; }`).join('; ');
    return this.namespaces.execAsked(this.host, 'sh', [
      '-e',
      '-c',
      `${functions}; . "$0"`,
      this.path(COMMANDS),
    ]);
  }

  async tables(): Promise<Omit<HostTables, 'kernel'>> {
    const sessions = (await this.#neighbors()).map(({ state }) => ({
      peer: String(state['neighbor_address'] ?? ''),
      state: state['session_state'] === 6 ? 'Established' : 'down',
    }));
    const ribs = await Promise.all(
      ['ipv4', 'ipv6'].map((family) =>
        this.#json<Record<string, readonly RibPath[]>>(['global', 'rib', '-a', family]),
      ),
    );
    const bgp = ribs.flatMap((rib) =>
      Object.entries(rib ?? {}).map(([prefix, paths]): [string, readonly TablePath[]] => [
        prefix,
        sortedPaths(paths.map(observed)),
      ]),
    );
    return { sessions: sessions.sort((a, b) => (a.peer < b.peer ? -1 : 1)), bgp: sortedRecord(bgp) };
  }

  async #neighbors(): Promise<readonly NeighborEntry[]> {
    for (let tries = 1; ; tries++) {
      const said = (await this.#json<readonly NeighborEntry[] | object>(['neighbor'])) ?? [];
      if (Array.isArray(said)) return said;
      // An object with an error: on a busy machine gobgpd does not answer in time.
      if (tries === TRIES) throw new Error(`${this.host}: gobgp neighbor: ${JSON.stringify(said)}`);
    }
  }

  /** States, and messages so far but for KEEPALIVEs. GoBGP lists its neighbors in another order each time. */
  async version(): Promise<string> {
    const rows = (await this.#neighbors()).map(({ state }) => {
      const messages = (state['messages'] ?? {}) as Record<string, Record<string, unknown> | undefined>;
      return JSON.stringify([
        state['neighbor_address'],
        state['session_state'],
        messages['received']?.['update'],
        messages['sent']?.['update'],
      ]);
    });
    return rows.sort().join('\n');
  }

  async connections(): Promise<ReadonlyMap<string, string>> {
    return new Map(
      (await this.#neighbors()).flatMap(({ state, timers }): [string, string][] => {
        if (state['session_state'] !== 6) return [];
        return [[String(state['neighbor_address'] ?? ''), JSON.stringify(timers?.state?.['uptime'] ?? null)]];
      }),
    );
  }

  async since(): Promise<ReadonlyMap<string, number>> {
    return new Map(
      (await this.#neighbors()).flatMap(({ state, timers }): [string, number][] => {
        const { seconds } = (timers?.state?.['uptime'] ?? {}) as { readonly seconds?: number | string };
        if (state['session_state'] !== 6 || seconds === undefined) return [];
        return [[String(state['neighbor_address'] ?? ''), Number(seconds) + 0.5]];
      }),
    );
  }

  /** SIGHUP has gobgp.toml read again; the commands of gobgp-cli.txt follow. */
  async reload(files: ReadonlyMap<string, string>): Promise<string> {
    this.writeAll(files);
    this.signal('SIGHUP');
    return this.#commands(files);
  }
}

function observed(path: RibPath): TablePath {
  const attribute = (type: number) => path.attrs.find((one) => one.type === type);
  const from = path['neighbor-ip'] ?? '';
  const nextHop = attribute(3)?.nexthop ?? attribute(14)?.nexthop ?? '';
  const value = (type: number) => attribute(type)?.value;
  return {
    best: path.best === true,
    multipath: false,
    valid: true,
    nextHop,
    asPath: (attribute(2)?.as_paths ?? []).map(segmentText).join(' '),
    localPref: numberOr(value(5), null),
    med: attribute(4)?.metric ?? null,
    origin: origins[numberOr(value(1), 2)] ?? '',
    communities: (attribute(8)?.communities ?? []).map(communityText),
    from: /^(?:<nil>|0\.0\.0\.0|::)?$/.test(from) ? '' : from,
    ...reflection(value(9), value(10)),
  };
}

function numberOr<T>(value: Attribute['value'], otherwise: T): number | T {
  return typeof value === 'number' ? value : otherwise;
}

function reflection(originatorId: Attribute['value'], clusterList: Attribute['value']) {
  return {
    ...(typeof originatorId === 'string' ? { originatorId } : {}),
    ...(typeof clusterList === 'object' ? { clusterList } : {}),
  };
}

function segmentText({
  segment_type: type,
  asns,
}: {
  segment_type: number;
  asns: readonly number[] | null;
}): string {
  const list = asns ?? [];
  // RFC 5065: 3 is a sequence of the confederation, 4 a set.
  if (type === 3) return `(${list.join(' ')})`;
  if (type === 4) return `[${list.join(',')}]`;
  return type === 1 ? `{${list.join(',')}}` : list.join(' ');
}

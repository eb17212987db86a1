import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { communityText } from '../../bgp/communities.ts';
import type { Namespaces } from '../netns.ts';
import { closed, opened } from '../open.ts';
import { signalAll, stopAll } from '../processes.ts';
import { programPath } from '../programs.ts';
import { until } from '../shell.ts';
import { type HostTables, sortedPaths, sortedRecord, type TablePath } from '../tables.ts';
import type { RunningDaemon } from './daemon.ts';

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

/** One gobgpd inside a namespace, from gobgp.toml and the commands of gobgp-cli.txt. */
export class Gobgp implements RunningDaemon {
  readonly folder = mkdtempSync(join(tmpdir(), 'fabricgen-gobgp-'));
  readonly #namespaces: Namespaces;
  readonly #host: string;
  /** `ip netns exec` becomes the daemon. */
  #pid: number | undefined;

  private constructor(namespaces: Namespaces, host: string) {
    this.#namespaces = namespaces;
    this.#host = host;
    opened(this);
  }

  static async start(
    namespaces: Namespaces,
    host: string,
    files: ReadonlyMap<string, string>,
  ): Promise<Gobgp> {
    const gobgp = new Gobgp(namespaces, host);
    await gobgp.#run(files);
    return gobgp;
  }

  async #run(files: ReadonlyMap<string, string>): Promise<void> {
    const file = (name: string) => join(this.folder, name);
    for (const [path, text] of files) writeFileSync(file(path), text);
    const log = openSync(file('log'), 'a');
    const program = programPath('gobgpd') ?? 'gobgpd';
    const name = this.#namespaces.name(this.#host);
    const args = ['netns', 'exec', name, program, '-f', file('gobgp.toml')];
    const child = spawn('ip', args, { stdio: ['ignore', log, log] });
    child.unref();
    this.#pid = child.pid;
    closeSync(log);
    await until(
      `gobgpd of ${this.#host} answers`,
      20,
      () => (this.#ask(['global']).code === 0 ? true : null),
      () => this.log(),
    );
    if (files.has('gobgp-cli.txt')) this.#namespaces.exec(this.#host, 'sh', ['-e', file('gobgp-cli.txt')]);
  }

  #ask(words: readonly string[]) {
    return this.#namespaces.tryExec(this.#host, 'gobgp', words);
  }

  #json<T>(words: readonly string[]): T {
    return JSON.parse(this.#ask(['-j', ...words]).stdout || 'null') as T;
  }

  tables(): Omit<HostTables, 'kernel'> {
    const neighbors = this.#json<readonly { state: Record<string, unknown> }[]>(['neighbor']) ?? [];
    const sessions = neighbors.map(({ state }) => ({
      peer: String(state['neighbor_address'] ?? ''),
      state: state['session_state'] === 6 ? 'Established' : 'down',
    }));
    const bgp = ['ipv4', 'ipv6'].flatMap((family) => {
      const rib =
        this.#json<Record<string, readonly RibPath[]> | null>(['global', 'rib', '-a', family]) ?? {};
      return Object.entries(rib).map(([prefix, paths]): [string, readonly TablePath[]] => [
        prefix,
        sortedPaths(paths.map(observed)),
      ]);
    });
    return { sessions: sessions.sort((a, b) => (a.peer < b.peer ? -1 : 1)), bgp: sortedRecord(bgp) };
  }

  #pids(): readonly number[] {
    return this.#pid === undefined ? [] : [this.#pid];
  }

  stop(): Promise<void> {
    return stopAll(`gobgpd of ${this.#host}`, this.#pids());
  }

  kill(): void {
    signalAll(this.#pids(), 'SIGKILL');
  }

  /** SIGHUP has gobgp.toml read again; the commands of gobgp-cli.txt follow. */
  async reload(files: ReadonlyMap<string, string>): Promise<void> {
    for (const [path, text] of files) writeFileSync(join(this.folder, path), text);
    signalAll(this.#pids(), 'SIGHUP');
    const commands = join(this.folder, 'gobgp-cli.txt');
    if (files.has('gobgp-cli.txt')) this.#namespaces.exec(this.#host, 'sh', ['-e', commands]);
  }

  log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8').split('\n').slice(-40).join('\n');
  }

  close(): void {
    closed(this);
    rmSync(this.folder, { recursive: true, force: true });
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

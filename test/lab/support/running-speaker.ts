import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespaces } from '../../../src/lab/netns.ts';
import { closed, opened } from '../../../src/lab/open.ts';
import type { AdjInRow, NeighborView, Page, RibRow } from '../../../src/speaker/api/types.ts';
import { command } from './command.ts';

/** `fabricgen speaker` in a namespace, from an frr.conf or a file of another daemon's name. */
export class RunningSpeaker {
  readonly folder = mkdtempSync(join(tmpdir(), 'fabricgen-speaker-'));
  readonly #namespaces: Namespaces;
  readonly #host: string;
  readonly #words: readonly string[];
  readonly #file: string;
  #child: ChildProcess | null = null;

  constructor(
    namespaces: Namespaces,
    host: string,
    config: readonly string[],
    words: readonly string[] = [],
    file = 'frr.conf',
  ) {
    this.#namespaces = namespaces;
    this.#host = host;
    this.#words = words;
    this.#file = join(this.folder, file);
    writeFileSync(this.#file, `${config.join('\n')}\n`);
    opened(this);
    this.start();
  }

  get #socket(): string {
    return join(this.folder, 'socket');
  }

  start(): void {
    const log = openSync(join(this.folder, 'log'), 'a');
    const words = ['speaker', '--config', this.#file, '--socket', this.#socket];
    const program = ['netns', 'exec', this.#namespaces.name(this.#host), process.execPath, command()];
    this.#child = spawn('ip', [...program, ...words, ...this.#words], { stdio: ['ignore', log, log] });
    closeSync(log);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** A question to the control API; null: there is no answer. */
  ask<Answer>(path: string, body?: object): Promise<Answer | null> {
    return new Promise((resolve) => {
      const method = body ? 'POST' : 'GET';
      const headers = body ? { 'content-type': 'application/json' } : {};
      const asked = request({ socketPath: this.#socket, path: `/v1${path}`, method, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => {
          text += piece;
        });
        answer.on('end', () =>
          resolve((answer.statusCode ?? 500) < 300 ? (JSON.parse(text || 'null') as Answer) : null),
        );
      });
      asked.on('error', () => resolve(null));
      asked.end(body ? JSON.stringify(body) : undefined);
    });
  }

  async neighbor(name: string): Promise<NeighborView | null> {
    return this.ask<NeighborView>(`/neighbors/${encodeURIComponent(name)}`);
  }

  async rib(prefix: string): Promise<RibRow['paths']> {
    const family = prefix.includes(':') ? 'ipv6-unicast' : 'ipv4-unicast';
    const page = await this.ask<Page<RibRow>>(`/rib?family=${family}`);
    return page?.rows.find((row) => row.prefix === prefix)?.paths ?? [];
  }

  /** A table of a family that is passed on: destinations with the peers they came from. */
  async carried(family: string): Promise<readonly string[]> {
    const page = await this.ask<Page<RibRow>>(`/rib?family=${family}`);
    return (page?.rows ?? []).flatMap(({ prefix, paths }) =>
      paths.map(
        (path) => `${prefix} from ${path.from} ${path.attached} ${path.extendedCommunities.join(' ')}`,
      ),
    );
  }

  async adjIn(name: string, prefix: string): Promise<readonly AdjInRow[]> {
    const page = await this.ask<Page<AdjInRow>>(
      `/neighbors/${encodeURIComponent(name)}/adj-in?family=ipv4-unicast`,
    );
    return page?.rows.filter((row) => row.prefix === prefix) ?? [];
  }

  log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8');
  }

  close(): void {
    closed(this);
    this.signal('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

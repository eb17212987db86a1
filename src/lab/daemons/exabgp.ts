import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespaces } from '../netns.ts';
import { closed, opened } from '../open.ts';
import { signalAll, stopAll } from '../processes.ts';
import { programPath } from '../programs.ts';
import { run, tryRun, until } from '../shell.ts';
import type { HostTables } from '../tables.ts';
import type { RunningDaemon } from './daemon.ts';

/** The named pipes' name: one ExaBGP per folder, so that it need not differ. */
const PIPE = 'exabgp-lab';

/** One ExaBGP inside a namespace, from exabgp.conf. It keeps no table of best paths: only its sessions are asked for. */
export class Exabgp implements RunningDaemon {
  readonly folder = mkdtempSync(join(tmpdir(), 'fabricgen-exabgp-'));
  readonly #namespaces: Namespaces;
  readonly #host: string;
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
  ): Promise<Exabgp> {
    const exabgp = new Exabgp(namespaces, host);
    await exabgp.#run(files);
    return exabgp;
  }

  async #run(files: ReadonlyMap<string, string>): Promise<void> {
    for (const [path, text] of files) writeFileSync(join(this.folder, path), text);
    mkdirSync(join(this.folder, 'run'));
    run(
      'mkfifo',
      ['in', 'out'].map((end) => join(this.folder, 'run', `${PIPE}.${end}`)),
    );
    const log = openSync(join(this.folder, 'log'), 'a');
    const words = [...this.#program('exabgp'), '--root', this.folder, join(this.folder, 'exabgp.conf')];
    const child = spawn('ip', words, { stdio: ['ignore', log, log], env: this.#environment() });
    child.unref();
    this.#pid = child.pid;
    closeSync(log);
    await until(
      `exabgp of ${this.#host} answers`,
      30,
      () => this.#sessions(),
      () => this.log(),
    );
  }

  #program(name: string): readonly string[] {
    return ['netns', 'exec', this.#namespaces.name(this.#host), programPath(name) ?? name];
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      'exabgp.daemon.user': 'root',
      'exabgp.api.cli': 'true',
      'exabgp.api.pipename': PIPE,
      'exabgp.log.level': 'INFO',
    };
  }

  /** null: it does not answer. */
  #sessions(): HostTables['sessions'] | null {
    const asked = tryRun('timeout', [
      '5',
      'env',
      `exabgp_api_pipename=${PIPE}`,
      'ip',
      ...this.#program('exabgpcli'),
      ...['--root', this.folder, 'show', 'neighbor', 'extensive'],
    ]);
    if (asked.code !== 0) return null;
    const found = asked.stdout.matchAll(/^Neighbor (\S+)$[\s\S]*?^\s+state\s+(\S+)/gm);
    // A range of callers stands there too, and is no session.
    return [...found]
      .filter(([, peer = '']) => !peer.includes('/'))
      .map(([, peer = '', state]) => ({ peer, state: state === 'ESTABLISHED' ? 'Established' : 'down' }))
      .sort((a, b) => (a.peer < b.peer ? -1 : 1));
  }

  tables(): Omit<HostTables, 'kernel'> {
    return { sessions: this.#sessions() ?? [], bgp: {} };
  }

  #pids(): readonly number[] {
    return this.#pid === undefined ? [] : [this.#pid];
  }

  stop(): Promise<void> {
    return stopAll(`exabgp of ${this.#host}`, this.#pids());
  }

  kill(): void {
    signalAll(this.#pids(), 'SIGKILL');
  }

  /** SIGUSR1 has the file read again. */
  async reload(files: ReadonlyMap<string, string>): Promise<void> {
    for (const [path, text] of files) writeFileSync(join(this.folder, path), text);
    signalAll(this.#pids(), 'SIGUSR1');
  }

  log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8').split('\n').slice(-40).join('\n');
  }

  close(): void {
    closed(this);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespaces } from '../netns.ts';
import { closed, opened } from '../open.ts';
import { signalAll, stopAll } from '../processes.ts';
import { programPath } from '../programs.ts';
import { until } from '../shell.ts';
import type { HostTables } from '../tables.ts';
import { birdRoutes, birdSessions } from './bird-observed.ts';
import type { RunningDaemon } from './daemon.ts';

/** One bird inside a namespace, from bird.conf and what it includes. */
export class Bird implements RunningDaemon {
  readonly folder = mkdtempSync(join(tmpdir(), 'fabricgen-bird-'));
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
  ): Promise<Bird> {
    const bird = new Bird(namespaces, host);
    await bird.#run(files);
    return bird;
  }

  #path(name: string): string {
    return join(this.folder, name);
  }

  async #run(files: ReadonlyMap<string, string>): Promise<void> {
    for (const [path, text] of files) writeFileSync(this.#path(path), text);
    const log = openSync(this.#path('log'), 'a');
    const name = this.#namespaces.name(this.#host);
    const program = programPath('bird') ?? 'bird';
    const args = ['-f', '-c', this.#path('bird.conf'), '-s', this.#path('ctl'), '-P', this.#path('pid')];
    const child = spawn('ip', ['netns', 'exec', name, program, ...args], {
      // A log named without a folder belongs to the daemon's own.
      cwd: this.folder,
      stdio: ['ignore', log, log],
    });
    child.unref();
    this.#pid = child.pid;
    closeSync(log);
    await until(
      `bird of ${this.#host} answers`,
      20,
      () => (this.ask('show status').includes('Daemon is up') ? true : null),
      () => this.log(),
    );
  }

  /** What birdc answers. */
  ask(command: string): string {
    return this.#namespaces.tryExec(this.#host, 'birdc', ['-s', this.#path('ctl'), ...command.split(' ')])
      .stdout;
  }

  tables(): Omit<HostTables, 'kernel'> {
    const { sessions, neighbors } = birdSessions(this.ask('show protocols all'));
    return { sessions, bgp: birdRoutes(this.ask('show route all'), neighbors) };
  }

  #pids(): readonly number[] {
    return this.#pid === undefined ? [] : [this.#pid];
  }

  stop(): Promise<void> {
    return stopAll(`bird of ${this.#host}`, this.#pids());
  }

  kill(): void {
    signalAll(this.#pids(), 'SIGKILL');
  }

  async reload(files: ReadonlyMap<string, string>): Promise<void> {
    for (const [path, text] of files) writeFileSync(this.#path(path), text);
    this.ask('configure');
  }

  log(): string {
    return readFileSync(this.#path('log'), 'utf8').split('\n').slice(-40).join('\n');
  }

  close(): void {
    closed(this);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

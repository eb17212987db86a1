import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespaces } from '../netns.ts';
import { closed, opened } from '../open.ts';
import { signalAll, stopAll } from '../processes.ts';
import { programPath } from '../programs.ts';
import { run, tryRun, until } from '../shell.ts';
import type { HostTables } from '../tables.ts';
import type { RunningDaemon } from './daemon.ts';
import { frrTables } from './frr-observed.ts';

const programs = ['zebra', 'staticd', 'bgpd'] as const;

/** One FRR (zebra, staticd, bgpd) inside a namespace, started from a folder of files as they were rendered. */
export class Frr implements RunningDaemon {
  readonly folder: string;
  readonly #namespaces: Namespaces;
  readonly #host: string;

  private constructor(namespaces: Namespaces, host: string) {
    this.#namespaces = namespaces;
    this.#host = host;
    opened(this);
    this.folder = mkdtempSync(join(tmpdir(), 'fabricgen-frr-'));
    // The daemons drop to user frr, who must be able to write here.
    chmodSync(this.folder, 0o777);
    run('chown', ['frr:frr', this.folder]);
  }

  /** Copies the files, starts the daemons, loads an integrated frr.conf where there is one, waits until bgpd answers. */
  static async start(namespaces: Namespaces, host: string, files: ReadonlyMap<string, string>): Promise<Frr> {
    const frr = new Frr(namespaces, host);
    await frr.#run(files);
    return frr;
  }

  async #run(files: ReadonlyMap<string, string>): Promise<void> {
    for (const [path, text] of files) this.write(path, text);
    for (const daemon of programs) {
      const config = this.path(`${daemon}.conf`);
      if (!existsSync(config)) this.write(`${daemon}.conf`, '');
      this.#daemon(daemon, config);
    }
    await until(`bgpd of ${this.#host} answers`, 20, () =>
      this.tryVtysh('show bgp summary json') === null ? null : true,
    );
    if (files.has('frr.conf')) run('vtysh', [...this.#vtyshArgs(), '-f', this.path('frr.conf')]);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.folder, path, '..'), { recursive: true });
    writeFileSync(this.path(path), text);
    run('chown', ['frr:frr', this.path(path)]);
  }

  #daemon(daemon: string, config: string): void {
    const program = programPath(daemon) ?? daemon;
    this.#namespaces.exec(this.#host, program, [
      '-d',
      ...['-f', config, '-i', this.path(`${daemon}.pid`), '-z', this.path('zserv.api')],
      ...['--vty_socket', this.folder, '-A', '127.0.0.1', '--log', `file:${this.path(`${daemon}.log`)}`],
    ]);
  }

  #vtyshArgs(): string[] {
    return ['--vty_socket', this.folder, '--config_dir', this.folder];
  }

  vtysh(command: string): string {
    return run('vtysh', [...this.#vtyshArgs(), '-c', command]);
  }

  tryVtysh(command: string): string | null {
    try {
      return this.vtysh(command);
    } catch {
      return null;
    }
  }

  json<T>(command: string): T {
    return JSON.parse(this.vtysh(`${command} json`)) as T;
  }

  tables(): Omit<HostTables, 'kernel'> {
    return frrTables(this);
  }

  version(): string {
    const ask = (family: string) =>
      this.json<{ tableVersion?: number }>(`show bgp ${family} unicast`).tableVersion;
    return `${ask('ipv4')} ${ask('ipv6')}`;
  }

  #pids(): readonly number[] {
    return programs
      .map((daemon) => this.path(`${daemon}.pid`))
      .filter((file) => existsSync(file))
      .map((file) => Number(readFileSync(file, 'utf8')));
  }

  stop(): Promise<void> {
    return stopAll(`FRR of ${this.#host}`, this.#pids());
  }

  kill(): void {
    signalAll(this.#pids(), 'SIGKILL');
  }

  /**
   * As an operator does it: `frr-reload.py` turns the difference into commands. Files per daemon are put together to the one that
   * it takes; it reloads twice, since a route-map is attached before it is made the first time round.
   */
  async reload(files: ReadonlyMap<string, string>): Promise<void> {
    const whole =
      files.get('frr.conf') ?? programs.map((daemon) => files.get(`${daemon}.conf`) ?? '').join('\n');
    this.write('frr.conf', whole);
    this.write('vtysh.conf', '');
    const dirs = ['--confdir', '--rundir', '--vty_socket'].flatMap((option) => [option, this.folder]);
    const args = ['--reload', '--bindir', '/usr/bin', ...dirs, this.path('frr.conf')];
    tryRun(programPath('frr-reload.py') ?? 'frr-reload.py', args);
  }

  log(): string {
    return programs
      .map((daemon) => this.path(`${daemon}.log`))
      .filter((file) => existsSync(file))
      .map((file) => `${file}\n${readFileSync(file, 'utf8').split('\n').slice(-20).join('\n')}`)
      .join('\n');
  }

  /** Keeps a copy of a log or file for a failure report. */
  save(name: string, to: string): void {
    if (existsSync(this.path(name))) copyFileSync(this.path(name), to);
  }

  /** The namespaces kill the processes; this removes the folder. */
  close(): void {
    closed(this);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

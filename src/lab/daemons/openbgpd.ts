import { spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
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
import { until } from '../shell.ts';
import type { RunningDaemon } from './daemon.ts';

/** OpenBGPD's `bgpd` has the name of FRR's: where both are installed Debian's `dpkg-divert` gives it its own (scripts/install-daemons). */
const PROGRAM = 'openbgpd';

/** One OpenBGPD inside a namespace, from bgpd.conf. */
export class Openbgpd implements RunningDaemon {
  readonly folder = mkdtempSync(join(tmpdir(), 'fabricgen-openbgpd-'));
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
  ): Promise<Openbgpd> {
    const openbgpd = new Openbgpd(namespaces, host);
    await openbgpd.#run(files);
    return openbgpd;
  }

  get #socket(): string {
    return join(this.folder, 'socket');
  }

  async #run(files: ReadonlyMap<string, string>): Promise<void> {
    // The home its processes are locked into; Debian's unit makes it.
    mkdirSync('/run/openbgpd', { recursive: true });
    const config = join(this.folder, 'bgpd.conf');
    // Its own line for the socket: two of them must not share the default.
    writeFileSync(config, `socket "${this.#socket}"\n${files.get('bgpd.conf') ?? ''}`);
    // It refuses a file that others may read.
    chmodSync(config, 0o600);
    const log = openSync(join(this.folder, 'log'), 'a');
    const program = programPath(PROGRAM) ?? PROGRAM;
    const words = ['netns', 'exec', this.#namespaces.name(this.#host), program, '-d', '-f', config];
    const child = spawn('ip', words, { stdio: ['ignore', log, log] });
    child.unref();
    this.#pid = child.pid;
    closeSync(log);
    await until(
      `openbgpd of ${this.#host} answers`,
      20,
      () => (this.ask('show').code === 0 ? true : null),
      () => this.log(),
    );
  }

  /** What bgpctl answers. */
  ask(command: string) {
    return this.#namespaces.tryExec(this.#host, 'bgpctl', ['-s', this.#socket, ...command.split(' ')]);
  }

  tables(): ReturnType<RunningDaemon['tables']> {
    const rows = this.ask('show').stdout.split('\n').slice(1);
    const sessions = rows.flatMap((row) => {
      const [peer = '', , , , , , , state = ''] = row.trim().split(/\s+/);
      return peer === ''
        ? []
        : [{ peer, state: /^[0-9]/.test(state) ? ('Established' as const) : ('down' as const) }];
    });
    return { sessions, bgp: {} };
  }

  #pids(): readonly number[] {
    return this.#pid === undefined ? [] : [this.#pid];
  }

  stop(): Promise<void> {
    return stopAll(`openbgpd of ${this.#host}`, this.#pids());
  }

  kill(): void {
    signalAll(this.#pids(), 'SIGKILL');
  }

  async reload(files: ReadonlyMap<string, string>): Promise<void> {
    const config = join(this.folder, 'bgpd.conf');
    writeFileSync(config, `socket "${this.#socket}"\n${files.get('bgpd.conf') ?? ''}`);
    this.ask('reload');
  }

  log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8').split('\n').slice(-40).join('\n');
  }

  close(): void {
    closed(this);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

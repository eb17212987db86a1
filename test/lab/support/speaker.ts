import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespaces } from '../../../src/lab/netns.ts';
import { closed, opened } from '../../../src/lab/open.ts';
import { isRunning } from '../../../src/lab/processes.ts';
import { tryRun, until } from '../../../src/lab/shell.ts';
import { command } from './command.ts';

/** `fabricgen speaker` as a process in a namespace, made from the sources as they are. */
export class SpeakerProcess {
  readonly folder: string;
  readonly #namespaces: Namespaces;
  readonly #host: string;
  #child: ChildProcess | null = null;
  log = '';

  constructor(namespaces: Namespaces, host: string) {
    this.#namespaces = namespaces;
    this.#host = host;
    opened(this);
    this.folder = mkdtempSync(join(tmpdir(), 'fabricgen-speaker-'));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Runs `speaker` with these arguments until its API answers. */
  async start(args: readonly string[]): Promise<void> {
    const words = [process.execPath, command(), 'speaker', '--socket', this.path('api.sock'), ...args];
    const child = spawn('ip', ['netns', 'exec', this.#namespaces.name(this.#host), ...words], {
      cwd: this.folder,
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece: Buffer) => {
        this.log += piece.toString('utf8');
      });
    await until(
      'the speaker answers',
      20,
      () => (this.ask(['status']).code === 0 ? true : null),
      () => this.log,
    );
  }

  /** One of the commands that talk to it. */
  ask(args: readonly string[]) {
    const [name = '', ...rest] = args;
    return tryRun(process.execPath, [command(), 'speaker', name, '--socket', this.path('api.sock'), ...rest]);
  }

  json<View>(args: readonly string[]): View {
    return JSON.parse(this.ask([...args, '--format', 'json']).stdout) as View;
  }

  /** `ip netns exec` becomes the speaker itself: its process is the one that was started. */
  signal(name: 'SIGHUP' | 'SIGTERM' | 'SIGKILL'): void {
    this.#child?.kill(name);
  }

  /** SIGTERM; the exit code and how long it took, in milliseconds. */
  async stop(): Promise<{ readonly code: number | null; readonly took: number }> {
    const child = this.#child;
    if (!child) throw new Error('it does not run');
    const began = performance.now();
    const ended = new Promise<number | null>((done) => child.once('exit', done));
    child.kill('SIGTERM');
    const code = await ended;
    this.#child = null;
    return { code, took: performance.now() - began };
  }

  close(): void {
    closed(this);
    const pid = this.#child?.pid;
    if (pid !== undefined && isRunning(pid)) this.signal('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

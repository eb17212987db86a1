import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Namespaces } from '../netns.ts';
import { closed, opened } from '../open.ts';
import { isRunning, type Signal, signalAll, stopAll } from '../processes.ts';
import { programPath } from '../programs.ts';
import { until } from '../shell.ts';

/** Lines of each log that a failure report shows. */
const LAST_LINES = 20;

/**
 * What all daemons have in common: a folder with NAME.pid and NAME.log of each process, a namespace to run in, an end. A pid counts
 * only as long as its process is in the host's own namespace: a number that somebody else has by now is never signalled.
 */
export abstract class DaemonProcess {
  readonly folder: string;
  readonly host: string;
  protected readonly namespaces: Namespaces;

  /** `folder`: that of a daemon which runs already. */
  constructor(namespaces: Namespaces, host: string, folder?: string) {
    this.namespaces = namespaces;
    this.host = host;
    this.folder = folder ?? namespaces.folder(host);
    if (folder === undefined) opened(this);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  writeAll(files: ReadonlyMap<string, string>): void {
    for (const [name, text] of files) this.write(name, text);
  }

  /** Starts a program that stays in the foreground; `ip netns exec` becomes the program, so the pid is its own. */
  protected spawn(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
    const words = ['netns', 'exec', this.namespaces.name(this.host), programPath(name) ?? name, ...args];
    this.spawnProgram(name, 'ip', words, env);
  }

  /** The same for a program that enters the namespace by itself; `name` is what its log and its pid are called. */
  protected spawnProgram(
    name: string,
    program: string,
    words: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): void {
    const log = openSync(this.path(`${name}.log`), 'a');
    const child = spawn(program, words, {
      // A log named without a folder belongs to the daemon's own.
      cwd: this.folder,
      // A session of its own: Ctrl-C in the terminal is for fabricgen, which then ends its daemons.
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...this.namespaces.mark, ...env },
    });
    this.#remember(name, child);
    closeSync(log);
  }

  #remember(name: string, child: ChildProcess): void {
    child.unref();
    // Without a handler a program that is not there would end fabricgen.
    child.on('error', () => undefined);
    if (child.pid !== undefined) this.write(`${name}.pid`, `${child.pid}\n`);
  }

  /** Asks until it answers; says what its log says where it ends instead, or never answers. */
  protected async answers(what: string, question: () => Promise<boolean>, seconds = 30): Promise<void> {
    await until(
      `${what} of ${this.host} answers`,
      seconds,
      async () => {
        if (await question()) return true;
        if (this.#startedPids().some((pid) => !isRunning(pid)))
          throw new Error(`${what} of ${this.host} ended\n${this.log()}`);
        return null;
      },
      () => this.log(),
    );
  }

  #startedPids(): readonly number[] {
    return this.#files('.pid').flatMap((name) => this.pidsOf(name.slice(0, -'.pid'.length)));
  }

  /** Of one of its programs, running or not. */
  protected pidsOf(name: string): readonly number[] {
    try {
      return [Number(readFileSync(this.path(`${name}.pid`), 'utf8'))].filter((pid) => pid > 0);
    } catch {
      return [];
    }
  }

  #files(ending: string): readonly string[] {
    try {
      return readdirSync(this.folder)
        .filter((name) => name.endsWith(ending))
        .sort();
    } catch {
      return [];
    }
  }

  pids(): readonly number[] {
    return this.#startedPids().filter((pid) => this.namespaces.holds(this.host, pid));
  }

  signal(signal: Signal): void {
    signalAll(this.pids(), signal);
  }

  stop(): Promise<void> {
    return stopAll(`the daemon of ${this.host}`, this.pids());
  }

  kill(): void {
    this.signal('SIGKILL');
  }

  log(): string {
    return this.#files('.log')
      .map((name) => [
        name,
        ...readFileSync(this.path(name), 'utf8').trimEnd().split('\n').slice(-LAST_LINES),
      ])
      .filter((lines) => lines.length > 1 && lines[1] !== '')
      .map((lines) => lines.join('\n'))
      .join('\n');
  }

  close(): void {
    closed(this);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

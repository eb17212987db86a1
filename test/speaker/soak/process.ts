import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { MemorySample } from './memory.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Its old space in MiB: a process that grows is collected all the time, and ends long before the machine is in need. */
const OLD_SPACE = 160;

/** `fabricgen speaker` as it is shipped, on a loopback port, as a process of its own. */
export class SoakProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'fabricgen-soak-'));
  log = '';
  /** null: it runs. */
  exit: string | null = null;
  readonly #child: ChildProcess;
  readonly #began = performance.now();

  constructor(port: number, config: string) {
    const bin = join(this.folder, 'dist/cli/bin.js');
    mkdirSync(join(this.folder, 'dist/cli'), { recursive: true });
    const bundled = spawnSync(process.execPath, [join(root, 'scripts/bundle.mjs'), bin]);
    if (bundled.status !== 0) throw new Error(String(bundled.stderr));
    for (const name of ['package.json', 'inventory', 'templates', 'docs'])
      symlinkSync(join(root, name), join(this.folder, name));
    this.configure(config);
    const place = ['--listen', '127.0.0.1', '--port', String(port), '--socket', this.#socket];
    const node = [`--max-old-space-size=${OLD_SPACE}`, bin];
    const words = ['speaker', '--config', join(this.folder, 'frr.conf'), ...place, '--log-level', 'error'];
    this.#child = spawn(process.execPath, [...node, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (piece: Buffer) => {
        this.log = (this.log + piece.toString('utf8')).slice(-20_000);
      });
    this.#child.once('exit', (code, signal) => {
      this.exit = `ended with ${signal ?? code}`;
    });
  }

  get #socket(): string {
    return join(this.folder, 'api.sock');
  }

  configure(config: string): void {
    writeFileSync(join(this.folder, 'frr.conf'), config);
  }

  signal(name: 'SIGHUP' | 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(name);
  }

  /** A request to the control API or for the metrics, as text; null: no answer, or one that is not 200. */
  ask(path: string, body?: object): Promise<string | null> {
    return new Promise((done) => {
      const headers = body ? { 'content-type': 'application/json' } : {};
      const method = body ? 'POST' : 'GET';
      const sent = request({ socketPath: this.#socket, path, method, headers }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () => done(answer.statusCode === 200 ? Buffer.concat(pieces).toString() : null));
      });
      sent.on('error', () => done(null));
      sent.end(body ? JSON.stringify(body) : undefined);
    });
  }

  /** The stream of events, for somebody who hangs up after a while. */
  follow(milliseconds: number): void {
    const sent = request({ socketPath: this.#socket, path: '/v1/events?since=0' }, (answer) => {
      answer.resume();
      answer.on('error', () => undefined);
    });
    sent.on('error', () => undefined);
    sent.end();
    setTimeout(() => sent.destroy(), milliseconds);
  }

  async json<Answer>(path: string): Promise<Answer | null> {
    const text = await this.ask(path);
    return text === null ? null : (JSON.parse(text) as Answer);
  }

  /** null: it does not answer. */
  async sample(): Promise<(MemorySample & { readonly lag: number; readonly cpu: number }) | null> {
    const text = await this.ask('/metrics');
    if (text === null) return null;
    const figure = (name: string) =>
      Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
    return {
      seconds: (performance.now() - this.#began) / 1000,
      heap: figure('nodejs_heap_size_used_bytes') + figure('nodejs_array_buffers_bytes'),
      resident: figure('process_resident_memory_bytes'),
      lag: figure('nodejs_eventloop_lag_max_seconds'),
      cpu: figure('process_cpu_seconds_total'),
    };
  }

  /** The last words of a process that ended before its time. */
  get lastWords(): string {
    return `${this.exit ?? 'it runs'}\n${this.log}`;
  }

  /** Ends it and gives its exit code. */
  async stop(): Promise<string | null> {
    this.signal('SIGTERM');
    const end = Date.now() + 10_000;
    while (this.exit === null && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
    if (this.exit === null) this.signal('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
    return this.exit;
  }
}

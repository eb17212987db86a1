import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Namespaces } from '../../../src/lab/netns.ts';
import { closed, opened } from '../../../src/lab/open.ts';

/** How the recording peer answers. */
export interface PeerOptions {
  readonly asn: number;
  readonly options: readonly string[];
}

/** Milliseconds without a message after which a daemon has said what it had to say. */
const QUIET = 400;
const MOST_WAIT = 3000;

/** `recording-peer.mjs` in a namespace: what a daemon sends to it, message by message. */
export class Recording {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #messages: string[] = [];
  #taken = 0;
  #rest = '';
  #last = Date.now();

  constructor(namespaces: Namespaces, host: string, remote: string, { asn, options }: PeerOptions) {
    const script = join(import.meta.dirname, 'recording-peer.mjs');
    const words = ['netns', 'exec', namespaces.name(host), process.execPath, script, remote, String(asn)];
    this.#child = spawn('ip', [...words, ...options]);
    opened(this);
    this.#child.stdout.setEncoding('utf8');
    this.#child.stdout.on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop() ?? '';
      this.#messages.push(...lines);
      this.#last = Date.now();
    });
  }

  /** Sends a message given as hexadecimal digits. */
  send(hex: string): void {
    this.#child.stdin.write(`${hex}\n`);
  }

  /** The messages since the last call, once it has been quiet for a while; KEEPALIVEs are left out. `some`: wait for one. */
  async next(some: boolean): Promise<readonly string[]> {
    const deadline = Date.now() + MOST_WAIT;
    const fresh = () => this.#messages.slice(this.#taken).filter((hex) => hex.slice(36, 38) !== '04');
    while (Date.now() < deadline && ((some && fresh().length === 0) || Date.now() - this.#last < QUIET))
      await new Promise((resolve) => setTimeout(resolve, 50));
    const messages = fresh();
    this.#taken = this.#messages.length;
    return messages;
  }

  close(): void {
    closed(this);
    this.#child.kill('SIGKILL');
  }
}

import { type ChildProcess, spawn } from 'node:child_process';

/**
 * A shell that waits for this process to end: a word says that all is well, the end of the pipe that it was killed. Then the shell
 * becomes `command`, which cleans up. It is in a session of its own, so nothing that is sent to us reaches it.
 */
export class Guard {
  readonly #child: ChildProcess;

  constructor([program = '', ...args]: readonly string[]) {
    this.#child = spawn('sh', ['-c', 'read -r word || exec "$0" "$@"', program, ...args], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#child.on('error', () => undefined);
    this.#child.stdin?.on('error', () => undefined);
    this.#child.unref();
  }

  /** All is well: it ends without doing anything. */
  dismiss(): void {
    this.#child.stdin?.end('done\n');
  }
}

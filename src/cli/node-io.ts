import { readFileSync, writeSync } from 'node:fs';
import type { Io } from './io.ts';

/** The real world. Writes are synchronous, so that nothing is lost when the process ends or the pipe is slow. */
export function nodeIo(): Io {
  const { stdout, stderr, env } = process;
  return {
    out: (text) => writeAll(1, text),
    err: (text) => writeAll(2, text),
    stdin: () => readFileSync(0, 'utf8'),
    colours: { out: wantsColours(stdout.isTTY === true, env), err: wantsColours(stderr.isTTY === true, env) },
    interactive: stderr.isTTY === true,
  };
}

/** https://no-color.org: any non-empty NO_COLOR turns colours off; FORCE_COLOR turns them on in a pipe. */
function wantsColours(terminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  return terminal || Boolean(env['FORCE_COLOR']);
}

/** What a shell says of a program that SIGPIPE ended: nobody may take a verdict that was not reached for a pass. */
const SIGPIPE = 128 + 13;

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // The reader is slow (a full pipe is not an error): try again. It is gone (head, less): stop quietly, as SIGPIPE ends others.
      if (code === 'EAGAIN') continue;
      if (code === 'EPIPE') process.exit(SIGPIPE);
      throw error;
    }
  }
}

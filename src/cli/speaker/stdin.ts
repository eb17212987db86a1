import { createInterface } from 'node:readline';
import type { Daemon } from '../../speaker/node/daemon.ts';
import { textCommand } from '../../speaker/operation/text-commands.ts';

/** Does what each line of standard input says, as a process behind ExaBGP would; a line that is refused is logged with its number. */
export function obeyStdin(daemon: Daemon): () => void {
  let number = 0;
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  lines.on('line', (line) => {
    number++;
    const operation = textCommand(line);
    if (operation === null) return;
    const outcome =
      typeof operation === 'string' ? { ok: false, words: operation } : daemon.perform(operation);
    if (outcome.ok) return;
    const message = `standard input, line ${number}: ${outcome.words ?? ''}`;
    daemon.monitor.publish({ level: 'error', event: 'command-refused', message, fields: { line: number } });
  });
  return () => {
    lines.close();
    process.stdin.destroy();
  };
}

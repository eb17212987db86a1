import type { ConfigFile, ReadContext, ReadResult } from '../../target.ts';
import { parseConfig } from './config.ts';
import { Cursor } from './cursor.ts';
import { interpret } from './interpret.ts';
import { tokenize } from './lexer.ts';
import { Reading } from './reading.ts';

/** Reads bird.conf and what it includes, as BIRD 2.0 does. Never throws; what BIRD refuses leaves no router, since it does not start. */
export function readBird(files: ReadonlyMap<string, ConfigFile>, about: ReadContext): ReadResult {
  const reading = new Reading();
  if (!files.has('bird.conf')) {
    reading.diagnostics.push({
      rule: 'config-missing',
      severity: 'error',
      message: `${about.host}: bird.conf is not there`,
      ranges: [],
      host: about.host,
      fix: 'put bird.conf into the folder of the host',
    });
    return { router: null, docker: null, lines: [], diagnostics: reading.diagnostics };
  }
  const cursor = new Cursor(tokenize(files, 'bird.conf', reading), reading);
  const draft = parseConfig(cursor);
  const router = interpret(draft, about.host, reading);
  const starts =
    reading.diagnostics.every(({ severity }) => severity !== 'error') &&
    reading.lines.every(({ status }) => status !== 'unrecognised');
  return {
    router: starts ? router : null,
    docker: null,
    lines: reading.lines,
    diagnostics: reading.diagnostics,
  };
}

import type { ConfigFile, ReadContext, ReadResult } from '../../target.ts';
import { readFile } from './file.ts';
import { interpret } from './interpret.ts';
import { Reading } from './reading.ts';
import { outline } from './sections.ts';
import { tokenise } from './tokens.ts';

/** Reads exabgp.conf as ExaBGP 4.2 does. Never throws. A file that ExaBGP refuses gives no router: it does not start. */
export function readExabgp(files: ReadonlyMap<string, ConfigFile>, about: ReadContext): ReadResult {
  const file = files.get('exabgp.conf');
  const reading = new Reading();
  if (!file) return { router: null, docker: null, lines: [], diagnostics: [] };
  const tokens = tokenise(file);
  for (const { text, source } of tokens.dropped)
    reading.unrecognised(source, text, 'exabgp drops a word that stands alone on a line without ;');
  if (tokens.fault)
    reading.refuse(tokens.fault.source, tokens.fault.message, 'Put the statement on one line.');
  const sections = outline(tokens.statements);
  for (const { text, source } of sections.dropped)
    reading.unrecognised(source, text, 'exabgp drops what stands before } without ;');
  if (sections.surplus)
    reading.unrecognised(sections.surplus, '}', 'exabgp reads nothing behind this: it closes no section');
  for (const source of sections.open)
    reading.note(source, 'section without }', 'exabgp closes it at the end of the file', false);
  const state = readFile(sections, reading);
  const router = interpret(state, about.host);
  return { router, docker: null, lines: reading.lines, diagnostics: reading.diagnostics };
}

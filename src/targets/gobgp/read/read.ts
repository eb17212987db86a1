import { parseToml } from '../../../base/toml.ts';
import type { ConfigFile, ReadContext, ReadResult } from '../../target.ts';
import { readCommands } from './cli.ts';
import { decode } from './decode.ts';
import { interpret } from './interpret.ts';
import { Asked } from './neighbor-commands.ts';
import { Reading } from './reading.ts';
import { fileSchema } from './schema.ts';

/** Reads gobgp.toml as gobgpd decodes it, and gobgp-cli.txt as gobgp would run it. Never throws. */
export function readGobgp(files: ReadonlyMap<string, ConfigFile>, about: ReadContext): ReadResult {
  const reading = new Reading();
  const config = files.get('gobgp.toml');
  const commands = files.get('gobgp-cli.txt');
  if (!config) {
    // A host without BGP has kernel settings at most.
    if (commands) reading.diagnostics.push(missing(about.host, commands));
    return result(reading, null);
  }
  const { root, diagnostics } = parseToml(config.text, config.path);
  reading.diagnostics.push(...diagnostics);
  if (!root) return result(reading, null);
  const file = decode(root, fileSchema, reading, '');
  const none = { announced: new Map(), file, written: file, asked: new Asked() };
  const commanded = commands ? readCommands(commands, file, reading) : none;
  return result(reading, interpret(commanded, about.host, reading));
}

function result({ lines, diagnostics }: Reading, router: ReadResult['router']): ReadResult {
  return { router, docker: null, lines, diagnostics };
}

function missing(host: string, { path }: ConfigFile): ReadResult['diagnostics'][number] {
  return {
    rule: 'config-missing',
    severity: 'error',
    message: `${host}: gobgp.toml is not there`,
    ranges: [{ file: path, line: 1, column: 1 }],
    host,
    fix: 'Put gobgp.toml into the folder of the host.',
  };
}

import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { systemReason } from '../base/system-reason.ts';
import { type ExitCode, exit, type Io, type Report } from './io.ts';
import { refuse, refuseName } from './refuse.ts';

const examples = fileURLToPath(new URL('../../inventory', import.meta.url));
const DEFAULT = 'batch-overlay';

export function initCommand(io: Io, report: Report): Command {
  return new Command('init')
    .description('write a starter inventory: a copy of one of the examples')
    .argument('<name or dir>', `example (${exampleNames().join(', ')}), or a folder for ${DEFAULT}`)
    .argument('[dir]', 'folder to write; must not exist or be empty (default: the name of the example)')
    .action((first: string, second: string | undefined) => {
      const name = second !== undefined || exampleNames().includes(first) ? first : DEFAULT;
      report(copyExample(name, second ?? first, io));
    });
}

function exampleNames(): readonly string[] {
  return readdirSync(examples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function copyExample(name: string, folder: string, io: Io): ExitCode {
  const names = exampleNames();
  if (!names.includes(name)) return refuseName(io, `there is no example ${name}`, name, names);
  const unwritable = (message: string, fix: string): ExitCode =>
    refuse(io, { rule: 'file-unwritable', severity: 'error', message, ranges: [], fix });
  if (folder === '')
    return unwritable('the name of the folder is empty, nothing was written', 'name a folder');
  try {
    if (existsSync(folder) && readdirSync(folder).length > 0)
      return unwritable(`${folder} is not empty, nothing was written`, 'name a new folder');
    cpSync(join(examples, name), folder, { recursive: true });
  } catch (error) {
    return unwritable(`${folder} cannot be written: ${systemReason(error)}`, 'name a folder you may write');
  }
  io.out(
    `${folder}: the example ${name}. Now try:\n  fabricgen validate -i ${folder}\n  fabricgen simulate -i ${folder}\n`,
  );
  return exit.clean;
}

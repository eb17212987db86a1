import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { nearestName } from '../base/nearest.ts';
import { type ExitCode, exit, type Io } from './io.ts';
import type { Report } from './main.ts';

const examples = fileURLToPath(new URL('../../inventory', import.meta.url));
const DEFAULT = 'batch-overlay';

export function initCommand(io: Io, report: Report): Command {
  return new Command('init')
    .description('write a starter inventory: a copy of one of the examples')
    .usage('[name] <dir>')
    .argument(
      '<name or dir>',
      `example (${exampleNames().join(', ')}; ${DEFAULT} if left out), or the folder`,
    )
    .argument('[dir]', 'folder to write; must not exist or be empty')
    .action((first: string, second: string | undefined) => {
      report(second === undefined ? copyExample(DEFAULT, first, io) : copyExample(first, second, io));
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
  if (!names.includes(name)) {
    const hint = nearestName(name, names);
    io.err(
      `fabricgen: there is no example ${JSON.stringify(name)}${hint ? `; did you mean ${hint}?` : ''}\n`,
    );
    io.err(`fix: take one of ${names.join(', ')}\n`);
    return exit.usage;
  }
  try {
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      io.err(`fabricgen: ${folder} is not empty, nothing was written\nfix: name a new folder\n`);
      return exit.usage;
    }
    cpSync(join(examples, name), folder, { recursive: true });
  } catch (error) {
    io.err(
      `fabricgen: cannot write ${folder}: ${(error as Error).message}\nfix: name a folder you may write\n`,
    );
    return exit.usage;
  }
  io.out(
    `${folder}: the example ${name}. Now try:\n  fabricgen validate -i ${folder}\n  fabricgen simulate -i ${folder}\n`,
  );
  return exit.clean;
}

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_COMMAND } from '../../../src/lab/own-command.ts';

export const root = join(import.meta.dirname, '../../..');
// Two folders below the package, like the command itself: it looks there for its version and its inventories.
const folder = join(root, 'node_modules/.lab');
const file = join(folder, 'fabricgen.js');
let made: string | null = null;

/** The command as it is shipped, one file: made once for as long as the sources are older, whichever test asks first. */
export function command(): string {
  if (made) return made;
  if (!existsSync(file) || statSync(file).mtimeMs < newestSource()) {
    mkdirSync(folder, { recursive: true });
    // Another test may be starting the old one this moment.
    const draft = join(folder, `draft-${process.pid}.js`);
    try {
      execFileSync(process.execPath, ['scripts/bundle.mjs', draft], { cwd: root });
      renameSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
  }
  made = file;
  // Hosts with `daemon: speaker` run it as well.
  process.env[OWN_COMMAND] = file;
  return file;
}

function newestSource(): number {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const times = files.filter((name) => name.endsWith('.ts')).map((name) => statSync(join(root, 'src', name)));
  return Math.max(statSync(join(root, 'package-lock.json')).mtimeMs, ...times.map(({ mtimeMs }) => mtimeMs));
}

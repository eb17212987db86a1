import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../support/temporary.ts';

const root = temporaryFolder();

/** Debian's Ansible where it is installed; elsewhere the recorded goldens stand for it. */
export const hasAnsible = ((): boolean => {
  try {
    execFileSync('ansible-inventory', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** Runs an Ansible tool with its defaults only: no configuration, an empty working folder. */
export async function ansible(tool: string, args: readonly string[]): Promise<string> {
  const cwd = mkdtempSync(join(root, 'run-'));
  const config = join(cwd, 'ansible.cfg');
  writeFileSync(config, '[defaults]\n');
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, LC_ALL: 'C.UTF-8', ANSIBLE_CONFIG: config };
  const { stdout } = await promisify(execFile)(tool, [...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** A dynamic inventory that prints the file: the only way Ansible reads `--list` output. */
export function asScript(file: string): string {
  const script = join(mkdtempSync(join(root, 'script-')), 'inventory.sh');
  writeFileSync(script, `#!/bin/sh\ncat '${file}'\n`);
  chmodSync(script, 0o755);
  return script;
}

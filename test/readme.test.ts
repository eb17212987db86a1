import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { fabricgen } from './cli/run.ts';

const readme = fileURLToPath(new URL('../README.md', import.meta.url));

/**
 * The tour in the README, typed in again from top to bottom: every `console` block must print what it shows. UPDATE_GOLDEN=1
 * writes what it prints now.
 */
it('the tour prints what the README shows', async () => {
  const text = readFileSync(readme, 'utf8');
  const blocks = [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)];
  expect(blocks.length).toBeGreaterThan(4);
  const home = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'fabricgen-readme-'));
  let now = text;
  try {
    process.chdir(folder);
    for (const [whole, block = ''] of blocks) {
      const commands = block.split('\n').filter((line) => line.startsWith('$ '));
      now = now.replace(whole, () => `\`\`\`console\n${'@'.repeat(8)}`);
      const printed: string[] = [];
      for (const command of commands) printed.push(`${command}\n${await typed(command.slice(2))}`);
      now = now.replace('@'.repeat(8), () => `${printed.join('')}\`\`\``);
    }
  } finally {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  }
  if (process.env['UPDATE_GOLDEN']) writeFileSync(readme, now);
  else expect(now).toBe(text);
});

async function typed(command: string): Promise<string> {
  if (!command.startsWith('fabricgen ')) return execFileSync('sh', ['-c', command], { encoding: 'utf8' });
  const { out, err } = await fabricgen(command.split(/\s+/).slice(1));
  return err + out;
}

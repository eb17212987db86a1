import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { minimised } from '../../../src/lab/fuzz/minimise.ts';
import { makeRandom } from '../../../src/lab/fuzz/random-run.ts';
import { readPlan } from '../../../src/lab/plan/plan.ts';

const work = mkdtempSync(join(tmpdir(), 'fabricgen-minimise-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function conf(folder: string, host: string): string {
  const path = join(folder, 'configs', host, 'frr.conf');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** The first line of r2 that announces something stands for the mismatch. */
function fabric(name: string) {
  const folder = makeRandom(44, join(work, name));
  const line = /^ {2}network .*$/m.exec(conf(folder, 'r2'))?.[0] ?? '';
  expect(line).not.toBe('');
  const shown = async (smaller: string) => conf(smaller, 'r2').split('\n').includes(line);
  return { folder, shown };
}

it('leaves two hosts, and of the lines that can go the one that matters', async () => {
  const { folder, shown } = fabric('all');
  const smallest = await minimised(folder, join(work, 'all-tries'), 500, shown);
  expect(await shown(smallest)).toBe(true);
  expect(readPlan(smallest).hosts.map(({ name }) => name)).toContain('r2');
  expect(readdirSync(join(smallest, 'configs'))).toHaveLength(2);
  expect(conf(smallest, 'r2').match(/^ {2}(?:neighbor|network|redistribute)/gm)).toHaveLength(1);
});

it('stops after so many attempts', async () => {
  const { folder, shown } = fabric('few');
  let tries = 0;
  const counted = (smaller: string) => {
    tries++;
    return shown(smaller);
  };
  await minimised(folder, join(work, 'few-tries'), 3, counted);
  expect(tries).toBe(3);
});

it('gives the fabric itself back where nothing can go', async () => {
  const { folder } = fabric('none');
  expect(await minimised(folder, join(work, 'none-tries'), 20, async () => false)).toBe(folder);
});

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ansibleInventoryList } from '../../src/inventory/ansible-list.ts';
import { readInventoryFiles } from '../../src/inventory/files.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { ansible, asScript, hasAnsible } from './ansible.ts';

const here = resolve('test/inventories');
const record = process.env['UPDATE_GOLDEN'] === '1';

interface Case {
  readonly name: string;
  readonly path: string;
  readonly golden: string;
}

function casesIn(folder: string, golden: (name: string) => string): Case[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .sort()
    .map((name) => {
      const list = join(folder, name, 'list.json');
      return { name, path: existsSync(list) ? list : join(folder, name), golden: golden(name) };
    });
}

const cases = [
  ...casesIn(here, (name) => join(here, `${name}.golden.json`)),
  ...casesIn(resolve('inventory'), (name) => join(here, `example-${name}.golden.json`)),
];

/** Ansible's own words, with the keys in one order; numbers as JavaScript reads them. */
async function asked(path: string): Promise<unknown> {
  const source = path.endsWith('list.json') ? asScript(path) : path;
  return JSON.parse(await ansible('ansible-inventory', ['-i', source, '--list']));
}

async function ours(path: string): Promise<unknown> {
  const { source, diagnostics } = await readInventoryFiles(path);
  expect(diagnostics).toEqual([]);
  const inventory = loadInventory(source);
  expect(inventory.diagnostics.filter((found) => found.severity === 'error')).toEqual([]);
  return JSON.parse(JSON.stringify(ansibleInventoryList(inventory)));
}

describe('our merged variables equal ansible-inventory --list', () => {
  it('has inventories to compare', () => {
    expect(cases.length).toBeGreaterThanOrEqual(20);
  });

  it.runIf(record && hasAnsible)('records the goldens', { timeout: 300_000 }, async () => {
    for (const { path, golden } of cases)
      writeFileSync(golden, `${JSON.stringify(await asked(path), null, 2)}\n`);
  });

  it.each(cases)('$name: as recorded', async ({ path, golden }) => {
    expect(await ours(path)).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
  });

  it.runIf(hasAnsible).each(cases)('$name: as Ansible says now', async ({ path }) => {
    expect(await ours(path)).toEqual(await asked(path));
  });
});

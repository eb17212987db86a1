import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildFabric } from '../../../src/inventory/build/build-fabric.ts';
import { readInventoryFiles } from '../../../src/inventory/files.ts';
import { loadInventory } from '../../../src/inventory/load.ts';
import { compactFabric } from './compact.ts';
import { lines } from './support.ts';

const examples = readdirSync('inventory');

describe.each(examples)('the example %s', (name) => {
  it('is built as reviewed, without a finding', async () => {
    const { source, diagnostics } = await readInventoryFiles(`inventory/${name}`);
    const inventory = loadInventory(source);
    const built = buildFabric(inventory);
    expect(lines([...diagnostics, ...inventory.diagnostics, ...built.diagnostics])).toEqual([]);
    expect(built.fabric.sessions.filter((session) => session.verdict !== 'ok')).toEqual([]);
    await expect(compactFabric(built.fabric)).toMatchFileSnapshot(`golden/${name}.txt`);
  });
});

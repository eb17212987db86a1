import { describe, expect, it } from 'vitest';
import { casesIn, goldenOf, printed } from './cases.ts';

/** Bad inventories, each with the exact text that `fabricgen validate` prints. Read what changes before it is committed. */
describe.each(['inventory', 'variables', 'addresses', 'model', 'opt-outs', 'targets'])('%s', (folder) => {
  it.each(casesIn(folder))('$name', async ({ name, files }) => {
    await expect(printed(files)).toMatchFileSnapshot(goldenOf(folder, name));
  });
});

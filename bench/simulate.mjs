import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDockerFabric } from './fabrics.mjs';
import { measureNode, seconds, times } from './measure.mjs';

const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url));

/** From inventory to verdict in one process. */
export function benchSimulate(sizes = []) {
  const work = mkdtempSync(join(process.cwd(), '.bench-'));
  try {
    let before = null;
    for (const count of sizes.length > 0 ? sizes : [100, 1000]) {
      const inventory = join(work, `inventory-${count}`);
      writeDockerFabric(inventory, count);
      const output = join(work, 'nothing-here');
      const run = measureNode([bin, 'simulate', '-i', inventory, '-o', output, '--quiet'], {
        expected: [0, 1],
      });
      const growth = before === null ? '' : `, ${times(run.wall / before)} the time of the size before`;
      console.log(
        `simulate ${count} hosts, inventory to verdict: ${seconds(run.wall)} wall, ${seconds(run.cpu)} CPU, ${run.mib.toFixed(0)} MiB${growth}`,
      );
      before = run.wall;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

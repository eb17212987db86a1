import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDockerFabric } from './fabrics.mjs';
import { measureNode, seconds, times } from './measure.mjs';

const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url));

/** `fabricgen diff` of a rendered fabric: nothing has changed, and one host is gone. */
export function benchDiff(sizes = []) {
  const work = mkdtempSync(join(process.cwd(), '.bench-'));
  try {
    const before = {};
    for (const count of sizes.length > 0 ? sizes : [100, 1000]) {
      const at = ['-i', join(work, `inventory-${count}`), '-o', join(work, `output-${count}`)];
      writeDockerFabric(at[1], count);
      measureNode([bin, 'render', ...at, '--quiet']);
      for (const [name, hosts] of Object.entries({ 'nothing changed': count, 'one host gone': count - 1 })) {
        writeDockerFabric(at[1], hosts);
        const run = measureNode([bin, 'diff', ...at], { expected: [0, 1] });
        const growth = before[name] ? `, ${times(run.wall / before[name])} the time of the size before` : '';
        console.log(
          `diff ${count} hosts, ${name}: ${seconds(run.wall)} wall, ${seconds(run.cpu)} CPU, ${run.mib.toFixed(0)} MiB, ${run.stdout.split('\n').length.toLocaleString('en')} lines${growth}`,
        );
        before[name] = run.wall;
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureNode, seconds, times } from './measure.mjs';
import { clos } from './workloads.mjs';

const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url));

const runs = {
  'all tables as text': [],
  'as JSON': ['--format', 'json'],
  'each host and each link fails': ['--failures', 'hosts,links', '--quiet'],
};

/** `simulate --configs` of a Clos fabric of so many hosts: everything it can print, and a sweep over all single failures. */
export function benchConfigs(sizes = []) {
  const work = mkdtempSync(join(process.cwd(), '.bench-'));
  try {
    const before = {};
    for (const count of sizes.length > 0 ? sizes : [125, 250]) {
      const folder = join(work, String(count));
      const links = writeClos(folder, count);
      for (const [name, args] of Object.entries(runs)) {
        const run = measureNode([bin, 'simulate', '--configs', folder, ...args], { expected: [0, 1] });
        const growth = before[name] ? `, ${times(run.wall / before[name])} the time of the size before` : '';
        const lines = run.stdout.split('\n').length.toLocaleString('en');
        console.log(
          `configs ${count} hosts, ${links} links, ${name}: ${seconds(run.wall)} wall, ${seconds(run.cpu)} CPU, ${run.mib.toFixed(0)} MiB, ${lines} lines${growth}`,
        );
        before[name] = run.wall;
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Returns how many links it has. */
function writeClos(folder, count) {
  const links = new Set();
  const hosts = [...clos(count)].map(({ name, interfaces, text }) => {
    mkdirSync(join(folder, 'configs', name), { recursive: true });
    writeFileSync(join(folder, 'configs', name, 'frr.conf'), text);
    const lines = interfaces.map(({ name, address, link }) => {
      if (link) links.add(link);
      return `      ${name}: { addresses: [${address}]${link ? `, link: ${link}` : ''} }`;
    });
    return [`  ${name}:`, '    daemon: frr', '    version: "8.4"', '    interfaces:', ...lines].join('\n');
  });
  writeFileSync(join(folder, 'topology.yml'), `hosts:\n${hosts.join('\n')}\n`);
  return links.size;
}

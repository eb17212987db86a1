import { fileURLToPath } from 'node:url';
import { measureNode, seconds, times } from './measure.mjs';

const one = fileURLToPath(new URL('./converge-one.mjs', import.meta.url));

/** CPU seconds and MiB (W3: share of the first convergence) of the targets, by size. */
const targets = {
  w1: { 1000: '1.5 s, 300 MiB' },
  w2: { 1000: '0.6 s', 2000: '2 s, 300 MiB', 5000: '12 s, 600 MiB', 10000: '40 s wall, 1.5 GiB' },
  w3: { 1000: 'a twentieth' },
  w4: { 1000: 'it ends' },
  w5: { 1000: '100 ms' },
};
const usual = { w1: [500, 1000], w2: [1000, 2000], w3: [1000], w4: [1000], w5: [1000] };

/** Convergence in memory, from the daemons' files, each size in a process of its own; fails where a count is not as it has to be. */
export function benchConverge(workload, sizes) {
  let before = null;
  for (const size of sizes.length > 0 ? sizes : usual[workload]) {
    const { stdout } = measureNode(['--max-old-space-size=8192', one, workload, String(size)]);
    const run = JSON.parse(stdout);
    console.log(`${workload} N=${size}: ${phases(run)}${growth(run, before)}${target(workload, size)}`);
    for (const problem of run.problems) console.log(`  WRONG ${problem}`);
    if (run.problems.length > 0) process.exitCode = 1;
    before = { size, run };
  }
}

function phases({ read, prepare, converge, wall, mib, events, change }) {
  const first =
    `read ${seconds(read)}, sessions ${seconds(prepare)}, converge ${seconds(converge)} CPU (${seconds(wall)} wall), ` +
    `${events.toLocaleString('en')} events, ${(events / converge / 1e6).toFixed(1)} million per CPU second, peak ${mib.toFixed(0)} MiB`;
  if (!change) return first;
  const others = change.others
    .map((one) => `; ${one.name}: ${seconds(one.cpu)} CPU (${times(one.cpu / converge)})`)
    .join('');
  return `${first}; then the change: ${seconds(change.cpu)} CPU (${seconds(change.wall)} wall), ${times(change.cpu / converge)} the first convergence${others}`;
}

function growth({ converge }, before) {
  return before ? `; ${times(converge / before.run.converge)} the CPU of N=${before.size}` : '';
}

function target(workload, size) {
  const wanted = targets[workload][size];
  return wanted ? ` (target ${wanted})` : '';
}

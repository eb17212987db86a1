import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDockerFabric } from './fabrics.mjs';
import { measureNode, median, seconds, times } from './measure.mjs';

const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url));
const writer = fileURLToPath(new URL('./plain-writer.mjs', import.meta.url));
const RUNS = 5;

/** Rendering against a plain program that writes the same bytes to the same disk; targets: 2.5x, 1.5 GiB, growth 12. */
export function benchRender() {
  const work = mkdtempSync(join(process.cwd(), '.bench-'));
  try {
    const results = [1000, 10000].map((count) => renderAt(work, count));
    for (const { count, ours, peer, files, mebibytes } of results) {
      console.log(
        `render ${count} hosts (${files} files, ${mebibytes.toFixed(1)} MiB): ${seconds(ours.wall)} wall, ${seconds(ours.cpu)} CPU, ` +
          `${ours.mib.toFixed(0)} MiB; plain writer ${seconds(peer.wall)}: ratio ${times(ours.wall / peer.wall)} (target 2.50x)`,
      );
    }
    const [small, large] = results;
    console.log(
      `render growth 1,000 -> 10,000 hosts: ${times(large.ours.wall / small.ours.wall)} (target at most 12x)`,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function renderAt(work, count) {
  const inventory = join(work, `inventory-${count}`);
  writeDockerFabric(inventory, count);
  const ours = [];
  const peer = [];
  let packed = null;
  // In turn, so that a drift of the machine falls on both; each into a folder of its own and nothing removed in between, since
  // a disk that discards what was removed is busy with that for long after.
  for (let run = 0; run < RUNS; run++) {
    const output = join(work, `out-${count}-${run}`);
    ours.push(measureNode([bin, 'render', '-i', inventory, '-o', output, '--quiet']));
    packed ??= pack(output, join(work, `packed-${count}`));
    peer.push(measureNode([writer, packed.file, join(work, `plain-${count}-${run}`)]));
  }
  return {
    count,
    ours: median(ours),
    peer: median(peer),
    files: packed.files,
    mebibytes: packed.bytes / 2 ** 20,
  };
}

function pack(folder, file) {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const contents = paths.map((path) => readFileSync(path));
  const index = paths.map((path, i) => [relative(folder, path), contents[i].length]);
  writeFileSync(file, Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...contents]));
  return { file, files: paths.length, bytes: contents.reduce((sum, one) => sum + one.length, 0) };
}

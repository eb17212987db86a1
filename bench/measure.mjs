import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const probe = new URL('./probe.mjs', import.meta.url).href;

/**
 * Runs a Node program as a process of its own: wall and CPU seconds, peak resident MiB. Throws with its output where it ends
 * with another code than `expected`.
 */
export function measureNode(args, { expected = [0], cwd } = {}) {
  const file = join(tmpdir(), `fabricgen-bench-${process.pid}.json`);
  const start = process.hrtime.bigint();
  const run = spawnSync(process.execPath, ['--import', probe, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, BENCH_PROBE: file },
  });
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  if (!expected.includes(run.status))
    throw new Error(`${args.join(' ')}: exit ${run.status}\n${run.stderr.slice(-4000)}`);
  const usage = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  return { wall, cpu: usage.cpu, mib: usage.mib, stdout: run.stdout };
}

/** Wall seconds of any command. */
export function measureCommand(command, args, options = {}) {
  const start = process.hrtime.bigint();
  const run = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 30, ...options });
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  if (run.status !== 0)
    throw new Error(`${command}: exit ${run.status}\n${(run.stderr || run.stdout || '').slice(-4000)}`);
  return { wall };
}

/** The run in the middle, by wall time. */
export function median(runs) {
  return [...runs].sort((a, b) => a.wall - b.wall)[Math.floor(runs.length / 2)];
}

export const seconds = (value) => `${value.toFixed(2)} s`;
export const times = (value) => `${value.toFixed(2)}x`;

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const bin = process.env.BIN ?? 'dist/cli/bin.js';
/** Seconds from which on a lab spends its time waiting. */
const LONG = 60;
/** Differences of one run that are printed. */
const MOST_TOLD = 6;
const jobs = Number(process.env.JOBS ?? '3');
const [shard, shards] = (process.env.LAB_SHARD ?? '1/1').split('/').map(Number);
const limit = Number(process.env.LAB_SECONDS ?? 'Infinity');
const asked = process.argv.slice(2);

if (!(jobs >= 1) || Number.isNaN(limit) || !(shard >= 1 && shards >= shard)) {
  console.error('lab-all: JOBS and LAB_SECONDS are numbers, LAB_SHARD=K/N the K-th of N parts');
  process.exit(2);
}
const folders = [
  ...readdirSync('inventory').map((name) => ({ name, folder: join('inventory', name), option: '-i' })),
  ...readdirSync('test/scenarios').map((name) => ({
    name,
    folder: join('test/scenarios', name),
    option: '-c',
  })),
].filter(({ folder, option }) => existsSync(join(folder, option === '-i' ? 'hosts.yml' : 'topology.yml')));
const unknown = asked.filter((name) => !folders.some((one) => one.name === name));
if (unknown.length > 0) {
  console.error(`lab-all: no example and no scenario is called ${unknown.join(', ')}`);
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'fabricgen-lab-all-'));
const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    // Each takes its own lab down.
    waiting.length = 0;
    stopped = true;
    for (const child of running) child.kill('SIGTERM');
  });
let stopped = false;

// The longest first, so that none of them is left over at the end; a part has long ones and short ones.
const wanted = folders
  .filter(({ name }) => asked.length === 0 || asked.includes(name))
  .map((one) => ({ ...one, seconds: secondsOf(one) }))
  .sort((a, b) => b.seconds - a.seconds || (a.name < b.name ? -1 : 1))
  .filter((_, index) => index % shards === shard - 1);
const waiting = [...wanted];
const differing = [];
// Those for which there is no time left.
const late = [];
const begin = Date.now();
let agreed = 0;

// Long ones wait for timers most of the time: half as many more of them run beside the others.
await inParallel(jobs, Math.floor(jobs / 2), async (one) => {
  const run = await labRun(one);
  if (run.code === 0) agreed++;
  else if (!stopped) differing.push({ ...one, said: run.said });
  say(one, run);
});
const leftOut = late.splice(0).map(({ name }) => name);
// What hangs on seconds is tried again where less goes on at the same time, at last alone.
for (const [again, count] of [
  ['second try', 2],
  ['third try', 1],
]) {
  waiting.push(...differing.splice(0));
  await inParallel(Math.min(count, jobs), 0, async (one) => {
    const run = await labRun(one);
    if (run.code === 0) agreed++;
    else if (!stopped) differing.push({ ...one, said: run.said });
    say(one, run, ` (${again})`);
  });
}
differing.push(...late);
if (leftOut.length > 0) console.log(`not run, LAB_SECONDS are over: ${leftOut.sort().join(', ')}`);
for (const { name, said } of differing) console.log(`\n${name}\n${said.trimEnd()}`);
rmSync(work, { recursive: true, force: true });
console.log(`${agreed} agree, ${differing.length} differ, in ${Math.round((Date.now() - begin) / 1000)} s`);
process.exit(stopped ? 2 : differing.length > 0 || agreed === 0 ? 1 : 0);

/** About how long it takes: events wait for one another. */
function secondsOf({ folder, option }) {
  if (option === '-i') return 60;
  const text = readFileSync(join(folder, 'topology.yml'), 'utf8');
  return [...text.matchAll(/\bdelay: *([0-9.]+)/g)].reduce((sum, [, delay]) => sum + Number(delay), 20);
}

/** `count` at the same time, and `more` that are long. */
async function inParallel(count, more, act) {
  const worker = async (_, index) => {
    // Not all at once: a start is what costs CPU, and what happens next in the others waits for nobody.
    await setTimeout(index * 2000);
    const next = () => (index < count || waiting[0]?.seconds >= LONG ? waiting.shift() : undefined);
    for (let one = next(); one !== undefined; one = next()) {
      if ((Date.now() - begin) / 1000 + one.seconds > limit) late.push(one);
      else await act(one);
    }
  };
  await Promise.all(Array.from({ length: count + more }, worker));
}

function labRun({ folder, option }) {
  const words = [
    'lab',
    'run',
    option,
    folder,
    '--quiet',
    ...(option === '-i' ? ['-o', join(work, 'none')] : []),
  ];
  const from = Date.now();
  // In a session of its own: Ctrl-C is for this script, which hands it on once.
  const child = spawn(process.execPath, [bin, ...words], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece) => {
      said += piece.toString('utf8');
    });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code: code ?? 2, said, seconds: Math.round((Date.now() - from) / 1000) });
    });
  });
}

function say({ name }, { said, seconds }, more = '') {
  const outcome = said
    .split('\n')
    .filter((line) => /^(?:agrees|differs|inconclusive|error|interrupted)/.test(line));
  console.log(`${name}: ${outcome.at(-1) ?? said.trim()}, ${seconds} s${more}`);
  // A second try that agrees would leave nobody the wiser.
  for (const line of said
    .split('\n')
    .filter((one) => one.includes(': the daemon has '))
    .slice(0, MOST_TOLD))
    console.log(line);
}

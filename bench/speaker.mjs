import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missing, speakers, TARGET } from './speaker-daemons.mjs';

const peersProgram = fileURLToPath(new URL('./speaker-peers.mjs', import.meta.url));
const MONITOR = { asn: 65001, address: '10.77.0.2' };
const feedersOf = (count) =>
  Array.from({ length: count }, (_, place) => ({ asn: 65011 + place, address: `10.77.0.${11 + place}` }));

const loadsOf = (prefixes) => [
  { title: `${prefixes} prefixes from one peer`, prefixes, feeders: 1, rounds: 20 },
  ...(prefixes >= 1_000_000
    ? [
        {
          title: `${prefixes / 4} prefixes from four peers, each with its own paths`,
          prefixes: prefixes / 4,
          feeders: 4,
          rounds: 0,
        },
      ]
    : []),
];
const CHANGES = 10_000;
/** Seconds a speaker may take for one load. */
const PATIENCE = 900;

/**
 * Speakers side by side under one load: each runs in a network namespace of its own; feeders and a monitor, in another, are one plain process. `BENCH_SPEAKERS`: names of
 * those to run, separated by commas.
 */
export function benchSpeaker(sizes) {
  const why = cannotRun();
  if (why) {
    console.log(`speaker: skipped, ${why}`);
    return;
  }
  const asked = process.env.BENCH_SPEAKERS?.toLowerCase().split(',');
  const chosen = speakers.filter(({ name }) => !asked || asked.includes(name.toLowerCase()));
  for (const speaker of chosen.filter(missing))
    console.log(`${speaker.name}: skipped, ${missing(speaker)} is not installed`);
  const present = chosen.filter((speaker) => !missing(speaker));
  for (const load of (sizes.length > 0 ? sizes : [100_000, 1_000_000]).flatMap(loadsOf)) {
    const results = [];
    for (const speaker of present) {
      const result = runOne(speaker, load);
      for (const problem of result.problems) {
        console.error(`${speaker.name}, ${load.title}: ${problem}`);
        process.exitCode = 1;
      }
      results.push({ name: speaker.name, ...result });
    }
    printLoad(load, results);
  }
}

function cannotRun() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'network namespaces need Linux and root';
  return spawnSync('ip', ['netns']).status === 0 ? null : 'ip is not installed';
}

function ip(...words) {
  const { status, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`);
}

/** Two namespaces with a link between them. */
function makeNetwork() {
  const [inside, outside] = [`bench${process.pid}-a`, `bench${process.pid}-b`];
  for (const name of [inside, outside]) ip('netns', 'add', name);
  ip('-n', inside, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', outside);
  ip('-n', inside, 'addr', 'add', `${TARGET}/24`, 'dev', 'eth0');
  for (const { address } of [MONITOR, ...feedersOf(4)])
    ip('-n', outside, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
  for (const name of [inside, outside])
    for (const device of ['lo', 'eth0']) ip('-n', name, 'link', 'set', device, 'up');
  return { inside, outside };
}

function pidsIn(namespace) {
  const { stdout } = spawnSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((pid) => pid !== '')
    .map(Number);
}

/** It may be gone by now: OpenBGPD's processes end one another. */
function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function removeNetwork({ inside, outside }) {
  for (const name of [inside, outside]) {
    for (const pid of pidsIn(name)) kill(pid, 'SIGKILL');
    spawnSync('ip', ['netns', 'del', name]);
  }
}

function sleep(seconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
}

/** One speaker under one load. */
function runOne(speaker, { prefixes, feeders, rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'fabricgen-bench-speaker-'));
  const network = makeNetwork();
  try {
    startSpeaker(speaker, network, folder, [
      ...(speaker.receivesOnly ? [] : [MONITOR]),
      ...feedersOf(feeders),
    ]);
    sleep(speaker.settle);
    const pids = pidsIn(network.inside).filter(isSpeaker);
    if (pids.length === 0)
      throw new Error(`${speaker.name} does not run:\n${readFileSync(join(folder, 'log'), 'utf8')}`);
    const task = {
      target: TARGET,
      monitor: MONITOR,
      feeders: feedersOf(feeders),
      prefixes,
      rounds: speaker.receivesOnly ? 0 : rounds,
      perRound: Math.min(CHANGES, prefixes),
      pids,
      metrics: speaker.metrics ? join(folder, speaker.metrics) : null,
      counter: speaker.receivesOnly ? join(folder, 'count') : null,
      patience: PATIENCE,
    };
    const words = ['netns', 'exec', network.outside, process.execPath, peersProgram, JSON.stringify(task)];
    const run = spawnSync('ip', words, { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (run.status !== 0) return { problems: [run.stderr.slice(-2000)] };
    const result = JSON.parse(run.stdout);
    return { ...result, turns: turnsOf(network, folder) };
  } catch (error) {
    return { problems: [error.message] };
  } finally {
    end(network);
    removeNetwork(network);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** It may have something to write down, such as a profile. */
function end({ inside }) {
  for (const pid of pidsIn(inside)) kill(pid, 'SIGTERM');
  for (let waited = 0; pidsIn(inside).length > 0 && waited < 50; waited++) sleep(0.1);
}

/** What `speaker-turns.cjs` wrote; null: it was not asked for. */
function turnsOf(network, folder) {
  const file = join(folder, 'turns');
  // The ends of the sessions count as well.
  sleep(2);
  end(network);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

function printTurns({ limits, counts, longest }) {
  const bands = counts.map(
    (count, place) => `${count} ${place < counts.length - 1 ? `below ${limits[place]}` : 'longer'}`,
  );
  console.log(
    `turns of its event loop by CPU ms: ${bands.join(', ')}; the longest ${longest.map(({ took, at }) => `${fixed(took, 0)} at ${fixed(at, 1)} s`).join(', ') || 'below 20'}`,
  );
}

function startSpeaker(speaker, { inside }, folder, peers) {
  for (const [name, text] of Object.entries(speaker.files(peers, folder)))
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  mkdirSync('/run/openbgpd', { recursive: true });
  const log = openSync(join(folder, 'log'), 'a');
  spawn('ip', ['netns', 'exec', inside, ...speaker.command(folder)], {
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      PATH: `/usr/sbin:/sbin:${process.env.PATH}`,
      ...speaker.environment,
      BENCH_TURNS_FILE: join(folder, 'turns'),
    },
  });
  closeSync(log);
}

/** Not the helper that counts for it. */
function isSpeaker(pid) {
  return !readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('speaker-counter');
}

const fixed = (value, digits) => (value === undefined ? '-' : value.toFixed(digits));

function printLoad({ title }, results) {
  const [ours] = results.filter(({ name, load }) => name === 'fabricgen' && load);
  const ratio = (of, pick) =>
    ours && pick(of) !== undefined && of !== ours ? `${(pick(ours) / pick(of)).toFixed(2)}x` : '';
  console.log(`\n${title}`);
  print(
    ['', 'last prefix s', 'CPU s', 'ours', 'peak MiB', 'ours', 'bytes/path', 'UPDATEs', 'announced'],
    results.map((result) => [
      result.name,
      fixed(result.load?.last, 2),
      fixed(result.load?.cpu, 2),
      ratio(result, ({ load }) => load?.cpu),
      fixed(result.load?.peak, 0),
      ratio(result, ({ load }) => load?.peak),
      fixed(result.load?.bytesPerPath, 0),
      String(result.load?.messages || '-'),
      String(result.load?.announced || '-'),
    ]),
  );
  if (ours?.load.pause !== undefined)
    console.log(`longest pause of fabricgen's event loop: ${fixed(ours.load.pause, 0)} ms`);
  if (ours?.turns) printTurns(ours.turns);
  if (!results.some(({ churn }) => churn)) return;
  console.log(`\n20 rounds of ${CHANGES} changed prefixes behind it, one after the other and all at once`);
  print(
    ['', 'round ms', 'changes/s', 'CPU s', 'at once: changes/s', 'CPU s', 'ours', 'peak MiB'],
    results.map((result) => [
      result.name,
      fixed(result.churn?.roundMs, 0),
      fixed(result.churn?.roundsPerSecond, 0),
      fixed(result.churn?.roundsCpu, 2),
      fixed(result.churn?.perSecond, 0),
      fixed(result.churn?.cpu, 2),
      ratio(result, ({ churn }) => churn?.cpu),
      fixed(result.churn?.peak, 0),
    ]),
  );
}

function print(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  for (const row of all)
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
        .join('  '),
    );
}

import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

// One object per seed and line, so that a run that was ended goes on where it stopped.
const [count = 500, seed = 1] = process.argv.slice(2).map(Number);
const out = process.env.OUT ?? 'fuzz/nightly.jsonl';
const bin = process.env.BIN ?? 'dist/cli/bin.js';
const processes = Number(process.env.JOBS ?? '6');
// Runs spent on making each mismatch smaller; the first time over, none.
const attempts = process.env.ATTEMPTS ?? '0';
// Below which each kind of the generator begins, and what it is.
const kinds = {
  1000: 'plain, FRR and GoBGP',
  3000: 'richer, FRR and GoBGP',
  9000: 'FRR and BIRD',
  20000: 'all daemons',
};
const CHUNK = 4;

if (!Number.isInteger(count) || !Number.isInteger(seed) || count < 1 || seed < 1 || seed + count > 900) {
  console.error('nightly-fabrics [COUNT] [SEED]: whole numbers, together below 900');
  process.exit(2);
}
const bases = Object.keys(kinds).map(Number);
const wanted = Array.from(
  { length: count },
  (_, index) => bases[index % bases.length] + seed + Math.floor(index / bases.length),
);
mkdirSync(dirname(out), { recursive: true });
const done = () =>
  new Map(
    (existsSync(out) ? readFileSync(out, 'utf8') : '')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line))
      .map((run) => [run.seed, run]),
  );

const left = wanted.filter((one) => !done().has(one));
console.error(`${wanted.length - left.length} of ${wanted.length} seeds are in ${out}`);

/** Runs some seeds in a process of their own: while one simulates, daemons of another answer. */
function run(seeds) {
  const words = [
    ...[
      'lab',
      'fuzz',
      '--seeds',
      seeds.join(','),
      '--routers',
      '3-12',
      '--jobs',
      '1',
      '--attempts',
      attempts,
    ],
    ...['--format', 'jsonl', '-o', dirname(out)],
  ];
  const child = spawn(process.execPath, [bin, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  // A line that was begun before a kill is no result; each whole one is.
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.endsWith('}')) appendFileSync(out, `${line}\n`);
  });
  return new Promise((resolve) => {
    child.on('close', resolve);
  });
}

async function worker() {
  for (let seeds = left.splice(0, CHUNK); seeds.length > 0; seeds = left.splice(0, CHUNK)) {
    const status = await run(seeds);
    if (status === null || status > 1) {
      left.length = 0;
      process.exitCode = 2;
    }
  }
}

await Promise.all(Array.from({ length: processes }, worker));
if (process.exitCode) process.exit();

const runs = wanted.map((one) => done().get(one));
const verdictOf = ({ verdict, mismatch }) =>
  mismatch ? 'MISMATCH' : verdict === 'unsettled' ? 'oscillates in both' : verdict;
const verdicts = [
  'equal',
  'one-order',
  'other-state',
  'by-run',
  'oscillates in both',
  'oscillates',
  'failed',
  'MISMATCH',
];
const row = (name, of) =>
  `| ${[name, of.length, ...verdicts.map((one) => of.filter((run) => verdictOf(run) === one).length)].join(' | ')} |`;
const head = (name) => [
  `| ${[name, 'fabrics', ...verdicts].join(' | ')} |`,
  `|${' --- |'.repeat(verdicts.length + 2)}`,
];
const pairs = [...new Set(runs.flatMap((run) => Object.keys(run.pairs)))].sort();
console.log(
  [
    ...head('generator'),
    ...bases.map((base, index) =>
      row(
        kinds[base],
        runs.filter(({ seed: one }) => one > base && (bases[index + 1] ?? Infinity) >= one),
      ),
    ),
    row('all', runs),
    '',
    ...head('fabrics with sessions between'),
    ...pairs.map((pair) =>
      row(
        `${pair} (${runs.reduce((sum, run) => sum + (run.pairs[pair] ?? 0), 0)} sessions)`,
        runs.filter((run) => run.pairs[pair]),
      ),
    ),
    '',
    ...runs
      .filter(({ mismatch }) => mismatch)
      .map((run) => `seed ${run.seed}: ${run.mismatched.join(' ') || 'never settles'} (${run.kept})`),
  ].join('\n'),
);
process.exit(runs.some(({ mismatch }) => mismatch) ? 1 : 0);

import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

// One object per seed and line, so that a run that was ended goes on where it stopped.
const [count = 500, seed = 1] = process.argv.slice(2).map(Number);
const out = process.env.OUT ?? 'fuzz/nightly.jsonl';
const bin = process.env.BIN ?? 'dist/cli/bin.js';
const jobs = process.env.JOBS ?? '3';
// Below which each kind of the generator begins, and what it is.
const kinds = {
  1000: 'plain, FRR and GoBGP',
  3000: 'richer, FRR and GoBGP',
  9000: 'FRR and BIRD',
  20000: 'all daemons',
};
const CHUNK = 12;

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
for (let from = 0; from < left.length; from += CHUNK) {
  const seeds = left.slice(from, from + CHUNK).join(',');
  const words = [
    'lab',
    'fuzz',
    '--seeds',
    seeds,
    '--routers',
    '3-12',
    '--jobs',
    jobs,
    '--format',
    'jsonl',
    '-o',
    dirname(out),
  ];
  const { status, stdout } = spawnSync(process.execPath, [bin, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // A line that was begun before a kill is no result; each whole one is.
  const lines = stdout.split('\n').filter((line) => line.endsWith('}'));
  appendFileSync(out, lines.map((line) => `${line}\n`).join(''));
  if (status === null || status > 1) process.exit(2);
}

const runs = wanted.map((one) => done().get(one));
const verdictOf = ({ verdict, mismatch }) =>
  mismatch ? 'MISMATCH' : verdict === 'equal' || verdict === 'one-order' ? verdict : 'oscillates';
const verdicts = ['equal', 'one-order', 'oscillates', 'MISMATCH'];
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

// Loaded into the speaker's Node (`--require`): how much CPU of the main thread each turn of the event loop takes, which other work on the machine does not
// lengthen. Writes a line of JSON to BENCH_TURNS_FILE at the end.
const { createHook } = require('node:async_hooks');
const { openSync, readSync, writeFileSync } = require('node:fs');

const schedstat = openSync('/proc/self/schedstat', 'r');
const text = Buffer.alloc(64);
/** Milliseconds on a processor (proc(5): the first number, in nanoseconds). */
const cpu = () => Number(text.toString('latin1', 0, readSync(schedstat, text, 0, 64, 0)).split(' ')[0]) / 1e6;

const limits = [10, 20, 30, 50, Number.POSITIVE_INFINITY];
const counts = limits.map(() => 0);
const longest = [];
let depth = 0;
let began = 0;

createHook({
  before() {
    if (depth++ === 0) began = cpu();
  },
  after() {
    if (--depth > 0) return;
    const took = cpu() - began;
    counts[limits.findIndex((limit) => took < limit)]++;
    if (took < 20) return;
    longest.push({ took, at: performance.now() / 1000 });
    longest.sort((a, b) => b.took - a.took).splice(5);
  },
}).enable();

process.on('exit', () => writeFileSync(process.env.BENCH_TURNS_FILE, JSON.stringify({ limits, counts, longest })));

import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { drawPrefixes, encodeUpdates } from './speaker-load.mjs';

// The peers of one speaker in one process: feeders with octets encoded before the clock starts, and a monitor that is told. Prints what was measured as JSON.
const { target, monitor, feeders, prefixes, rounds, pids, counter, metrics, perRound, patience } = JSON.parse(
  process.argv[2],
);

const SILENCE = 3000;
const problems = [];

const CPU_TICK = 100;
/** CPU seconds so far, memory now and at its most, in MiB: of all processes of the speaker. */
function usage() {
  const all = { cpu: 0, rss: 0, peak: 0 };
  for (const pid of pids) {
    const words = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    all.cpu += (Number(words[11]) + Number(words[12])) / CPU_TICK;
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    all.rss += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    all.peak += Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }
  return all;
}

const table = drawPrefixes(prefixes, 1);
const everything = Array.from({ length: prefixes }, (_, place) => place);
const best = new Uint16Array(prefixes).fill(65535);
const loads = feeders.map(({ asn, address }, place) =>
  encodeUpdates(table, everything, {
    asn,
    nextHop: numberOf(address),
    seed: 100 + place,
    judge: (one, how) => {
      best[one] = Math.min(best[one], how);
    },
  }),
);
const MARK = 4_000_000_000;
const wanted = new Uint32Array(prefixes);
const churn = Array.from({ length: rounds * 2 }, (_, round) => {
  const first = (round * perRound) % prefixes;
  const places = Array.from({ length: perRound }, (__, place) => (first + place) % prefixes);
  const { asn, address } = feeders[0];
  const load = encodeUpdates(table, places, {
    asn,
    nextHop: numberOf(address),
    seed: 1000 + round,
    mark: MARK + round,
  });
  return { places, mark: MARK + round, bytes: load.bytes };
});

function numberOf(address) {
  return address.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
}

/** What the monitor has heard. */
const heard = {
  how: new Uint16Array(prefixes).fill(65535),
  last: new Uint32Array(prefixes),
  distinct: 0,
  messages: 0,
  announced: 0,
  withdrawn: 0,
  strange: 0,
  missing: 0,
  at: 0,
};
let wake = () => undefined;

function takeUpdate(bytes, start, end) {
  const withdrawn = bytes.readUInt16BE(start);
  heard.withdrawn += withdrawn > 0 ? 1 : 0;
  let at = start + 2 + withdrawn;
  const attributesEnd = at + 2 + bytes.readUInt16BE(at);
  let how = 0;
  let last = 0;
  for (at += 2; at < attributesEnd; ) {
    const long = bytes[at] & 0x10;
    const length = long ? bytes.readUInt16BE(at + 2) : bytes[at + 2];
    const value = at + (long ? 4 : 3);
    if (bytes[at + 1] === 1) how += bytes[value];
    if (bytes[at + 1] === 2) {
      how += (bytes[value + 1] - 1) * 4;
      last = bytes.readUInt32BE(value + length - 4);
    }
    at = value + length;
  }
  if (at === end) return;
  heard.messages++;
  for (; at < end; heard.announced++) {
    const length = bytes[at++];
    let address = 0;
    for (let bits = 0; bits < length; bits += 8) address |= bytes[at++] << (24 - bits);
    const place = table.index.place(address >>> 0, length);
    if (place < 0) {
      heard.strange++;
      continue;
    }
    if (heard.how[place] === 65535) heard.distinct++;
    heard.how[place] = how;
    if (wanted[place] !== 0)
      heard.missing += (last === wanted[place] ? 0 : 1) - (heard.last[place] === wanted[place] ? 0 : 1);
    heard.last[place] = last;
  }
  heard.at = performance.now();
  wake();
}

/** A session from one address; resolves once the speaker has said KEEPALIVE. */
function open({ asn, address }, onUpdate) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: target, port: 179, localAddress: address });
    let held = Buffer.alloc(0);
    let up = false;
    socket.setNoDelay(true);
    socket.on('error', reject);
    socket.on('close', () => {
      if (!up) return reject(new Error('closed'));
      if (!ending) problems.push(`the session of ${address} was closed`);
      wake();
    });
    socket.on('connect', () => socket.write(openMessage(asn, address)));
    socket.on('data', (piece) => {
      held = held.length === 0 ? piece : Buffer.concat([held, piece]);
      let at = 0;
      for (; held.length - at >= 19; ) {
        const length = held.readUInt16BE(at + 16);
        if (held.length - at < length) break;
        const type = held[at + 18];
        if (type === 1) socket.write(keepalive);
        if (type === 3) problems.push(`NOTIFICATION ${held[at + 19]}/${held[at + 20]} to ${address}`);
        if (type === 4 && !up) {
          up = true;
          resolve(socket);
        }
        if (type === 2) onUpdate?.(held, at + 19, at + length);
        at += length;
      }
      held = held.subarray(at);
    });
  });
}

function message(type, body) {
  const bytes = Buffer.alloc(19 + body.length, 0xff);
  bytes.writeUInt16BE(bytes.length, 16);
  bytes[18] = type;
  Buffer.from(body).copy(bytes, 19);
  return bytes;
}

const keepalive = message(4, []);
const HOLD = 240;

/** IPv4 unicast, 4-octet AS numbers. */
function openMessage(asn, address) {
  const word = (value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const capabilities = [1, 4, 0, 1, 0, 1, 65, 4, ...word(asn)];
  const parameters = [2, capabilities.length, ...capabilities];
  return message(1, [
    4,
    asn >>> 8,
    asn & 255,
    0,
    HOLD,
    ...word(numberOf(address)),
    parameters.length,
    ...parameters,
  ]);
}

async function openUntil(peer, onUpdate) {
  for (const end = performance.now() + 60_000; ; ) {
    try {
      return await open(peer, onUpdate);
    } catch (error) {
      if (performance.now() > end) throw error;
      await wait(200);
    }
  }
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Until `done` says so; asked whenever the monitor was told something. */
function until(done) {
  const end = performance.now() + patience * 1000;
  return new Promise((resolve, reject) => {
    const look = () => {
      if (problems.length > 0) finish(() => reject(new Error(problems.join('; '))));
      else if (done()) finish(resolve);
      else if (performance.now() > end) finish(() => reject(new Error(`not done after ${patience} s`)));
    };
    const finish = (then) => {
      clearInterval(timer);
      wake = () => undefined;
      then();
    };
    const timer = setInterval(look, 100);
    wake = look;
    look();
  });
}

/** When a speaker that tells nobody has all: the process it hands routes to writes down how many there were. */
function counted() {
  try {
    if (Number(readFileSync(counter, 'utf8')) < prefixes * feeders.length) return false;
    heard.at = performance.now();
    return true;
  } catch {
    return false;
  }
}

/** Until the speaker has used no CPU worth naming for three seconds; what it had used before them. */
async function silence() {
  let before = usage().cpu;
  let quiet = 0;
  while (quiet < SILENCE) {
    await wait(250);
    const now = usage().cpu;
    // A daemon with nothing to do still looks at its timers.
    quiet = now - before <= 0.02 ? quiet + 250 : 0;
    before = now;
  }
  return usage();
}

/** The longest time in ms that the speaker's event loop stood still since this was asked last; undefined where it has none. */
function longestPause() {
  if (!metrics) return undefined;
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: metrics, path: '/metrics' }, (answer) => {
      let text = '';
      answer.on('data', (piece) => {
        text += piece;
      });
      answer.on('end', () =>
        resolve(Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)?.[1]) * 1000),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}

let ending = false;
const receiver = counter ? null : await openUntil(monitor, takeUpdate);
const senders = [];
for (const feeder of feeders) senders.push(await openUntil(feeder));
const keepalives = setInterval(
  () => {
    for (const socket of [...senders, ...(receiver ? [receiver] : [])]) socket.write(keepalive);
  },
  (HOLD / 4) * 1000,
);
await wait(1000);

const result = {};
try {
  await longestPause();
  const before = usage();
  const start = performance.now();
  for (const [place, socket] of senders.entries()) socket.write(loads[place].bytes);
  await until(counter ? counted : () => heard.distinct === prefixes);
  const last = heard.at - start;
  const after = await silence();
  result.load = {
    last: last / 1000,
    settled: (heard.at - start) / 1000,
    cpu: after.cpu - before.cpu,
    peak: after.peak,
    bytesPerPath: ((after.rss - before.rss) * 2 ** 20) / (prefixes * feeders.length),
    messages: heard.messages,
    announced: heard.announced,
    pause: await longestPause(),
    sent: loads.reduce((sum, load) => sum + load.messages, 0),
  };
  if (!counter) {
    const worse = heard.how.reduce((sum, how, place) => sum + (how === best[place] ? 0 : 1), 0);
    if (worse > 0) problems.push(`${worse} prefixes without a path of the best`);
    if (heard.strange > 0) problems.push(`${heard.strange} announcements of what nobody sent`);
  }
  if (rounds > 0) result.churn = await benchChurn();
} catch (error) {
  problems.push(error.message);
}
ending = true;
clearInterval(keepalives);
for (const socket of [...senders, ...(receiver ? [receiver] : [])]) socket.destroy();
process.stdout.write(`${JSON.stringify({ ...result, problems: [...new Set(problems)] })}\n`);

/** Sends a round; the monitor has it when every one of its prefixes ends in its mark. */
function send({ places, mark, bytes }) {
  for (const place of places) {
    if (wanted[place] === 0 || heard.last[place] === wanted[place]) heard.missing++;
    wanted[place] = mark;
  }
  senders[0].write(bytes);
}

async function benchChurn() {
  const before = usage();
  const times = [];
  const start = performance.now();
  for (const round of churn.slice(0, rounds)) {
    const began = performance.now();
    send(round);
    await until(() => heard.missing === 0);
    times.push(heard.at - began);
  }
  const one = (heard.at - start) / 1000;
  const between = await silence();
  const begun = performance.now();
  for (const round of churn.slice(rounds)) send(round);
  await until(() => heard.missing === 0);
  const all = (heard.at - begun) / 1000;
  const after = await silence();
  return {
    roundMs: times.sort((a, b) => a - b)[Math.floor(times.length / 2)],
    roundsPerSecond: (rounds * perRound) / one,
    roundsCpu: between.cpu - before.cpu,
    perSecond: (rounds * perRound) / all,
    cpu: after.cpu - between.cpu,
    peak: after.peak,
  };
}

/**
 * A BGP peer that understands nothing and keeps everything: `recording-peer.mjs REMOTE ASN [OPTION...]`. It answers the other's OPEN with the other's own capabilities
 * (its own AS in them, add-path and role turned round), sends KEEPALIVEs, and prints each message it gets as one line of hexadecimal digits. A line on its
 * standard input is sent as it is. It knows framing and OPENs and shares no code with the speaker, so that what it records is a witness.
 * Options: `two-octet` (no capability 65), `short` (no capability 6), `no-refresh` (no capability 70).
 */
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';

const [remote, asnText, ...options] = process.argv.slice(2);
const asn = Number(asnText);
const left = new Set([
  ...(options.includes('two-octet') ? [65] : []),
  ...(options.includes('short') ? [6] : []),
  ...(options.includes('no-refresh') ? [70] : []),
]);

function message(type, body) {
  const head = Buffer.alloc(19, 0xff);
  head.writeUInt16BE(19 + body.length, 16);
  head[18] = type;
  return Buffer.concat([head, body]);
}

/** The capabilities of an OPEN body, whatever parameters they stand in. */
function capabilities(body) {
  const long = body[9] !== 0 && body[10] === 255;
  let at = long ? 13 : 10;
  const list = [];
  while (at < body.length) {
    const length = long ? body.readUInt16BE(at + 1) : body[at + 1];
    at += long ? 3 : 2;
    for (const end = at + length; at < end; at += 2 + body[at + 1])
      list.push({ code: body[at], value: Buffer.from(body.subarray(at + 2, at + 2 + body[at + 1])) });
  }
  return list;
}

const turnedRole = [3, 2, 1, 0, 4];

function answer({ code, value }) {
  if (code === 65) value.writeUInt32BE(asn);
  if (code === 9) value[0] = turnedRole[value[0]];
  for (let at = 3; code === 69 && at < value.length; at += 4) value[at] = [0, 2, 1, 3][value[at]];
  return Buffer.concat([Buffer.of(code, value.length), value]);
}

function open(body) {
  const kept = capabilities(body).filter(({ code }) => !left.has(code));
  const list = Buffer.concat(kept.map(answer));
  // RFC 9072 where it has to be.
  const all =
    list.length < 253
      ? Buffer.concat([Buffer.of(2, list.length), list])
      : Buffer.concat([Buffer.of(255, (list.length + 3) >> 8, (list.length + 3) & 255, 2, list.length >> 8, list.length & 255), list]);
  const head = Buffer.alloc(10);
  head[0] = 4;
  head.writeUInt16BE(asn > 65535 ? 23456 : asn, 1);
  head.writeUInt16BE(90, 3);
  head.writeUInt32BE(0x0a0000fe, 5);
  head[9] = Math.min(all.length, 255);
  return message(1, Buffer.concat([head, all]));
}

/** End-of-RIB (RFC 4724) of each family: daemons that wait for it go on. */
function ends(body) {
  return capabilities(body)
    .filter(({ code }) => code === 1)
    .map(({ value }) => {
      const plain = value.readUInt32BE() === 0x00010001;
      const family = Buffer.of(0, 0, 0, 6, 0x80, 15, 3, value[0], value[1], value[3]);
      return message(2, plain ? Buffer.alloc(4) : family);
    });
}

const lines = createInterface({ input: process.stdin });
let closed = false;

function connect() {
  const socket = createConnection(179, remote);
  let held = Buffer.alloc(0);
  let answered = false;
  let own = null;
  const send = (line) => socket.write(Buffer.from(line, 'hex'));
  lines.on('line', send);
  socket.on('data', (piece) => {
    held = Buffer.concat([held, piece]);
    while (held.length >= 19 && held.length >= held.readUInt16BE(16)) {
      const one = held.subarray(0, held.readUInt16BE(16));
      held = held.subarray(one.length);
      process.stdout.write(`${one.toString('hex')}\n`);
      if (one[18] === 1 && !answered) {
        answered = true;
        socket.write(open(one.subarray(19)));
        socket.write(message(4, Buffer.alloc(0)));
        own = one.subarray(19);
      } else if (one[18] === 4) {
        socket.write(message(4, Buffer.alloc(0)));
        if (own) socket.write(Buffer.concat(ends(own)));
        own = null;
      }
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    lines.off('line', send);
    // Nobody listens yet, or the daemon turned the first call away.
    if (!answered && !closed) setTimeout(connect, 300);
  });
}

lines.on('close', () => {
  closed = true;
  process.exit(0);
});
connect();

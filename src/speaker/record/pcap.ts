import { type Address, parseAddress } from '../../base/ip.ts';
import { ByteWriter } from '../../bgp/wire/writer.ts';
import type { RecordedLine } from './format.ts';
import { octetsOf } from './octets.ts';
import { type Segment, tcpPacket } from './packet.ts';
import type { Recording } from './read.ts';

/** One recorded connection as it becomes packets: sequence numbers of both directions. */
interface Stream {
  readonly local: Address;
  readonly remote: Address;
  readonly localPort: number;
  readonly remotePort: number;
  sent: number;
  received: number;
}

/** Octets of a segment: what one IP packet carries. */
const MOST_SEGMENT = 1460;

/**
 * The connections of a recording as a packet capture (pcap 2.4, raw IP), for Wireshark and tshark. The octets and their times are the recorded ones; the packets around them are
 * made up: who was called has port 179, whoever called one of its own.
 */
export function pcapOf({ lines }: Recording): Uint8Array {
  const writer = new ByteWriter();
  writer.u32(0xa1b2c3d4).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(LINKTYPE_RAW);
  const streams = new Map<number, Stream>();
  const ports = new Map<number, number>();
  for (const line of lines) writeLine(writer, line, streams, ports);
  return writer.view();
}

const LINKTYPE_RAW = 101;

function writeLine(
  writer: ByteWriter,
  line: RecordedLine,
  streams: Map<number, Stream>,
  ports: Map<number, number>,
): void {
  const [at, kind, number] = line;
  if (kind === 'k') ports.set(number, Number(line[3].split(' ')[1]) || BGP_PORT);
  else if (kind === 'a' || kind === 'c') {
    const own = EPHEMERAL + (number % 16384);
    const called = ports.get(number) ?? BGP_PORT;
    const stream = streamOf(line[3], kind === 'a' ? BGP_PORT : own, kind === 'a' ? own : called);
    if (!stream) return;
    streams.set(number, stream);
    handshake(writer, at, stream, kind === 'c');
  } else if (kind === 'w' || kind === 'r') {
    const stream = streams.get(number);
    if (stream) data(writer, at, stream, kind === 'w', octetsOf(line[3]));
  } else if (kind === 'x' || kind === 'e') {
    const stream = streams.get(number);
    streams.delete(number);
    if (stream) segment(writer, at, stream, kind === 'x', FIN | ACK, none);
  }
}

const BGP_PORT = 179;
const EPHEMERAL = 49152;
const FIN = 1;
const SYN = 2;
const PSH = 8;
const ACK = 16;
const none = new Uint8Array(0);

function streamOf(
  [local, remote]: readonly [string | null, string | null],
  localPort: number,
  remotePort: number,
): Stream | null {
  const [near, far] = [parseAddress(local ?? ''), parseAddress(remote ?? '')];
  if (!near || !far || near.family !== far.family) return null;
  return { local: near, remote: far, localPort, remotePort, sent: 0, received: 0 };
}

function handshake(writer: ByteWriter, at: number, stream: Stream, weCalled: boolean): void {
  segment(writer, at, stream, weCalled, SYN, none);
  segment(writer, at, stream, !weCalled, SYN | ACK, none);
  segment(writer, at, stream, weCalled, ACK, none);
}

function data(writer: ByteWriter, at: number, stream: Stream, ours: boolean, octets: Uint8Array): void {
  for (let from = 0; from < octets.length; from += MOST_SEGMENT)
    segment(writer, at, stream, ours, PSH | ACK, octets.subarray(from, from + MOST_SEGMENT));
}

/** One packet with its record header; SYN and FIN count as an octet. */
function segment(
  writer: ByteWriter,
  at: number,
  stream: Stream,
  ours: boolean,
  flags: number,
  payload: Uint8Array,
): void {
  const { local, remote, localPort, remotePort } = stream;
  const ends: Omit<Segment, 'flags' | 'payload'> = ours
    ? {
        from: local,
        to: remote,
        fromPort: localPort,
        toPort: remotePort,
        sequence: stream.sent,
        acknowledged: stream.received,
      }
    : {
        from: remote,
        to: local,
        fromPort: remotePort,
        toPort: localPort,
        sequence: stream.received,
        acknowledged: stream.sent,
      };
  const packet = tcpPacket({ ...ends, flags, payload });
  const microseconds = Math.round(at * 1000);
  writer
    .u32(Math.floor(microseconds / 1e6))
    .u32(microseconds % 1e6)
    .u32(packet.length)
    .u32(packet.length)
    .put(packet);
  const step = payload.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
  if (ours) stream.sent = (stream.sent + step) >>> 0;
  else stream.received = (stream.received + step) >>> 0;
}

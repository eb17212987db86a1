import type { Address } from '../../base/ip.ts';
import { ByteWriter } from '../../bgp/wire/writer.ts';

/** One TCP segment with its ends. */
export interface Segment {
  readonly from: Address;
  readonly to: Address;
  readonly fromPort: number;
  readonly toPort: number;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

const TCP = 6;
const TCP_HEADER = 20;

/** An IPv4 or IPv6 packet with right checksums (RFC 791, 8200, 9293). */
export function tcpPacket(segment: Segment): Uint8Array {
  const writer = new ByteWriter();
  const length = TCP_HEADER + segment.payload.length;
  if (segment.from.family === 4) writeIpv4(writer, segment, length);
  else {
    writer.u32(0x60000000).u16(length).u8(TCP).u8(64);
    putAddress(writer, segment.from);
    putAddress(writer, segment.to);
  }
  writer.u16(segment.fromPort).u16(segment.toPort).u32(segment.sequence).u32(segment.acknowledged);
  writer
    .u8((TCP_HEADER / 4) << 4)
    .u8(segment.flags)
    .u16(65535);
  const checksum = writer.reserve(2);
  writer.u16(0).put(segment.payload);
  const start = checksum - 16;
  const sum = sum16(pseudoHeader(segment, length), sum16(writer.view().subarray(start), 0));
  writer.patchValue(checksum, 2, folded(sum));
  return writer.view().slice();
}

function writeIpv4(writer: ByteWriter, { from, to }: Segment, length: number): void {
  const header = new ByteWriter();
  header
    .u8(0x45)
    .u8(0xc0)
    .u16(20 + length)
    .u16(0)
    .u16(0x4000)
    .u8(64)
    .u8(TCP)
    .u16(0);
  putAddress(header, from);
  putAddress(header, to);
  const bytes = header.view().slice();
  const sum = folded(sum16(bytes, 0));
  bytes[10] = sum >> 8;
  bytes[11] = sum & 255;
  writer.put(bytes);
}

function pseudoHeader({ from, to }: Segment, length: number): Uint8Array {
  const writer = new ByteWriter();
  putAddress(writer, from);
  putAddress(writer, to);
  if (from.family === 4) writer.u16(TCP).u16(length);
  else writer.u32(length).u32(TCP);
  return writer.view().slice();
}

function putAddress(writer: ByteWriter, { family, value }: Address): void {
  if (family === 4) writer.u32(Number(value));
  else writer.u64(value >> 64n).u64(value & 0xffff_ffff_ffff_ffffn);
}

/** The sum of RFC 1071, not folded yet; the checksum field in it counts as 0. */
function sum16(bytes: Uint8Array, before: number): number {
  let sum = before;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0);
  return sum;
}

function folded(sum: number): number {
  let left = sum;
  while (left > 0xffff) left = (left & 0xffff) + Math.floor(left / 65536);
  return ~left & 0xffff;
}

import { type IpFamily, type Prefix, prefixOf } from '../../../base/ip.ts';
import type { ByteReader } from '../reader.ts';
import type { ByteWriter } from '../writer.ts';
import type { NlriCodec } from './row.ts';

/** One destination of a unicast family (RFC 4271 4.3), with its path identifier where the session has them (RFC 7911 section 3). */
export interface PrefixNlri {
  readonly kind: 'prefix';
  readonly pathId: number | null;
  readonly prefix: Prefix;
}

/** IPv4 or IPv6 unicast. Bits behind the length are ignored (RFC 4271 4.3). */
export function prefixCodec(family: IpFamily): NlriCodec<PrefixNlri> {
  return {
    decode: (reader, addPath) => {
      const pathId = addPath ? reader.u32() : null;
      const prefix = decodePrefix(reader, family);
      return prefix && { kind: 'prefix', pathId, prefix };
    },
    encode: (writer, { prefix, pathId }, addPath) => {
      if (addPath) writer.u32(pathId ?? 0);
      encodePrefix(writer, prefix);
    },
  };
}

/** A length in bits and as many octets as it needs; null where the length is more than the family has. */
export function decodePrefix(reader: ByteReader, family: IpFamily): Prefix | null {
  const bits = family === 4 ? 32 : 128;
  const length = reader.u8();
  if (length > bits) return null;
  let value = 0n;
  const octets = (length + 7) >> 3;
  for (let i = 0; i < octets; i++) value = (value << 8n) | BigInt(reader.u8());
  return prefixOf(family, value << BigInt(bits - octets * 8), length);
}

export function encodePrefix(writer: ByteWriter, { family, value, length }: Prefix): void {
  writer.u8(length);
  const bits = family === 4 ? 32 : 128;
  for (let i = 0; i < (length + 7) >> 3; i++) writer.u8(Number((value >> BigInt(bits - 8 - i * 8)) & 0xffn));
}

/**
 * The IPv4 prefixes of a field one after another, as plain numbers: no object per prefix, for tables of a million. False where the field is malformed; what was visited
 * before then does not count (RFC 7606 5.3).
 */
export function forEachIpv4(
  bytes: Uint8Array,
  addPath: boolean,
  visit: (address: number, length: number, pathId: number) => void,
): boolean {
  let at = 0;
  const end = bytes.length;
  while (at < end) {
    let pathId = 0;
    if (addPath) {
      if (at + 4 > end) return false;
      pathId = word(bytes, at, 4);
      at += 4;
    }
    const length = bytes[at++] ?? 255;
    const octets = (length + 7) >> 3;
    if (length > 32 || at + octets > end) return false;
    const mask = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
    visit((word(bytes, at, octets) & mask) >>> 0, length, pathId);
    at += octets;
  }
  return true;
}

/** Up to four octets as the high end of a 32-bit number. */
function word(bytes: Uint8Array, at: number, octets: number): number {
  let value = 0;
  for (let i = 0; i < 4; i++) value = (value << 8) | (i < octets ? (bytes[at + i] ?? 0) : 0);
  return value >>> 0;
}

import { bitsOf, type IpFamily, type Prefix, prefixOf } from '../../../base/ip.ts';
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
  const length = reader.u8();
  return readBits(reader, family, length);
}

export function encodePrefix(writer: ByteWriter, prefix: Prefix): void {
  writer.u8(prefix.length);
  writeBits(writer, prefix);
}

/** The octets of a prefix whose length in bits stands elsewhere; null: too long, or not all there. */
export function readBits(reader: ByteReader, family: IpFamily, length: number): Prefix | null {
  const octets = (length + 7) >> 3;
  if (length < 0 || length > bitsOf(family) || octets > reader.left) return null;
  let value = 0n;
  for (let i = 0; i < octets; i++) value = (value << 8n) | BigInt(reader.u8());
  return prefixOf(family, value << BigInt(bitsOf(family) - octets * 8), length);
}

export function writeBits(writer: ByteWriter, { family, value, length }: Prefix): void {
  for (let bits = 8; bits < length + 8; bits += 8)
    writer.u8(Number((value >> BigInt(bitsOf(family) - bits)) & 0xffn));
}

/** Can a field of a unicast family be read to its end? (RFC 7606 5.3: if not, nothing in it counts.) */
export function isWellFormed(bytes: Uint8Array, bits: 32 | 128, addPath: boolean): boolean {
  let at = 0;
  while (at < bytes.length) {
    if (addPath) at += 4;
    const length = bytes[at++] ?? 255;
    if (length > bits) return false;
    at += (length + 7) >> 3;
  }
  return at === bytes.length;
}

/** The IPv4 prefixes of a well-formed field one after another, as plain numbers: no object a prefix, for tables of a million. */
export function forEachIpv4(
  bytes: Uint8Array,
  addPath: boolean,
  visit: (address: number, length: number, pathId: number) => void,
): void {
  for (let at = 0; at < bytes.length; ) {
    let pathId = 0;
    if (addPath) {
      pathId = word(bytes, at, 4);
      at += 4;
    }
    const length = bytes[at++] ?? 0;
    const octets = (length + 7) >> 3;
    const mask = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
    visit((word(bytes, at, octets) & mask) >>> 0, length, pathId);
    at += octets;
  }
}

/** Up to four octets as the high end of a 32-bit number. */
function word(bytes: Uint8Array, at: number, octets: number): number {
  let value = 0;
  for (let i = 0; i < 4; i++) value = (value << 8) | (i < octets ? (bytes[at + i] ?? 0) : 0);
  return value >>> 0;
}

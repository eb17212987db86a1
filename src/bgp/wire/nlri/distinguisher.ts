import type { Asn } from '../../../base/asn.ts';
import { addressOf } from '../../../base/ip.ts';
import type { ByteReader } from '../reader.ts';
import type { ByteWriter } from '../writer.ts';

/** Route distinguisher (RFC 4364 4.2): which of the three forms, its administrator and the number assigned by it. */
export type RouteDistinguisher =
  | { readonly type: 0; readonly asn: Asn; readonly assigned: number }
  | { readonly type: 1; readonly address: number; readonly assigned: number }
  | { readonly type: 2; readonly asn: Asn; readonly assigned: number };

/** null: a type nobody has defined. */
export function decodeDistinguisher(reader: ByteReader): RouteDistinguisher | null {
  switch (reader.u16()) {
    case 0:
      return { type: 0, asn: reader.u16(), assigned: reader.u32() };
    case 1:
      return { type: 1, address: reader.u32(), assigned: reader.u16() };
    case 2:
      return { type: 2, asn: reader.u32(), assigned: reader.u16() };
    default:
      return null;
  }
}

export function encodeDistinguisher(writer: ByteWriter, rd: RouteDistinguisher): void {
  writer.u16(rd.type);
  if (rd.type === 0) writer.u16(rd.asn).u32(rd.assigned);
  else writer.u32(rd.type === 1 ? rd.address : rd.asn).u16(rd.assigned);
}

/** `65000:1` or `10.0.0.1:1`, as daemons print it. */
export function distinguisherText(rd: RouteDistinguisher): string {
  const administrator = rd.type === 1 ? addressOf(4, BigInt(rd.address)).text : rd.asn;
  return `${administrator}:${rd.assigned}`;
}

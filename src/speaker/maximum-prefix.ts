import type { FamilyKey } from '../bgp/wire/negotiated.ts';
import { ByteWriter } from '../bgp/wire/writer.ts';

/** RFC 4486 section 4: the data of the NOTIFICATION names family and limit. */
export function overflowData(family: FamilyKey, limit: number): Uint8Array {
  const writer = new ByteWriter();
  writer
    .u16(Math.floor(family / 256))
    .u8(family % 256)
    .u32(limit);
  return writer.view().slice();
}

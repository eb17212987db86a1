import type { Peer } from '../../bgp/peer.ts';
import type { FamilyKey } from '../../bgp/wire/negotiated.ts';
import { ByteWriter } from '../../bgp/wire/writer.ts';

/** RFC 4486 section 4: the data of the NOTIFICATION names family and limit. */
function overflowData(family: FamilyKey, limit: number): Uint8Array {
  const writer = new ByteWriter();
  writer
    .u16(Math.floor(family / 256))
    .u8(family % 256)
    .u32(limit);
  return writer.view().slice();
}

/** Data of the NOTIFICATION, and what people are told. */
export interface Excess {
  readonly data: Uint8Array;
  readonly words: string;
}

/** What is said to a peer that said more than `maximum-prefix` allows; null: it did not. */
export function excessOf(
  family: FamilyKey,
  { options }: Peer,
  { received, accepted }: { readonly received: number; readonly accepted: number },
  countsReceived: boolean,
): Excess | null {
  const limit = options.maximumPrefix;
  const counted = countsReceived ? received : accepted;
  if (limit === null || counted <= limit) return null;
  return {
    data: overflowData(family, limit),
    words: `maximum-prefix ${limit} exceeded: ${counted} prefixes`,
  };
}

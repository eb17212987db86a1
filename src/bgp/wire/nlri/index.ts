import { type Fault, resetting } from '../fault.ts';
import { type FamilyKey, familyText, IPV4_UNICAST, IPV6_UNICAST } from '../negotiated.ts';
import { ByteReader } from '../reader.ts';
import { errorCode, updateError } from '../registry.ts';
import type { ByteWriter } from '../writer.ts';
import { type PrefixNlri, prefixCodec } from './prefix.ts';
import type { NlriCodec } from './row.ts';

/** One destination of any family. */
export type Nlri = PrefixNlri;

/** Every family whose destinations are understood. Adding one is a file and a line here. */
const codecs = new Map<FamilyKey, NlriCodec<Nlri>>([
  [IPV4_UNICAST, prefixCodec(4) as NlriCodec<Nlri>],
  [IPV6_UNICAST, prefixCodec(6) as NlriCodec<Nlri>],
]);

export const knownFamilies: readonly FamilyKey[] = [...codecs.keys()];

/** All destinations of a field, in order, or the fault that ends the session: behind a bad length nothing can be found (RFC 7606 5.3). */
export function decodeNlri(bytes: Uint8Array, family: FamilyKey, addPath: boolean): readonly Nlri[] | Fault {
  const codec = codecs.get(family);
  if (!codec) return malformed(`${familyText(family)} was not agreed on`, bytes);
  const reader = new ByteReader(bytes);
  const list: Nlri[] = [];
  while (reader.left > 0) {
    const nlri = codec.decode(reader, addPath);
    if (nlri === null || reader.short)
      return malformed(`a destination of ${familyText(family)} is malformed`, bytes);
    list.push(nlri);
  }
  return list;
}

function malformed(message: string, bytes: Uint8Array): Fault {
  return resetting(errorCode.update, updateError.invalidNetworkField, message, bytes.slice(0, 64));
}

export function encodeNlri(
  writer: ByteWriter,
  list: readonly Nlri[],
  family: FamilyKey,
  addPath: boolean,
): void {
  const codec = codecs.get(family);
  if (!codec) throw new Error(`no encoding for ${familyText(family)}`);
  for (const nlri of list) codec.encode(writer, nlri, addPath);
}

import type { ByteReader } from '../reader.ts';
import { attributeCode, attributeFlag } from '../registry.ts';
import type { ByteWriter } from '../writer.ts';
import type { AttributeRow } from './row.ts';

const flags = attributeFlag.optional | attributeFlag.transitive;

function list<Item>(
  code: number,
  title: string,
  read: (reader: ByteReader) => Item,
  write: (writer: ByteWriter, item: Item) => void,
): AttributeRow<readonly Item[]> {
  return {
    code,
    title,
    flags,
    // RFC 7606 7.8 and 7.14, RFC 8092 section 6; an empty list is malformed too.
    malformed: 'treat-as-withdraw',
    decode: (reader) => {
      if (reader.left === 0) return null;
      const items: Item[] = [];
      while (reader.left > 0) items.push(read(reader));
      return items;
    },
    encode: (writer, items) => {
      for (const item of items) write(writer, item);
    },
  };
}

/** RFC 1997, as 32-bit numbers. */
export const communities = list(
  attributeCode.communities,
  'COMMUNITIES',
  (reader) => reader.u32(),
  (writer, community) => writer.u32(community),
);

/** RFC 8092, as `65000:1:2`. */
export const largeCommunities = list(
  attributeCode.largeCommunities,
  'LARGE_COMMUNITY',
  (reader) => `${reader.u32()}:${reader.u32()}:${reader.u32()}`,
  (writer, community) => {
    for (const part of community.split(':')) writer.u32(Number(part));
  },
);

/** Octets as hexadecimal digits. */
function hexList(code: number, title: string, octets: number): AttributeRow<readonly string[]> {
  return list(
    code,
    title,
    (reader) => Array.from(reader.take(octets), (octet) => octet.toString(16).padStart(2, '0')).join(''),
    (writer, community) => {
      for (let at = 0; at < octets * 2; at += 2) writer.u8(Number.parseInt(community.slice(at, at + 2), 16));
    },
  );
}

/** RFC 4360, 8 octets each: `extended-community.ts` says what they mean. */
export const extendedCommunities = hexList(attributeCode.extendedCommunities, 'EXTENDED_COMMUNITIES', 8);

/** RFC 5701, 20 octets each. */
export const ipv6ExtendedCommunities = hexList(
  attributeCode.ipv6ExtendedCommunities,
  'IPV6_EXTENDED_COMMUNITIES',
  20,
);

import { prefixOf } from '../../base/ip.ts';
import { isWellFormed } from '../wire/nlri/prefix.ts';
import type { KeyedNlri } from './prefix-index.ts';

/** IPv6 unicast: the key is the length and the octets of the prefix, bits behind the length zero. */
export const ipv6Nlri: KeyedNlri = {
  isWellFormed: (bytes, addPath) => isWellFormed(bytes, 128, addPath),
  read: (bytes, at, addPath) => {
    let place = at;
    let pathId = 0;
    if (addPath) {
      for (let i = 0; i < 4; i++) pathId = pathId * 256 + (bytes[place + i] ?? 0);
      place += 4;
    }
    const length = bytes[place++] ?? 0;
    const octets = (length + 7) >> 3;
    let key = String.fromCharCode(length);
    for (let i = 0; i < octets; i++) {
      const octet = bytes[place + i] ?? 0;
      const bits = Math.min(8, length - i * 8);
      key += String.fromCharCode(octet & (0xff00 >> bits) & 0xff);
    }
    return { key, pathId, next: place + octets };
  },
  keyOf: ({ value, length }) => {
    let key = String.fromCharCode(length);
    for (let bits = 0; bits < length; bits += 8)
      key += String.fromCharCode(Number((value >> BigInt(120 - bits)) & 0xffn));
    return key;
  },
  prefixOf: (key) => {
    let value = 0n;
    for (let i = 1; i < key.length; i++) value |= BigInt(key.charCodeAt(i)) << BigInt(128 - i * 8);
    return prefixOf(6, value, key.charCodeAt(0));
  },
};

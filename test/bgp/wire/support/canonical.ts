import { parseAddress, parsePrefix } from '../../../../src/base/ip.ts';
import type { Message } from '../../../../src/bgp/wire/message.ts';

/** A message in JSON: addresses and prefixes as text, octets as hexadecimal digits, bigint as decimal text, keys in the order the decoder has them. */
export function toJson(message: Message): string {
  return JSON.stringify(plain(message));
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('text' in value && 'family' in value) return value.text;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

const addresses = new Set(['nextHop', 'address', 'gateway', 'group']);
const octets = new Set(['value', 'data']);

/** The message that `toJson` wrote. */
export function fromJson(text: string): Message {
  return JSON.parse(text, function revive(this: unknown, key: string, value: unknown) {
    const unknownRoute =
      typeof this === 'object' && this !== null && 'kind' in this && this.kind === 'evpn-unknown';
    if (key === 'mpNextHop' && Array.isArray(value)) return value.map((one) => parseAddress(String(one)));
    if (typeof value !== 'string' || unknownRoute) return value;
    if (addresses.has(key)) return parseAddress(value);
    if (key === 'prefix') return parsePrefix(value);
    if (key === 'aigp') return BigInt(value);
    return octets.has(key) ? Uint8Array.from(Buffer.from(value, 'hex')) : value;
  }) as Message;
}

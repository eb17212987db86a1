import { type Address, bitsOf, type Prefix, parseAddress, prefixOf } from '../../../base/ip.ts';

const MAX_32 = 0xffffffff;

/** Digits only; null for anything else or beyond `max`. */
export function digits(text: string, max = MAX_32): number | null {
  if (!/^\d{1,20}$/.test(text)) return null;
  const value = Number(text);
  return value <= max ? value : null;
}

/** An ASN as a setting: plain or dotted (configuration/parser.py, `asn`). */
export function settingAsn(text: string): number | null {
  const [high = '', low, ...more] = text.split('.');
  if (low === undefined) return digits(text);
  const [left, right] = [digits(high, 0xffff), digits(low)];
  if (more.length > 0 || left === null || right === null) return null;
  const value = left * 65536 + right;
  return value <= MAX_32 ? value : null;
}

/** `true`, `enable`, `enabled` and their opposites; nothing at all is `absent`; null: not a boolean. */
export function boolean(text: string, absent: boolean): boolean | null {
  const lower = text.toLowerCase();
  if (lower === '') return absent;
  if (['true', 'enable', 'enabled'].includes(lower)) return true;
  if (['false', 'disable', 'disabled'].includes(lower)) return false;
  return null;
}

/** `network/length`, a host without a length; null where the text is neither. Says whether host bits are set. */
export function readPrefix(text: string): { readonly prefix: Prefix; readonly hostBits: boolean } | null {
  const [host = '', length, ...more] = text.split('/');
  const address = parseAddress(host);
  if (!address || more.length > 0) return null;
  const bits = bitsOf(address.family);
  const count = length === undefined ? bits : digits(length, bits);
  if (count === null) return null;
  const prefix = prefixOf(address.family, address.value, count);
  return { prefix, hostBits: prefix.value !== address.value };
}

/** Is it in 224.0.0.0/4, which ExaBGP announces as multicast? */
export function isMulticast({ family, value }: Prefix): boolean {
  return family === 4 && value >> 28n === 14n;
}

export function ipv4(text: string): Address | null {
  const address = parseAddress(text);
  return address?.family === 4 ? address : null;
}

const names: Readonly<Record<string, number>> = {
  'no-export': 0xffffff01,
  'no-advertise': 0xffffff02,
  'no-export-subconfed': 0xffffff03,
  nopeer: 0xffffff04,
  'no-peer': 0xffffff04,
  blackhole: 0xffff029a,
};

/**
 * A standard community (static/parser.py, `_community`). Both halves may be larger than 16 bits as long as the sum fits: then the
 * second runs over into the first.
 */
export function community(text: string): number | null {
  const separator = text.indexOf(':');
  if (separator > 0) {
    const [high, low] = [digits(text.slice(0, separator)), digits(text.slice(separator + 1))];
    if (high === null || low === null) return null;
    const value = high * 65536 + low;
    return value <= MAX_32 ? value : null;
  }
  if (/^0x[0-9a-f]{1,8}$/i.test(text)) return Number(text);
  const lower = text.toLowerCase();
  return Object.hasOwn(names, lower) ? (names[lower] ?? null) : digits(text);
}

/** A large community as `65001:1:2`; null: not one. */
export function largeCommunity(text: string): string | null {
  const parts = text.split(':').map((part) => digits(part));
  if (parts.length === 3 && parts.every((part) => part !== null)) return parts.join(':');
  const value = /^\d{1,29}$/.test(text) ? BigInt(text) : null;
  if (value === null || value >= 1n << 96n) return null;
  return [value >> 64n, (value >> 32n) & 0xffffffffn, value & 0xffffffffn].join(':');
}

/** Octets of the numbers behind each word (configuration/static/parser.py packs them; what does not fit ends the start). */
const extendedFields: Readonly<Record<string, readonly number[]>> = {
  target: [2, 4],
  target4: [4, 2],
  origin: [2, 4],
  origin4: [4, 2],
  redirect: [2, 4],
  l2info: [1, 1, 2, 2],
  bandwidth: [2, 4],
};
/** Of these one field may be an IPv4 address, and a wide first one takes the form of four octets. */
const withAddresses: ReadonlySet<string> = new Set(['target', 'origin']);

function fits(text: string, octets: number, long = true): boolean {
  return (
    (long ? /^\d{1,11}[lL]?$/ : /^\d{1,11}$/).test(text) && Number.parseInt(text, 10) < 2 ** (8 * octets)
  );
}

/** Would ExaBGP take it as an extended community? */
export function isExtendedCommunity(text: string): boolean {
  if (/^0x/i.test(text)) return /^0x(?:[0-9a-f]{2})+$/i.test(text);
  if (text === 'redirect-to-nexthop') return true;
  const parts = text.split(':');
  const kind = parts.length === 2 ? 'target' : (parts.shift() ?? '');
  const sizes = Object.hasOwn(extendedFields, kind) ? extendedFields[kind] : undefined;
  if (!sizes || parts.length !== sizes.length) return false;
  if (!withAddresses.has(kind)) return parts.every((part, index) => fits(part, sizes[index] ?? 0));
  const [global = '', local = ''] = parts;
  if (global.includes('.')) return ipv4(global) !== null && fits(local, 2, false);
  if (local.includes('.')) return ipv4(local) !== null && fits(global, 2, false);
  return fits(global, 2) && !/l$/i.test(global) ? fits(local, 4) : fits(global, 4) && fits(local, 2);
}

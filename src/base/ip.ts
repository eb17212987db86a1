import IPCIDR from 'ip-cidr';

/** IP version; sessions, prefixes and next hops are compared only within one. */
export type IpFamily = 4 | 6;

/** One address. `text` is canonical (RFC 5952 for IPv6), so equal addresses have equal texts. */
export interface Address {
  readonly family: IpFamily;
  readonly value: bigint;
  readonly text: string;
}

/** A network: host bits are zero. `text` (`10.0.0.0/24`) is canonical and serves as the key in every table. */
export interface Prefix {
  readonly family: IpFamily;
  readonly value: bigint;
  readonly length: number;
  readonly text: string;
}

/** An address on an interface with the length of its network (`10.0.0.1/24`). */
export interface InterfaceAddress {
  readonly address: Address;
  readonly length: number;
  readonly network: Prefix;
  readonly text: string;
}

const LENGTH = /^(?:0|[1-9]\d{0,2})$/;

export function bitsOf(family: IpFamily): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/**
 * Reads one address; null for anything else. Stricter than inet_aton on purpose: no leading zeros (octal to
 * some programs, decimal to others), no short forms (`10.0.2`), no zone (`fe80::1%eth0`).
 */
export function parseAddress(text: string): Address | null {
  const known = recent.get(text);
  if (known) return known;
  const value = ipv4Value(text);
  if (value >= 0) return remember(addressOf(4, BigInt(value)));
  if (!text.includes(':') || text.length > 45 || !/^[0-9a-f:.]+$/i.test(text)) return null;
  const mapped = /^(?:::|(?:0+:){5})ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text);
  if (mapped) {
    const inner = parseAddress(mapped[1] ?? '');
    return inner && addressOf(6, 0xffff_0000_0000n | inner.value);
  }
  try {
    const parsed = IPCIDR.createAddress(text);
    // An embedded IPv4 tail outside ::ffff:0:0/96 stays IPv6; the library calls mapped ones IPv4.
    const value = BigInt(parsed.bigInteger().toString());
    return addressOf(6, parsed.correctForm().includes(':') ? value : 0xffff_0000_0000n | value);
  } catch {
    return null;
  }
}

/**
 * Addresses that were read before: files of a fabric name the same ones again and again, and an address that is one object takes the
 * room of one. It changes no answer.
 */
const recent = new Map<string, Address>();
const MOST_RECENT = 16_384;

function remember(address: Address): Address {
  if (recent.size >= MOST_RECENT) recent.clear();
  recent.set(address.text, address);
  return address;
}

const [DOT, ZERO, NINE] = [46, 48, 57];

/** The number that four octets in decimal make; -1 for anything else. */
function ipv4Value(text: string): number {
  if (text.length < 7 || text.length > 15) return -1;
  let [value, octet, digits, dots] = [0, 0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || ++dots > 3) return -1;
      value = value * 256 + octet;
      octet = digits = 0;
    } else {
      if (code < ZERO || code > NINE || (digits > 0 && octet === 0)) return -1;
      octet = octet * 10 + code - ZERO;
      digits++;
      if (octet > 255) return -1;
    }
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : -1;
}

/** ::ffff:a.b.c.d for an IPv4 address. */
export function mappedAddress({ value }: Address): Address {
  return addressOf(6, 0xffff_0000_0000n | value);
}

export function isMappedAddress({ family, value }: Address): boolean {
  return family === 6 && value >> 32n === 0xffffn;
}

/** 0.0.0.0 or ::. */
export function isUnspecified({ value }: Address): boolean {
  return value === 0n;
}

/** No host has it: 0.0.0.0/8, 127.0.0.0/8, multicast and reserved ones; ::, ::1, multicast. */
export function isMartian({ family, value }: Address): boolean {
  if (family === 6) return value <= 1n || value >> 120n === 0xffn;
  const first = Number(value >> 24n);
  return first === 0 || first === 127 || first >= 224;
}

/** Builds the address with this numeric value; the value must fit the family. */
export function addressOf(family: IpFamily, value: bigint): Address {
  return { family, value, text: family === 4 ? ipv4Text(Number(value)) : ipv6Text(value) };
}

function ipv4Text(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** RFC 5952: lower case, the longest run of two or more zero groups as `::`, mapped addresses with dots. */
function ipv6Text(value: bigint): string {
  if (value >> 32n === 0xffffn) return `::ffff:${ipv4Text(Number(value & 0xffffffffn))}`;
  const groups: string[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(((value >> shift) & 0xffffn).toString(16));
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === '0') end++;
    if (end - i > length) [start, length] = [i, end - i];
    i = Math.max(i, end - 1);
  }
  if (start < 0) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/** Reads `address/length` and keeps the host bits; null for anything else. Without a length: a host address. */
export function parseInterfaceAddress(text: string): InterfaceAddress | null {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!address) return null;
  const bits = bitsOf(address.family);
  const lengthText = slash < 0 ? String(bits) : text.slice(slash + 1);
  if (!LENGTH.test(lengthText) || Number(lengthText) > bits) return null;
  return interfaceAddressOf(address, Number(lengthText));
}

export function interfaceAddressOf(address: Address, length: number): InterfaceAddress {
  return { address, length, network: networkOf(address, length), text: `${address.text}/${length}` };
}

/** Reads `network/length`, clearing host bits; null for anything else. Ask `hasHostBits` where they are an error. */
export function parsePrefix(text: string): Prefix | null {
  if (!text.includes('/')) return null;
  return parseInterfaceAddress(text)?.network ?? null;
}

export function hasHostBits(text: string): boolean {
  const parsed = parseInterfaceAddress(text);
  return parsed !== null && parsed.address.value !== parsed.network.value;
}

export function networkOf(address: Address, length: number): Prefix {
  return prefixOf(address.family, address.value, length);
}

/** The network of this length that holds `value`. */
export function prefixOf(family: IpFamily, value: bigint, length: number): Prefix {
  const host = BigInt(bitsOf(family) - length);
  const masked = (value >> host) << host;
  return { family, value: masked, length, text: `${addressOf(family, masked).text}/${length}` };
}

/** The /32 or /128 of an address. */
export function hostPrefix(address: Address): Prefix {
  return networkOf(address, bitsOf(address.family));
}

/** Does the network hold the address or the whole other network (equal counts)? False across families. */
export function contains(outer: Prefix, inner: Prefix | Address): boolean {
  if (outer.family !== inner.family) return false;
  if ('length' in inner && inner.length < outer.length) return false;
  const host = BigInt(bitsOf(outer.family) - outer.length);
  return inner.value >> host === outer.value >> host;
}

export function overlaps(a: Prefix, b: Prefix): boolean {
  return a.length <= b.length ? contains(a, b) : contains(b, a);
}

/** Order for output: IPv4 before IPv6, then by address. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

/** Order for output: IPv4 before IPv6, then by address, then shorter first. */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.length - b.length;
}

/** Is this address the network's own (all host bits zero), where that is not a usable host (RFC 3021 spares /31). */
export function isNetworkAddress(address: InterfaceAddress): boolean {
  return (
    address.length < bitsOf(address.address.family) - 1 && address.address.value === address.network.value
  );
}

/** IPv4 only: the all-ones address of its network, where the network is larger than a /31. */
export function isBroadcastAddress(address: InterfaceAddress): boolean {
  if (address.address.family !== 4 || address.length >= 31) return false;
  const hostMask = (1n << BigInt(32 - address.length)) - 1n;
  return (address.address.value & hostMask) === hostMask;
}

/** fe80::/10 (RFC 4291): means something only on one link. */
export function isLinkLocal(address: Address): boolean {
  return address.family === 6 && address.value >> 118n === 0x3fan;
}

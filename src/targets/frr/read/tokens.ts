import { type Asn, parseAsn } from '../../../base/asn.ts';
import { parseAddress, parseInterfaceAddress } from '../../../base/ip.ts';

/** The daemons read numbers with strtoll: zeros in front change nothing. */
const NUMBER = /^0*\d{1,10}$/;

function within(low: number, high: number): (word: string) => boolean {
  return (word) => NUMBER.test(word) && Number(word) >= low && Number(word) <= high;
}

function family(word: string): 4 | 6 | null {
  return parseAddress(word)?.family ?? null;
}

function prefixFamily(word: string): 4 | 6 | null {
  return word.includes('/') ? (parseInterfaceAddress(word)?.address.family ?? null) : null;
}

export function asnOf(word: string): Asn | null {
  return parseAsn(word.replace(/^0+(?=\d)/, ''));
}

function isAsn(word: string): boolean {
  const asn = asnOf(word);
  return asn !== null && asn > 0;
}

/** What a `{name:TYPE}` of a pattern accepts, one word each. LINE is the grammar's business. */
const variableTypes: Readonly<Record<string, (word: string) => boolean>> = {
  WORD: () => true,
  A4: (word) => family(word) === 4,
  A6: (word) => family(word) === 6,
  ADDRESS: (word) => family(word) !== null,
  P4: (word) => prefixFamily(word) === 4,
  P6: (word) => prefixFamily(word) === 6,
  PREFIX: (word) => prefixFamily(word) !== null,
  ASN: (word) => NUMBER.test(word) && isAsn(word),
  /** With FRR 10 also asdot (`1.10`). */
  ASDOT: isAsn,
  TEN: within(1, 10),
  PATHS: within(1, 256),
  /** An interface name: not an address, number or option word of a route. */
  IFNAME: (word) =>
    !/^(?:\d+|tag|table|vrf|nexthop-vrf|label|color|onlink|reject|blackhole)$/.test(word) &&
    family(word) === null,
  /** +5, -5 or 5. */
  AMOUNT: (word) => /^[+-]?\d{1,10}$/.test(word),
  U8: within(0, 255),
  DISTANCE: within(1, 255),
  TTL: within(1, 255),
  HOPS: within(1, 254),
  BITS: within(0, 128),
  U16: within(0, 65535),
  SEQ: within(1, 65535),
  U32: within(0, 4294967295),
  COUNT: within(1, 4294967295),
};

/** `{seconds:0-4095}`: the range is the command's own. */
const RANGE = /^(\d+)-(\d+)$/;
const ranges = new Map<string, (word: string) => boolean>();

/** Is the word a value of that type, the name of one or a range of numbers? */
export function isOfType(type: string, word: string): boolean {
  const known = variableTypes[type] ?? ranges.get(type);
  if (known) return known(word);
  const [, low, high] = RANGE.exec(type) ?? [];
  if (low === undefined) return false;
  const range = within(Number(low), Number(high));
  ranges.set(type, range);
  return range(word);
}

/** Types that take the rest of the line, and what each word of it must be. */
export const restTypes: Readonly<Record<string, (word: string) => boolean>> = {
  LINE: () => true,
  ASNS: isAsn,
};

const typeWords: Readonly<Record<string, string>> = {
  '{WORD}': 'a name',
  '{A4}': 'an IPv4 address',
  '{A6}': 'an IPv6 address',
  '{ADDRESS}': 'an address',
  '{P4}': 'an IPv4 prefix',
  '{P6}': 'an IPv6 prefix',
  '{PREFIX}': 'a prefix',
  '{ASN}': 'an AS number (1-4294967295)',
  '{ASDOT}': 'an AS number (1-4294967295)',
  '{TEN}': 'a number (1-10)',
  '{PATHS}': 'a number (1-256)',
  '{IFNAME}': 'an interface',
  '{AMOUNT}': 'a number, with + or - in front of it or not',
  '{U8}': 'a number (0-255)',
  '{DISTANCE}': 'a distance (1-255)',
  '{TTL}': 'a TTL (1-255)',
  '{HOPS}': 'a number of hops (1-254)',
  '{BITS}': 'a prefix length (0-128)',
  '{U16}': 'a number (0-65535)',
  '{SEQ}': 'a number (1-65535)',
  '{U32}': 'a number (0-4294967295)',
  '{COUNT}': 'a number (1-4294967295)',
  '{LINE}': 'text',
  '{ASNS}': 'AS numbers',
};

/** What is expected, a keyword or the type of a pattern in braces, in words. */
export function expectedWords(one: string): string {
  const range = RANGE.exec(one.slice(1, -1));
  return typeWords[one] ?? (range ? `a number (${range[0]})` : one);
}

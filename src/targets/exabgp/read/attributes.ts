import { type Address, parseAddress } from '../../../base/ip.ts';
import { extendedDigits } from './extended.ts';
import { rawAttribute } from './raw-attribute.ts';
import type { Reading } from './reading.ts';
import type { Word } from './tokens.ts';
import { community, digits, ipv4, isExtendedCommunity, largeCommunity } from './values.ts';
import type { Words } from './words.ts';

/** `next-hop self` in a route of this family, or an address. */
export type NextHop = Address | { readonly self: 4 | 6 };

/**
 * What a route carries. Each attribute is taken once, the first one written (`Attributes.add`). Routes that came of one statement
 * share one set, and announcing one of them takes `watchdog` and `withdraw` out of it for all.
 */
export interface AttributeSet {
  origin?: 0 | 1 | 2;
  asPath?: { readonly sequence: readonly number[]; readonly set: readonly number[] };
  nextHop?: NextHop;
  med?: number;
  localPref?: number;
  atomicAggregate?: true;
  aggregator?: { readonly asn: number; readonly routerId: Address };
  communities?: readonly number[];
  largeCommunities?: readonly string[];
  extendedCommunities?: string;
  originatorId?: Address;
  clusterList?: readonly Address[];
  aigp?: number;
  /** Sent as given; the text keeps two of them apart. */
  raw?: string;
  split?: number;
  watchdog?: string;
  withdraw?: true;
  name?: string;
}

/** A route while its words are read. */
export interface RouteDraft {
  readonly attributes: AttributeSet;
  /** The last one written, where the attribute is the first one. */
  nextHop: NextHop | null;
  pathId: number | null;
  /** What makes it a route of another family. */
  kind: 'plain' | 'label' | 'rd';
  readonly family: 4 | 6;
}

type Reader = (words: Words, draft: RouteDraft, reading: Reading, command: Word) => boolean;

/** Sets an attribute unless the route has it already. */
export function add<K extends keyof AttributeSet>(set: AttributeSet, key: K, value: AttributeSet[K]): true {
  if (set[key] === undefined) set[key] = value;
  return true;
}

/** Word of a route → what reads its value; false: ExaBGP refuses the value (it was said). */
export const attributeReaders: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['next-hop', readNextHop],
  ['origin', readOrigin],
  ['as-path', readAsPath],
  [
    'med',
    (words, draft, reading) =>
      number32(words, reading, 'med', (value) => add(draft.attributes, 'med', value)),
  ],
  [
    'local-preference',
    (words, draft, reading) =>
      number32(words, reading, 'local-preference', (value) => add(draft.attributes, 'localPref', value)),
  ],
  ['atomic-aggregate', (_, { attributes }) => add(attributes, 'atomicAggregate', true)],
  ['aggregator', readAggregator],
  ['community', readCommunities],
  ['large-community', readLarge],
  ['extended-community', readExtended],
  ['originator-id', readOriginatorId],
  ['cluster-list', readClusterList],
  ['aigp', readAigp],
  ['attribute', rawAttribute],
  ['name', (words, { attributes }) => add(attributes, 'name', words.next().text)],
  ['split', readSplit],
  ['watchdog', readWatchdog],
  ['withdraw', (_, { attributes }) => add(attributes, 'withdraw', true)],
]);

/** Words that only some kinds of routes know. */
export const pathInformation: Reader = (words, draft, reading) => {
  const word = words.next();
  const pathId = digits(word.text) ?? ipv4(word.text)?.value;
  if (pathId === undefined) return refuse(word, 'path-information is a number or an IPv4 address', reading);
  draft.pathId = Number(pathId);
  return true;
};

export function refuse(word: Word, message: string, reading: Reading): false {
  reading.refuse(word.source, `${message}, not '${word.text}'`, 'Correct the value.', word.text);
  return false;
}

function number32(words: Words, reading: Reading, what: string, take: (value: number) => void): boolean {
  const word = words.next();
  const value = digits(word.text);
  if (value === null) return refuse(word, `${what} is a number of 32 bits`, reading);
  take(value);
  return true;
}

function readNextHop(words: Words, draft: RouteDraft, reading: Reading): boolean {
  const word = words.next();
  const nextHop = word.text.toLowerCase() === 'self' ? { self: draft.family } : parseAddress(word.text);
  if (!nextHop) return refuse(word, 'next-hop is an address or self', reading);
  draft.nextHop = nextHop;
  add(draft.attributes, 'nextHop', nextHop);
  return true;
}

const origins: Readonly<Record<string, 0 | 1 | 2>> = { igp: 0, egp: 1, incomplete: 2 };

function readOrigin(words: Words, draft: RouteDraft, reading: Reading): boolean {
  const word = words.next();
  const origin = origins[word.text.toLowerCase()];
  if (origin === undefined) return refuse(word, 'origin is igp, egp or incomplete', reading);
  add(draft.attributes, 'origin', origin);
  return true;
}

/** `[ 1 2 ( 3 4 ) ]` or one number: the sequence as written, and behind it the numbers of the sets as one set. */
function readAsPath(words: Words, draft: RouteDraft, reading: Reading): boolean {
  const sequence: number[] = [];
  const set: number[] = [];
  const opening = words.next();
  const take = (word: Word, into: number[]): boolean => {
    const asn = digits(word.text);
    if (asn === null) return refuse(word, 'as-path holds numbers, with sets as ( 1 2 )', reading);
    into.push(asn);
    return true;
  };
  let inSet = false;
  if (opening.text !== '[') {
    if (!take(opening, sequence)) return false;
  } else {
    for (;;) {
      const word = words.next();
      if (word.text === ',' && !inSet) continue;
      if (!inSet && (word.text === '(' || word.text === '[')) inSet = true;
      else if (inSet && (word.text === ')' || word.text === ']')) inSet = false;
      else if (word.text === ']') break;
      else if (word.text === ')') continue;
      else if (!take(word, inSet ? set : sequence)) return false;
    }
  }
  add(draft.attributes, 'asPath', { sequence, set });
  return true;
}

/** `65001:10.0.0.1`, also in parentheses, with or without blanks. */
function readAggregator(words: Words, draft: RouteDraft, reading: Reading): boolean {
  const first = words.next();
  const word = first.text === '(' ? words.next() : first;
  const opened = first.text.startsWith('(');
  const closed = word.text.endsWith(')');
  const text = word.text.replace(/^\(/, '').replace(opened ? /\)$/ : /$^/, '');
  const [asnText = '', address = '', ...more] = text.split(':');
  const [asn, routerId] = [digits(asnText), ipv4(address)];
  const balanced = !opened || closed || words.next().text === ')';
  if (asn === null || !routerId || more.length > 0 || !balanced)
    return refuse(word, 'aggregator is ( ASN:ADDRESS )', reading);
  add(draft.attributes, 'aggregator', { asn, routerId });
  return true;
}

/** The values of a list, each read by `read`; null: refused. */
function listOf<T>(
  words: Words,
  reading: Reading,
  what: string,
  read: (text: string) => T | null,
): T[] | null {
  const list = words.list();
  if (!list) return reading.refuse(words.last.source, `the list of ${what} has no ]`, 'Close the list.');
  const found: T[] = [];
  for (const word of list) {
    const value = read(word.text);
    if (value === null) {
      refuse(word, `${what} holds values that can be read`, reading);
      return null;
    }
    found.push(value);
  }
  return found;
}

function readCommunities(words: Words, { attributes }: RouteDraft, reading: Reading): boolean {
  const found = listOf(words, reading, 'community', community);
  if (found) add(attributes, 'communities', found);
  return found !== null;
}

function readLarge(words: Words, { attributes }: RouteDraft, reading: Reading): boolean {
  const found = listOf(words, reading, 'large-community', largeCommunity);
  if (found) add(attributes, 'largeCommunities', [...new Set(found)]);
  return found !== null;
}

function readExtended(words: Words, { attributes }: RouteDraft, reading: Reading, command: Word): boolean {
  const found = listOf(words, reading, 'extended-community', (text) =>
    isExtendedCommunity(text) ? text : null,
  );
  if (!found) return false;
  const unknown = found.filter((text) => extendedDigits(text) === null);
  if (unknown.length > 0) {
    const effect = 'extended communities of this kind are not simulated';
    reading.note(command.source, `extended-community ${unknown.join(' ')}`, effect, false);
  }
  const before = attributes.extendedCommunities;
  attributes.extendedCommunities = [before, ...found].join(' ');
  return true;
}

function readOriginatorId(words: Words, { attributes }: RouteDraft, reading: Reading): boolean {
  const word = words.next();
  const address = ipv4(word.text);
  if (!address) return refuse(word, 'originator-id is an IPv4 address', reading);
  add(attributes, 'originatorId', address);
  return true;
}

function readClusterList(words: Words, { attributes }: RouteDraft, reading: Reading): boolean {
  const found = listOf(words, reading, 'cluster-list', ipv4);
  if (!found) return false;
  if (found.length === 0) return refuse(words.last, 'cluster-list holds at least one id', reading);
  add(attributes, 'clusterList', found);
  return true;
}

function readAigp(words: Words, { attributes }: RouteDraft, reading: Reading): boolean {
  const word = words.next();
  if (!/^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(word.text)) return refuse(word, 'aigp is a number', reading);
  add(attributes, 'aigp', Number(word.text));
  return true;
}

function readSplit(words: Words, { attributes }: RouteDraft, reading: Reading): boolean {
  const word = words.next();
  const length = word.text.startsWith('/') ? digits(word.text.slice(1), 128) : null;
  if (length === null) return refuse(word, 'split is followed by a length, as /24', reading);
  add(attributes, 'split', length);
  return true;
}

function readWatchdog(words: Words, { attributes }: RouteDraft, reading: Reading): boolean {
  const word = words.next();
  if (['announce', 'withdraw'].includes(word.text.toLowerCase()))
    return refuse(word, 'watchdog needs a name of its own', reading);
  add(attributes, 'watchdog', word.text);
  return true;
}

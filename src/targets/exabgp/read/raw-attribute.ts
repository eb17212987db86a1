import { addressOf } from '../../../base/ip.ts';
import type { AttributeSet, RouteDraft } from './attributes.ts';
import type { Reading } from './reading.ts';
import type { Word } from './tokens.ts';
import type { Words } from './words.ts';

/**
 * `attribute [ 0xCODE 0xFLAGS 0xDATA ]`: bytes that are sent as they stand (RFC 4271 4.3). Codes that have a word of their own mean
 * the same as that word, if the bytes are well formed.
 */
export function rawAttribute(
  words: Words,
  { attributes }: RouteDraft,
  reading: Reading,
  command: Word,
): boolean {
  const list = words.list() ?? [];
  const [code, flags, data] = list.map(({ text }) => text.toLowerCase());
  const hexadecimal = [code, flags, data].every((text) => /^0x[0-9a-f]+$/.test(text ?? ''));
  if (list.length !== 3 || !hexadecimal || (data?.length ?? 1) % 2 === 1) {
    reading.refuse(
      command.source,
      'attribute is [ 0xCODE 0xFLAGS 0xDATA ], the data with an even number of digits',
      'Correct the value.',
    );
    return false;
  }
  const bytes = (data?.slice(2).match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  const known = Object.hasOwn(decoders, Number(code)) ? decoders[Number(code)] : undefined;
  const decoded = known?.(bytes, attributes);
  if (decoded === true) return true;
  const text = `attribute [ ${list.map((word) => word.text).join(' ')} ]`;
  if (known) reading.note(command.source, text, 'what the peer makes of these bytes is not simulated', true);
  else reading.note(command.source, text, 'is passed on as it stands; no decision asks it', false);
  attributes.raw = `${attributes.raw ?? ''}${code} ${data};`;
  return true;
}

/** Decodes into the set unless it has the attribute; false: the bytes are not well formed. */
type Decoder = (bytes: readonly number[], set: AttributeSet) => boolean;

const decoders: Readonly<Record<number, Decoder>> = {
  1: (bytes, set) => {
    const [value] = bytes;
    if (bytes.length !== 1 || (value !== 0 && value !== 1 && value !== 2)) return false;
    set.origin ??= value;
    return true;
  },
  2: asPath,
  // ExaBGP looks at NEXT_HOP itself and stumbles over raw bytes there.
  3: () => false,
  4: (bytes, set) => {
    if (bytes.length === 4) set.med ??= word(bytes, 0);
    return bytes.length === 4;
  },
  5: (bytes, set) => {
    if (bytes.length === 4) set.localPref ??= word(bytes, 0);
    return bytes.length === 4;
  },
  6: (bytes, set) => {
    if (bytes.length === 0) set.atomicAggregate = true;
    return bytes.length === 0;
  },
  7: (bytes, set) => {
    if (bytes.length !== 8) return false;
    set.aggregator ??= { asn: word(bytes, 0), routerId: addressAt(bytes, 4) };
    return true;
  },
  8: (bytes, set) => {
    if (bytes.length === 0 || bytes.length % 4 !== 0) return false;
    set.communities ??= places(bytes, 4).map((at) => word(bytes, at));
    return true;
  },
  9: (bytes, set) => {
    if (bytes.length !== 4) return false;
    set.originatorId ??= addressAt(bytes, 0);
    return true;
  },
  10: (bytes, set) => {
    if (bytes.length === 0 || bytes.length % 4 !== 0) return false;
    set.clusterList ??= places(bytes, 4).map((at) => addressAt(bytes, at));
    return true;
  },
  14: () => false,
  15: () => false,
  32: (bytes, set) => {
    if (bytes.length === 0 || bytes.length % 12 !== 0) return false;
    set.largeCommunities ??= places(bytes, 12).map((at) =>
      [0, 4, 8].map((more) => word(bytes, at + more)).join(':'),
    );
    return true;
  },
};

/** A sequence, a set, or one behind the other, with numbers of four bytes (RFC 6793). */
function asPath(bytes: readonly number[], set: AttributeSet): boolean {
  const found: { readonly kind: number; readonly asns: readonly number[] }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [kind = 0, count = 0] = bytes.slice(at, at + 2);
    const asns = places(bytes.slice(at + 2, at + 2 + count * 4), 4).map((place) =>
      word(bytes, at + 2 + place),
    );
    if (asns.length !== count || count === 0) return false;
    found.push({ kind, asns });
    at += 2 + count * 4;
  }
  const kinds = found.map(({ kind }) => kind).join('');
  if (!['', '1', '2', '21'].includes(kinds)) return false;
  const of = (kind: number) => found.find((one) => one.kind === kind)?.asns ?? [];
  set.asPath ??= { sequence: of(2), set: of(1) };
  return true;
}

/** Where pieces of `size` begin. */
function places(bytes: readonly number[], size: number): number[] {
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => index * size);
}

function word(bytes: readonly number[], at: number): number {
  return bytes.slice(at, at + 4).reduce((value, byte) => value * 256 + byte, 0);
}

function addressAt(bytes: readonly number[], at: number) {
  return addressOf(4, BigInt(word(bytes, at)));
}

import { addressOf, bitsOf, type Prefix, prefixOf } from '../../../base/ip.ts';
import type { SourceRange } from '../../../base/source.ts';
import {
  type AttributeSet,
  attributeReaders,
  type NextHop,
  pathInformation,
  type RouteDraft,
} from './attributes.ts';
import type { Reading } from './reading.ts';
import type { Section } from './sections.ts';
import type { Word } from './tokens.ts';
import { isMulticast, readPrefix } from './values.ts';
import { Words } from './words.ts';

export type Subsequent = 'unicast' | 'multicast' | 'nlri-mpls' | 'mpls-vpn';

/** One route of a file, as ExaBGP keeps it (rib/change.py). */
export interface Change {
  readonly prefix: Prefix;
  /** The family of the section it stands in, which is that of its prefix but for a slip. */
  readonly family: 4 | 6;
  readonly kind: Subsequent;
  readonly nextHop: NextHop | null;
  readonly pathId: number | null;
  /** Shared by all routes of one statement. */
  readonly attributes: AttributeSet;
  /** False: `attributes ... nlri` directly in a neighbor, which ExaBGP 4.2 reads and never sends. */
  readonly announced: boolean;
  readonly source: SourceRange;
}

/** More than this from one `split` is a slip of the pen, or an attack. */
const MAX_SPLIT = 16;

const labels = ['label', 'rd', 'route-distinguisher', 'bgp-prefix-sid', 'bgp-prefix-sid-srv6'];

/** `route PREFIX next-hop X ...;`: the routes it makes, split already. */
export function readRoute(words: Words, source: SourceRange, reading: Reading): readonly Change[] {
  const labelled =
    words.has('rd') || words.has('route-distinguisher') ? 'rd' : words.has('label') ? 'label' : 'plain';
  const prefix = takePrefix(words.next(), reading);
  if (!prefix) return [];
  const draft = newDraft(prefix.family, labelled);
  if (!readWords(words, draft, routeReaders, 'a route', reading)) return [];
  if (!draft.nextHop) {
    const message = `the route ${prefix.text} needs a next-hop`;
    reading.refuse(source, message, 'Add next-hop, an address or self.');
    return [];
  }
  return split(change(prefix, draft, source, true), reading);
}

/** `route PREFIX { ... }`; not split yet, and nobody asks for a next hop. */
export function readRouteBlock(section: Section, reading: Reading): Change | null {
  const [, head] = section.words;
  const prefix = takePrefix(head ?? { text: '', source: section.source }, reading);
  if (!prefix) return null;
  const draft = newDraft(prefix.family, 'plain');
  for (const child of section.children) {
    const [command] = child.words;
    const known = routeReaders.get(command?.text ?? '');
    if (child.kind === 'section' || !command || !known) {
      reading.unknown(command, child.source, 'a route', routeReaders.keys());
      continue;
    }
    const words = new Words(child.words.slice(1), child.source);
    known(words, draft, reading, command);
    sayRest(words, reading);
  }
  if (!draft.nextHop && draft.kind === 'plain') {
    const message = `exabgp takes the route ${prefix.text} without a next-hop, and loses the session when it sends it`;
    reading.fails(section.source, message, 'Add next-hop, an address or self.');
  }
  return change(prefix, draft, section.source, true);
}

/** `attributes ATTRIBUTES nlri PREFIX PREFIX ...;` */
export function readAttributes(words: Words, source: SourceRange, reading: Reading): readonly Change[] {
  const last = takePrefix(words.last, reading);
  if (!last) return [];
  const draft = newDraft(last.family, 'plain');
  const until = new Map(routeReaders);
  if (!readWords(words, draft, until, 'attributes', reading, 'nlri')) return [];
  const prefixes = words.rest.map((word) => takePrefix(word, reading));
  return prefixes.flatMap((prefix) => (prefix ? [change(prefix, draft, source, false)] : []));
}

/** `unicast PREFIX next-hop X ...;` in `announce { ipv4 { ... } }`. */
export function readAnnounced(
  words: Words,
  family: 4 | 6,
  kind: 'unicast' | 'multicast',
  source: SourceRange,
  reading: Reading,
): readonly Change[] {
  const head = words.next();
  const prefix = takePrefix(head, reading);
  if (!prefix) return [];
  const draft = newDraft(prefix.family, 'plain');
  const readers = kind === 'unicast' ? unicastReaders : attributeReaders;
  if (!readWords(words, draft, readers, `${kind} routes`, reading)) return [];
  if (prefix.family !== family) {
    const message = `${prefix.text} stands among the IPv${family} routes, and exabgp sends it as one`;
    reading.fails(head.source, message, `Move it to announce { ipv${prefix.family} { ... } }.`);
    return [];
  }
  if (!draft.nextHop && kind === 'unicast') {
    reading.refuse(source, `the route ${prefix.text} needs a next-hop`, 'Add next-hop, an address or self.');
    return [];
  }
  return [{ ...change(prefix, draft, source, true), kind }];
}

/** The routes that `split` makes of one; itself where it is long enough already. */
export function split(one: Change, reading: Reading): readonly Change[] {
  const { prefix, attributes } = one;
  const length = attributes.split;
  if (length === undefined || prefix.length >= length) return [one];
  const bits = bitsOf(prefix.family);
  const steps = length - prefix.length;
  if (length > bits || steps > MAX_SPLIT) {
    reading.note(
      one.source,
      `split /${length}`,
      `is not simulated: it makes 2^${steps} routes of ${prefix.text}`,
      true,
    );
    return [];
  }
  const size = 1n << BigInt(bits - length);
  return Array.from({ length: 2 ** steps }, (_, index) => {
    const value = addressOf(prefix.family, prefix.value + BigInt(index) * size).value;
    return { ...one, prefix: prefixOf(prefix.family, value, length), announced: true };
  });
}

const label = (kind: 'label' | 'rd') => (words: Words, draft: RouteDraft) => {
  draft.kind = draft.kind === 'rd' ? 'rd' : kind;
  words.skip();
  return true;
};

const unicastReaders = new Map([...attributeReaders, ['path-information', pathInformation] as const]);

const routeReaders = new Map([
  ...unicastReaders,
  ...labels.map((word) => [word, label(word === 'label' ? 'label' : 'rd')] as const),
]);
for (const word of ['bgp-prefix-sid', 'bgp-prefix-sid-srv6']) {
  routeReaders.set(word, (words, _draft, reading, command) => {
    reading.note(command.source, word, 'labels are not simulated', false);
    words.skip();
    return true;
  });
}

function newDraft(family: 4 | 6, kind: RouteDraft['kind']): RouteDraft {
  return { attributes: {}, nextHop: null, pathId: null, kind, family };
}

function readWords(
  words: Words,
  draft: RouteDraft,
  readers: typeof routeReaders | typeof attributeReaders,
  where: string,
  reading: Reading,
  until = '',
): boolean {
  for (let command = words.next(); command.text !== ''; command = words.next()) {
    if (until !== '' && command.text === until) return true;
    const known = readers.get(command.text);
    if (!known) {
      reading.unknown(command, command.source, where, readers.keys());
      return false;
    }
    if (!known(words, draft, reading, command)) return false;
  }
  return until === '';
}

function takePrefix(word: Word, reading: Reading): Prefix | null {
  const read = readPrefix(word.text);
  if (!read)
    return reading.refuse(
      word.source,
      `'${word.text}' is not a network`,
      'Write it as 10.0.0.0/24.',
      word.text,
    );
  if (read.prefix.length === 32) reading.sixOf32 = read.prefix.family === 6 ? word.source : null;
  if (!read.hostBits) return read.prefix;
  const message = `'${word.text}' has bits set behind its length`;
  return reading.refuse(word.source, message, `Write ${read.prefix.text}.`, word.text);
}

function change(prefix: Prefix, draft: RouteDraft, source: SourceRange, announced: boolean): Change {
  const { attributes, nextHop, pathId } = draft;
  const plain = isMulticast(prefix) ? 'multicast' : 'unicast';
  const kind = draft.kind === 'plain' ? plain : draft.kind === 'label' ? 'nlri-mpls' : 'mpls-vpn';
  return { prefix, family: prefix.family, kind, nextHop, pathId, attributes, announced, source };
}

/** Words behind a value: ExaBGP does not look at them. */
export function sayRest(words: Words, reading: Reading): void {
  const [first] = words.rest;
  if (!first) return;
  const text = words.rest.map((word) => word.text).join(' ');
  reading.note(first.source, text, 'exabgp does not look at what follows the value', false);
}

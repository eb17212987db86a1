import type { Prefix } from '../../base/ip.ts';
import type { SourceRange } from '../../base/source.ts';
import type { Action, CommunityList, PrefixList, PrefixListEntry, RegexList } from '../../model/policy.ts';
import type { HostVars } from '../schema/host-vars.ts';
import type { AddressReader } from './addresses.ts';
import type { Findings } from './findings.ts';
import { placeIn, type Variable } from './variables.ts';

type PrefixLists = NonNullable<HostVars['bgp_prefix_lists']>;
type TextLists = { readonly [name: string]: readonly (string | TextEntry)[] };
interface TextEntry {
  readonly seq?: number;
  readonly action: Action;
  readonly regex?: string;
  readonly value?: string;
}

/** Prefix-lists by name; a list takes its family from its first entry. */
export function readPrefixLists(
  variable: Variable<PrefixLists>,
  read: AddressReader,
  findings: Findings,
): PrefixList[] {
  return byName(variable.value).map(([name, written]) => {
    const entries: PrefixListEntry[] = [];
    const seqs = new Sequence();
    written.forEach((entry, index) => {
      const source = placeIn(variable, name, index);
      const what = `bgp_prefix_lists.${name}[${index}]`;
      const words = typeof entry === 'string' ? prefixWords(entry, what, source, findings) : entry;
      if (!words) return;
      const family = entries[0]?.prefix.family ?? null;
      const prefix =
        words.prefix === 'any'
          ? anyPrefix(family)
          : read.prefix(words.prefix, { what: `prefix of ${what}`, source }, family);
      if (!prefix || !lengthsFit(prefix, words, what, source, findings)) return;
      const le = words.prefix === 'any' ? (words.le ?? (prefix.family === 4 ? 32 : 128)) : words.le;
      const seq = seqs.next(words.seq, what, source, findings);
      entries.push({ seq, action: words.action, prefix, ge: words.ge ?? null, le: le ?? null });
    });
    const family = entries[0]?.prefix.family ?? 4;
    return { name, family, entries: entries.sort(bySeq), source: placeIn(variable, name) };
  });
}

interface PrefixWords {
  readonly seq?: number;
  readonly action: Action;
  readonly prefix: string;
  readonly ge?: number;
  readonly le?: number;
}

/** `[seq N] permit|deny P [ge N] [le N]`, as the daemons write it. */
function prefixWords(
  text: string,
  what: string,
  source: SourceRange,
  findings: Findings,
): PrefixWords | null {
  const match = /^(?:seq (\d{1,10}) )?(permit|deny) (\S+)(?: ge (\d{1,3}))?(?: le (\d{1,3}))?$/.exec(
    text.trim().replace(/\s+/g, ' '),
  );
  if (!match) {
    findings.error({
      rule: 'invalid-value',
      message: `${what} ${JSON.stringify(text)} is not a prefix-list entry`,
      ranges: [source],
      found: text,
      expected: 'permit or deny, a network, then ge N and le N where wanted',
      fix: 'write it like "permit 10.0.0.0/8 le 24"',
    });
    return null;
  }
  const [, seq, action, prefix = '', ge, le] = match;
  return {
    ...(seq === undefined ? {} : { seq: Number(seq) }),
    action: action === 'deny' ? 'deny' : 'permit',
    prefix,
    ...(ge === undefined ? {} : { ge: Number(ge) }),
    ...(le === undefined ? {} : { le: Number(le) }),
  };
}

function anyPrefix(family: 4 | 6 | null): Prefix {
  return family === 6
    ? { family: 6, value: 0n, length: 0, text: '::/0' }
    : { family: 4, value: 0n, length: 0, text: '0.0.0.0/0' };
}

/** The daemons refuse anything but length < ge <= le <= all bits (le may equal the length in none of them). */
function lengthsFit(
  prefix: Prefix,
  { ge, le }: PrefixWords,
  what: string,
  source: SourceRange,
  findings: Findings,
): boolean {
  const bits = prefix.family === 4 ? 32 : 128;
  const low = ge ?? prefix.length;
  if (
    (ge === undefined || ge > prefix.length) &&
    (le === undefined || (le >= low && le > prefix.length && le <= bits)) &&
    low <= bits
  ) {
    return true;
  }
  findings.error({
    rule: 'invalid-value',
    message: `${what} ${prefix.text}${ge === undefined ? '' : ` ge ${ge}`}${le === undefined ? '' : ` le ${le}`} fits nothing`,
    ranges: [source],
    found: `${ge === undefined ? '' : `ge ${ge} `}${le === undefined ? '' : `le ${le}`}`.trim(),
    expected: `${prefix.length} < ge <= le <= ${bits}`,
    fix: `choose lengths above ${prefix.length}, or leave ge and le away for the network itself`,
  });
  return false;
}

export function readRegexLists(variable: Variable<TextLists>, findings: Findings): RegexList[] {
  return readTextLists(variable, findings).map(({ name, source, entries }) => ({
    name,
    source,
    entries: entries.map(({ seq, action, text }) => ({ seq, action, regex: text })),
  }));
}

/** A list is 'standard' while every entry consists of plain communities, as the daemons tell the two apart. */
export function readCommunityLists(variable: Variable<TextLists>, findings: Findings): CommunityList[] {
  return readTextLists(variable, findings).map(({ name, source, entries }) => ({
    name,
    source,
    kind: entries.every(({ text }) => plainCommunities.test(text)) ? 'standard' : 'expanded',
    entries: entries.map(({ seq, action, text }) => ({ seq, action, value: text })),
  }));
}

const plainCommunities = /^(?:\d+(?::\d+){1,2}|[a-z][a-zA-Z-]*)(?: (?:\d+(?::\d+){1,2}|[a-z][a-zA-Z-]*))*$/;

function readTextLists(variable: Variable<TextLists>, findings: Findings) {
  return byName(variable.value).map(([name, written]) => {
    const seqs = new Sequence();
    const entries = written.flatMap((entry, index) => {
      const source = placeIn(variable, name, index);
      const what = `${variable.name}.${name}[${index}]`;
      const read = typeof entry === 'string' ? textWords(entry, what, source, findings) : entry;
      if (!read) return [];
      const seq = seqs.next(read.seq, what, source, findings);
      return [{ seq, action: read.action, text: read.regex ?? read.value ?? '' }];
    });
    return { name, source: placeIn(variable, name), entries: entries.sort(bySeq) };
  });
}

function textWords(text: string, what: string, source: SourceRange, findings: Findings): TextEntry | null {
  const match = /^(?:seq (\d{1,10}) )?(permit|deny) (\S.*)$/.exec(text.trim().replace(/\s+/g, ' '));
  if (match) {
    const [, seq, action, value = ''] = match;
    return {
      ...(seq === undefined ? {} : { seq: Number(seq) }),
      action: action === 'deny' ? 'deny' : 'permit',
      value,
    };
  }
  findings.error({
    rule: 'invalid-value',
    message: `${what} ${JSON.stringify(text)} does not begin with permit or deny`,
    ranges: [source],
    found: text,
    expected: 'permit or deny, then the value',
    fix: `write "permit ${text.trim() || 'VALUE'}" or "deny ${text.trim() || 'VALUE'}"`,
  });
  return null;
}

/** Sequence numbers: those given, else the last one plus ten; none twice. */
export class Sequence {
  readonly #used = new Set<number>();
  #last = 0;

  next(given: number | undefined, what: string, source: SourceRange, findings: Findings): number {
    const seq = given ?? (Math.floor(this.#last / 10) + 1) * 10;
    if (this.#used.has(seq)) {
      findings.error({
        rule: 'duplicate-entry',
        message: `${what} has the sequence number ${seq}, which an entry before it has`,
        ranges: [source],
        found: String(seq),
        expected: 'a number once',
        fix: 'give it another seq',
      });
    }
    this.#used.add(seq);
    this.#last = Math.max(this.#last, seq);
    return seq;
  }
}

export function bySeq(a: { readonly seq: number }, b: { readonly seq: number }): number {
  return a.seq - b.seq;
}

/** Entries of a mapping in the order in which daemons print named things. */
export function byName<T>(mapping: { readonly [name: string]: T }): [string, T][] {
  return Object.entries(mapping).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

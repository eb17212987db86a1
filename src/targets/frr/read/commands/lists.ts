import { bitsOf, parseAddress, parsePrefix } from '../../../../base/ip.ts';
import { listedExtendedCommunities } from '../../../../bgp/extended-communities.ts';
import type { CommunityListDraft, PrefixListDraft } from '../draft.ts';
import type { Arguments } from '../grammar.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { frrOnly, harmless, modelled, numberOf, quaggaOnly, text } from './make.ts';

const bgpd = { daemons: ['bgpd'] } as const;
const lists = { daemons: ['bgpd', 'zebra'] } as const;

interface ListDraft<Entry> {
  readonly source: Reading['source'];
  readonly entries: Map<number, Entry>;
}

function listFor<Entry>(
  reading: Reading,
  store: Map<string, ListDraft<Entry>>,
  name: string,
): ListDraft<Entry> {
  const known = store.get(name);
  if (known) return known;
  const list = { source: reading.source, entries: new Map<number, Entry>() };
  store.set(name, list);
  return list;
}

/** Stores, replaces or (with `no`) removes one entry; without `seq` it goes 5 after the last, as the daemons number. */
function putEntry<Entry>(
  reading: Reading,
  store: Map<string, ListDraft<Entry>>,
  args: Arguments,
  entry: Entry,
  negated: boolean,
): void {
  const name = text(args, 'name');
  const list = listFor(reading, store, name);
  if (negated) {
    removeEntry(list, args, entry);
    if (list.entries.size === 0) store.delete(name);
    return;
  }
  const last = lastOf(list.entries);
  const number = args.has('seq') ? numberOf(args, 'n') : (Math.floor(last / 5) + 1) * 5;
  list.entries.set(number, entry);
  highest.set(list.entries, Math.max(last, number));
}

/** The highest number of a list, kept beside it: lists of 100,000 lines are read line by line. */
const highest = new WeakMap<ReadonlyMap<number, unknown>, number>();

function lastOf(entries: ReadonlyMap<number, unknown>): number {
  const known = highest.get(entries);
  if (known !== undefined) return known;
  let last = 0;
  for (const number of entries.keys()) if (number > last) last = number;
  return last;
}

function removeEntry<Entry>(list: ListDraft<Entry>, args: Arguments, entry: Entry): void {
  highest.delete(list.entries);
  const wanted = JSON.stringify(entry, printBig);
  for (const [seq, known] of [...list.entries]) {
    const named = args.has('seq') ? seq === numberOf(args, 'n') : JSON.stringify(known, printBig) === wanted;
    if (named || !args.has('action')) list.entries.delete(seq);
  }
}

/** What the entry says, without the line that says it. */
const printBig = (key: string, value: unknown): unknown =>
  key === 'source' ? undefined : typeof value === 'bigint' ? String(value) : value;

const anyPrefix = { 4: '0.0.0.0/0', 6: '::/0' } as const;

function prefixList(family: 4 | 6) {
  return (reading: Reading, args: Arguments, negated: boolean): void => {
    const store = reading.policies.prefixLists[family];
    const any = text(args, 'prefix') === 'any';
    const prefix = parsePrefix(any ? anyPrefix[family] : text(args, 'prefix'));
    if (!prefix) {
      if (negated) store.delete(text(args, 'name'));
      return;
    }
    const bits = bitsOf(family);
    const ge = args.has('ge') ? numberOf(args, 'ge') : null;
    const le = args.has('le') ? numberOf(args, 'le') : null;
    const valid =
      (ge === null || (ge >= prefix.length && ge <= bits)) &&
      (le === null || (le >= prefix.length && le <= bits)) &&
      (ge === null || le === null || ge <= le);
    if (!valid) {
      reading.refuse(
        `prefix-list ${text(args, 'name')}: the lengths of ${prefix.text} must rise: prefix length, ge, le`,
        `Give ge and le between ${prefix.length} and ${bits}.`,
      );
      return;
    }
    putEntry(
      reading,
      store,
      args,
      {
        permit: args.get('action') === 'permit',
        prefix,
        minLength: any ? 0 : (ge ?? prefix.length),
        maxLength: any ? bits : (le ?? (ge === null ? prefix.length : bits)),
        source: reading.source,
      },
      negated,
    );
  };
}

function accessList(family: 4 | 6) {
  return (reading: Reading, args: Arguments, negated: boolean): void => {
    const written = text(args, 'prefix');
    const store = reading.policies.accessLists[family];
    const prefix = parsePrefix(
      written === 'any' || written === ''
        ? anyPrefix[family]
        : args.has('host')
          ? `${written}/32`
          : wildcard(written, args),
    );
    if (!prefix) {
      reading.unmodelled('a wildcard mask that is not a prefix', true);
      return;
    }
    putEntry<PrefixListDraft['entries'] extends Map<number, infer E> ? E : never>(
      reading,
      store,
      args,
      {
        permit: args.get('action') === 'permit',
        prefix,
        minLength: prefix.length,
        maxLength: args.has('exact-match') ? prefix.length : bitsOf(family),
        source: reading.source,
      },
      negated,
    );
  };
}

/** `10.0.0.0 0.0.0.255` of the numbered access lists is 10.0.0.0/24 where the mask is a run of ones. */
function wildcard(address: string, args: Arguments): string {
  if (address.includes('/')) return address;
  const mask = parseAddress(args.get('wildcard') ?? '0.0.0.0')?.value ?? 0n;
  const free = mask.toString(2).replace(/^0$/, '');
  return /^1*$/.test(free) ? `${address}/${32 - free.length}` : '';
}

function communityList(large: boolean) {
  return (reading: Reading, args: Arguments, negated: boolean): void => {
    const store = large ? reading.policies.largeCommunityLists : reading.policies.communityLists;
    const name = text(args, 'name');
    const value = text(args, 'value');
    const permit = args.get('action') === 'permit';
    const expanded = args.has('kind') ? args.get('kind') === 'expanded' : Number(name) >= 100;
    type Entry = CommunityListDraft['entries'] extends Map<number, infer E> ? E : never;
    const entry: Entry = expanded
      ? { permit, regex: value }
      : { permit, communities: value === '' ? [] : value.split(' ') };
    putEntry(reading, store, args, entry, negated);
  };
}

/** Standard entries name each value's kind (`rt 65000:1 soo 65000:2`); expanded ones search what the daemon prints. */
function extendedCommunityList(reading: Reading, args: Arguments, negated: boolean): void {
  const store = reading.policies.extendedCommunityLists;
  const name = text(args, 'name');
  if (!args.has('action')) {
    if (negated) store.delete(name);
    return;
  }
  const value = text(args, 'value');
  const permit = args.get('action') === 'permit';
  const expanded = args.has('kind') ? args.get('kind') === 'expanded' : Number(name) >= 100;
  const communities = expanded ? [] : listedExtendedCommunities(value);
  if (communities === null) {
    reading.refuse(
      `extcommunity-list ${name}: ${value} is no list of extended communities`,
      'Write rt or soo before each ASN:NUMBER.',
    );
    return;
  }
  type Entry = CommunityListDraft['entries'] extends Map<number, infer E> ? E : never;
  const entry: Entry = expanded ? { permit, regex: value } : { permit, communities: [...communities] };
  putEntry(reading, store, args, entry, negated);
}

function asPathList(reading: Reading, args: Arguments, negated: boolean): void {
  const entry = { permit: args.get('action') === 'permit', regex: text(args, 'regex') };
  if (negated && !args.has('action')) reading.policies.asPathLists.delete(text(args, 'name'));
  else putEntry(reading, reading.policies.asPathLists, args, entry, negated);
}

const action = '{action=permit|deny}';
const seq = '[seq {n:COUNT}]';

function prefixListCommands(keyword: 'ip' | 'ipv6', type: 'P4' | 'P6', family: 4 | 6): FamilyCommand[] {
  const start = `${keyword} prefix-list {name:WORD} ${seq} ${action}`;
  const run = prefixList(family);
  return [
    modelled(`${start} {prefix=any}`, run, lists),
    modelled(`${start} {prefix:${type}}`, run, { anyOrder: ['ge {ge:BITS}', 'le {le:BITS}'], ...lists }),
    ...harmless([`${keyword} prefix-list sequence-number`], lists),
    modelled(
      `${keyword} prefix-list {name:WORD} description {text:LINE}`,
      (reading, args) => {
        listFor(reading, reading.policies.prefixLists[family], text(args, 'name'));
      },
      lists,
    ),
    modelled(
      `${keyword} prefix-list {name:WORD}`,
      (reading, args, negated) => {
        if (negated) reading.policies.prefixLists[family].delete(text(args, 'name'));
        else reading.unrecognised('a prefix-list line without an entry');
      },
      lists,
    ),
  ];
}

/** FRR writes `bgp`, Quagga `ip`; FRR up to 8 took both spellings only through old configurations, 8.4 refuses `ip`. */
function bgpListCommands(keyword: 'bgp' | 'ip', dialects: FamilyCommand['dialects']): FamilyCommand[] {
  const where = { ...bgpd, ...(dialects && { dialects }) };
  const both = [
    { words: 'community-list', large: false },
    { words: 'large-community-list', large: true },
  ].flatMap(({ words, large }) => [
    modelled(
      `${keyword} ${words} {kind=standard|expanded} {name:WORD} ${seq} ${action} {value:LINE}`,
      communityList(large),
      where,
    ),
    ...(keyword === 'ip'
      ? [modelled(`ip ${words} {kind=standard|expanded} {name:WORD} ${action}`, communityList(large), where)]
      : []),
    modelled(`${keyword} ${words} {name:U16} ${seq} ${action} {value:LINE}`, communityList(large), where),
  ]);
  const extended = `${keyword} extcommunity-list`;
  return [
    ...both,
    modelled(
      `${extended} {kind=standard|expanded} {name:WORD} ${seq} ${action} {value:LINE}`,
      extendedCommunityList,
      where,
    ),
    modelled(`${extended} {name:U16} ${seq} ${action} {value:LINE}`, extendedCommunityList, where),
    modelled(`${keyword} as-path access-list {name:WORD} ${seq} ${action} {regex:LINE}`, asPathList, where),
  ];
}

/** Lists that policies refer to. */
export const listCommands: readonly FamilyCommand[] = [
  ...prefixListCommands('ip', 'P4', 4),
  ...prefixListCommands('ipv6', 'P6', 6),
  modelled(`access-list {name:WORD} ${seq} ${action} {prefix=any}`, accessList(4), lists),
  modelled(`access-list {name:WORD} ${seq} ${action} {prefix:P4} [exact-match]`, accessList(4), lists),
  modelled(`access-list {name:WORD} ${seq} ${action} {prefix:A4} [{wildcard:A4}]`, accessList(4), lists),
  modelled(`access-list {name:WORD} ${seq} ${action} [host] {prefix:A4}`, accessList(4), lists),
  modelled(`ipv6 access-list {name:WORD} ${seq} ${action} {prefix=any}`, accessList(6), lists),
  modelled(`ipv6 access-list {name:WORD} ${seq} ${action} {prefix:P6} [exact-match]`, accessList(6), lists),
  ...bgpListCommands('bgp', frrOnly),
  ...bgpListCommands('ip', quaggaOnly),
];

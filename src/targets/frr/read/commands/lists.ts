import { bitsOf, hasHostBits, type Prefix, parsePrefix } from '../../../../base/ip.ts';
import { listedExtendedCommunities } from '../../../../bgp/extended-communities.ts';
import { compileRegex } from '../../../../bgp/policy/regex.ts';
import { strangeCommunity } from '../community-fault.ts';
import { sharedExpression } from '../expression.ts';
import type { Arguments } from '../grammar.ts';
import type { CommunityListDraft } from '../policy-draft.ts';
import { posixFault } from '../posix-fault.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { accessListCommands } from './access-lists.ts';
import { action, anyPrefix, bgpSeq, listFor, putEntry, removeEntries, seq } from './list-entries.ts';
import type { Said } from './list-likes.ts';
import { frrOnly, harmless, modelled, numberOf, quaggaOnly, text } from './make.ts';
import { lists } from './route-map-lines.ts';

const bgpd = { daemons: ['bgpd'] } as const;

function prefixList(family: 4 | 6) {
  return (reading: Reading, args: Arguments, negated: boolean): void => {
    const store = reading.policies.prefixLists[family];
    const any = text(args, 'prefix') === 'any';
    const prefix = parsePrefix(any ? anyPrefix[family] : text(args, 'prefix'));
    if (!prefix) return;
    const bits = bitsOf(family);
    const ge = args.has('ge') ? numberOf(args, 'ge') : null;
    const le = args.has('le') ? numberOf(args, 'le') : null;
    const valid =
      (ge === null || (ge >= prefix.length && ge <= bits)) &&
      (le === null || (le >= prefix.length && le <= bits)) &&
      (ge === null || le === null || ge <= le);
    if (!valid) {
      reading.refuseTransaction(
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
      saidOfPrefix(text(args, 'action'), text(args, 'prefix'), prefix, `${ge} ${le}`),
    );
  };
}

/** FRR compares the network as it is written, host bits and all, with those of the list, which have none any more (plist_is_dup). */
function saidOfPrefix(act: string, written: string, prefix: Prefix, lengths: string): Said {
  const kept = `${act} ${written === 'any' ? written : prefix.text}`;
  const strange = written !== 'any' && hasHostBits(written);
  return { written: [strange ? `${act} ${written}` : kept, lengths], kept: [kept, lengths] };
}

function communityList(large: boolean) {
  return (reading: Reading, args: Arguments, negated: boolean): void => {
    const store = large ? reading.policies.largeCommunityLists : reading.policies.communityLists;
    const name = text(args, 'name');
    const value = text(args, 'value');
    const permit = args.get('action') === 'permit';
    const expanded = args.has('kind') ? args.get('kind') === 'expanded' : Number(name) >= 100;
    const what = `${large ? 'large-' : ''}community-list ${name}`;
    if (!negated && !isSound(reading, what, store.get(name), expanded, value, large)) return;
    type Entry = CommunityListDraft['entries'] extends Map<number, infer E> ? E : never;
    const entry: Entry = expanded
      ? { permit, regex: sharedExpression(value) }
      : { permit, communities: value === '' ? [] : value.split(' ') };
    putEntry(reading, store, args, entry, negated);
  };
}

/** Does the daemon take the entry? All entries of a list are of one kind (community_list_set). */
function isSound(
  reading: Reading,
  what: string,
  list: CommunityListDraft | undefined,
  expanded: boolean,
  value: string,
  large: boolean,
): boolean {
  const [first] = list?.entries.values() ?? [];
  if (first && 'regex' in first !== expanded) {
    const kind = expanded ? 'standard' : 'expanded';
    reading.refuse(`${what} is ${kind} already`, 'Give the other kind a list of its own.');
    return false;
  }
  if (expanded) return canFollow(reading, what, value);
  const strange = value === '' ? null : strangeCommunity(value.split(' '), large, reading.dialect);
  if (strange === null) return true;
  const form = large ? 'N:N:N' : 'AS:N (both up to 65535) or names as FRR writes them';
  reading.refuse(`${what}: ${strange} is no community`, `Write communities as ${form}.`);
  return false;
}

/** False where regcomp refuses the expression; one that is followed nowhere is said and stays. */
function canFollow(reading: Reading, what: string, value: string): boolean {
  const fault = posixFault(value);
  if (fault !== null) {
    reading.refuse(`${what}: the regular expression is refused: ${fault}`, 'Correct the expression.');
    return false;
  }
  const compiled = compileRegex(sharedExpression(value));
  if (typeof compiled === 'string')
    reading.unmodelled(`the regular expression cannot be followed (${compiled}) and fits nothing`, true);
  return true;
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
  if (!negated && expanded && !canFollow(reading, `extcommunity-list ${name}`, value)) return;
  const communities = expanded ? [] : listedExtendedCommunities(value);
  if (communities === null) {
    reading.refuse(
      `extcommunity-list ${name}: ${value} is no list of extended communities`,
      'Write rt or soo before each ASN:NUMBER.',
    );
    return;
  }
  type Entry = CommunityListDraft['entries'] extends Map<number, infer E> ? E : never;
  const entry: Entry = expanded
    ? { permit, regex: sharedExpression(value) }
    : { permit, communities: [...communities] };
  putEntry(reading, store, args, entry, negated);
}

/** FRR `config_bgp_aspath_validate`. */
const NOT_IN_AS_PATHS = /[^0-9_^|[,{}() \]$*+.?\-\\]/;

function asPathList(reading: Reading, args: Arguments, negated: boolean): void {
  const strange = args.has('regex') ? NOT_IN_AS_PATHS.exec(text(args, 'regex')) : null;
  if (strange && reading.dialect !== 'quagga-1.2') {
    reading.refuse(
      `as-path access-list ${text(args, 'name')}: ${strange[0]} cannot stand in an expression`,
      'Use digits and the signs of regular expressions.',
    );
    return;
  }
  const name = text(args, 'name');
  const written = text(args, 'regex');
  if (!negated && !canFollow(reading, `as-path access-list ${name}`, written)) return;
  const entry = { permit: args.get('action') === 'permit', regex: sharedExpression(written) };
  if (negated && !args.has('action')) reading.policies.asPathLists.delete(name);
  else putEntry(reading, reading.policies.asPathLists, args, entry, negated);
}

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
      `${keyword} prefix-list {name:WORD} ${seq}`,
      (reading, args, negated) => {
        if (negated) removeEntries(reading.policies.prefixLists[family], args);
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
      `${keyword} ${words} {kind=standard|expanded} {name:WORD} ${bgpSeq} ${action} {value:LINE}`,
      communityList(large),
      where,
    ),
    ...(keyword === 'ip'
      ? [modelled(`ip ${words} {kind=standard|expanded} {name:WORD} ${action}`, communityList(large), where)]
      : []),
    modelled(
      `${keyword} ${words} {name:1-500} ${bgpSeq} ${action} {value:LINE}`,
      communityList(large),
      where,
    ),
  ]);
  const extended = `${keyword} extcommunity-list`;
  return [
    ...both,
    modelled(
      `${extended} {kind=standard|expanded} {name:WORD} ${bgpSeq} ${action} {value:LINE}`,
      extendedCommunityList,
      where,
    ),
    modelled(`${extended} {name:1-500} ${bgpSeq} ${action} {value:LINE}`, extendedCommunityList, where),
    modelled(
      `${keyword} as-path access-list {name:WORD} ${bgpSeq} ${action} {regex:LINE}`,
      asPathList,
      where,
    ),
  ];
}

/** A name for one community, in route-maps and in what is shown; the first name of a community stays, and the first community of a name. */
const alias = modelled(
  'bgp community alias {community:WORD} {name:WORD}',
  (reading, args, negated) => {
    const { aliases } = reading.policies;
    const [name, community] = [text(args, 'name'), text(args, 'community')];
    if (negated) aliases.delete(name);
    else if (!aliases.has(name) && ![...aliases.values()].includes(community)) aliases.set(name, community);
  },
  { ...bgpd, dialects: frrOnly },
);

/** Lists that policies refer to. */
export const listCommands: readonly FamilyCommand[] = [
  alias,
  ...prefixListCommands('ip', 'P4', 4),
  ...prefixListCommands('ipv6', 'P6', 6),
  ...accessListCommands,
  ...bgpListCommands('bgp', frrOnly),
  ...bgpListCommands('ip', quaggaOnly),
];

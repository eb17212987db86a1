import { parseAddress } from '../../../../base/ip.ts';
import { extendedCommunityOf, sortedExtendedCommunities } from '../../../../bgp/extended-communities.ts';
import type { Action, Amount } from '../../../../bgp/policy/types.ts';
import { strangeCommunity } from '../community-fault.ts';
import type { Arguments } from '../grammar.ts';
import type { SetDraft } from '../policy-draft.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { asnOf } from '../tokens.ts';
import { frr10Only, frrOnly, harmless, modelled, numberOf, text, unmodelled } from './make.ts';
import { bgpd, lists, origins, put } from './route-map-lines.ts';

function set(
  words: string,
  value: string,
  make: (args: Arguments) => Action | null,
  options: Partial<FamilyCommand> = bgpd,
): FamilyCommand {
  return modelled(
    `set ${words}${value === '' ? '' : ` ${value}`}`,
    (reading, args, negated) => {
      const action = negated ? null : make(args);
      const key = words.replace(/ (?:peer-address|unchanged|none|global|last-as)$/, '');
      const sets = reading.routeMapEntry?.sets;
      if (action && excludes(reading, sets?.get(key), action)) {
        reading.refuseTransaction(
          `\`set ${words}\` is said twice in one entry, each time in another form`,
          'Remove one of the lines.',
        );
      } else if (action) put(reading, sets, key, { kind: 'action', action }, false);
      else sets?.delete(key);
    },
    options,
  );
}

/** Forms of one line that FRR's YANG schema takes for alternatives: a value or a change of it, ASNs or the last AS again. */
function excludes(reading: Reading, before: SetDraft | undefined, action: Action): boolean {
  if (reading.dialect === 'quagga-1.2' || before?.kind !== 'action') return false;
  const known = before.action;
  if (known.kind === 'med' && action.kind === 'med') return known.amount.op !== action.amount.op;
  const prepends = [known.kind, action.kind];
  return prepends.includes('prepend') && prepends.includes('prepend-last-as');
}

function deleteList(words: string, list: 'community' | 'large-community'): FamilyCommand {
  return modelled(
    `set ${words} {list:WORD} delete`,
    (reading, args, negated) => {
      put(
        reading,
        reading.routeMapEntry?.sets,
        words,
        { kind: 'delete', list, reference: reading.reference(text(args, 'list')) },
        negated,
      );
    },
    bgpd,
  );
}

function amount(args: Arguments): Amount {
  const written = text(args, 'value');
  const op = written.startsWith('+') ? 'add' : written.startsWith('-') ? 'subtract' : 'set';
  return { op, value: Number(written.replace(/^[+-]/, '')) };
}

function asns(written: string): number[] {
  return written.split(' ').flatMap((word) => asnOf(word) ?? []);
}

function communities(kind: 'community' | 'large-community') {
  return (args: Arguments): Action & { readonly communities: readonly string[] } => {
    const words = text(args, 'value')
      .split(' ')
      .filter((word) => word !== '');
    // FRR takes the word anywhere (`set_community_cmd`).
    const additive = words.includes('additive');
    const values = words.filter((word) => word !== 'additive');
    return { kind, op: additive ? 'add' : 'replace', communities: values };
  };
}

/** In the order in which FRR tries them for a word that is cut short; two letters more tell `no-` apart (`set_community_cmd`). */
const communityWords = [
  ['additive', 1],
  ['local-AS', 1],
  ['no-advertise', 4],
  ['no-export', 4],
  ['blackhole', 1],
  ['graceful-shutdown', 1],
] as const;

function inFull(word: string): string {
  const found = communityWords.find(([full, least]) => word.length >= least && full.startsWith(word));
  return found ? found[0] : word;
}

const readCommunities = communities('community');
const plainCommunities = (args: Arguments) =>
  readCommunities(new Map([['value', text(args, 'value').split(' ').map(inFull).join(' ')]]));

const setPlainCommunity = set('community', '{value:LINE}', plainCommunities);

/** FRR looks at the values when it reads the line (`set_community_cmd`); at those of large ones it does not. */
const setCommunity: FamilyCommand = {
  ...setPlainCommunity,
  run: (reading, args, negated) => {
    const { communities: values } = plainCommunities(args);
    const strange = strangeCommunity(values, false, reading.dialect);
    if (!negated && (strange !== null || values.length === 0)) {
      const why = strange === null ? 'there is none' : `${strange} is none`;
      reading.refuse(
        `\`set community\` wants communities, and ${why}`,
        'Write AS:NUMBER, both up to 65535, or names as FRR writes them.',
      );
    } else setPlainCommunity.run(reading, args, negated);
  },
};

/** Added behind what is there: FRR knows no `additive` for them. */
function setExtended(kind: 'rt' | 'soo'): FamilyCommand {
  const words = `extcommunity ${kind}`;
  return modelled(
    `set ${words} {value:LINE}`,
    (reading, args, negated) => {
      const written = text(args, 'value').split(' ');
      const values = written
        .map((value) => extendedCommunityOf(kind, value))
        .filter((value) => value !== null);
      if (values.length < written.length) {
        reading.refuse(
          `${written.join(' ')} is not a list of extended communities`,
          'Write ASN:NUMBER or ADDRESS:NUMBER.',
        );
        return;
      }
      const action: Action = {
        kind: 'extended-community',
        op: 'add',
        communities: sortedExtendedCommunities(values),
      };
      put(reading, reading.routeMapEntry?.sets, words, { kind: 'action', action }, negated);
    },
    bgpd,
  );
}

/** Megabits a second as they are written, octets a second as they are sent. */
function bandwidth(args: Arguments): Action {
  const rate = (numberOf(args, 'mbps') * 1_000_000) / 8;
  return { kind: 'link-bandwidth', rate, transitive: !args.has('non-transitive') };
}

/** One megabit for each path used together (`lb_ref_bw`), on the best one only: how many there are shows in no table. */
function multipaths(args: Arguments): Action {
  return { ...oneMegabit, transitive: !args.has('non-transitive') };
}

const oneMegabit = { kind: 'link-bandwidth', rate: 125_000, chosenOnly: true } as const;

function sourceAddress(args: Arguments): Action | null {
  const value = parseAddress(text(args, 'address'));
  return value && { kind: 'source-address', value };
}

function nextHop(args: Arguments): Action | null {
  const address = parseAddress(text(args, 'value'));
  return address && { kind: 'next-hop', value: address, ...(address.family === 4 ? { only: 4 } : {}) };
}

/** `set ...` */
export const routeMapSets: readonly FamilyCommand[] = [
  set('local-preference', '{value:AMOUNT}', (args) => ({ kind: 'local-preference', amount: amount(args) })),
  set('metric', '{value:AMOUNT}', (args) => ({ kind: 'med', amount: amount(args) }), lists),
  set('weight', '{value:U32}', (args) => ({ kind: 'weight', value: numberOf(args, 'value') })),
  set('tag', '{value:COUNT}', (args) => ({ kind: 'tag', value: numberOf(args, 'value') }), lists),
  set('origin', '{value=igp|egp|incomplete}', (args) => ({
    kind: 'origin',
    value: origins[text(args, 'value')] ?? 0,
  })),
  set('as-path prepend', '{asns:ASNS}', (args) => ({
    kind: 'prepend',
    asns: asns(text(args, 'asns')),
    dropsConfed: true,
  })),
  set('as-path prepend last-as', '{n:TEN}', (args) => ({
    kind: 'prepend-last-as',
    times: numberOf(args, 'n'),
  })),
  set('as-path exclude', '{asns:ASNS}', (args) => ({
    kind: 'exclude-as',
    asns: asns(text(args, 'asns')),
  })),
  set('as-path replace any', '', () => ({ kind: 'replace-as', asns: 'any' }), { ...bgpd, dialects: frrOnly }),
  set('as-path replace', '{asn:ASN}', (args) => ({ kind: 'replace-as', asns: asns(text(args, 'asn')) }), {
    ...bgpd,
    dialects: frrOnly,
  }),
  set('community none', '', () => ({ kind: 'community', op: 'replace', communities: [] })),
  setCommunity,
  set('large-community none', '', () => ({ kind: 'large-community', op: 'replace', communities: [] })),
  set('large-community', '{value:LINE}', communities('large-community')),
  deleteList('comm-list', 'community'),
  deleteList('large-comm-list', 'large-community'),
  setExtended('rt'),
  setExtended('soo'),
  set('extcommunity none', '', () => ({ kind: 'extended-community', op: 'replace', communities: [] }), {
    ...bgpd,
    dialects: frrOnly,
  }),
  set('extcommunity bandwidth', 'num-multipaths [non-transitive]', multipaths, {
    ...bgpd,
    dialects: frrOnly,
  }),
  set('extcommunity bandwidth', '{mbps:1-25600} [non-transitive]', bandwidth, { ...bgpd, dialects: frrOnly }),
  set('ip next-hop peer-address', '', () => ({ kind: 'next-hop', value: 'peer-address', only: 4 })),
  set('ip next-hop unchanged', '', () => ({ kind: 'next-hop', value: 'unchanged', only: 4 }), {
    ...bgpd,
    dialects: frrOnly,
  }),
  set('ip next-hop', '{value:A4}', nextHop, lists),
  set('ipv6 next-hop peer-address', '', () => ({ kind: 'next-hop', value: 'peer-address' })),
  set('ipv6 next-hop prefer-global', '', () => ({ kind: 'next-hop', value: 'prefer-global' }), {
    daemons: ['zebra', 'bgpd'],
  }),
  set('ipv6 next-hop global', '{value:A6}', nextHop),
  set('aigp-metric', '{n:U32}', (args) => ({ kind: 'aigp', value: numberOf(args, 'n') }), {
    ...bgpd,
    dialects: frr10Only,
  }),
  set('distance', '{n:U8}', (args) => ({ kind: 'distance', value: numberOf(args, 'n') }), {
    ...bgpd,
    dialects: frrOnly,
  }),
  set('src', '{address:ADDRESS}', sourceAddress, { daemons: ['zebra', 'bgpd'] }),
  set('originator-id', '{id:A4}', (args) => {
    const id = parseAddress(text(args, 'id'));
    return id && { kind: 'originator-id', value: Number(id.value) };
  }),
  // Attributes that are passed on and that no decision asks about.
  ...harmless(
    [
      'set atomic-aggregate',
      'set forwarding-address {address:A6}',
      'set aggregator as {asn:ASN} {address:A4}',
      'set label-index {n:0-1048560}',
    ],
    bgpd,
  ),
  ...unmodelled(
    ['set extcommunity bandwidth cumulative [non-transitive]'],
    'link bandwidths are not added up; no table and no choice of next hops hangs on how large they are',
    false,
    lists,
  ),
  ...unmodelled(
    [
      'set metric {value=rtt|+rtt|-rtt|igp|aigp}',
      'set ipv6 next-hop local {value:A6}',
      'set vpnv4 next-hop {text:LINE}',
      'set ipv4 vpn {text:LINE}',
      'set ipv6 vpn {text:LINE}',
      'set table {n:COUNT}',
      'set evpn {text:LINE}',
      'set aigp-metric igp-metric',
      'set as-path {kind=access-list|replace} {text:LINE}',
      'set sr-te color {n:U32}',
      'set l3vpn {text:LINE}',
      'set min-metric {text:LINE}',
      'set max-metric {text:LINE}',
      'set metric-type {type=type-1|type-2}',
    ],
    'this action is not simulated',
    true,
    lists,
  ),
];

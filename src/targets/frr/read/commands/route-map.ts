import { parseAsn } from '../../../../base/asn.ts';
import { bitsOf, hostPrefix, parseAddress } from '../../../../base/ip.ts';
import { extendedCommunityOf, sortedExtendedCommunities } from '../../../../bgp/extended-communities.ts';
import type { Action, Amount, Condition, Origin } from '../../../../bgp/policy/types.ts';
import type { MatchDraft, SetDraft } from '../draft.ts';
import type { Arguments } from '../grammar.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { frr10Only, frrOnly, harmless, modelled, numberOf, text, unmodelled } from './make.ts';

const bgpd = { daemons: ['bgpd'] } as const;
const lists = { daemons: ['bgpd', 'zebra'] } as const;
const origins: Readonly<Record<string, Origin>> = { igp: 0, egp: 1, incomplete: 2 };

function openEntry(reading: Reading, args: Arguments, negated: boolean): void {
  const name = text(args, 'name');
  const seq = numberOf(args, 'seq');
  const maps = reading.policies.routeMaps;
  if (negated) {
    maps.get(name)?.entries.delete(seq);
    return;
  }
  const optimized = reading.dialect !== 'quagga-1.2';
  const map = maps.get(name) ?? { source: reading.source, optimized, entries: new Map() };
  maps.set(name, map);
  const known = map.entries.get(seq);
  const permit = args.get('action') === 'permit';
  const entry = known
    ? { ...known, permit }
    : {
        seq,
        permit,
        source: reading.source,
        matches: new Map(),
        sets: new Map(),
        call: null,
        onMatch: 'exit' as const,
      };
  map.entries.set(seq, entry);
  reading.routeMapEntry = entry;
  reading.mode = 'route-map';
}

/** One condition; the words before the value are its key: saying it again replaces it. */
function condition(
  words: string,
  value: string,
  make: (args: Arguments) => Condition,
  options: Partial<FamilyCommand> = bgpd,
): FamilyCommand {
  return modelled(
    `match ${words} ${value}`,
    (reading, args, negated) => {
      put(reading.routeMapEntry?.matches, words, { kind: 'condition', condition: make(args) }, negated);
    },
    options,
  );
}

/** A condition that zebra tests and bgpd does not have. */
function zebraCondition(
  words: string,
  value: string,
  make: (args: Arguments) => Condition,
  dialects: FamilyCommand['dialects'] = frrOnly,
): FamilyCommand {
  return modelled(
    `match ${words} ${value}`,
    (reading, args, negated) => {
      const item = { kind: 'condition', condition: make(args), zebraOnly: true } as const;
      put(reading.routeMapEntry?.matches, words, item, negated);
    },
    { ...lists, dialects },
  );
}

/** FRR's YANG schema begins at 1: the line is refused and the entry applies without it (seen on 8.4). */
function metric(reading: Reading, args: Arguments, negated: boolean): void {
  const value = numberOf(args, 'value');
  if (value === 0 && reading.dialect !== 'quagga-1.2') {
    reading.refuse(
      'match metric 0 is refused; the entry applies without it',
      'Match routes without metric by what else they have in common.',
    );
    return;
  }
  put(
    reading.routeMapEntry?.matches,
    'metric',
    { kind: 'condition', condition: { kind: 'med', value } },
    negated,
  );
}

type ListKind = Extract<MatchDraft, { kind: 'list' }>['list'];

function listMatch(
  words: string,
  list: ListKind,
  family: 4 | 6 = 4,
  options: Partial<FamilyCommand> = bgpd,
): FamilyCommand {
  return modelled(
    `match ${words} {list:WORD} [exact-match]`,
    (reading, args, negated) => {
      const reference = reading.reference(text(args, 'list'));
      put(
        reading.routeMapEntry?.matches,
        words,
        { kind: 'list', list, family, exact: args.has('exact-match'), reference },
        negated,
      );
    },
    options,
  );
}

function routeSource(words: string, list: 'prefix' | 'access'): FamilyCommand {
  return modelled(
    `match ${words} {list:WORD}`,
    (reading, args, negated) => {
      const reference = reading.reference(text(args, 'list'));
      const item = { kind: 'list', list, family: 4, exact: false, ofPeer: true, reference } as const;
      put(reading.routeMapEntry?.matches, words, item, negated);
    },
    bgpd,
  );
}

function put<T>(store: Map<string, T> | undefined, key: string, value: T, negated: boolean): void {
  store?.delete(key);
  if (!negated) store?.set(key, value);
}

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
      const entry: SetDraft | null = action && { kind: 'action', action };
      reading.routeMapEntry?.sets.delete(key);
      if (entry) reading.routeMapEntry?.sets.set(key, entry);
    },
    options,
  );
}

function deleteList(words: string, list: 'community' | 'large-community'): FamilyCommand {
  return modelled(
    `set ${words} {list:WORD} delete`,
    (reading, args, negated) => {
      put(
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

/** One address, judged as a list of one. */
function nextHopIs(args: Arguments): Condition {
  const written = text(args, 'value');
  const address = parseAddress(written);
  const entries = address
    ? [{ permit: true, prefix: hostPrefix(address), minLength: 0, maxLength: bitsOf(address.family) }]
    : [];
  return { kind: 'next-hop', set: { name: written, entries } };
}

function asns(written: string): number[] {
  return written.split(' ').flatMap((word) => parseAsn(word) ?? []);
}

function communities(kind: 'community' | 'large-community') {
  return (args: Arguments): Action => {
    const words = text(args, 'value')
      .split(' ')
      .filter((word) => word !== '');
    const additive = words.at(-1) === 'additive';
    const values = additive ? words.slice(0, -1) : words;
    return { kind, op: additive ? 'add' : 'replace', communities: values };
  };
}

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
      put(reading.routeMapEntry?.sets, words, { kind: 'action', action }, negated);
    },
    bgpd,
  );
}

/** Megabits a second as they are written, octets a second as they are sent. */
function bandwidth(args: Arguments): Action {
  const rate = (numberOf(args, 'mbps') * 1_000_000) / 8;
  return { kind: 'link-bandwidth', rate, transitive: !args.has('non-transitive') };
}

function sourceAddress(args: Arguments): Action | null {
  const value = parseAddress(text(args, 'address'));
  return value && { kind: 'source-address', value };
}

function nextHop(args: Arguments): Action | null {
  const address = parseAddress(text(args, 'value'));
  return address && { kind: 'next-hop', value: address, ...(address.family === 4 ? { only: 4 } : {}) };
}

function goto(reading: Reading, args: Arguments, negated: boolean): void {
  const entry = reading.routeMapEntry;
  if (!entry) return;
  const target = numberOf(args, 'seq');
  if (negated) entry.onMatch = 'exit';
  else if (!entry.permit) refuseAfterDeny(reading);
  else if (target <= entry.seq)
    reading.refuse(
      `route-map entry ${entry.seq} cannot jump back to ${target}`,
      'Give the number of a later entry.',
    );
  else entry.onMatch = { goto: target };
}

/** FRR drops with it all lists and route-maps that it reads together with the entry. */
function refuseAfterDeny(reading: Reading): void {
  reading.refuse(
    'nothing goes on after a deny: the daemon refuses the line',
    'Remove the line: a route that a deny entry matches is denied at once.',
  );
}

const flow: readonly FamilyCommand[] = [
  modelled(
    'call {map:WORD}',
    (reading, args, negated) => {
      if (reading.routeMapEntry)
        reading.routeMapEntry.call = negated ? null : reading.reference(text(args, 'map'));
    },
    lists,
  ),
  modelled(
    'on-match next',
    (reading, _args, negated) => {
      if (reading.routeMapEntry?.permit === false && !negated) refuseAfterDeny(reading);
      else if (reading.routeMapEntry) reading.routeMapEntry.onMatch = negated ? 'exit' : 'next';
    },
    lists,
  ),
  modelled('on-match goto {seq:SEQ}', goto, lists),
  modelled('continue {seq:SEQ}', goto, lists),
  modelled(
    'continue',
    (reading, _args, negated) => {
      if (reading.dialect !== 'quagga-1.2' && !negated)
        reading.refuse(
          '`continue` without a number is refused by FRR',
          'Write `on-match next`, or give the number.',
        );
      else if (reading.routeMapEntry) reading.routeMapEntry.onMatch = negated ? 'exit' : 'next';
    },
    lists,
  ),
  ...harmless(['description {text:LINE}'], lists),
];

const matches: readonly FamilyCommand[] = [
  listMatch('ip address prefix-list', 'prefix', 4, lists),
  listMatch('ipv6 address prefix-list', 'prefix', 6, lists),
  listMatch('ip address', 'access', 4, lists),
  listMatch('ipv6 address', 'access', 6, lists),
  listMatch('ip next-hop prefix-list', 'next-hop-prefix', 4, lists),
  listMatch('ipv6 next-hop prefix-list', 'next-hop-prefix', 6, { ...lists, dialects: frrOnly }),
  routeSource('ip route-source prefix-list', 'prefix'),
  routeSource('ip route-source', 'access'),
  listMatch('as-path', 'as-path'),
  listMatch('community', 'community'),
  listMatch('large-community', 'large-community'),
  listMatch('extcommunity', 'extended-community'),
  condition('local-preference', '{value:U32}', (args) => ({
    kind: 'local-preference',
    value: numberOf(args, 'value'),
  })),
  modelled('match metric {value:U32}', metric, lists),
  condition('tag', '{value:COUNT}', (args) => ({ kind: 'tag', value: numberOf(args, 'value') }), lists),
  condition('interface', '{name:WORD}', (args) => ({ kind: 'interface', value: text(args, 'name') }), lists),
  condition('origin', '{value=igp|egp|incomplete}', (args) => ({
    kind: 'origin',
    value: origins[text(args, 'value')] ?? 0,
  })),
  condition(
    'source-protocol',
    '{value:WORD}',
    (args) => ({ kind: 'source-protocol', value: text(args, 'value') }),
    { ...lists, dialects: ['frr-10'] },
  ),
  zebraCondition(
    'source-protocol',
    '{value:WORD}',
    (args) => ({ kind: 'source-protocol', value: text(args, 'value') }),
    ['frr-8.4'],
  ),
  condition('peer', '{value:ADDRESS}', (args) => {
    const address = parseAddress(text(args, 'value'));
    return { kind: 'peer', networks: address ? [hostPrefix(address)] : [], invert: false };
  }),
  condition('peer', 'local', () => ({ kind: 'peer', networks: [], invert: false, local: true })),
  condition('ip next-hop address', '{value:A4}', nextHopIs, lists),
  condition('ipv6 next-hop address', '{value:A6}', nextHopIs, { ...bgpd, dialects: frrOnly }),
  listMatch('ip next-hop', 'next-hop-access', 4, lists),
  listMatch('ipv6 next-hop', 'next-hop-access', 6, { ...lists, dialects: frrOnly }),
  zebraCondition('ip address prefix-len', '{n:BITS}', (args) => ({
    kind: 'prefix-length',
    family: 4,
    value: numberOf(args, 'n'),
  })),
  zebraCondition('ipv6 address prefix-len', '{n:BITS}', (args) => ({
    kind: 'prefix-length',
    family: 6,
    value: numberOf(args, 'n'),
  })),
  ...unknownMatches([
    'probability {n:U8}',
    'peer {name:WORD}',
    'rpki {text:LINE}',
    'evpn {text:LINE}',
    'mac address {name:WORD}',
    'source-vrf {name:WORD}',
    'ip next-hop type blackhole',
    'ipv6 next-hop type blackhole',
    'source-instance {n:U8}',
    'alias {name:WORD}',
    'script {name:WORD}',
    'community-limit {n:U32}',
  ]),
];

/** A condition we cannot test never holds here; the outcome is inconclusive. */
function unknownMatches(patterns: readonly string[]): FamilyCommand[] {
  return patterns.map((pattern) =>
    modelled(
      `match ${pattern}`,
      (reading, _args, negated) => {
        const why = `\`${reading.text}\` is not simulated`;
        put(
          reading.routeMapEntry?.matches,
          pattern,
          { kind: 'condition', condition: { kind: 'never', why } },
          negated,
        );
        if (!negated) reading.unmodelled('this condition is not simulated; it never matches here', true);
      },
      lists,
    ),
  );
}

const sets: readonly FamilyCommand[] = [
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
  set('community', '{value:LINE}', communities('community')),
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
  set('extcommunity bandwidth', '{mbps:U32} [non-transitive]', bandwidth, { ...bgpd, dialects: frrOnly }),
  set('ip next-hop peer-address', '', () => ({ kind: 'next-hop', value: 'peer-address', only: 4 })),
  set('ip next-hop unchanged', '', () => ({ kind: 'next-hop', value: 'unchanged', only: 4 }), {
    ...bgpd,
    dialects: frrOnly,
  }),
  set('ip next-hop', '{value:A4}', nextHop, lists),
  set('ipv6 next-hop peer-address', '', () => ({ kind: 'next-hop', value: 'peer-address' })),
  set('ipv6 next-hop global', '{value:A6}', nextHop),
  set('aigp-metric', '{n:U32}', (args) => ({ kind: 'aigp', value: numberOf(args, 'n') }), {
    ...bgpd,
    dialects: frr10Only,
  }),
  set('distance', '{n:DISTANCE}', (args) => ({ kind: 'distance', value: numberOf(args, 'n') }), {
    ...bgpd,
    dialects: frrOnly,
  }),
  set('src', '{address:ADDRESS}', sourceAddress, { daemons: ['zebra', 'bgpd'] }),
  set('originator-id', '{id:A4}', (args) => {
    const id = parseAddress(text(args, 'id'));
    return id && { kind: 'originator-id', value: Number(id.value) };
  }),
  // Attributes that are passed on and that no decision asks about.
  ...harmless(['set atomic-aggregate', 'set aggregator as {text:LINE}', 'set label-index {n:U32}'], bgpd),
  ...harmless(['set ipv6 next-hop prefer-global'], { daemons: ['zebra', 'bgpd'] }),
  ...unmodelled(
    [
      'set metric {value=rtt|+rtt|-rtt|igp|aigp}',
      'set extcommunity bandwidth {value=cumulative|num-multipaths} [non-transitive]',
      'set ipv6 next-hop local {value:A6}',
      'set vpnv4 next-hop {text:LINE}',
      'set ipv4 vpn {text:LINE}',
      'set ipv6 vpn {text:LINE}',
      'set table {n:U32}',
      'set evpn {text:LINE}',
      'set aigp-metric igp-metric',
      'set as-path {kind=access-list|replace} {text:LINE}',
      'set sr-te color {n:U32}',
      'set l3vpn {text:LINE}',
      'set min-metric {text:LINE}',
      'set max-metric {text:LINE}',
      'set metric-type {text:LINE}',
    ],
    'this action is not simulated',
    true,
    lists,
  ),
];

/** `route-map NAME ACTION SEQ` itself, at the top. */
export const routeMapOpeners: readonly FamilyCommand[] = [
  modelled('route-map {name:WORD} {action=permit|deny} {seq:SEQ}', openEntry, lists),
  modelled(
    'route-map {name:WORD}',
    (reading, args, negated) => {
      if (negated) reading.policies.routeMaps.delete(text(args, 'name'));
      else reading.unrecognised('a route-map line without permit or deny and a number');
    },
    lists,
  ),
  modelled(
    'route-map {name:WORD} optimization',
    (reading, args, negated) => {
      const map = reading.policies.routeMaps.get(text(args, 'name'));
      if (map) map.optimized = !negated;
    },
    { ...lists, dialects: frrOnly },
  ),
];

/** Lines below a route-map entry. */
export const routeMapCommands: readonly FamilyCommand[] = [...flow, ...matches, ...sets];

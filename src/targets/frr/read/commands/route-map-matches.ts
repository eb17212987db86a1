import { bitsOf, hostPrefix, parseAddress } from '../../../../base/ip.ts';
import type { Condition } from '../../../../bgp/policy/types.ts';
import type { Arguments } from '../grammar.ts';
import type { MatchDraft } from '../policy-draft.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { frrOnly, modelled, numberOf, text } from './make.ts';
import { bgpd, lists, origins, put } from './route-map-lines.ts';

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
      put(
        reading,
        reading.routeMapEntry?.matches,
        words,
        { kind: 'condition', condition: make(args) },
        negated,
      );
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
      put(reading, reading.routeMapEntry?.matches, words, item, negated);
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
    reading,
    reading.routeMapEntry?.matches,
    'metric',
    { kind: 'condition', condition: { kind: 'med', value } },
    negated,
  );
}

/** A community by the name that `bgp community alias` gave it, before this line: FRR takes no other. */
function alias(reading: Reading, args: Arguments, negated: boolean): void {
  const name = text(args, 'name');
  const community = reading.policies.aliases.get(name);
  if (community === undefined && !negated) {
    reading.refuse(
      `no community has the alias ${name} yet`,
      'Write `bgp community alias` above the route-map.',
    );
    return;
  }
  const communities = [community ?? ''];
  const condition: Condition = {
    kind: communities[0]?.split(':').length === 3 ? 'large-community' : 'community',
    set: { name, entries: [{ permit: true, communities }] },
    exact: false,
    quantifier: 'any',
  };
  put(reading, reading.routeMapEntry?.matches, 'alias', { kind: 'condition', condition }, negated);
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
        reading,
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
      put(reading, reading.routeMapEntry?.matches, words, item, negated);
    },
    bgpd,
  );
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

/** `match ...` */
export const routeMapMatches: readonly FamilyCommand[] = [
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
  // 8.4 takes the line, and finds nobody by it (seen on 8.4.4, scenario match-peer-interface).
  condition('peer', '{name:WORD}', () => ({ kind: 'never', why: 'FRR 8.4 finds no neighbor by a name' }), {
    ...bgpd,
    dialects: ['frr-8.4'],
  }),
  ...unknownMatches(['peer {name:WORD}'], { ...bgpd, dialects: ['frr-10'] }),
  condition('ip next-hop address', '{value:A4}', nextHopIs, lists),
  condition('ipv6 next-hop address', '{value:A6}', nextHopIs, { ...bgpd, dialects: frrOnly }),
  // As older releases wrote it.
  condition('ipv6 next-hop', '{value:A6}', nextHopIs, { ...bgpd, dialects: frrOnly }),
  listMatch('ip next-hop', 'next-hop-access', 4, lists),
  listMatch('ipv6 next-hop', 'next-hop-access', 6, { ...lists, dialects: frrOnly }),
  condition('ip next-hop type blackhole', '', () => ({ kind: 'next-hop-blackhole', family: 4 })),
  condition('ipv6 next-hop type blackhole', '', () => ({ kind: 'next-hop-blackhole', family: 6 })),
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
  modelled('match alias {name:WORD}', alias, { ...bgpd, dialects: frrOnly }),
  modelled('match probability {n:0-100}', probability, lists),
  ...unknownMatches([
    'ip next-hop prefix-len {n:0-32}',
    'rpki {text:LINE}',
    'evpn {text:LINE}',
    'mac address {name:WORD}',
    'source-vrf {name:WORD}',
    'source-instance {n:U8}',
    'script {name:WORD}',
    'community-limit {n:U32}',
  ]),
];

/** Who throws dice is not simulated; at 0 and 100 nobody does (route_match_probability). */
function probability(reading: Reading, args: Arguments, negated: boolean): void {
  const percent = numberOf(args, 'n');
  const holds: Condition = { kind: 'family', families: ['ipv4-unicast', 'ipv6-unicast'] };
  const never: Condition = { kind: 'never', why: `\`${reading.text}\` never matches` };
  const condition = percent === 100 ? holds : never;
  put(reading, reading.routeMapEntry?.matches, 'probability', { kind: 'condition', condition }, negated);
  if (!negated && percent > 0 && percent < 100)
    reading.unmodelled('this condition is not simulated; it never matches here', true);
}

/** A condition we cannot test never holds here; the outcome is inconclusive. */
function unknownMatches(
  patterns: readonly string[],
  options: Partial<FamilyCommand> = lists,
): FamilyCommand[] {
  return patterns.map((pattern) =>
    modelled(
      `match ${pattern}`,
      (reading, _args, negated) => {
        const why = `\`${reading.text}\` is not simulated`;
        put(
          reading,
          reading.routeMapEntry?.matches,
          pattern,
          { kind: 'condition', condition: { kind: 'never', why } },
          negated,
        );
        if (!negated) reading.unmodelled('this condition is not simulated; it never matches here', true);
      },
      options,
    ),
  );
}

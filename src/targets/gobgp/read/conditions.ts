import { type FamilyName, familyNames } from '../../../base/family.ts';
import type { Comparison, Condition, Quantifier } from '../../../bgp/policy/types.ts';
import { numberAt, type Table, tableAt, textAt, textsAt } from './decode.ts';
import type { Reading } from './reading.ts';
import { type DefinedSets, networks } from './sets.ts';

/** gobgpd 3.10 decodes these and never asks them (NewStatement): the statement fits more than it says. */
const ignored: readonly (readonly [readonly string[], string])[] = [
  [[], 'call-policy'],
  [[], 'match-tag-set'],
  [[], 'install-protocol-eq'],
  [['bgp-conditions'], 'med-eq'],
  [['bgp-conditions'], 'origin-eq'],
  [['bgp-conditions'], 'local-pref-eq'],
  [['bgp-conditions'], 'community-count'],
];

/** The conditions of a statement with their sets resolved; a name nobody defines has been said and never fits. */
export function readConditions(
  table: Table | null,
  sets: DefinedSets,
  reading: Reading,
): readonly Condition[] {
  if (!table) return [];
  for (const [path, key] of ignored) {
    const entry = tableAt(table, ...path)?.entries.get(key);
    if (entry) reading.note(entry.key, key, 'gobgpd 3 decodes this condition and never asks it', false);
  }
  const bgp = tableAt(table, 'bgp-conditions');
  const neighbor = neighborCondition(table, sets, reading);
  const conditions = [
    ...prefixConditions(table, sets, reading),
    ...neighbor,
    ...lengthCondition(bgp, reading),
    ...rpkiCondition(bgp, reading),
    ...routeTypeCondition(bgp, reading),
    ...asPathCondition(bgp, sets, reading),
    ...communityCondition(bgp, 'community', sets.communities, reading),
    ...extCommunityCondition(bgp, sets, reading),
    ...communityCondition(bgp, 'large-community', sets.largeCommunities, reading),
    ...nextHopCondition(bgp, reading),
    ...familyCondition(bgp, reading),
  ];
  return conditions;
}

const never = (why: string): Condition[] => [{ kind: 'never', why }];

/** The set a `match-*-set` table names; null where there is no such table, 'undefined' where there is no such set. */
function setOf<Set>(
  parent: Table | null,
  table: string,
  what: string,
  known: ReadonlyMap<string, Set>,
  reading: Reading,
): { readonly set: Set; readonly match: Table } | 'undefined' | null {
  const match = tableAt(parent, table);
  const key = what.replaceAll(' ', '-');
  const name = textAt(match, key);
  if (!match || name === '') return null;
  const set = known.get(name);
  if (set !== undefined) return { set, match };
  reading.undefinedSet(match.entries.get(key)?.source ?? match.source, what, name, known.keys());
  return 'undefined';
}

function quantifier(match: Table, restricted: boolean, reading: Reading): Quantifier {
  const text = textAt(match, 'match-set-options');
  if (text === '' || text === 'any') return 'any';
  if (text === 'invert' || (text === 'all' && !restricted)) return text;
  const source = match.entries.get('match-set-options')?.source ?? match.source;
  if (restricted) {
    reading.unrecognised(source, `match-set-options = "${text}"`, 'gobgpd takes it for any');
  } else {
    const fix = 'Write any, all or invert in small letters.';
    reading.losePolicies(source, `match-set-options '${text}'`, fix, text);
  }
  return 'any';
}

/** A set has one family, and routes of the other never fit, inverted or not. An empty set fits nothing. */
function prefixConditions(table: Table, sets: DefinedSets, reading: Reading): Condition[] {
  const found = setOf(table, 'match-prefix-set', 'prefix set', sets.prefixes, reading);
  if (found === null) return [];
  if (found === 'undefined') return never('the prefix-set is not defined');
  const { set, family } = found.set;
  if (family === null) return never('the prefix-set is empty');
  const invert = quantifier(found.match, true, reading) === 'invert';
  return [
    { kind: 'family', families: [family] },
    { kind: 'prefix', set, invert },
  ];
}

/** An empty set fits every neighbor, also inverted. */
function neighborCondition(table: Table, sets: DefinedSets, reading: Reading): Condition[] {
  const found = setOf(table, 'match-neighbor-set', 'neighbor set', sets.neighbors, reading);
  if (found === null) return [];
  if (found === 'undefined') return never('the neighbor-set is not defined');
  const invert = quantifier(found.match, true, reading) === 'invert';
  return found.set.length === 0 ? [] : [{ kind: 'peer', networks: found.set, invert }];
}

function lengthCondition(bgp: Table | null, reading: Reading): Condition[] {
  const table = tableAt(bgp, 'as-path-length');
  const operator = textAt(table, 'operator').replace(/^attribute-/, '');
  if (!table || operator === '') return [];
  if (operator !== 'eq' && operator !== 'ge' && operator !== 'le') {
    reading.losePolicies(table.source, `operator '${operator}'`, 'Write eq, ge or le.', operator);
    return never('the operator is not known');
  }
  return [
    { kind: 'as-path-length', compare: operator satisfies Comparison, value: numberAt(table, 'value') },
  ];
}

function rpkiCondition(bgp: Table | null, reading: Reading): Condition[] {
  const entry = bgp?.entries.get('rpki-validation-result');
  const result = textAt(bgp, 'rpki-validation-result');
  if (!entry || result === '' || result === 'none') return [];
  reading.note(
    entry.key,
    `rpki-validation-result = "${result}"`,
    'route origin validation is not simulated',
    true,
  );
  return never('route origin validation is not simulated');
}

function routeTypeCondition(bgp: Table | null, reading: Reading): Condition[] {
  const value = textAt(bgp, 'route-type');
  if (value === '' || value === 'none') return [];
  if (value === 'local' || value === 'internal' || value === 'external')
    return [{ kind: 'route-type', value }];
  const source = bgp?.entries.get('route-type')?.source;
  if (source)
    reading.refuse(source, `gobgpd has no route-type '${value}'`, 'Write local, internal or external.');
  return never('the route type is not known');
}

function asPathCondition(bgp: Table | null, sets: DefinedSets, reading: Reading): Condition[] {
  const found = setOf(bgp, 'match-as-path-set', 'as path set', sets.asPaths, reading);
  if (found === null) return [];
  if (found === 'undefined') return never('the as-path-set is not defined');
  return [{ kind: 'as-path', set: found.set, quantifier: quantifier(found.match, false, reading) }];
}

function communityCondition(
  bgp: Table | null,
  kind: 'community' | 'large-community',
  known: DefinedSets['communities'],
  reading: Reading,
): Condition[] {
  const found = setOf(bgp, `match-${kind}-set`, `${kind} set`, known, reading);
  if (found === null) return [];
  if (found === 'undefined') return never(`the ${kind}-set is not defined`);
  return [{ kind, set: found.set, exact: false, quantifier: quantifier(found.match, false, reading) }];
}

function extCommunityCondition(bgp: Table | null, sets: DefinedSets, reading: Reading): Condition[] {
  const found = setOf(bgp, 'match-ext-community-set', 'ext community set', sets.extCommunities, reading);
  if (found === null) return [];
  if (found === 'undefined') return never('the ext-community-set is not defined');
  return [
    {
      kind: 'extended-community-each',
      name: textAt(found.match, 'ext-community-set'),
      patterns: found.set,
      quantifier: quantifier(found.match, false, reading),
    },
  ];
}

function nextHopCondition(bgp: Table | null, reading: Reading): Condition[] {
  if (!bgp || textsAt(bgp, 'next-hop-in-list').length === 0) return [];
  const entries = networks(bgp, 'next-hop-in-list', reading).map((prefix) => ({
    permit: true,
    prefix,
    minLength: prefix.length,
    maxLength: prefix.family === 4 ? 32 : 128,
  }));
  return [{ kind: 'next-hop', set: { name: 'next-hop-in-list', entries } }];
}

function familyCondition(bgp: Table | null, reading: Reading): Condition[] {
  const texts = textsAt(bgp, 'afi-safi-in-list');
  if (!bgp || texts.length === 0) return [];
  const source = bgp.entries.get('afi-safi-in-list')?.source ?? bgp.source;
  for (const text of texts)
    if (!isKnownFamily(text))
      reading.undefinedName(source, 'address family', text, familyNames, 'gobgpd cannot ask for it');
  return [{ kind: 'family', families: texts.filter(isFamily) }];
}

function isFamily(text: string): text is FamilyName {
  return (familyNames as readonly string[]).includes(text);
}

/** Families beside the two that are modelled; their routes are not simulated, so nothing of them can fit. */
export function isKnownFamily(text: string): boolean {
  return isFamily(text) || otherFamilies.has(text);
}

const otherFamilies: ReadonlySet<string> = new Set([
  'ipv4-labelled-unicast',
  'ipv6-labelled-unicast',
  'l3vpn-ipv4-unicast',
  'l3vpn-ipv6-unicast',
  'l3vpn-ipv4-multicast',
  'l3vpn-ipv6-multicast',
  'l2vpn-vpls',
  'l2vpn-evpn',
  'ipv4-multicast',
  'ipv6-multicast',
  'rtc',
  'ipv4-encap',
  'ipv6-encap',
  'ipv4-flowspec',
  'l3vpn-ipv4-flowspec',
  'ipv6-flowspec',
  'l3vpn-ipv6-flowspec',
  'l2vpn-flowspec',
  'ipv4-srpolicy',
  'ipv6-srpolicy',
  'opaque',
  'ls',
  'ipv4-mup',
  'ipv6-mup',
]);

import { type FamilyName, familyOf } from '../../../base/family.ts';
import { bitsOf, hostPrefix, type Prefix, parseAddress, parsePrefix } from '../../../base/ip.ts';
import type {
  CommunitySet,
  ExtendedPattern,
  PrefixSet,
  PrefixSetEntry,
  RegexSet,
} from '../../../bgp/policy/types.ts';
import { type Table, tableAt, tablesAt, textAt, textsAt } from './decode.ts';
import { extendedPatterns } from './extended.ts';
import { checkRegex, communityPatterns, largePattern, standardPattern } from './patterns.ts';
import type { Reading } from './reading.ts';

/** The defined sets of a file, by name. */
export interface DefinedSets {
  readonly prefixes: ReadonlyMap<string, { readonly set: PrefixSet; readonly family: FamilyName | null }>;
  readonly neighbors: ReadonlyMap<string, readonly Prefix[]>;
  readonly asPaths: ReadonlyMap<string, RegexSet>;
  readonly communities: ReadonlyMap<string, CommunitySet>;
  readonly largeCommunities: ReadonlyMap<string, CommunitySet>;
  readonly extCommunities: ReadonlyMap<string, readonly ExtendedPattern[]>;
}

export function readSets(file: Table, reading: Reading): DefinedSets {
  const sets = tableAt(file, 'defined-sets');
  const bgp = tableAt(sets, 'bgp-defined-sets');
  const byName = <Set>(tables: readonly Table[], key: string, read: (table: Table, name: string) => Set) => {
    const found = new Map<string, Set>();
    for (const table of tables) {
      const name = textAt(table, key);
      if (name === '' && table.entries.size > 0) {
        reading.refuse(table.source, `gobgpd has no use for a set without '${key}'`, 'Give it a name.');
      } else if (found.has(name)) {
        reading.note(table.source, `${key} "${name}"`, 'a second set of this name adds to the first', true);
      } else found.set(name, read(table, name));
    }
    return found;
  };
  return {
    prefixes: byName(tablesAt(sets, 'prefix-sets'), 'prefix-set-name', (table, name) =>
      prefixSet(table, name, reading),
    ),
    neighbors: byName(tablesAt(sets, 'neighbor-sets'), 'neighbor-set-name', (table) =>
      networks(table, 'neighbor-info-list', reading),
    ),
    asPaths: byName(tablesAt(bgp, 'as-path-sets'), 'as-path-set-name', (table, name) => ({
      name,
      entries: textsAt(table, 'as-path-list').map((regex) => {
        checkRegex(regex, true, table, reading);
        return { permit: true, regex };
      }),
    })),
    communities: byName(tablesAt(bgp, 'community-sets'), 'community-set-name', (table, name) =>
      communityPatterns(name, textsAt(table, 'community-list'), standardPattern, table, reading),
    ),
    largeCommunities: byName(
      tablesAt(bgp, 'large-community-sets'),
      'large-community-set-name',
      (table, name) =>
        communityPatterns(name, textsAt(table, 'large-community-list'), largePattern, table, reading),
    ),
    extCommunities: byName(tablesAt(bgp, 'ext-community-sets'), 'ext-community-set-name', (table) =>
      extendedPatterns(textsAt(table, 'ext-community-list'), table, reading),
    ),
  };
}

/**
 * GoBGP asks only the longest entry that holds the route, then that entry's ranges (PrefixCondition, a radix tree): so the entries
 * go longest first, and each prefix ends the search for everything inside it.
 */
function prefixSet(
  table: Table,
  name: string,
  reading: Reading,
): { readonly set: PrefixSet; readonly family: FamilyName | null } {
  const byPrefix = new Map<string, PrefixSetEntry[]>();
  let family: FamilyName | null = null;
  for (const item of tablesAt(table, 'prefix-list')) {
    const entry = prefixEntry(item, reading);
    if (!entry) continue;
    family ??= familyOf(entry.prefix.family);
    if (familyOf(entry.prefix.family) !== family) {
      reading.losePolicies(item.source, `prefix-set '${name}' mixes families`, 'Use a set for each.');
    }
    byPrefix.set(entry.prefix.text, [...(byPrefix.get(entry.prefix.text) ?? []), entry]);
  }
  const entries = [...byPrefix.values()]
    .sort(([a], [b]) => (b?.prefix.length ?? 0) - (a?.prefix.length ?? 0))
    .flatMap((same) => {
      const [{ prefix } = { prefix: null }] = same;
      if (!prefix) return [];
      const rest = { permit: false, prefix, minLength: prefix.length, maxLength: bitsOf(prefix.family) };
      return [...same, rest];
    });
  return { set: { name, entries }, family };
}

function prefixEntry(item: Table, reading: Reading): PrefixSetEntry | null {
  const text = textAt(item, 'ip-prefix');
  const prefix = parsePrefix(text);
  if (!prefix) {
    const source = item.entries.get('ip-prefix')?.source ?? item.source;
    reading.stop(source, `'${text}' is not a network`, 'Write it as 10.0.0.0/8.', text);
    return null;
  }
  const range = textAt(item, 'masklength-range');
  if (range === '')
    return { permit: true, prefix, minLength: prefix.length, maxLength: prefix.length, source: item.source };
  const [, min, max] = /(\d+)\.\.(\d+)/.exec(range) ?? [];
  if (min !== undefined && max !== undefined) {
    return { permit: true, prefix, minLength: Number(min), maxLength: Number(max), source: item.source };
  }
  const source = item.entries.get('masklength-range')?.source ?? item.source;
  reading.stop(source, `'${range}' is not a range of lengths`, 'Write it as 24..32.', range);
  return null;
}

/** Addresses and networks, each a network. */
export function networks(table: Table, key: string, reading: Reading): Prefix[] {
  return textsAt(table, key).flatMap((text) => {
    const address = parseAddress(text);
    const network = address ? hostPrefix(address) : parsePrefix(text);
    if (network) return [network];
    const source = table.entries.get(key)?.source ?? table.source;
    reading.losePolicies(source, `'${text}' is not an address or network`, 'Correct it.', text);
    return [];
  });
}

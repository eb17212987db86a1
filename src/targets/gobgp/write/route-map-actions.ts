import { parseLargeCommunity } from '../../../bgp/communities.ts';
import type { RouteMap, RouteMapEntry } from '../../../model/policy.ts';
import { type Draft, problem, standardText } from './statements.ts';
import { lines, quoted, quotedList, type TomlLine, type TomlTable } from './toml-values.ts';

/** The set clauses of an entry as `actions.bgp-actions`; what GoBGP 3.10 decodes and ignores (set-route-origin) is a problem. */
export function routeMapActions(
  draft: Draft,
  routeMap: RouteMap,
  entry: RouteMapEntry,
  direction: 'in' | 'out',
): { readonly actions: readonly TomlLine[]; readonly actionTables: readonly TomlTable[] } {
  const say = (what: string, fix: string): void => problem(draft, routeMap, entry, what, fix);
  const { set } = entry;
  const absent: readonly (readonly [boolean, string])[] = [
    [set.weight !== null, 'weight'],
    [set.origin !== null, 'origin'],
    [set.asPathExclude.length > 0, 'as-path exclude'],
    [set.tag !== null, 'tag'],
    [set.src !== null, 'src'],
  ];
  for (const [isSet, word] of absent) if (isSet) say(`sets ${word}`, 'Leave it out for GoBGP.');
  return {
    actions: lines([
      ['set-med', med(set.metric, say)],
      ['set-local-pref', localPreference(set.localPreference, say)],
      ['set-next-hop', nextHop(set.nextHop ?? set.ipv6NextHop, say)],
    ]),
    actionTables: [
      ...prepend(set.asPathPrepend, direction, draft.asn, say),
      ...communities(draft, entry, say),
      ...largeCommunities(entry),
    ],
  };
}

type Say = (what: string, fix: string) => void;

function localPreference(text: string | null, say: Say): number | null {
  if (text === null) return null;
  if (!/^\d+$/.test(text)) say(`changes local-preference by ${text}`, 'Set an absolute value.');
  // GoBGP takes 0 for "not given".
  else if (Number(text) === 0) say('sets local-preference 0', 'Set 1, or deny the route.');
  else return Number(text);
  return null;
}

function med(text: string | null, say: Say): string | null {
  if (text === null) return null;
  if (/^[+-]?\d+$/.test(text)) return quoted(text);
  say(`sets metric ${text}`, 'Set a number.');
  return null;
}

function nextHop(text: string | null, say: Say): string | null {
  if (text !== 'peer-address') return text === null ? null : quoted(text);
  say(
    'sets the next hop to the peer-address',
    'Set an address; GoBGP has only self and unchanged beside addresses.',
  );
  return null;
}

/** One ASN several times. GoBGP prepends after its own ASN is in the path, FRR before. */
function prepend(asns: readonly number[], direction: 'in' | 'out', own: number, say: Say): TomlTable[] {
  const [first] = asns;
  if (first === undefined) return [];
  if (asns.some((asn) => asn !== first)) say('prepends different ASNs', 'Prepend one ASN, several times.');
  if (direction === 'out' && first !== own) {
    say(`prepends ${first}, which GoBGP would put in front of its own ASN`, `Prepend ${own}.`);
  }
  const name = 'actions.bgp-actions.set-as-path-prepend';
  return [
    {
      name,
      lines: lines([
        ['repeat-n', asns.length],
        ['as', quoted(String(first))],
      ]),
    },
  ];
}

function communities(draft: Draft, { set }: RouteMapEntry, say: Say): TomlTable[] {
  const texts = set.community.map(standardText);
  if (texts.includes(null))
    say(`sets a community that is none: ${set.community.join(' ')}`, 'Write it as 65000:1.');
  if (set.communityDelete !== null) {
    if (texts.length > 0 || set.communityNone) {
      say('both sets and deletes communities', 'Do one of the two in each entry.');
    }
    const list = draft.policies.communityLists.find(({ name }) => name === set.communityDelete);
    const removed = list?.entries.map(({ value }) => standardText(value)) ?? [];
    const plain = list?.kind === 'standard' && list.entries.every(({ action }) => action === 'permit');
    if (!plain || removed.includes(null)) {
      say(
        `deletes communities by list ${set.communityDelete}`,
        'Use a standard list that permits one community an entry.',
      );
    }
    return community('set-community', 'remove', removed);
  }
  if (set.communityNone) return community('set-community', 'replace', []);
  if (texts.length === 0) return [];
  return community('set-community', set.communityAdditive ? 'add' : 'replace', texts);
}

function largeCommunities({ set }: RouteMapEntry): TomlTable[] {
  if (set.largeCommunity.length === 0) return [];
  const options = set.largeCommunityAdditive ? 'add' : 'replace';
  return community('set-large-community', options, set.largeCommunity.map(parseLargeCommunity));
}

function community(table: string, options: string, texts: readonly (string | null)[]): TomlTable[] {
  const name = `actions.bgp-actions.${table}`;
  const list = quotedList(texts.filter((text) => text !== null));
  return [
    { name, lines: lines([['options', quoted(options)]]) },
    { name: `${name}.${table}-method`, lines: lines([['communities-list', list]]) },
  ];
}

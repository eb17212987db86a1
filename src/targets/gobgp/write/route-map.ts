import { parseLargeCommunity } from '../../../bgp/communities.ts';
import type { CommunityList, RouteMap, RouteMapEntry, RouteMapMatch } from '../../../model/policy.ts';
import { routeMapActions } from './route-map-actions.ts';
import {
  type Draft,
  matchTable,
  prefixMatch,
  problem,
  type StatementContext,
  standardText,
  statement,
} from './statements.ts';
import { lines, quotedList, type TomlLine, type TomlTable } from './toml-values.ts';

/** What `entry` asks, as GoBGP's conditions; null: no route can fit, and the entry is left out. */
interface Conditions {
  readonly matches: readonly TomlTable[];
  readonly conditions: readonly TomlLine[];
}

/** A route-map for the neighbors of one set: an entry is a statement, and what none decided is rejected. */
export function routeMapStatements(
  draft: Draft,
  routeMap: RouteMap,
  policy: string,
  neighbors: string,
  direction: 'in' | 'out',
): StatementContext[] {
  const statements = routeMap.entries.flatMap((entry): StatementContext[] => {
    flowProblems(draft, routeMap, entry);
    const asked = conditionsOf(draft, routeMap, entry);
    if (!asked) return [];
    const name = `${policy}/${entry.seq}`;
    if (entry.action === 'deny')
      return [statement(name, { neighbors, ...asked, disposition: 'reject-route' })];
    const done = routeMapActions(draft, routeMap, entry, direction);
    return [statement(name, { neighbors, ...asked, ...done, disposition: 'accept-route' })];
  });
  return [...statements, statement(`${policy}/end`, { neighbors, disposition: 'reject-route' })];
}

function flowProblems(draft: Draft, routeMap: RouteMap, entry: RouteMapEntry): void {
  if (entry.call !== null)
    problem(draft, routeMap, entry, 'calls another route-map', 'Write the entries out.');
  if (entry.onMatch !== null) {
    problem(draft, routeMap, entry, 'goes on after a match', 'Put all set clauses into one entry.');
  }
}

/** Decoded and then never looked at by GoBGP 3.10: a statement with them would fit more routes than it says. */
const unknown: readonly (readonly [keyof RouteMapMatch, string])[] = [
  ['localPreference', 'local-preference'],
  ['metric', 'metric'],
  ['origin', 'origin'],
  ['peer', 'peer'],
  ['tag', 'tag'],
  ['sourceProtocol', 'source-protocol'],
];

function conditionsOf(draft: Draft, routeMap: RouteMap, entry: RouteMapEntry): Conditions | null {
  const { match } = entry;
  for (const [key, word] of unknown) {
    if (match[key] !== null)
      problem(draft, routeMap, entry, `matches on ${word}`, 'Match on something else.');
  }
  const matches: (TomlTable | null)[] = [];
  if (match.prefixList !== null && match.ipv6PrefixList !== null) return null;
  const prefixList = match.prefixList ?? match.ipv6PrefixList;
  if (prefixList !== null) matches.push(prefixMatch(draft, prefixList, 'any'));
  if (match.asPathList !== null) matches.push(asPathMatch(draft, routeMap, entry, match.asPathList));
  if (match.communityList !== null) matches.push(communityMatch(draft, routeMap, entry, match.communityList));
  if (match.largeCommunityList !== null)
    matches.push(largeMatch(draft, routeMap, entry, match.largeCommunityList));
  const found = matches.filter((table) => table !== null);
  if (found.length < matches.length) return null;
  const nextHops =
    match.nextHopPrefixList === null ? null : nextHopList(draft, routeMap, entry, match.nextHopPrefixList);
  return {
    matches: found,
    conditions: lines([['next-hop-in-list', nextHops === null ? null : quotedList(nextHops)]]),
  };
}

function asPathMatch(draft: Draft, routeMap: RouteMap, entry: RouteMapEntry, name: string): TomlTable | null {
  const list = draft.policies.asPathLists.find((each) => each.name === name);
  if (!list) return null;
  const regexes = list.entries.filter(({ action }) => action === 'permit').map(({ regex }) => regex);
  if (regexes.length < list.entries.length) {
    problem(
      draft,
      routeMap,
      entry,
      `matches as-path list ${name}, which denies`,
      'Use a list that only permits.',
    );
  }
  if (regexes.length === 0) return null;
  draft.asPathSets.set(name, regexes);
  return matchTable('bgp-conditions.match-as-path-set', 'as-path-set', name);
}

function communityMatch(
  draft: Draft,
  routeMap: RouteMap,
  entry: RouteMapEntry,
  name: string,
): TomlTable | null {
  if (entry.match.communityExact) {
    problem(draft, routeMap, entry, 'asks for an exact match of communities', 'Match without exact.');
  }
  const list = draft.policies.communityLists.find((each) => each.name === name);
  const texts = plainCommunities(draft, routeMap, entry, list, standardText);
  if (!texts) return null;
  draft.communitySets.set(name, texts.communities);
  return matchTable('bgp-conditions.match-community-set', 'community-set', name, texts.options);
}

function largeMatch(draft: Draft, routeMap: RouteMap, entry: RouteMapEntry, name: string): TomlTable | null {
  const list = draft.policies.largeCommunityLists.find((each) => each.name === name);
  const texts = plainCommunities(draft, routeMap, entry, list, parseLargeCommunity);
  if (!texts) return null;
  draft.largeCommunitySets.set(name, texts.communities);
  return matchTable('bgp-conditions.match-large-community-set', 'large-community-set', name, texts.options);
}

/** One community an entry, any of which is enough; or one entry, all of whose communities must be there. */
function plainCommunities(
  draft: Draft,
  routeMap: RouteMap,
  entry: RouteMapEntry,
  list: CommunityList | undefined,
  canonical: (text: string) => string | null,
): { readonly communities: readonly string[]; readonly options: 'any' | 'all' } | null {
  if (!list) return null;
  const groups = list.entries.map(({ value }) => value.trim().split(/\s+/).map(canonical));
  const communities = groups.flat().filter((text) => text !== null);
  const single = groups.every((group) => group.length === 1);
  const plain =
    list.kind === 'standard' &&
    communities.length === groups.flat().length &&
    (single || groups.length === 1) &&
    list.entries.every(({ action }) => action === 'permit');
  if (!plain) {
    const what = `matches community list ${list.name}, which is more than a plain list`;
    problem(draft, routeMap, entry, what, 'Use a standard list that permits one community an entry.');
  }
  if (communities.length === 0) return null;
  return { communities, options: single ? 'any' : 'all' };
}

function nextHopList(draft: Draft, routeMap: RouteMap, entry: RouteMapEntry, name: string): string[] {
  const list = draft.policies.prefixLists.find((each) => each.name === name);
  const entries = list?.entries ?? [];
  const bits = list?.family === 6 ? 128 : 32;
  const whole = entries.every(
    ({ action, prefix, ge, le }) =>
      action === 'permit' && (le ?? (ge === null ? prefix.length : bits)) === bits,
  );
  if (!whole || entries.length === 0) {
    const what = `matches next hops by prefix-list ${name}, which does not permit whole networks`;
    problem(draft, routeMap, entry, what, `Use entries like 'permit 10.0.0.0/8 le 32'.`);
  }
  return entries.map(({ prefix }) => prefix.text);
}

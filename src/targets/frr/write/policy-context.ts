import type { PolicySet, PrefixList, PrefixListEntry, RouteMapEntry } from '../../../model/policy.ts';
import type { Dialect } from './dialect.ts';

export interface PolicyContext {
  readonly prefixLists: readonly PrefixListLine[];
  readonly asPathLists: readonly ListLine[];
  readonly communityLists: readonly ListLine[];
  readonly routeMaps: readonly RouteMapBlock[];
}

interface PrefixListLine {
  readonly keyword: 'ip' | 'ipv6';
  readonly name: string;
  readonly seq: number;
  readonly action: string;
  readonly prefix: string;
  readonly range: string;
}

/** `{{keyword}} {{kind}} {{name}} {{seq}}{{action}} {{value}}`; `seq` ends in a blank or is empty. */
interface ListLine {
  readonly keyword: string;
  readonly kind: string;
  readonly name: string;
  readonly seq: string;
  readonly action: string;
  readonly value: string;
}

export interface RouteMapBlock {
  readonly name: string;
  readonly action: string;
  readonly seq: number;
  readonly lines: readonly string[];
}

const byName = <T extends { readonly name: string }>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
const bySeq = <T extends { readonly seq: number }>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => a.seq - b.seq);

/** All lists and route-maps of a host, sorted by name and sequence. */
export function policyContext(policies: PolicySet, dialect: Dialect): PolicyContext {
  const seq = (value: number): string => (dialect.listSequence ? `seq ${value} ` : '');
  const versions = [...policies.prefixLists].sort((a, b) => a.family - b.family);
  return {
    prefixLists: [
      ...byName(versions.filter((list) => list.family === 4)),
      ...byName(versions.filter((list) => list.family === 6)),
    ].flatMap(prefixListLines),
    asPathLists: byName(policies.asPathLists).flatMap((list) =>
      bySeq(list.entries).map((entry) => ({
        keyword: dialect.asPathList,
        kind: '',
        name: list.name,
        seq: seq(entry.seq),
        action: entry.action,
        value: entry.regex,
      })),
    ),
    communityLists: [
      { keyword: dialect.communityList, lists: byName(policies.communityLists) },
      { keyword: dialect.largeCommunityList, lists: byName(policies.largeCommunityLists) },
    ].flatMap(({ keyword, lists }) =>
      lists.flatMap((list) =>
        bySeq(list.entries).map((entry) => ({
          keyword,
          kind: list.kind,
          name: list.name,
          seq: seq(entry.seq),
          action: entry.action,
          value: entry.value,
        })),
      ),
    ),
    routeMaps: byName(policies.routeMaps).flatMap((map) =>
      bySeq(map.entries).map((entry) => ({
        name: map.name,
        action: entry.action,
        seq: entry.seq,
        lines: routeMapLines(entry, dialect),
      })),
    ),
  };
}

function prefixListLines(list: PrefixList): PrefixListLine[] {
  return bySeq(list.entries).map((entry) => ({
    keyword: list.family === 4 ? 'ip' : 'ipv6',
    name: list.name,
    seq: entry.seq,
    action: entry.action,
    ...prefixAndRange(list.family, entry),
  }));
}

/** The whole space in every length is shown as `any`. */
function prefixAndRange(family: 4 | 6, entry: PrefixListEntry): { prefix: string; range: string } {
  const bits = family === 4 ? 32 : 128;
  if (entry.prefix.length === 0 && entry.ge === null && entry.le === bits)
    return { prefix: 'any', range: '' };
  const ge = entry.ge === null ? '' : ` ge ${entry.ge}`;
  const le = entry.le === null ? '' : ` le ${entry.le}`;
  return { prefix: entry.prefix.text, range: `${ge}${le}` };
}

/** Match and set lines sorted as FRR shows them: by text within `call`, `description`, `match`, `on-match`, `set`. */
function routeMapLines(entry: RouteMapEntry, dialect: Dialect): string[] {
  const lines: string[] = [];
  if (entry.call !== null) lines.push(`call ${entry.call}`);
  if (entry.description !== null) lines.push(`description ${entry.description}`);
  lines.push(...matchLines(entry).sort());
  if (entry.onMatch !== null)
    lines.push(entry.onMatch === 'next' ? 'on-match next' : `on-match goto ${entry.onMatch}`);
  lines.push(...setLines(entry, dialect).sort());
  return lines;
}

function matchLines({ match }: RouteMapEntry): string[] {
  return said([
    ['match as-path', match.asPathList],
    [
      'match community',
      match.communityList && `${match.communityList}${match.communityExact ? ' exact-match' : ''}`,
    ],
    ['match ip address prefix-list', match.prefixList],
    ['match ip next-hop prefix-list', match.nextHopPrefixList],
    ['match ipv6 address prefix-list', match.ipv6PrefixList],
    ['match large-community', match.largeCommunityList],
    ['match local-preference', match.localPreference],
    ['match metric', match.metric],
    ['match origin', match.origin],
    ['match peer', match.peer],
    ['match source-protocol', match.sourceProtocol],
    ['match tag', match.tag],
  ]);
}

function setLines({ set }: RouteMapEntry, dialect: Dialect): string[] {
  const numbers = (values: readonly number[]): string | null =>
    values.length === 0 ? null : values.join(' ');
  const added = (values: readonly string[], additive: boolean): string | null =>
    values.length === 0 ? null : `${values.join(' ')}${additive ? ' additive' : ''}`;
  return said([
    ['set as-path exclude', numbers(set.asPathExclude)],
    ['set as-path prepend', numbers(set.asPathPrepend)],
    ['set comm-list', set.communityDelete && `${set.communityDelete} delete`],
    ['set community', set.communityNone ? 'none' : added(set.community, set.communityAdditive)],
    ['set ip next-hop', set.nextHop],
    ['set ipv6 next-hop', set.ipv6NextHop && ipv6NextHop(set.ipv6NextHop)],
    ['set large-community', added(set.largeCommunity, set.largeCommunityAdditive)],
    [
      'set local-preference',
      dialect.features.relativeLocalPreference || set.localPreference === null
        ? set.localPreference
        : set.localPreference.replace('+', ''),
    ],
    ['set metric', set.metric],
    ['set origin', set.origin],
    ['set src', set.src],
    ['set tag', set.tag],
    ['set weight', set.weight],
  ]);
}

function ipv6NextHop(value: string): string {
  return value.includes(':') ? `global ${value}` : value;
}

function said(rows: readonly (readonly [string, string | number | null])[]): string[] {
  return rows.flatMap(([words, value]) => (value === null || value === '' ? [] : [`${words} ${value}`]));
}

/** What zebra keeps of a route-map that vtysh gave to several daemons; seen in FRR 8.4 `show running-config zebra`. */
const zebraLines =
  /^(?:call|description|on-match|match (?:ip address|ip next-hop|ipv6 address|metric|source-protocol|tag)|set (?:ip next-hop \d|metric|src|tag))\b/;

export function zebraRouteMaps(blocks: readonly RouteMapBlock[]): RouteMapBlock[] {
  return blocks.map((block) => ({ ...block, lines: block.lines.filter((line) => zebraLines.test(line)) }));
}

import type { SourceRange } from '../../base/source.ts';
import type { RouteMap, RouteMapEntry, RouteMapMatch, RouteMapSet } from '../../model/policy.ts';
import type { HostVars } from '../schema/host-vars.ts';
import type { AddressReader } from './addresses.ts';
import type { Findings } from './findings.ts';
import { byName, bySeq, Sequence } from './lists.ts';
import { placeIn, type Variable } from './variables.ts';

type RouteMaps = NonNullable<HostVars['bgp_route_maps']>;
type WrittenEntry = RouteMaps[string][number];
type WrittenMatch = NonNullable<WrittenEntry['match']>;
type WrittenSet = NonNullable<WrittenEntry['set']>;

export function readRouteMaps(
  variable: Variable<RouteMaps>,
  read: AddressReader,
  findings: Findings,
): RouteMap[] {
  return byName(variable.value).map(([name, written]) => {
    const seqs = new Sequence();
    const entries = written.map((entry, index): RouteMapEntry => {
      const source = placeIn(variable, name, index);
      const what = `bgp_route_maps.${name}[${index}]`;
      const place = (key: 'match' | 'set', inner: string) => ({
        what: `${what}.${key}.${inner}`,
        source: placeIn(variable, name, index, key, inner),
      });
      const seq = seqs.next(entry.seq, what, source, findings);
      onMatchGoesForward(entry, seq, what, source, findings);
      return {
        seq,
        action: entry.action,
        description: entry.description ?? null,
        match: matchOf(entry.match ?? {}, read, (key) => place('match', key)),
        set: setOf(entry.set ?? {}, read, (key) => place('set', key)),
        call: entry.call ?? null,
        onMatch: entry.on_match ?? null,
        source,
      };
    });
    return { name, entries: entries.sort(bySeq), source: placeIn(variable, name) };
  });
}

/** A jump backwards would never end; the daemons refuse it. */
function onMatchGoesForward(
  entry: WrittenEntry,
  seq: number,
  what: string,
  source: SourceRange,
  findings: Findings,
): void {
  if (typeof entry.on_match !== 'number' || entry.on_match > seq) return;
  findings.error({
    rule: 'invalid-value',
    message: `${what}.on_match goes back to ${entry.on_match} from ${seq}`,
    ranges: [source],
    found: String(entry.on_match),
    expected: `a sequence number above ${seq}`,
    fix: 'name a later entry',
  });
}

type Place = (key: string) => { readonly what: string; readonly source: SourceRange };

function matchOf(match: WrittenMatch, read: AddressReader, place: Place): RouteMapMatch {
  const peer = match.peer ?? null;
  return {
    prefixList: match.prefix_list ?? null,
    ipv6PrefixList: match.ipv6_prefix_list ?? null,
    nextHopPrefixList: match.next_hop_prefix_list ?? null,
    asPathList: match.as_path_list ?? null,
    communityList: match.community_list ?? null,
    communityExact: match.community_exact ?? false,
    largeCommunityList: match.large_community_list ?? null,
    localPreference: match.local_preference ?? null,
    metric: match.metric ?? null,
    origin: match.origin ?? null,
    peer: peer === null || peer === 'local' ? peer : (read.address(peer, place('peer'))?.text ?? null),
    tag: match.tag ?? null,
    sourceProtocol: match.source_protocol ?? null,
  };
}

function setOf(set: WrittenSet, read: AddressReader, place: Place): RouteMapSet {
  const community = listOf(set.community);
  const none = community.length === 1 && community[0] === 'none';
  return {
    localPreference: amountOf(set.local_preference),
    metric: amountOf(set.metric),
    weight: set.weight ?? null,
    origin: set.origin ?? null,
    asPathPrepend: asnsOf(set.as_path_prepend),
    asPathExclude: asnsOf(set.as_path_exclude),
    community: none ? [] : community,
    communityAdditive: set.community_additive ?? false,
    communityNone: none,
    communityDelete: set.community_delete ?? null,
    largeCommunity: listOf(set.large_community),
    largeCommunityAdditive: set.large_community_additive ?? false,
    nextHop: nextHopOf(set.next_hop, 4, read, place('next_hop')),
    ipv6NextHop: nextHopOf(set.ipv6_next_hop, 6, read, place('ipv6_next_hop')),
    tag: set.tag ?? null,
    src: set.src === undefined ? null : (read.address(set.src, place('src'))?.text ?? null),
  };
}

function nextHopOf(
  text: string | undefined,
  family: 4 | 6,
  read: AddressReader,
  place: ReturnType<Place>,
): string | null {
  if (text === undefined) return null;
  if (text === 'peer-address' || (family === 4 && text === 'unchanged')) return text;
  return read.address(text, place, family)?.text ?? null;
}

function amountOf(amount: number | string | undefined): string | null {
  return amount === undefined ? null : String(amount);
}

function listOf(value: string | readonly string[] | undefined): string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : [...value];
}

function asnsOf(value: number | string | readonly number[] | undefined): number[] {
  if (value === undefined) return [];
  if (typeof value === 'number') return [value];
  return typeof value === 'string' ? value.split(' ').map(Number) : [...value];
}

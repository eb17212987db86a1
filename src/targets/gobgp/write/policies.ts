import { contains, type Prefix } from '../../../base/ip.ts';
import type { BgpInstance, PeerOptions } from '../../../model/fabric.ts';
import type { RegexList } from '../../../model/policy.ts';
import { type PrefixSetContext, prefixSetOf } from './prefix-sets.ts';
import { routeMapStatements } from './route-map.ts';
import {
  type Draft,
  matchTable,
  type PolicyProblem,
  prefixMatch,
  type StatementContext,
  statement,
} from './statements.ts';
import { lines, quoted, quotedList } from './toml-values.ts';

export interface NamedSet {
  readonly name: string;
  /** A TOML list. */
  readonly values: string;
}

export interface PolicyContext {
  readonly importPolicies: string;
  readonly exportPolicies: string;
  readonly neighborSets: readonly NamedSet[];
  readonly prefixSets: readonly PrefixSetContext[];
  readonly asPathSets: readonly NamedSet[];
  readonly communitySets: readonly NamedSet[];
  readonly largeCommunitySets: readonly NamedSet[];
  readonly policies: readonly { readonly name: string; readonly statements: readonly StatementContext[] }[];
}

type Direction = 'in' | 'out';

/** Neighbors that want the same policy in one direction; GoBGP's policies are global, so each is bound to its neighbors. */
interface Bundle {
  readonly name: string;
  readonly options: PeerOptions;
  readonly internal: boolean;
  readonly members: string[];
}

/** Everything about policy in gobgp.toml, and what of the model's policies could not be said in it. */
export function policyContext(bgp: BgpInstance): {
  context: PolicyContext;
  problems: readonly PolicyProblem[];
} {
  const draft: Draft = {
    policies: bgp.policies,
    asn: bgp.asn,
    prefixSets: new Map(),
    asPathSets: new Map(),
    communitySets: new Map(),
    largeCommunitySets: new Map(),
    problems: [],
  };
  const bundles = { in: bundlesOf(bgp, 'in'), out: bundlesOf(bgp, 'out') };
  const policiesOf = (direction: Direction) =>
    bundles[direction].map((bundle) => ({
      name: quoted(bundle.name),
      statements: bundleStatements(draft, bundle, direction),
    }));
  const [imports, exports] = [policiesOf('in'), policiesOf('out')];
  const named = (sets: ReadonlyMap<string, readonly string[]>): NamedSet[] =>
    [...sets]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, texts]) => ({ name: quoted(name), values: quotedList(texts) }));
  const context: PolicyContext = {
    importPolicies: quotedList(bundles.in.map(({ name }) => name)),
    exportPolicies: quotedList(bundles.out.map(({ name }) => name)),
    neighborSets: [...bundles.in, ...bundles.out].map(({ name, members }) => ({
      name: quoted(name),
      values: quotedList(members),
    })),
    prefixSets: [...draft.prefixSets.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(prefixSetOf),
    asPathSets: named(draft.asPathSets),
    communitySets: named(draft.communitySets),
    largeCommunitySets: named(draft.largeCommunitySets),
    policies: [...imports, ...exports],
  };
  return { context, problems: draft.problems };
}

/**
 * Neighbors by what they want, in the order of the file; then the listen ranges. A neighbor inside a range that has a policy gets
 * one of its own, if only to accept, since the first policy that decides ends the search.
 */
function bundlesOf(bgp: BgpInstance, direction: Direction): readonly Bundle[] {
  const ranged = bgp.listenRanges.flatMap(({ prefix, peerGroup }) => {
    const group = bgp.peerGroups.find(({ name }) => name === peerGroup);
    return group ? [{ prefix, options: group, internal: group.remoteAs === bgp.asn }] : [];
  });
  const covering: readonly Prefix[] = ranged
    .filter(({ options, internal }) => bundleName(options, internal, direction) !== direction)
    .map(({ prefix }) => prefix);
  const bundles = new Map<string, Bundle>();
  const add = (
    member: string,
    options: PeerOptions,
    internal: boolean,
    wanted: boolean,
    kind: string,
  ): void => {
    const name = bundleName(options, internal, direction) + kind;
    if (!wanted && name === direction + kind) return;
    const bundle = bundles.get(name) ?? { name, options, internal, members: [] };
    bundle.members.push(member);
    bundles.set(name, bundle);
  };
  for (const neighbor of bgp.neighbors) {
    const covered = covering.some((prefix) => contains(prefix, neighbor.address));
    const ownAs = neighbor.localAs?.asn ?? bgp.asn;
    add(neighbor.address.text, neighbor, neighbor.remoteAs === ownAs, covered, '');
  }
  for (const { prefix, options, internal } of ranged) add(prefix.text, options, internal, false, '-range');
  return [...bundles.values()];
}

/** Says what the policy is made of; just the direction where there is nothing to it. */
function bundleName(options: PeerOptions, internal: boolean, direction: Direction): string {
  const parts =
    direction === 'in'
      ? [options.prefixListIn, options.asPathListIn, options.routeMapIn]
      : [nextHopSelf(options, internal), options.prefixListOut, options.asPathListOut, options.routeMapOut];
  return [direction, ...parts.filter((part) => part !== null)].join(':');
}

/** Towards eBGP the next hop is always the own address; a word of its own only where it is not. */
function nextHopSelf({ nextHopSelf: self }: PeerOptions, internal: boolean): string | null {
  if (!internal || self === 'no') return null;
  return self === 'force' ? 'next-hop-self-force' : 'next-hop-self';
}

function bundleStatements(draft: Draft, bundle: Bundle, direction: Direction): StatementContext[] {
  const { name, options } = bundle;
  const [prefixList, asPathList, routeMapName] =
    direction === 'in'
      ? [options.prefixListIn, options.asPathListIn, options.routeMapIn]
      : [options.prefixListOut, options.asPathListOut, options.routeMapOut];
  const statements = [
    ...(direction === 'out' ? selfStatements(bundle) : []),
    ...(prefixList === null ? [] : prefixFilter(draft, name, prefixList)),
    ...(asPathList === null ? [] : asPathFilter(draft, name, asPathList)),
  ];
  if (routeMapName === null)
    return [...statements, statement(`${name}/end`, { neighbors: name, disposition: 'accept-route' })];
  const routeMap = draft.policies.routeMaps.find((each) => each.name === routeMapName);
  // A route-map nobody defines denies everything, as in FRR; the inventory's own rule has said so.
  if (!routeMap)
    return [...statements, statement(`${name}/end`, { neighbors: name, disposition: 'reject-route' })];
  return [...statements, ...routeMapStatements(draft, routeMap, name, name, direction)];
}

/** GoBGP has no next-hop-self: plain means routes learned over eBGP, force means reflected ones too. */
function selfStatements({ name, options, internal }: Bundle): StatementContext[] {
  const kind = nextHopSelf(options, internal);
  if (kind === null) return [];
  const conditions = kind === 'next-hop-self' ? lines([['route-type', quoted('external')]]) : [];
  const actions = lines([['set-next-hop', quoted('self')]]);
  return [statement(`${name}/self`, { neighbors: name, conditions, actions })];
}

/** A list as a filter: what it does not permit is rejected, other families pass. */
function prefixFilter(draft: Draft, policy: string, name: string): StatementContext[] {
  const match = prefixMatch(draft, name, 'invert');
  const family = draft.policies.prefixLists.find((each) => each.name === name)?.family;
  const reject = { neighbors: policy, disposition: 'reject-route' } as const;
  if (match) return [statement(`${policy}/prefixes`, { ...reject, matches: [match] })];
  if (family === undefined) return [statement(`${policy}/prefixes`, reject)];
  const conditions = lines([
    ['afi-safi-in-list', quotedList([family === 4 ? 'ipv4-unicast' : 'ipv6-unicast'])],
  ]);
  return [statement(`${policy}/prefixes`, { ...reject, conditions })];
}

/** First what is denied, then whatever is not permitted; a list that denies after it permitted cannot be said. */
function asPathFilter(draft: Draft, policy: string, name: string): StatementContext[] {
  const list = draft.policies.asPathLists.find((each) => each.name === name);
  const reject = { neighbors: policy, disposition: 'reject-route' } as const;
  if (!list) return [statement(`${policy}/as-path`, reject)];
  const { denied, permitted } = splitList(draft, list);
  const statements: StatementContext[] = [];
  const asPath = (set: string, options: 'any' | 'invert') =>
    matchTable('bgp-conditions.match-as-path-set', 'as-path-set', set, options);
  if (denied.length > 0) {
    draft.asPathSets.set(`${name}/deny`, denied);
    const matches = [asPath(`${name}/deny`, 'any')];
    statements.push(statement(`${policy}/as-path-deny`, { ...reject, matches }));
  }
  if (permitted.length > 0) draft.asPathSets.set(name, permitted);
  const matches = permitted.length > 0 ? [asPath(name, 'invert')] : [];
  return [...statements, statement(`${policy}/as-path`, { ...reject, matches })];
}

function splitList(
  draft: Draft,
  list: RegexList,
): { denied: readonly string[]; permitted: readonly string[] } {
  const lastPermit = list.entries.findLastIndex(({ action }) => action === 'permit');
  // What is denied after the last permit would not be permitted anyway.
  const counted = list.entries.slice(0, lastPermit + 1);
  const firstPermit = counted.findIndex(({ action }) => action === 'permit');
  if (counted.slice(firstPermit).some(({ action }) => action === 'deny')) {
    draft.problems.push({
      message: `as-path list ${list.name} denies after it has permitted`,
      source: list.source,
      fix: 'Put the deny entries first.',
    });
  }
  const regexes = (wanted: 'permit' | 'deny') =>
    counted.filter(({ action }) => action === wanted).map(({ regex }) => regex);
  return { denied: regexes('deny'), permitted: regexes('permit') };
}

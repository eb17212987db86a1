import type { SourceRange } from '../../base/source.ts';
import type { PeerOptions } from '../../model/fabric.ts';
import type { Named, PolicySet } from '../../model/policy.ts';
import { neighborText, type Speaker } from './context.ts';

export type PolicyKind =
  | 'route-map'
  | 'prefix-list'
  | 'as-path list'
  | 'community list'
  | 'large community list';

/** One place where a policy is named. */
export interface PolicyUse {
  readonly kind: PolicyKind;
  readonly name: string;
  readonly at: SourceRange;
  /** Ends the sentence "web01 uses route-map x ...". */
  readonly where: string;
}

export function definitionsOf(policies: PolicySet): readonly (readonly [PolicyKind, readonly Named[]])[] {
  return [
    ['route-map', policies.routeMaps],
    ['prefix-list', policies.prefixLists],
    ['as-path list', policies.asPathLists],
    ['community list', policies.communityLists],
    ['large community list', policies.largeCommunityLists],
  ];
}

/** Every use of a policy name in the BGP instance, its route-maps included. */
export function* policyUses({ bgp }: Speaker): Iterable<PolicyUse> {
  for (const { routeMap, prefix, source } of bgp.networks)
    yield* named('route-map', routeMap, source, `for the network ${prefix.text}`);
  for (const { routeMap, from, source } of bgp.redistribute)
    yield* named('route-map', routeMap, source, `for redistributed ${from} routes`);
  for (const group of bgp.peerGroups) yield* peerUses(group, group.source, `peer group ${group.name}`);
  for (const neighbor of bgp.neighbors) yield* peerUses(neighbor, neighbor.source, neighborText(neighbor));
  yield* routeMapUses(bgp.policies);
}

function* peerUses(peer: PeerOptions, at: SourceRange, who: string): Iterable<PolicyUse> {
  const [received, sent] = [`for what it receives from ${who}`, `for what it sends to ${who}`];
  yield* named('route-map', peer.routeMapIn, at, received);
  yield* named('route-map', peer.routeMapOut, at, sent);
  yield* named('prefix-list', peer.prefixListIn, at, received);
  yield* named('prefix-list', peer.prefixListOut, at, sent);
  yield* named('as-path list', peer.asPathListIn, at, received);
  yield* named('as-path list', peer.asPathListOut, at, sent);
}

function* routeMapUses(policies: PolicySet): Iterable<PolicyUse> {
  for (const { name, entries } of policies.routeMaps) {
    for (const { seq, match, set, call, source } of entries) {
      const where = `in route-map ${name} ${seq}`;
      yield* named('route-map', call, source, where);
      yield* named('prefix-list', match.prefixList, source, where);
      yield* named('prefix-list', match.ipv6PrefixList, source, where);
      yield* named('prefix-list', match.nextHopPrefixList, source, where);
      yield* named('as-path list', match.asPathList, source, where);
      yield* named('community list', match.communityList, source, where);
      yield* named('large community list', match.largeCommunityList, source, where);
      yield* named('community list', set.communityDelete, source, where);
    }
  }
}

function* named(kind: PolicyKind, name: string | null, at: SourceRange, where: string): Iterable<PolicyUse> {
  if (name !== null) yield { kind, name, at, where };
}

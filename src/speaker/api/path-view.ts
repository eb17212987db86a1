import { addressOf } from '../../base/ip.ts';
import type { Path } from '../../bgp/attributes.ts';
import { communityName } from '../../bgp/communities.ts';
import { extendedCommunityText } from '../../bgp/wire/extended-community.ts';
import type { PathView } from './types.ts';

const origins = ['igp', 'egp', 'incomplete'] as const;

/** A path for people and programs. `unnamed`: what a next hop without a name stands for. */
export function pathView(path: Path, unnamed: string | null): PathView {
  return {
    origin: origins[path.origin],
    asPath: path.asPath.text,
    nextHop: path.nextHop?.text ?? unnamed,
    med: path.med,
    localPref: path.localPref,
    aigp: path.aigp ?? null,
    communities: path.communities.map(communityName),
    largeCommunities: path.largeCommunities,
    extendedCommunities: (path.extendedCommunities ?? []).map(extendedCommunityText),
    originatorId: path.originatorId === null ? null : dotted(path.originatorId),
    clusterList: path.clusterList.map(dotted),
    atomicAggregate: path.atomicAggregate,
    aggregator: path.aggregator ? `${path.aggregator.asn} ${dotted(path.aggregator.routerId)}` : null,
    weight: path.weight,
    source: path.source,
    attached: '',
  };
}

export function dotted(id: number): string {
  return addressOf(4, BigInt(id)).text;
}

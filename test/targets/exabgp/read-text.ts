import type { PeerConfig } from '../../../src/bgp/peer-config.ts';
import { readExabgp } from '../../../src/targets/exabgp/read/read.ts';
import type { ReadResult } from '../../../src/targets/target.ts';

export function readText(text: string): ReadResult {
  const file = { path: 'exabgp.conf', text };
  return readExabgp(new Map([['exabgp.conf', file]]), { host: 'lb', version: '4' });
}

/** Everything a neighbor gets, as ExaBGP's words: prefix → attribute → value. */
export type Sent = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function peersOf({ router }: ReadResult): readonly PeerConfig[] {
  const bgp = router?.bgp;
  return bgp ? [...bgp.peers, ...bgp.listenRanges.map(({ peer }) => peer)] : [];
}

/** What goes to the peers of one audience. */
export function sentTo({ router }: ReadResult, { audience, updateSource }: PeerConfig): Sent {
  const own = updateSource && 'text' in updateSource ? updateSource.text : '';
  const entries = (router?.bgp?.originations ?? []).flatMap((one) => {
    if (one.kind !== 'announce' || one.onlyTo !== audience) return [];
    const { attributes } = one;
    const set = attributes.asSet && attributes.asSet.length > 0 ? `( ${attributes.asSet.join(' ')} ) ` : '';
    const words = {
      origin: ['igp', 'egp', 'incomplete'][attributes.origin],
      'as-path': `[ ${attributes.asPath.join(' ')} ${set}]`,
      'next-hop': attributes.nextHop?.text ?? own,
      med: attributes.med,
      'local-preference': attributes.localPref,
      community: attributes.communities.join(' ') || null,
      'large-community': attributes.largeCommunities.join(' ') || null,
      'originator-id': attributes.originatorId?.text,
      'cluster-list': attributes.clusterList?.map(({ text }) => text).join(' ') || null,
      'atomic-aggregate': attributes.atomicAggregate ? 'yes' : null,
      aggregator:
        attributes.aggregator && `${attributes.aggregator.asn}:${attributes.aggregator.routerId.text}`,
    };
    const given = Object.entries(words).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, String(value)]],
    );
    return [[one.prefix.text, Object.fromEntries(given)] as const];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

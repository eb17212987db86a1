import type { Prefix } from '../base/ip.ts';
import type { AsPath, AsSegment } from './as-path.ts';
import { type AsPathTable, internAsPath } from './as-path-table.ts';
import {
  emptyPath,
  type Path,
  type PathData,
  sortedCommunities,
  sortedLargeCommunities,
} from './attributes.ts';
import { parseCommunity, parseLargeCommunity } from './communities.ts';
import type { BgpConfig } from './config.ts';
import { sortedExtendedCommunities } from './extended-communities.ts';
import type { AnnouncedAttributes } from './origination-config.ts';
import { internPath, type PathStore } from './path-store.ts';
import type { Peer } from './peer.ts';
import type { Router } from './router.ts';

/** Path data of an announcement whose attributes were given one by one. Without a next hop it is the own one. */
export function announcedData(attributes: AnnouncedAttributes, store: PathStore): Partial<PathData> {
  const communities = attributes.communities.map(parseCommunity).filter((value) => value !== null);
  const large = attributes.largeCommunities.map(parseLargeCommunity).filter((value) => value !== null);
  const { originatorId, clusterList = [], aggregator } = attributes;
  return {
    origin: attributes.origin,
    asPath: announcedAsPath(attributes, store.asPaths),
    nextHop: attributes.nextHop,
    med: attributes.med,
    localPref: attributes.localPref,
    communities: attributes.inOrder ? communities : sortedCommunities(communities),
    largeCommunities: attributes.inOrder ? large : sortedLargeCommunities(large),
    ...(attributes.extendedCommunities
      ? {
          extendedCommunities: attributes.inOrder
            ? attributes.extendedCommunities
            : sortedExtendedCommunities(attributes.extendedCommunities),
        }
      : {}),
    originatorId: originatorId ? Number(originatorId.value) : null,
    clusterList: clusterList.map(({ value }) => Number(value)),
    ...(attributes.aigp == null ? {} : { aigp: attributes.aigp }),
    atomicAggregate: attributes.atomicAggregate ?? false,
    aggregator: aggregator ? { asn: aggregator.asn, routerId: Number(aggregator.routerId.value) } : null,
    source: 'announce',
  };
}

function announcedAsPath(announced: AnnouncedAttributes, table: AsPathTable): AsPath {
  if (announced.segments) return internAsPath(table, announced.segments);
  const { asPath, asSet = [] } = announced;
  const segments: AsSegment[] = [
    { kind: 'sequence', asns: asPath },
    { kind: 'set', asns: asSet },
  ];
  return internAsPath(
    table,
    segments.filter(({ asns }) => asns.length > 0),
  );
}

/** What an audience is told of a prefix, by path identifier; the one sent last stands last. */
export type AnnouncedPaths = ReadonlyMap<number, Path>;

/** Announcements for some peers only: prefix → audience → paths as sent. A later one replaces an earlier one of the same identifier. */
export function announcementsByPrefix(
  { originations }: BgpConfig,
  store: PathStore,
): ReadonlyMap<string, ReadonlyMap<string, AnnouncedPaths>> {
  const found = new Map<string, Map<string, Map<number, Path>>>();
  for (const one of originations) {
    if (one.kind !== 'announce' || one.onlyTo === undefined || one.unsaid !== undefined) continue;
    const path = internPath(store, { ...emptyPath(store), ...announcedData(one.attributes, store) });
    const audiences = found.get(one.prefix.text) ?? new Map<string, Map<number, Path>>();
    const paths = audiences.get(one.onlyTo) ?? new Map<number, Path>();
    paths.delete(one.pathId ?? 0);
    found.set(one.prefix.text, audiences.set(one.onlyTo, paths.set(one.pathId ?? 0, path)));
  }
  return found;
}

/** All that a router that passes nothing on says to a peer about a prefix. */
export function announcedPaths({ announced }: Router, peer: Peer, prefix: Prefix): readonly Path[] {
  const { audience } = peer.config;
  const paths = audience === undefined ? undefined : announced.get(prefix.text)?.get(audience);
  return paths ? [...paths.values()] : [];
}

/** What is left of it where one path goes over the session; null: nothing. */
export function announcedTo(router: Router, peer: Peer, prefix: Prefix): Path | null {
  return announcedPaths(router, peer, prefix).at(-1) ?? null;
}

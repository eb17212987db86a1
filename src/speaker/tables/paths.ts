import type { Address } from '../../base/ip.ts';
import { internAsPath } from '../../bgp/as-path-table.ts';
import { type Path, sortedCommunities, sortedLargeCommunities } from '../../bgp/attributes.ts';
import { internPath, type PathStore } from '../../bgp/path-store.ts';
import { wholeAs } from '../../bgp/wire/as4.ts';
import { type Attributes, encodeAttributes, type UnknownAttribute } from '../../bgp/wire/attributes.ts';
import type { Negotiated } from '../../bgp/wire/negotiated.ts';
import { ByteReader } from '../../bgp/wire/reader.ts';
import { attributeFlag } from '../../bgp/wire/registry.ts';
import { ByteWriter } from '../../bgp/wire/writer.ts';

/** The attributes of an UPDATE as the router core knows them, interned. */
export function pathFrom(
  store: PathStore,
  attributes: Attributes,
  nextHop: Address | null,
  session: Negotiated,
): Path {
  const { communities, largeCommunities, extendedCommunities } = attributes;
  const { asPath = none, aggregator = null } = session.fourOctetAs ? attributes : wholeAs(attributes);
  // Every field, always in the same order: one shape for all of them.
  return internPath(store, {
    origin: attributes.origin ?? 2,
    asPath: internAsPath(store.asPaths, asPath),
    nextHop,
    med: attributes.med ?? null,
    localPref: attributes.localPref ?? null,
    communities: communities ? sortedCommunities(communities) : none,
    largeCommunities: largeCommunities ? sortedLargeCommunities(largeCommunities) : none,
    originatorId: attributes.originatorId ?? null,
    clusterList: attributes.clusterList ?? none,
    atomicAggregate: attributes.atomicAggregate ?? false,
    aggregator,
    weight: 0,
    tag: 0,
    interface: null,
    source: 'learned',
    nextHopByPolicy: 'no',
    medByPolicy: false,
    originUnset: false,
    extendedCommunities: extendedCommunities ? [...new Set(extendedCommunities)].sort() : none,
    carried: carriedOf(attributes),
    aigp: attributes.aigp === undefined ? null : Number(attributes.aigp),
    otc: attributes.onlyToCustomer ?? null,
  });
}

const none: readonly never[] = [];

/** Everything the core does not decide on, as it lies on the wire; a router that does not understand it says so (Partial). */
export function carriedOf(attributes: Attributes): string {
  const { unknown, pmsiTunnel, ipv6ExtendedCommunities } = attributes;
  if (!unknown && !pmsiTunnel && !ipv6ExtendedCommunities) return '';
  const writer = new ByteWriter();
  const partial = unknown?.map(
    (one): UnknownAttribute => ({ ...one, flags: one.flags | attributeFlag.partial }),
  );
  const kept: Attributes = {
    ...(partial ? { unknown: partial } : {}),
    ...(pmsiTunnel ? { pmsiTunnel } : {}),
    ...(ipv6ExtendedCommunities ? { ipv6ExtendedCommunities } : {}),
  };
  encodeAttributes(writer, kept, anySession);
  return String.fromCharCode(...writer.view());
}

/** What is carried has no number whose size hangs on the session. */
const anySession: Negotiated = {
  fourOctetAs: true,
  families: new Set(),
  addPathReceive: new Set(),
  addPathSend: new Set(),
  extendedNextHop: new Set(),
  maxLength: 65535,
};

/** A path as it is sent, without its next hop; `extended`: does the peer get extended communities? */
export function attributesOf(path: Path, session: Negotiated, extended: boolean): Attributes {
  const { asPath, med, localPref, originatorId, aggregator } = path;
  const four = session.fourOctetAs;
  const wide = !four && asPath.asns.some((asn) => asn > 0xffff);
  return {
    origin: path.origin,
    asPath: asPath.segments,
    ...(med === null ? {} : { med }),
    ...(localPref === null ? {} : { localPref }),
    ...(path.atomicAggregate ? { atomicAggregate: true as const } : {}),
    ...(aggregator ? { aggregator } : {}),
    ...(path.communities.length > 0 ? { communities: path.communities } : {}),
    ...(originatorId === null ? {} : { originatorId }),
    ...(path.clusterList.length > 0 ? { clusterList: path.clusterList } : {}),
    ...(extended && path.extendedCommunities?.length
      ? { extendedCommunities: path.extendedCommunities }
      : {}),
    ...(path.largeCommunities.length > 0 ? { largeCommunities: path.largeCommunities } : {}),
    // RFC 6793 4.2.2: confederation segments stay out of AS4_PATH.
    ...(wide ? { as4Path: asPath.segments.filter(({ kind }) => !kind.startsWith('confed')) } : {}),
    ...(!four && aggregator && aggregator.asn > 0xffff ? { as4Aggregator: aggregator } : {}),
    ...(path.aigp == null ? {} : { aigp: metricOf(path.aigp) }),
    ...(path.otc === null || path.otc === undefined ? {} : { onlyToCustomer: path.otc }),
    ...(path.carried ? { unknown: carriedAttributes(path.carried) } : {}),
  };
}

/** Metrics are exact up to 2^53; what was added to the largest one stays the largest (RFC 7311 3.4). */
function metricOf(aigp: number): bigint {
  const metric = BigInt(aigp);
  return metric < LARGEST_METRIC ? metric : LARGEST_METRIC;
}

const LARGEST_METRIC = 0xffff_ffff_ffff_ffffn;

function carriedAttributes(carried: string): readonly UnknownAttribute[] {
  const reader = new ByteReader(Uint8Array.from(carried, (octet) => octet.charCodeAt(0)));
  const list: UnknownAttribute[] = [];
  while (reader.left > 0) {
    const flags = reader.u8();
    const code = reader.u8();
    const length = flags & attributeFlag.extendedLength ? reader.u16() : reader.u8();
    list.push({ code, flags, value: reader.take(length) });
  }
  return list;
}

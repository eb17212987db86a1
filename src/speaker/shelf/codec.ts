import { type Address, addressOf } from '../../base/ip.ts';
import type { AsPath } from '../../bgp/as-path.ts';
import { prependAs } from '../../bgp/as-path-table.ts';
import { type Path, sortedCommunities } from '../../bgp/attributes.ts';
import { internPath, type PathStore } from '../../bgp/path-store.ts';
import type { Origin } from '../../bgp/policy/types.ts';
import { decodeAttributes, encodeAttributes } from '../../bgp/wire/attributes.ts';
import type { Negotiated } from '../../bgp/wire/negotiated.ts';
import { attributeCode, attributeFlag, segmentType } from '../../bgp/wire/registry.ts';
import type { ByteWriter } from '../../bgp/wire/writer.ts';
import { attributesOf, pathFrom } from '../tables/paths.ts';

/** Paths lie on the shelf as in an UPDATE of a session with 4-octet AS numbers, whatever session they came from. */
export const shelfSession: Negotiated = {
  fourOctetAs: true,
  families: new Set(),
  addPathReceive: new Set(),
  addPathSend: new Set(),
  extendedNextHop: new Set(),
  maxLength: 65535,
};

/** Do the attributes of an UPDATE say all there is to say of a path? What is local to this router they do not, and neither does a path whose AS_PATH was emptied. */
export function isPlain(store: PathStore, path: Path): boolean {
  return (
    path.source === 'learned' &&
    path.weight === 0 &&
    path.tag === 0 &&
    path.nextHopByPolicy === 'no' &&
    path.asPath !== store.asPaths.emptied &&
    !path.medByPolicy &&
    !path.originUnset &&
    !path.interface &&
    !path.destination &&
    !path.distance &&
    !path.emptyLists
  );
}

/** Attributes in the order of their codes; an IPv6 next hop, which has no attribute of its own, behind them. */
export function writePath(writer: ByteWriter, path: Path): void {
  if (isUsual(path)) writeUsual(writer, path);
  else writeAny(writer, path);
}

function writeAny(writer: ByteWriter, path: Path): void {
  const attributes = attributesOf(path, shelfSession, true);
  const { nextHop } = path;
  encodeAttributes(writer, nextHop?.family === 4 ? { ...attributes, nextHop } : attributes, shelfSession);
  if (nextHop?.family === 6) writer.u64(nextHop.value >> 64n).u64(nextHop.value & 0xffff_ffff_ffff_ffffn);
}

export function readPath(store: PathStore, bytes: Uint8Array, ipv6NextHop: boolean): Path {
  const end = ipv6NextHop ? bytes.length - 16 : bytes.length;
  const plain = ipv6NextHop ? null : readUsual(store, bytes);
  if (plain) return plain;
  const { attributes } = decodeAttributes(bytes.subarray(0, end), shelfSession);
  const nextHop = ipv6NextHop ? addressOf(6, ipv6Value(bytes.subarray(end))) : (attributes.nextHop ?? null);
  return pathFrom(store, attributes, nextHop, shelfSession);
}

/** Has it nothing but what `writeUsual` writes? */
function isUsual(path: Path): boolean {
  const { asPath, communities, nextHop } = path;
  return (
    (asPath.rest !== null || asPath.count === 0) &&
    asPath.count <= MOST_USUAL &&
    communities.length <= MOST_USUAL &&
    nextHop?.family !== 6 &&
    !path.atomicAggregate &&
    path.aggregator === null &&
    path.largeCommunities.length === 0 &&
    path.originatorId === null &&
    path.clusterList.length === 0 &&
    (path.extendedCommunities?.length ?? 0) === 0 &&
    !path.carried &&
    path.aigp == null &&
    path.otc == null
  );
}

/** Numbers that fit into an attribute whose length has one octet. */
const MOST_USUAL = 60;

/** The same octets as `writeAny`, for the attributes that nearly all paths have. */
function writeUsual(writer: ByteWriter, path: Path): void {
  const { asPath, nextHop, med, localPref, communities } = path;
  head(writer, attributeFlag.transitive, attributeCode.origin, 1).u8(path.origin);
  head(writer, attributeFlag.transitive, attributeCode.asPath, asPath.count === 0 ? 0 : 2 + asPath.count * 4);
  if (asPath.count > 0) writer.u8(segmentType.sequence).u8(asPath.count);
  for (let at: AsPath = asPath; at.rest !== null; at = at.rest) writer.u32(at.neighborAs);
  if (nextHop) head(writer, attributeFlag.transitive, attributeCode.nextHop, 4).u32(Number(nextHop.value));
  if (med !== null) head(writer, attributeFlag.optional, attributeCode.med, 4).u32(med);
  if (localPref !== null) head(writer, attributeFlag.transitive, attributeCode.localPref, 4).u32(localPref);
  if (communities.length === 0) return;
  const flags = attributeFlag.optional | attributeFlag.transitive;
  head(writer, flags, attributeCode.communities, communities.length * 4);
  for (let i = 0; i < communities.length; i++) writer.u32(communities[i] ?? 0);
}

function head(writer: ByteWriter, flags: number, code: number, length: number): ByteWriter {
  return writer.u8(flags).u8(code).u8(length);
}

/** The attributes that nearly all paths have, read without a check: octets on the shelf were checked before. null: there are others. */
function readUsual(store: PathStore, bytes: Uint8Array): Path | null {
  let origin: Origin = 2;
  let asPath = store.asPaths.empty;
  let nextHop: Address | null = null;
  let med: number | null = null;
  let localPref: number | null = null;
  let communities: readonly number[] = none;
  for (let at = 0; at < bytes.length; ) {
    if ((bytes[at] ?? 0) & attributeFlag.extendedLength) return null;
    const length = bytes[at + 2] ?? 0;
    const value = at + 3;
    switch (bytes[at + 1]) {
      case attributeCode.origin:
        origin = bytes[value] === 0 ? 0 : bytes[value] === 1 ? 1 : 2;
        break;
      case attributeCode.asPath: {
        const one =
          length === 0 ||
          (bytes[value] === segmentType.sequence && (bytes[value + 1] ?? 0) * 4 + 2 === length);
        if (!one) return null;
        for (let last = value + length - 4; last > value; last -= 4)
          asPath = prependAs(store.asPaths, asPath, word(bytes, last));
        break;
      }
      case attributeCode.nextHop:
        nextHop = ipv4Address(word(bytes, value));
        break;
      case attributeCode.med:
        med = word(bytes, value);
        break;
      case attributeCode.localPref:
        localPref = word(bytes, value);
        break;
      case attributeCode.communities:
        communities = sortedCommunities(words(bytes, value, length));
        break;
      default:
        return null;
    }
    at = value + length;
  }
  return internPath(store, { ...usual, origin, asPath, nextHop, med, localPref, communities });
}

const none: readonly never[] = [];

const usual = {
  largeCommunities: none,
  originatorId: null,
  clusterList: none,
  atomicAggregate: false,
  aggregator: null,
  weight: 0,
  tag: 0,
  source: 'learned',
  nextHopByPolicy: 'no',
} as const;

function word(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)) >>>
    0
  );
}

function words(bytes: Uint8Array, start: number, length: number): number[] {
  const list: number[] = [];
  for (let at = start; at < start + length; at += 4) list.push(word(bytes, at));
  return list;
}

/** The last address once more: peers name few. */
let lastAddress = addressOf(4, 0n);

function ipv4Address(value: number): Address {
  if (Number(lastAddress.value) !== value) lastAddress = addressOf(4, BigInt(value));
  return lastAddress;
}

function ipv6Value(octets: Uint8Array): bigint {
  return octets.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

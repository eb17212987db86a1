import { addressOf } from '../../base/ip.ts';
import type { Path, PathStore } from '../../bgp/attributes.ts';
import { decodeAttributes, encodeAttributes } from '../../bgp/wire/attributes.ts';
import type { Negotiated } from '../../bgp/wire/negotiated.ts';
import type { ByteWriter } from '../../bgp/wire/writer.ts';
import { attributesOf, pathFrom } from '../paths.ts';

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
    !path.emptyLists &&
    path.aigp == null
  );
}

/** Attributes in the order of their codes; an IPv6 next hop, which has no attribute of its own, behind them. */
export function writePath(writer: ByteWriter, path: Path): void {
  const attributes = attributesOf(path, shelfSession, true);
  const { nextHop } = path;
  encodeAttributes(writer, nextHop?.family === 4 ? { ...attributes, nextHop } : attributes, shelfSession);
  if (nextHop?.family === 6) writer.u64(nextHop.value >> 64n).u64(nextHop.value & 0xffff_ffff_ffff_ffffn);
}

export function readPath(store: PathStore, bytes: Uint8Array, ipv6NextHop: boolean): Path {
  const end = ipv6NextHop ? bytes.length - 16 : bytes.length;
  const { attributes } = decodeAttributes(bytes.subarray(0, end), shelfSession);
  const nextHop = ipv6NextHop ? addressOf(6, ipv6Value(bytes.subarray(end))) : (attributes.nextHop ?? null);
  return pathFrom(store, attributes, nextHop, shelfSession);
}

function ipv6Value(octets: Uint8Array): bigint {
  return octets.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

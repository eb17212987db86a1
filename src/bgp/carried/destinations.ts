import { isFault } from '../wire/fault.ts';
import type { FamilyKey } from '../wire/negotiated.ts';
import { decodeNlri, encodeNlri, type Nlri } from '../wire/nlri/index.ts';
import { nlriText } from '../wire/nlri/text.ts';
import { ByteWriter } from '../wire/writer.ts';
import { joinNlri, splitNlri } from './attached.ts';

/** One route of a field: the destination by its name, the path identifier, and what of the NLRI belongs to the path. */
export interface CarriedNlri {
  /** The NLRI with nothing attached, as it lies on the wire, an octet a character. */
  readonly key: string;
  readonly bare: Nlri;
  readonly pathId: number;
  readonly attached: string;
}

/**
 * The routes in a field of a family that is passed on; null where it is malformed (RFC 7606 5.3). EVPN routes of types that nobody knows here are passed over
 * (RFC 7606 5.4).
 */
export function readCarried(
  family: FamilyKey,
  bytes: Uint8Array,
  addPath: boolean,
): readonly CarriedNlri[] | null {
  const list = decodeNlri(bytes, family, addPath);
  if (isFault(list)) return null;
  return list.flatMap((nlri) => {
    const split = splitNlri(nlri);
    if (!split) return [];
    return { ...split, key: keyOf(family, split.bare), pathId: nlri.pathId ?? 0 };
  });
}

/** The name of a destination with nothing attached. */
export function keyOf(family: FamilyKey, nlri: Nlri): string {
  const writer = new ByteWriter(64);
  encodeNlri(writer, [nlri], family, false);
  return String.fromCharCode(...writer.view());
}

/** Writes a route as it is announced; `attached` null: as it is withdrawn. */
export function writeCarried(
  writer: ByteWriter,
  family: FamilyKey,
  bare: Nlri,
  attached: string | null,
  pathId: number | null,
): void {
  const nlri = attached === null ? bare : joinNlri(bare, attached);
  encodeNlri(writer, [{ ...nlri, pathId }], family, pathId !== null);
}

/** The destination in one line, as people know it. */
export function carriedText(bare: Nlri): string {
  return nlriText(bare);
}

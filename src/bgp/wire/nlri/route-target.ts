import type { Asn } from '../../../base/asn.ts';
import type { NlriCodec } from './row.ts';

/** Which route targets the sender wants (RFC 4684 section 4): all, all of an AS, or one. */
export interface RouteTargetNlri {
  readonly kind: 'route-target';
  readonly pathId: number | null;
  /** null: the default, every route target. */
  readonly originAs: Asn | null;
  /** The route target, 16 hexadecimal digits, as far as `length` bits of it count. */
  readonly target: string;
  /** Bits of the target: 0 to 64. */
  readonly length: number;
}

export const routeTargetCodec: NlriCodec<RouteTargetNlri> = {
  decode: (reader, addPath) => {
    const pathId = addPath ? reader.u32() : null;
    const bits = reader.u8();
    if (bits === 0) return { kind: 'route-target', pathId, originAs: null, target: '', length: 0 };
    // RFC 4684: the origin AS is always whole.
    if (bits < 32 || bits > 96) return null;
    const originAs = reader.u32();
    const octets = reader.take((bits - 32 + 7) >> 3);
    const target = Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
    return { kind: 'route-target', pathId, originAs, target, length: bits - 32 };
  },
  encode: (writer, { pathId, originAs, target, length }, addPath) => {
    if (addPath) writer.u32(pathId ?? 0);
    if (originAs === null) {
      writer.u8(0);
      return;
    }
    writer.u8(32 + length).u32(originAs);
    for (let at = 0; at < target.length; at += 2) writer.u8(Number.parseInt(target.slice(at, at + 2), 16));
  },
};

import type { IpFamily, Prefix } from '../../../base/ip.ts';
import { decodeDistinguisher, encodeDistinguisher, type RouteDistinguisher } from './distinguisher.ts';
import { decodeLabels, encodeLabels } from './labels.ts';
import { readBits, writeBits } from './prefix.ts';
import type { NlriCodec } from './row.ts';

/** A prefix with labels (RFC 8277); with a route distinguisher it is a VPN's (RFC 4364 4.3.4, RFC 4659 3.2). */
export interface LabeledNlri {
  readonly kind: 'labeled';
  readonly pathId: number | null;
  readonly labels: readonly number[];
  readonly distinguisher: RouteDistinguisher | null;
  readonly prefix: Prefix;
}

/** The length counts the bits of labels, distinguisher and prefix together. */
export function labeledCodec(family: IpFamily, distinguished: boolean): NlriCodec<LabeledNlri> {
  return {
    decode: (reader, addPath) => {
      const pathId = addPath ? reader.u32() : null;
      const bits = reader.u8();
      const body = reader.sub((bits + 7) >> 3);
      const start = body.position;
      const labels = decodeLabels(body);
      const distinguisher = distinguished ? decodeDistinguisher(body) : null;
      if (labels === null || (distinguished && distinguisher === null) || body.short) return null;
      const length = bits - (body.position - start) * 8;
      const prefix = readBits(body, family, length);
      return prefix && { kind: 'labeled', pathId, labels, distinguisher, prefix };
    },
    encode: (writer, { pathId, labels, distinguisher, prefix }, addPath) => {
      if (addPath) writer.u32(pathId ?? 0);
      writer.u8(labels.length * 24 + (distinguisher ? 64 : 0) + prefix.length);
      encodeLabels(writer, labels);
      if (distinguisher) encodeDistinguisher(writer, distinguisher);
      writeBits(writer, prefix);
    },
  };
}

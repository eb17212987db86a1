import { AS_TRANS } from '../../../base/asn.ts';
import type { AsSegment, AsSegmentKind } from '../../as-path.ts';
import type { ByteReader } from '../reader.ts';
import { attributeCode, attributeFlag, segmentType, updateError } from '../registry.ts';
import type { ByteWriter } from '../writer.ts';
import type { AttributeRow } from './row.ts';

const kinds = new Map<number, AsSegmentKind>([
  [segmentType.set, 'set'],
  [segmentType.sequence, 'sequence'],
  [segmentType.confedSequence, 'confed-sequence'],
  [segmentType.confedSet, 'confed-set'],
]);

const types: Readonly<Record<AsSegmentKind, number>> = {
  set: segmentType.set,
  sequence: segmentType.sequence,
  'confed-sequence': segmentType.confedSequence,
  'confed-set': segmentType.confedSet,
};

/** RFC 4271 4.3: the number of ASes of a segment has one octet. */
const MAX_SEGMENT = 255;

/** RFC 7606 7.2: an unknown type, an empty segment, one that does not end with the attribute; RFC 7607: AS 0. */
function decodeSegments(reader: ByteReader, fourOctets: boolean): readonly AsSegment[] | null {
  const segments: AsSegment[] = [];
  while (reader.left > 0) {
    const kind = kinds.get(reader.u8());
    const count = reader.u8();
    if (kind === undefined || count === 0 || count * (fourOctets ? 4 : 2) > reader.left) return null;
    const asns: number[] = [];
    for (let i = 0; i < count; i++) {
      const asn = fourOctets ? reader.u32() : reader.u16();
      if (asn === 0) return null;
      asns.push(asn);
    }
    segments.push({ kind, asns });
  }
  return merged(segments);
}

/** A sequence longer than an octet can count comes in pieces; it is one all the same. */
function merged(segments: readonly AsSegment[]): readonly AsSegment[] {
  const whole: AsSegment[] = [];
  for (const segment of segments) {
    const last = whole.at(-1);
    if (
      last &&
      last.kind === segment.kind &&
      segment.kind.endsWith('sequence') &&
      last.asns.length % MAX_SEGMENT === 0
    )
      whole[whole.length - 1] = { kind: last.kind, asns: [...last.asns, ...segment.asns] };
    else whole.push(segment);
  }
  return whole;
}

function encodeSegments(writer: ByteWriter, segments: readonly AsSegment[], fourOctets: boolean): void {
  for (const { kind, asns } of segments) {
    for (let at = 0; at < asns.length; at += MAX_SEGMENT) {
      const piece = asns.slice(at, at + MAX_SEGMENT);
      writer.u8(types[kind]).u8(piece.length);
      for (const asn of piece) {
        if (fourOctets) writer.u32(asn);
        else writer.u16(asn > 0xffff ? AS_TRANS : asn);
      }
    }
  }
}

/** RFC 4271 5.1.2; 4 octets an AS where the session has them (RFC 6793). */
export const asPath: AttributeRow<readonly AsSegment[]> = {
  code: attributeCode.asPath,
  title: 'AS_PATH',
  flags: attributeFlag.transitive,
  malformed: 'treat-as-withdraw',
  subcode: updateError.malformedAsPath,
  decode: (reader, { fourOctetAs }) => decodeSegments(reader, fourOctetAs),
  encode: (writer, segments, { fourOctetAs }) => encodeSegments(writer, segments, fourOctetAs),
};

/** RFC 6793 section 6: what a 2-octet speaker carries along; a malformed one is discarded. */
export const as4Path: AttributeRow<readonly AsSegment[]> = {
  code: attributeCode.as4Path,
  title: 'AS4_PATH',
  flags: attributeFlag.optional | attributeFlag.transitive,
  malformed: 'attribute-discard',
  decode: (reader) => decodeSegments(reader, true),
  encode: (writer, segments) => encodeSegments(writer, segments, true),
};

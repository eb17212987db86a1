import { AS_TRANS, type Asn } from '../../../base/asn.ts';
import { attributeCode, attributeFlag } from '../registry.ts';
import type { AttributeRow } from './row.ts';

export interface Aggregator {
  readonly asn: Asn;
  readonly routerId: number;
}

const flags = attributeFlag.optional | attributeFlag.transitive;

/** RFC 4271 5.1.7, RFC 7606 7.7; AS 0 makes it malformed (RFC 7607). */
export const aggregator: AttributeRow<Aggregator> = {
  code: attributeCode.aggregator,
  title: 'AGGREGATOR',
  flags,
  malformed: 'attribute-discard',
  decode: (reader, { fourOctetAs }) => {
    const asn = fourOctetAs ? reader.u32() : reader.u16();
    return asn === 0 ? null : { asn, routerId: reader.u32() };
  },
  encode: (writer, { asn, routerId }, { fourOctetAs }) => {
    if (fourOctetAs) writer.u32(asn);
    else writer.u16(asn > 0xffff ? AS_TRANS : asn);
    writer.u32(routerId);
  },
};

/** RFC 6793 section 6. */
export const as4Aggregator: AttributeRow<Aggregator> = {
  code: attributeCode.as4Aggregator,
  title: 'AS4_AGGREGATOR',
  flags,
  malformed: 'attribute-discard',
  decode: (reader) => {
    const asn = reader.u32();
    return asn === 0 ? null : { asn, routerId: reader.u32() };
  },
  encode: (writer, { asn, routerId }) => writer.u32(asn).u32(routerId),
};

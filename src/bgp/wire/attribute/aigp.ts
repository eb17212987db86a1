import { attributeCode, attributeFlag } from '../registry.ts';
import type { AttributeRow } from './row.ts';

/** RFC 7311 section 3: TLV 1, 11 octets with its head, holds the accumulated metric. Other TLVs are passed over. */
const METRIC_TYPE = 1;
const METRIC_LENGTH = 11;

/** RFC 7311; a malformed one is discarded (section 3.2). */
export const aigp: AttributeRow<bigint> = {
  code: attributeCode.aigp,
  title: 'AIGP',
  flags: attributeFlag.optional,
  malformed: 'attribute-discard',
  decode: (reader) => {
    let metric: bigint | null = null;
    while (reader.left > 0) {
      const type = reader.u8();
      const length = reader.u16();
      if (length < 3) return null;
      const value = reader.sub(length - 3);
      if (type !== METRIC_TYPE) continue;
      if (length !== METRIC_LENGTH) return null;
      // The first one counts (section 3).
      metric ??= value.u64();
    }
    return metric;
  },
  encode: (writer, metric) => writer.u8(METRIC_TYPE).u16(METRIC_LENGTH).u64(metric),
};

import type { ByteReader } from '../reader.ts';
import type { ByteWriter } from '../writer.ts';

/** RFC 8277 2.2: on a withdrawal the label says nothing; some senders write 0x800000. */
const WITHDRAWN = 0x800000;
/** More labels than any stack has: a hostile field must not make a long list. */
const MOST_LABELS = 16;

/** A stack of 20-bit labels, each in 3 octets, the last with the bottom-of-stack bit (RFC 8277 2.3). null: it does not end. */
export function decodeLabels(reader: ByteReader): readonly number[] | null {
  const labels: number[] = [];
  while (labels.length < MOST_LABELS && !reader.short) {
    const word = reader.u24();
    labels.push(word >>> 4);
    if ((word & 1) === 1 || word === WITHDRAWN || word === 0) return labels;
  }
  return null;
}

export function encodeLabels(writer: ByteWriter, labels: readonly number[]): void {
  labels.forEach((label, place) => {
    const bottom = place === labels.length - 1;
    const withdrawn = label === WITHDRAWN >>> 4 && bottom;
    writer.u24(withdrawn ? WITHDRAWN : label === 0 && bottom ? 0 : (label << 4) | (bottom ? 1 : 0));
  });
}

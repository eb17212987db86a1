import type { ByteReader } from '../reader.ts';
import type { ByteWriter } from '../writer.ts';

/** RFC 8277 2.4: on a withdrawal the label says nothing; senders write 0x800000, older ones 0, and neither has the bottom-of-stack bit. */
const WITHDRAWN = 0x800000;
/** More labels than any stack has: a hostile field must not make a long list. */
const MOST_LABELS = 16;

/** A stack of 20-bit labels, each in 3 octets, the last with the bottom-of-stack bit (RFC 8277 2.3). null: it does not end. */
export function decodeLabels(reader: ByteReader): readonly number[] | null {
  const labels: number[] = [];
  while (labels.length < MOST_LABELS && !reader.short) {
    const word = reader.u24();
    const label = word >>> 4;
    labels.push(label);
    // Label 0 (explicit null) stands at the bottom (RFC 3032 2.1), whatever its bit says; so does what marks a withdrawal.
    if ((word & 1) === 1 || label === WITHDRAWN >>> 4 || label === 0) return labels;
  }
  return null;
}

export function encodeLabels(writer: ByteWriter, labels: readonly number[]): void {
  labels.forEach((label, place) => {
    const bottom = place === labels.length - 1;
    const withdrawn = label === WITHDRAWN >>> 4 && bottom;
    writer.u24(withdrawn ? WITHDRAWN : (label << 4) | (bottom ? 1 : 0));
  });
}

import type { Outcome } from '../fault.ts';
import type { Negotiated } from '../negotiated.ts';
import type { ByteReader } from '../reader.ts';
import type { ByteWriter } from '../writer.ts';

/** One path attribute: all that the UPDATE loop has to know of it. */
export interface AttributeRow<Value> {
  readonly code: number;
  /** As the RFC writes it, for messages. */
  readonly title: string;
  /** Optional and Transitive as the RFC wants them. */
  readonly flags: number;
  /** What a malformed one means (RFC 7606 section 7, or the attribute's own RFC). */
  readonly malformed: Outcome;
  /** Subcode of the NOTIFICATION where the value, not the length, is wrong. */
  readonly subcode?: number;
  /** The reader holds exactly the value; null, octets left over or too few: malformed. */
  decode(reader: ByteReader, session: Negotiated): Value | null;
  encode(writer: ByteWriter, value: Value, session: Negotiated): void;
}

import type { ByteReader } from '../reader.ts';
import type { ByteWriter } from '../writer.ts';

/** One capability of the OPEN message (RFC 5492). */
export interface CapabilityRow<Value> {
  readonly code: number;
  /** The reader holds exactly the value; null: malformed, and the capability counts as not sent (RFC 5492 section 3). */
  decode(reader: ByteReader): Value | null;
  encode(writer: ByteWriter, value: Value): void;
}

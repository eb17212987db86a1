import type { ByteReader } from '../reader.ts';
import type { ByteWriter } from '../writer.ts';

/** How the destinations of one address family lie in a field. */
export interface NlriCodec<Nlri> {
  /** Reads one; null: malformed. Reading past the end leaves `short` on the reader. */
  decode(reader: ByteReader, addPath: boolean): Nlri | null;
  encode(writer: ByteWriter, nlri: Nlri, addPath: boolean): void;
}

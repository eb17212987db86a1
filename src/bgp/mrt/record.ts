import { ByteReader } from '../wire/reader.ts';
import { ByteWriter } from '../wire/writer.ts';
import { type Bgp4mp, decodeBgp4mp, encodeBgp4mp } from './bgp4mp.ts';
import { decodeTableDump, encodeTableDump, type TableDump } from './table-dump.ts';
import { mrtType } from './types.ts';

/** One record of an MRT file (RFC 6396), the form in which routes travel between tools. */
export interface MrtRecord {
  /** Seconds since 1970, and the microseconds of the extended form (section 3). */
  readonly seconds: number;
  readonly microseconds: number | null;
  readonly content: TableDump | Bgp4mp | UnknownRecord;
}

/** A type that is not read here. */
export interface UnknownRecord {
  readonly kind: 'unknown';
  readonly type: number;
  readonly subtype: number;
  readonly body: Uint8Array;
}

export type MrtResult =
  | { readonly record: MrtRecord; readonly next: number }
  /** The file ends in the middle of a record, or one is malformed: where, and why. */
  | { readonly problem: string; readonly at: number };

/** No record is larger; a length beyond it is that of a file that is no MRT. */
const MOST_LENGTH = 16 << 20;
const HEAD = 12;

/** Reads the record that begins at `at`; null at the end of the file. Never throws. */
export function readMrtRecord(bytes: Uint8Array, at: number): MrtResult | null {
  if (at >= bytes.length) return null;
  const head = new ByteReader(bytes, at, at + HEAD);
  const [seconds, type, subtype, length] = [head.u32(), head.u16(), head.u16(), head.u32()];
  if (head.short) return { problem: 'the file ends in the head of a record', at };
  const end = at + HEAD + length;
  if (length > MOST_LENGTH) return { problem: `a record of ${length} octets: this is no MRT file`, at };
  if (end > bytes.length) return { problem: 'the file ends in the middle of a record', at };
  const body = new ByteReader(bytes, at + HEAD, end);
  const microseconds = type === mrtType.bgp4mpEt ? body.u32() : null;
  const content = decodeContent(type, subtype, body);
  if (content === null || body.short)
    return { problem: `a record of type ${type}, subtype ${subtype} is malformed`, at };
  return { record: { seconds, microseconds, content }, next: end };
}

function decodeContent(type: number, subtype: number, body: ByteReader): MrtRecord['content'] | null {
  const known =
    type === mrtType.tableDumpV2
      ? decodeTableDump(subtype, body)
      : type === mrtType.bgp4mp || type === mrtType.bgp4mpEt
        ? decodeBgp4mp(subtype, body)
        : undefined;
  if (known !== undefined) return known;
  return { kind: 'unknown', type, subtype, body: body.rest().slice() };
}

export function writeMrtRecord(writer: ByteWriter, { seconds, microseconds, content }: MrtRecord): void {
  const body = new ByteWriter();
  const { type, subtype } = encodeContent(body, content, microseconds);
  writer.u32(seconds).u16(type).u16(subtype).u32(body.length).put(body.view());
}

function encodeContent(
  body: ByteWriter,
  content: MrtRecord['content'],
  microseconds: number | null,
): { readonly type: number; readonly subtype: number } {
  switch (content.kind) {
    case 'peer-index-table':
    case 'rib':
      return { type: mrtType.tableDumpV2, subtype: encodeTableDump(body, content) };
    case 'message':
    case 'state-change': {
      if (microseconds !== null) body.u32(microseconds);
      const type = microseconds === null ? mrtType.bgp4mp : mrtType.bgp4mpEt;
      return { type, subtype: encodeBgp4mp(body, content) };
    }
    case 'unknown':
      if (microseconds !== null) body.u32(microseconds);
      body.put(content.body);
      return content;
  }
}

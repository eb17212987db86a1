import type { Asn } from '../../base/asn.ts';
import type { Address, IpFamily, Prefix } from '../../base/ip.ts';
import { decodePrefix, encodePrefix } from '../wire/nlri/prefix.ts';
import type { ByteReader } from '../wire/reader.ts';
import type { ByteWriter } from '../wire/writer.ts';
import { readAddress, writeAddress } from './addresses.ts';
import { tableDumpSubtype } from './types.ts';

/** RFC 6396 4.3: the peers first, then one record a destination that names them by place. */
export type TableDump = PeerIndexTable | RibRecord;

export interface PeerIndexTable {
  readonly kind: 'peer-index-table';
  readonly collector: number;
  readonly viewName: string;
  readonly peers: readonly MrtPeer[];
}

export interface MrtPeer {
  readonly identifier: number;
  readonly address: Address;
  readonly asn: Asn;
}

export interface RibRecord {
  readonly kind: 'rib';
  readonly sequence: number;
  readonly prefix: Prefix;
  readonly addPath: boolean;
  readonly entries: readonly RibEntry[];
}

export interface RibEntry {
  /** Place in the index table. */
  readonly peer: number;
  /** Seconds since 1970. */
  readonly originated: number;
  readonly pathId: number | null;
  /** As in an UPDATE with 4-octet AS numbers; MP_REACH_NLRI has its next hop alone (RFC 6396 4.3.4). */
  readonly attributes: Uint8Array;
}

const IPV6_PEER = 1;
const FOUR_OCTET_PEER = 2;

/** undefined: a subtype that is not read here; null: malformed. */
export function decodeTableDump(subtype: number, reader: ByteReader): TableDump | null | undefined {
  switch (subtype) {
    case tableDumpSubtype.peerIndexTable:
      return decodePeers(reader);
    case tableDumpSubtype.ribIpv4Unicast:
      return decodeRib(reader, 4, false);
    case tableDumpSubtype.ribIpv6Unicast:
      return decodeRib(reader, 6, false);
    case tableDumpSubtype.ribIpv4UnicastAddPath:
      return decodeRib(reader, 4, true);
    case tableDumpSubtype.ribIpv6UnicastAddPath:
      return decodeRib(reader, 6, true);
    default:
      return undefined;
  }
}

function decodePeers(reader: ByteReader): PeerIndexTable {
  const collector = reader.u32();
  const viewName = new TextDecoder().decode(reader.take(reader.u16()));
  const count = reader.u16();
  const peers: MrtPeer[] = [];
  for (let i = 0; i < count && !reader.short; i++) {
    const type = reader.u8();
    const identifier = reader.u32();
    const address = readAddress(reader, type & IPV6_PEER ? 6 : 4);
    peers.push({ identifier, address, asn: type & FOUR_OCTET_PEER ? reader.u32() : reader.u16() });
  }
  return { kind: 'peer-index-table', collector, viewName, peers };
}

function decodeRib(reader: ByteReader, family: IpFamily, addPath: boolean): RibRecord | null {
  const sequence = reader.u32();
  const prefix = decodePrefix(reader, family);
  if (prefix === null) return null;
  const count = reader.u16();
  const entries: RibEntry[] = [];
  for (let i = 0; i < count && !reader.short; i++) {
    const peer = reader.u16();
    const originated = reader.u32();
    const pathId = addPath ? reader.u32() : null;
    entries.push({ peer, originated, pathId, attributes: reader.take(reader.u16()).slice() });
  }
  return { kind: 'rib', sequence, prefix, addPath, entries };
}

/** Writes the body; its subtype is returned. AS numbers have 4 octets. */
export function encodeTableDump(writer: ByteWriter, dump: TableDump): number {
  if (dump.kind === 'peer-index-table') {
    const name = new TextEncoder().encode(dump.viewName);
    writer.u32(dump.collector).u16(name.length).put(name).u16(dump.peers.length);
    for (const { identifier, address, asn } of dump.peers) {
      writer.u8(FOUR_OCTET_PEER | (address.family === 6 ? IPV6_PEER : 0)).u32(identifier);
      writeAddress(writer, address);
      writer.u32(asn);
    }
    return tableDumpSubtype.peerIndexTable;
  }
  writer.u32(dump.sequence);
  encodePrefix(writer, dump.prefix);
  writer.u16(dump.entries.length);
  for (const { peer, originated, pathId, attributes } of dump.entries) {
    writer.u16(peer).u32(originated);
    if (dump.addPath) writer.u32(pathId ?? 0);
    writer.u16(attributes.length).put(attributes);
  }
  const four = dump.prefix.family === 4;
  if (dump.addPath)
    return four ? tableDumpSubtype.ribIpv4UnicastAddPath : tableDumpSubtype.ribIpv6UnicastAddPath;
  return four ? tableDumpSubtype.ribIpv4Unicast : tableDumpSubtype.ribIpv6Unicast;
}

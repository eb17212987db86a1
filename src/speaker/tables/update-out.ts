import type { Address } from '../../base/ip.ts';
import type { Path } from '../../bgp/attributes.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { OutgoingBatch } from '../../bgp/rib/rib-out.ts';
import { encodeAttributes } from '../../bgp/wire/attributes.ts';
import { beginMessage } from '../../bgp/wire/message.ts';
import { type FamilyKey, IPV4_UNICAST, type Negotiated } from '../../bgp/wire/negotiated.ts';
import { attributeCode, attributeFlag, messageType } from '../../bgp/wire/registry.ts';
import { ByteWriter } from '../../bgp/wire/writer.ts';
import { fact } from '../shelf/facts.ts';
import { attributesOf } from './paths.ts';
import type { TablePeer } from './table-peer.ts';
import type { Tables } from './tables.ts';

/** Where the announcements of one family to one peer go. */
export interface Outlet {
  readonly tables: Tables;
  readonly member: TablePeer;
  readonly family: FamilyKey;
  readonly session: Negotiated;
  /** Whole messages, some at a time. */
  write(bytes: Uint8Array, messages: number): void;
}

/** Destinations looked at before the event loop has its turn again. */
const SLICE = 4096;

/** Where a slice is written before it goes out as octets of its own: it is empty between two calls. */
const scratch = new ByteWriter(65536);

/** Tells the peer the next of what waits for it; how many destinations still wait. Destinations of one attribute set stand together in one UPDATE. */
export function tellNext(outlet: Outlet): number {
  const { member } = outlet;
  const writer = scratch;
  writer.truncate(0);
  let messages = 0;
  for (const batch of member.out.take(SLICE)) messages += writeBatch(outlet, writer, batch);
  if (messages > 0) outlet.write(writer.bytes(), messages);
  outlet.tables.settle();
  return member.out.waiting;
}

function writeBatch(outlet: Outlet, writer: ByteWriter, batch: OutgoingBatch): number {
  const { wire, places } = batch;
  const plain = outlet.family === IPV4_UNICAST && !outlet.session.extendedNextHop.has(IPV4_UNICAST);
  const attributes = wire === 0 ? nothing : encodedAttributes(outlet, wire, plain);
  // What fits into no message cannot be told; whatever the peer had there is no longer true.
  if (attributes.length + MOST_OVERHEAD > outlet.session.maxLength)
    return writeBatch(outlet, writer, { ...batch, wire: 0 });
  const write = plain ? writePlain : writeMp;
  let messages = 0;
  for (let from = 0; from < places.length; messages++) {
    const start = writer.length;
    const length = beginMessage(writer, messageType.update);
    const nlri = (most: number) => writeNlri(outlet, writer, batch, from, start + most);
    from = write(outlet, writer, wire, attributes, nlri);
    writer.patchValue(length, 2, writer.length - start);
  }
  return messages;
}

const nothing = new Uint8Array(0);

/** Writes destinations up to that length of the message; the place of the next one. */
type NlriWriter = (most: number) => number;

/** IPv4 in the message's own fields (RFC 4271 4.3). */
function writePlain(
  { session }: Outlet,
  writer: ByteWriter,
  wire: number,
  attributes: Uint8Array,
  nlri: NlriWriter,
): number {
  const withdrawn = writer.reserve(2);
  if (wire !== 0) {
    writer.patch(withdrawn, 2);
    writer.u16(attributes.length).put(attributes);
    return nlri(session.maxLength);
  }
  const next = nlri(session.maxLength - 2);
  writer.patch(withdrawn, 2);
  writer.u16(0);
  return next;
}

/** Any family in MP_REACH_NLRI or MP_UNREACH_NLRI (RFC 4760), which stand first (RFC 7606 5.1). */
function writeMp(
  { family, session, member, tables }: Outlet,
  writer: ByteWriter,
  wire: number,
  attributes: Uint8Array,
  nlri: NlriWriter,
): number {
  writer.u16(0);
  const all = writer.reserve(2);
  writer.u8(attributeFlag.optional | attributeFlag.extendedLength);
  writer.u8(wire === 0 ? attributeCode.mpUnreach : attributeCode.mpReach);
  const length = writer.reserve(2);
  writer.u16(Math.floor(family / 256)).u8(family % 256);
  if (wire !== 0) writeNextHop(writer, nextHopOf(member.peer, tables.pathAt(wire)));
  const next = nlri(session.maxLength - attributes.length);
  writer.patch(length, 2);
  writer.put(attributes);
  writer.patch(all, 2);
  return next;
}

function writeNextHop(writer: ByteWriter, address: Address): void {
  writer.u8(address.family === 4 ? 4 : 16);
  if (address.family === 4) writer.u32(Number(address.value));
  else writer.u64(address.value >> 64n).u64(address.value & 0xffff_ffff_ffff_ffffn);
  writer.u8(0);
}

/** A path without a next hop of its own gets this end's address on the session. */
function nextHopOf({ ownNextHop, name }: Peer, path: Path): Address {
  const address = path.nextHop ?? ownNextHop;
  if (!address) throw new Error(`no next hop towards ${name}`);
  return address;
}

/** All attributes but MP_REACH_NLRI. */
function encodedAttributes(outlet: Outlet, wire: number, plain: boolean): Uint8Array {
  return shelvedAttributes(outlet, wire, plain) ?? writtenAttributes(outlet, wire, plain);
}

/** As they lie on the shelf, where that is how this session has them; null: it is not. */
function shelvedAttributes(
  { tables: { shelf }, member, session }: Outlet,
  wire: number,
  plain: boolean,
): Uint8Array | null {
  const { facts } = shelf;
  if (!session.fourOctetAs || !facts.has(wire, fact.canonical)) return null;
  if (facts.has(wire, fact.extendedCommunities) && !member.peer.options.sendCommunity.extended) return null;
  const octets = shelf.octets(wire);
  if (facts.has(wire, fact.ipv6NextHop)) return plain ? null : octets.subarray(0, octets.length - 16);
  const at = nextHopPlace(octets);
  const named = octets[at + 1] === attributeCode.nextHop;
  if (plain === named) return octets;
  const { ownNextHop } = member.peer;
  return plain && ownNextHop?.family === 4 ? withNextHop(octets, at, Number(ownNextHop.value)) : null;
}

/** Where NEXT_HOP stands or would: behind ORIGIN and AS_PATH. */
function nextHopPlace(octets: Uint8Array): number {
  let at = 0;
  while (at < octets.length && (octets[at + 1] ?? 0) < attributeCode.nextHop) {
    const long = ((octets[at] ?? 0) & attributeFlag.extendedLength) !== 0;
    at += long ? 4 + (octets[at + 2] ?? 0) * 256 + (octets[at + 3] ?? 0) : 3 + (octets[at + 2] ?? 0);
  }
  return at;
}

function withNextHop(octets: Uint8Array, at: number, address: number): Uint8Array {
  const all = new Uint8Array(octets.length + 7);
  all.set(octets.subarray(0, at));
  all.set([attributeFlag.transitive, attributeCode.nextHop, 4], at);
  for (let i = 0; i < 4; i++) all[at + 3 + i] = address >>> (24 - i * 8);
  all.set(octets.subarray(at), at + 7);
  return all;
}

function writtenAttributes({ tables, member, session }: Outlet, wire: number, plain: boolean): Uint8Array {
  const path = tables.pathAt(wire);
  const attributes = attributesOf(path, session, member.peer.options.sendCommunity.extended);
  const writer = new ByteWriter();
  encodeAttributes(
    writer,
    plain ? { ...attributes, nextHop: nextHopOf(member.peer, path) } : attributes,
    session,
  );
  return writer.view();
}

/** Header, lengths, MP_REACH_NLRI with its next hop, one destination. */
const MOST_OVERHEAD = 80;

/** The most a destination takes: path identifier, length and 16 octets. */
const MOST_NLRI = 21;

function writeNlri(
  { tables }: Outlet,
  writer: ByteWriter,
  { places, ids }: OutgoingBatch,
  from: number,
  end: number,
): number {
  let next = from;
  for (; next < places.length && writer.length + MOST_NLRI <= end; next++) {
    if (ids) writer.u32(ids[next] ?? 0);
    tables.table.index.write(writer, places[next] ?? 0);
  }
  return next;
}

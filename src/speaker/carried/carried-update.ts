import { addressOf } from '../../base/ip.ts';
import type { Path } from '../../bgp/attributes.ts';
import { writeCarried } from '../../bgp/carried/destinations.ts';
import type { Peer } from '../../bgp/peer.ts';
import { encodeAttributes } from '../../bgp/wire/attributes.ts';
import { beginMessage } from '../../bgp/wire/message.ts';
import type { FamilyKey, Negotiated } from '../../bgp/wire/negotiated.ts';
import { attributeCode, attributeFlag, messageType, safi } from '../../bgp/wire/registry.ts';
import { ByteWriter } from '../../bgp/wire/writer.ts';
import { attributesOf } from '../tables/paths.ts';
import type { CarriedBatch } from './carried-out.ts';

/** Where the routes of one family to one peer go. */
export interface CarriedOutlet {
  readonly family: FamilyKey;
  readonly session: Negotiated;
  write(bytes: Uint8Array, messages: number): void;
}

/** What is told of a path: length and octets of the next hop, then the attributes; an octet a character. */
export function sayingOf(path: Path, family: FamilyKey, peer: Peer, session: Negotiated): string {
  const writer = new ByteWriter();
  const length = writer.reserve(1);
  writeNextHop(writer, path, family, peer);
  writer.patch(length, 1);
  encodeAttributes(writer, attributesOf(path, session, peer.options.sendCommunity.extended), session);
  return latin(writer.view());
}

/** RFC 8955 section 4: a flow has no next hop. RFC 4364 4.3.2: that of a VPN route has a distinguisher of zero in front. */
function writeNextHop(writer: ByteWriter, path: Path, family: FamilyKey, peer: Peer): void {
  const kind = family % 256;
  if (kind === safi.flowspec || kind === safi.flowspecVpn) return;
  const address = path.nextHop ?? peer.ownNextHop ?? addressOf(4, 0n);
  if (kind === safi.mplsVpn) writer.u64(0n);
  if (address.family === 4) writer.u32(Number(address.value));
  else writer.u64(address.value >> 64n).u64(address.value & 0xffff_ffff_ffff_ffffn);
}

/** A whole destination fits into so many octets (RFC 8955 4.1: 4,095 and its length; with a path identifier). */
const MOST_NLRI = 4101;

/** Writes the UPDATEs of a batch: routes of one attribute set stand together. What fits into no message is withdrawn, for whatever the peer had is no longer true. */
export function writeCarriedBatch(outlet: CarriedOutlet, batch: CarriedBatch): void {
  const { family, session } = outlet;
  const { attributes, routes } = batch;
  const addPath = session.addPathSend.has(family);
  const said = attributes === null ? null : octetsOf(attributes);
  const writer = new ByteWriter(session.maxLength);
  const nlri = new ByteWriter(MOST_NLRI);
  const tooLong: (typeof routes)[number][] = [];
  let messages = 0;
  for (let from = 0; from < routes.length; ) {
    const start = writer.length;
    const update = beginCarried(writer, family, said);
    const first = from;
    for (let route = routes[from]; route; route = routes[++from]) {
      nlri.truncate(0);
      const attached = said === null ? null : route.attached;
      writeCarried(nlri, family, route.destination.bare, attached, addPath ? route.pathId : null);
      if (update.used + nlri.length > session.maxLength) break;
      update.add(nlri.view());
    }
    if (from > first) {
      update.end();
      messages++;
    } else {
      writer.truncate(start);
      tooLong.push(...routes.slice(from, ++from));
    }
  }
  if (messages > 0) outlet.write(writer.view(), messages);
  if (said !== null && tooLong.length > 0) writeCarriedBatch(outlet, { attributes: null, routes: tooLong });
}

function beginCarried(writer: ByteWriter, family: FamilyKey, said: Uint8Array | null) {
  const start = writer.length;
  const message = beginMessage(writer, messageType.update);
  writer.u16(0);
  const all = writer.reserve(2);
  const nextHop = said?.subarray(0, 1 + (said[0] ?? 0));
  const rest = said?.subarray(nextHop?.length ?? 0);
  writer.u8(attributeFlag.optional | attributeFlag.extendedLength);
  writer.u8(said === null ? attributeCode.mpUnreach : attributeCode.mpReach);
  const field = writer.reserve(2);
  writer.u16(Math.floor(family / 256)).u8(family % 256);
  if (nextHop) writer.put(nextHop).u8(0);
  return {
    get used() {
      return writer.length - start + (rest?.length ?? 0);
    },
    add: (octets: Uint8Array) => writer.put(octets),
    end: () => {
      writer.patch(field, 2);
      if (rest) writer.put(rest);
      writer.patch(all, 2);
      writer.patchValue(message, 2, writer.length - start);
    },
  };
}

function latin(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}

export function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(text, (octet) => octet.charCodeAt(0));
}

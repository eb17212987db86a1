import type { Asn } from '../../base/asn.ts';
import type { Address } from '../../base/ip.ts';
import { type State, states } from '../fsm/events.ts';
import type { ByteReader } from '../wire/reader.ts';
import type { ByteWriter } from '../wire/writer.ts';
import { readAddress, writeAddress } from './addresses.ts';
import { bgp4mpSubtype } from './types.ts';

interface Between {
  readonly peerAs: Asn;
  readonly localAs: Asn;
  readonly interfaceIndex: number;
  readonly peer: Address;
  readonly local: Address;
  /** AS numbers have 4 octets, here and in the message. */
  readonly fourOctetAs: boolean;
}

/** RFC 6396 4.4: what happened on a session. */
export type Bgp4mp =
  | (Between & { readonly kind: 'state-change'; readonly from: State; readonly to: State })
  | (Between & {
      readonly kind: 'message';
      /** Destinations carry path identifiers (RFC 8050). */
      readonly addPath: boolean;
      /** A whole BGP message with its header. */
      readonly message: Uint8Array;
    });

/** undefined: a subtype that is not read here; null: malformed. */
export function decodeBgp4mp(subtype: number, reader: ByteReader): Bgp4mp | null | undefined {
  switch (subtype) {
    case bgp4mpSubtype.stateChange:
    case bgp4mpSubtype.stateChangeAs4: {
      const between = decodeBetween(reader, subtype === bgp4mpSubtype.stateChangeAs4);
      const [from, to] = [states[reader.u16() - 1], states[reader.u16() - 1]];
      return between && from && to ? { kind: 'state-change', ...between, from, to } : null;
    }
    case bgp4mpSubtype.message:
    case bgp4mpSubtype.messageAs4:
    case bgp4mpSubtype.messageAddPath:
    case bgp4mpSubtype.messageAs4AddPath: {
      const four = subtype === bgp4mpSubtype.messageAs4 || subtype === bgp4mpSubtype.messageAs4AddPath;
      const between = decodeBetween(reader, four);
      const addPath = subtype >= bgp4mpSubtype.messageAddPath;
      return between && { kind: 'message', ...between, addPath, message: reader.rest().slice() };
    }
    default:
      return undefined;
  }
}

function decodeBetween(reader: ByteReader, fourOctetAs: boolean): Between | null {
  const peerAs = fourOctetAs ? reader.u32() : reader.u16();
  const localAs = fourOctetAs ? reader.u32() : reader.u16();
  const interfaceIndex = reader.u16();
  const afi = reader.u16();
  if (afi !== 1 && afi !== 2) return null;
  const family = afi === 1 ? 4 : 6;
  const peer = readAddress(reader, family);
  const local = readAddress(reader, family);
  return { peerAs, localAs, interfaceIndex, peer, local, fourOctetAs };
}

/** Writes the body; its subtype is returned. */
export function encodeBgp4mp(writer: ByteWriter, content: Bgp4mp): number {
  const { peerAs, localAs, interfaceIndex, peer, local, fourOctetAs } = content;
  for (const asn of [peerAs, localAs]) {
    if (fourOctetAs) writer.u32(asn);
    else writer.u16(asn);
  }
  writer.u16(interfaceIndex).u16(peer.family === 4 ? 1 : 2);
  writeAddress(writer, peer);
  writeAddress(writer, local);
  if (content.kind === 'state-change') {
    writer.u16(states.indexOf(content.from) + 1).u16(states.indexOf(content.to) + 1);
    return fourOctetAs ? bgp4mpSubtype.stateChangeAs4 : bgp4mpSubtype.stateChange;
  }
  writer.put(content.message);
  if (content.addPath) return fourOctetAs ? bgp4mpSubtype.messageAs4AddPath : bgp4mpSubtype.messageAddPath;
  return fourOctetAs ? bgp4mpSubtype.messageAs4 : bgp4mpSubtype.message;
}

import { type Address, addressOf, type IpFamily } from '../../../base/ip.ts';
import type { ByteReader } from '../reader.ts';
import { attributeCode, attributeFlag } from '../registry.ts';
import type { ByteWriter } from '../writer.ts';
import type { AttributeRow } from './row.ts';

/** Where a tunnel leads, by its type (RFC 6514 section 5). Addresses are of one family, by the length of the identifier. */
export type TunnelIdentifier =
  | { readonly tunnel: 'none' }
  /** RSVP-TE P2MP LSP: P2MP ID, tunnel ID, extended tunnel ID (RFC 4875 19.1). */
  | { readonly tunnel: 'rsvp-te'; readonly p2mp: number; readonly id: number; readonly address: Address }
  /** PIM-SSM: the sender; PIM-SM and BIDIR-PIM: who began; and the group. */
  | {
      readonly tunnel: 'pim-ssm' | 'pim-sm' | 'bidir-pim';
      readonly address: Address;
      readonly group: Address;
    }
  /** The unicast tunnel's end: what EVPN with VXLAN uses (RFC 8365). */
  | { readonly tunnel: 'ingress-replication'; readonly address: Address }
  /** mLDP, whose FEC elements have a grammar of their own (RFC 6388), and types that nobody here knows: as they came. */
  | { readonly tunnel: 'opaque'; readonly value: Uint8Array };

export interface PmsiTunnel {
  /** 1: leaf information is required. */
  readonly flags: number;
  readonly type: number;
  /** 24 bits: with VXLAN the VNI, otherwise label and its low bits. */
  readonly label: number;
  readonly identifier: TunnelIdentifier;
}

/** RFC 6514 section 5. */
export const tunnelType = {
  none: 0,
  rsvpTe: 1,
  pimSsm: 3,
  pimSm: 4,
  bidirPim: 5,
  ingressReplication: 6,
} as const;

const trees = new Map<number, 'pim-ssm' | 'pim-sm' | 'bidir-pim'>([
  [tunnelType.pimSsm, 'pim-ssm'],
  [tunnelType.pimSm, 'pim-sm'],
  [tunnelType.bidirPim, 'bidir-pim'],
]);

/** RFC 6514 section 5: an identifier that its type does not have makes the attribute malformed, and the route is withdrawn. */
export const pmsiTunnel: AttributeRow<PmsiTunnel> = {
  code: attributeCode.pmsiTunnel,
  title: 'PMSI_TUNNEL',
  flags: attributeFlag.optional | attributeFlag.transitive,
  malformed: 'treat-as-withdraw',
  decode: (reader) => {
    const [flags, type, label] = [reader.u8(), reader.u8(), reader.u24()];
    const identifier = reader.short ? null : decodeIdentifier(reader, type);
    return identifier && { flags, type, label, identifier };
  },
  encode: (writer, { flags, type, label, identifier }) => {
    writer.u8(flags).u8(type).u24(label);
    encodeIdentifier(writer, identifier);
  },
};

function decodeIdentifier(reader: ByteReader, type: number): TunnelIdentifier | null {
  const tree = trees.get(type);
  if (tree) {
    const family = familyOf(reader.left / 2);
    return (
      family && { tunnel: tree, address: readAddress(reader, family), group: readAddress(reader, family) }
    );
  }
  if (type === tunnelType.ingressReplication) {
    const family = familyOf(reader.left);
    return family && { tunnel: 'ingress-replication', address: readAddress(reader, family) };
  }
  if (type === tunnelType.none) return reader.left === 0 ? { tunnel: 'none' } : null;
  if (type === tunnelType.rsvpTe) return decodeRsvp(reader);
  return { tunnel: 'opaque', value: reader.rest().slice() };
}

function decodeRsvp(reader: ByteReader): TunnelIdentifier | null {
  const family = familyOf(reader.left - 8);
  if (family === null) return null;
  const p2mp = reader.u32();
  // Two octets are reserved: what stands in them means nothing.
  reader.u16();
  return { tunnel: 'rsvp-te', p2mp, id: reader.u16(), address: readAddress(reader, family) };
}

function encodeIdentifier(writer: ByteWriter, identifier: TunnelIdentifier): void {
  switch (identifier.tunnel) {
    case 'none':
      return;
    case 'rsvp-te':
      writer.u32(identifier.p2mp).u16(0).u16(identifier.id);
      writeAddress(writer, identifier.address);
      return;
    case 'ingress-replication':
      writeAddress(writer, identifier.address);
      return;
    case 'opaque':
      writer.put(identifier.value);
      return;
    default:
      writeAddress(writer, identifier.address);
      writeAddress(writer, identifier.group);
  }
}

function familyOf(octets: number): IpFamily | null {
  return octets === 4 ? 4 : octets === 16 ? 6 : null;
}

function readAddress(reader: ByteReader, family: IpFamily): Address {
  if (family === 4) return addressOf(4, BigInt(reader.u32()));
  return addressOf(6, (reader.u64() << 64n) | reader.u64());
}

function writeAddress(writer: ByteWriter, { family, value }: Address): void {
  if (family === 4) writer.u32(Number(value));
  else writer.u64(value >> 64n).u64(value & 0xffff_ffff_ffff_ffffn);
}

import { type Address, addressOf } from '../../../base/ip.ts';
import { type FamilyKey, familyKey } from '../negotiated.ts';
import type { ByteReader } from '../reader.ts';
import { afi, safi } from '../registry.ts';
import type { ByteWriter } from '../writer.ts';

/** MP_REACH_NLRI (RFC 4760 section 3): the NLRI stay bytes, as those of an UPDATE's last field do. */
export interface MpReach {
  readonly family: FamilyKey;
  /** The next hop; with IPv6 the link-local one may follow (RFC 2545 section 3). Empty for families without (flowspec). */
  readonly nextHop: readonly Address[];
  readonly nlri: Uint8Array;
}

/** MP_UNREACH_NLRI (RFC 4760 section 4). */
export interface MpUnreach {
  readonly family: FamilyKey;
  readonly nlri: Uint8Array;
}

/** null: malformed, and then nobody can tell where its NLRI begin (RFC 7606 5.3: the session ends). */
export function decodeMpReach(reader: ByteReader): MpReach | null {
  const family = familyKey(reader.u16(), reader.u8());
  const nextHop = decodeNextHop(reader.sub(reader.u8()), family);
  reader.u8(); // reserved
  const nlri = reader.rest();
  return reader.short || nextHop === null ? null : { family, nextHop, nlri };
}

export function decodeMpUnreach(reader: ByteReader): MpUnreach | null {
  const family = familyKey(reader.u16(), reader.u8());
  const nlri = reader.rest();
  return reader.short ? null : { family, nlri };
}

/** Next hops of VPN routes carry a route distinguisher of zero in front (RFC 4364 4.3.2, RFC 4659 3.2.1). */
function hasDistinguisher(family: FamilyKey): boolean {
  return family % 256 === safi.mplsVpn;
}

function isFlow(family: FamilyKey): boolean {
  return family % 256 === safi.flowspec || family % 256 === safi.flowspecVpn;
}

/** RFC 2545, RFC 4659 3.2.1: IPv6 destinations have IPv6 next hops; one over IPv4 is written as an IPv6 address. */
function needsIpv6(family: FamilyKey): boolean {
  return Math.floor(family / 256) === afi.ipv6 && !isFlow(family);
}

/** Lengths tell the kind (RFC 4760, 2545, 8950): 4, 16 or 32 octets, each address with 8 more in front for VPN. */
function decodeNextHop(reader: ByteReader, family: FamilyKey): readonly Address[] | null {
  const distinguished = hasDistinguisher(family);
  const addresses: Address[] = [];
  const extra = distinguished ? 8 : 0;
  // RFC 8955 4: a flow goes nowhere, and only it may come without a next hop.
  const least = isFlow(family) ? [0] : [];
  const short = needsIpv6(family) ? [] : [4 + extra];
  if (![...least, ...short, 16 + extra, 2 * (16 + extra)].includes(reader.left)) return null;
  while (reader.left > 0) {
    if (distinguished) reader.u64();
    if (reader.left === 4) addresses.push(addressOf(4, BigInt(reader.u32())));
    else addresses.push(addressOf(6, (reader.u64() << 64n) | reader.u64()));
  }
  return addresses;
}

export function encodeMpReach(writer: ByteWriter, { family, nextHop, nlri }: MpReach): void {
  writer.u16(Math.floor(family / 256)).u8(family % 256);
  const length = writer.reserve(1);
  for (const address of nextHop) {
    if (hasDistinguisher(family)) writer.u64(0n);
    if (address.family === 4) writer.u32(Number(address.value));
    else writer.u64(address.value >> 64n).u64(address.value & 0xffff_ffff_ffff_ffffn);
  }
  writer.patch(length, 1);
  writer.u8(0).put(nlri);
}

export function encodeMpUnreach(writer: ByteWriter, { family, nlri }: MpUnreach): void {
  writer
    .u16(Math.floor(family / 256))
    .u8(family % 256)
    .put(nlri);
}

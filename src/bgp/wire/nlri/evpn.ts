import { type Address, addressOf, bitsOf, type Prefix, prefixOf } from '../../../base/ip.ts';
import { ByteReader } from '../reader.ts';
import type { ByteWriter } from '../writer.ts';
import { decodeDistinguisher, encodeDistinguisher, type RouteDistinguisher } from './distinguisher.ts';
import type { NlriCodec } from './row.ts';

/** What an EVPN route says. Segments are 20 hexadecimal digits; labels have 24 bits: with VXLAN the VNI (RFC 8365). */
export type EvpnRoute =
  /** RFC 7432 7.1. */
  | { readonly type: 'ethernet-ad'; readonly segment: string; readonly tag: number; readonly label: number }
  /** 7.2; the address is optional, a second label belongs to the VRF. */
  | {
      readonly type: 'mac-ip';
      readonly segment: string;
      readonly tag: number;
      readonly mac: string;
      readonly address: Address | null;
      readonly labels: readonly number[];
    }
  /** 7.3. */
  | { readonly type: 'inclusive-multicast'; readonly tag: number; readonly address: Address }
  /** 7.4. */
  | { readonly type: 'ethernet-segment'; readonly segment: string; readonly address: Address }
  /** RFC 9136 section 3. */
  | {
      readonly type: 'ip-prefix';
      readonly segment: string;
      readonly tag: number;
      readonly prefix: Prefix;
      readonly gateway: Address;
      readonly label: number;
    };

export interface EvpnNlri {
  readonly kind: 'evpn';
  readonly pathId: number | null;
  readonly distinguisher: RouteDistinguisher;
  readonly route: EvpnRoute;
}

/** A route type that is not understood, to be passed on as it came. */
export interface UnknownEvpnNlri {
  readonly kind: 'evpn-unknown';
  readonly pathId: number | null;
  readonly type: number;
  readonly value: string;
}

interface RouteCodec<Route> {
  readonly code: number;
  decode(reader: ByteReader): Route | null;
  encode(writer: ByteWriter, route: Route): void;
}

const hex = (octets: Uint8Array) => Array.from(octets, (octet) => octet.toString(16).padStart(2, '0'));

function putHex(writer: ByteWriter, digits: string): void {
  for (let at = 0; at < digits.length; at += 2) writer.u8(Number.parseInt(digits.slice(at, at + 2), 16));
}

const readSegment = (reader: ByteReader) => hex(reader.take(10)).join('');

function readAddress(reader: ByteReader, bits: number): Address | null {
  if (bits === 32) return addressOf(4, BigInt(reader.u32()));
  return bits === 128 ? addressOf(6, (reader.u64() << 64n) | reader.u64()) : null;
}

function writeAddress(writer: ByteWriter, { family, value }: Address): void {
  if (family === 4) writer.u32(Number(value));
  else writer.u64(value >> 64n).u64(value & 0xffff_ffff_ffff_ffffn);
}

type RouteOf<Type extends EvpnRoute['type']> = Extract<EvpnRoute, { type: Type }>;

const ethernetAd: RouteCodec<RouteOf<'ethernet-ad'>> = {
  code: 1,
  decode: (reader) => ({
    type: 'ethernet-ad',
    segment: readSegment(reader),
    tag: reader.u32(),
    label: reader.u24(),
  }),
  encode: (writer, { segment, tag, label }) => {
    putHex(writer, segment);
    writer.u32(tag).u24(label);
  },
};

const macIp: RouteCodec<RouteOf<'mac-ip'>> = {
  code: 2,
  decode: (reader) => {
    const segment = readSegment(reader);
    const tag = reader.u32();
    if (reader.u8() !== 48) return null;
    const mac = hex(reader.take(6)).join(':');
    const bits = reader.u8();
    const address = readAddress(reader, bits);
    if (address === null && bits !== 0) return null;
    const labels: number[] = [];
    while (reader.left > 0 && labels.length < 2) labels.push(reader.u24());
    return labels.length === 0 ? null : { type: 'mac-ip', segment, tag, mac, address, labels };
  },
  encode: (writer, { segment, tag, mac, address, labels }) => {
    putHex(writer, segment);
    writer.u32(tag).u8(48);
    putHex(writer, mac.replaceAll(':', ''));
    writer.u8(address ? bitsOf(address.family) : 0);
    if (address) writeAddress(writer, address);
    for (const label of labels) writer.u24(label);
  },
};

const inclusiveMulticast: RouteCodec<RouteOf<'inclusive-multicast'>> = {
  code: 3,
  decode: (reader) => {
    const tag = reader.u32();
    const address = readAddress(reader, reader.u8());
    return address && { type: 'inclusive-multicast', tag, address };
  },
  encode: (writer, { tag, address }) => {
    writer.u32(tag).u8(bitsOf(address.family));
    writeAddress(writer, address);
  },
};

const ethernetSegment: RouteCodec<RouteOf<'ethernet-segment'>> = {
  code: 4,
  decode: (reader) => {
    const segment = readSegment(reader);
    const address = readAddress(reader, reader.u8());
    return address && { type: 'ethernet-segment', segment, address };
  },
  encode: (writer, { segment, address }) => {
    putHex(writer, segment);
    writer.u8(bitsOf(address.family));
    writeAddress(writer, address);
  },
};

/** RFC 9136 3.1: 34 octets with IPv4, 58 with IPv6; all addresses are of one family. */
const ipPrefix: RouteCodec<RouteOf<'ip-prefix'>> = {
  code: 5,
  decode: (reader) => {
    const bits = reader.left === 26 ? 32 : reader.left === 50 ? 128 : 0;
    const segment = readSegment(reader);
    const tag = reader.u32();
    const length = reader.u8();
    const network = readAddress(reader, bits);
    const gateway = readAddress(reader, bits);
    if (!network || !gateway || length > bits) return null;
    const { family, value } = network;
    const prefix = prefixOf(family, value, length);
    return { type: 'ip-prefix', segment, tag, prefix, gateway, label: reader.u24() };
  },
  encode: (writer, { segment, tag, prefix, gateway, label }) => {
    putHex(writer, segment);
    writer.u32(tag).u8(prefix.length);
    writeAddress(writer, addressOf(prefix.family, prefix.value));
    writeAddress(writer, gateway);
    writer.u24(label);
  },
};

const codecs = {
  'ethernet-ad': ethernetAd,
  'mac-ip': macIp,
  'inclusive-multicast': inclusiveMulticast,
  'ethernet-segment': ethernetSegment,
  'ip-prefix': ipPrefix,
} as const satisfies { readonly [Type in EvpnRoute['type']]: RouteCodec<RouteOf<Type>> };

const byCode = new Map<number, RouteCodec<EvpnRoute>>(
  Object.values(codecs).map((codec) => [codec.code, codec as unknown as RouteCodec<EvpnRoute>]),
);

/** Type, length, and the route behind its distinguisher (RFC 7432 section 7). */
export const evpnCodec: NlriCodec<EvpnNlri | UnknownEvpnNlri> = {
  decode: (reader, addPath) => {
    const pathId = addPath ? reader.u32() : null;
    const type = reader.u8();
    const value = reader.take(reader.u8());
    const codec = byCode.get(type);
    if (!codec) return { kind: 'evpn-unknown', pathId, type, value: hex(value).join('') };
    const body = new ByteReader(value);
    const distinguisher = decodeDistinguisher(body);
    const route = codec.decode(body);
    if (!distinguisher || !route || body.short || body.left > 0) return null;
    return { kind: 'evpn', pathId, distinguisher, route };
  },
  encode: (writer, nlri, addPath) => {
    if (addPath) writer.u32(nlri.pathId ?? 0);
    if (nlri.kind === 'evpn-unknown') {
      writer.u8(nlri.type).u8(nlri.value.length / 2);
      putHex(writer, nlri.value);
      return;
    }
    const codec = codecs[nlri.route.type] as unknown as RouteCodec<EvpnRoute>;
    writer.u8(codec.code);
    const length = writer.reserve(1);
    encodeDistinguisher(writer, nlri.distinguisher);
    codec.encode(writer, nlri.route);
    writer.patch(length, 1);
  },
};

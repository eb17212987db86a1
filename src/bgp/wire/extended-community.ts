import { addressOf } from '../../base/ip.ts';
import { ByteReader } from './reader.ts';

/** RFC 4360, 5668, 7153: the three forms of an administrator and the number it assigned, by the low six bits of the type. */
const FORMS: Readonly<Record<number, (value: ByteReader) => string>> = {
  0: (value) => `${value.u16()}:${value.u32()}`,
  1: (value) => `${addressOf(4, BigInt(value.u32())).text}:${value.u16()}`,
  2: (value) => `${value.u32()}:${value.u16()}`,
};

/** Subtypes that all three forms have (RFC 4360 sections 4 and 5, RFC 9012 for the rest of the registry). */
const SUBTYPES: Readonly<Record<number, string>> = { 2: 'rt', 3: 'soo' };

/** RFC 9012 section 4.1 and RFC 8365 section 5.1.3: tunnel types. */
const TUNNELS: Readonly<Record<number, string>> = {
  1: 'l2tpv3',
  2: 'gre',
  7: 'ip-in-ip',
  8: 'vxlan',
  9: 'nvgre',
  10: 'mpls',
  11: 'mpls-in-gre',
  12: 'vxlan-gpe',
  13: 'mpls-in-udp',
  19: 'geneve',
};

type Words = (value: ByteReader) => string;

/** Those with a meaning of their own, by type and subtype in four hexadecimal digits. */
const MEANINGS: Readonly<Record<string, Words>> = {
  // RFC 9012 section 4.1; four reserved octets first.
  '030c': (value) => {
    value.u32();
    const type = value.u16();
    return `encap:${TUNNELS[type] ?? type}`;
  },
  // RFC 4360 with draft-ietf-idr-link-bandwidth: octets a second.
  '0004': bandwidth,
  '4004': bandwidth,
  // RFC 9012 section 4.3 (default gateway, RFC 7432 section 7.8).
  '030d': () => 'default-gateway',
  // RFC 7432 section 7.7: the low bit says that it must not move.
  '0600': (value) => {
    const sticky = (value.u8() & 1) !== 0;
    value.u8();
    return `mac-mobility:${value.u32()}${sticky ? ':sticky' : ''}`;
  },
  // RFC 7432 section 7.5.
  '0601': (value) => {
    const single = (value.u8() & 1) !== 0;
    value.u16();
    return `esi-label:${value.u24() >>> 4}${single ? ':single-active' : ''}`;
  },
  // RFC 7432 section 7.6.
  '0602': (value) => `es-import:${mac(value)}`,
  // RFC 9135 section 5.
  '0603': (value) => `router-mac:${mac(value)}`,
  // RFC 8955 section 7: what becomes of a flow.
  '8006': (value) => {
    const asn = value.u16();
    return `traffic-rate:${asn}:${float(value)}`;
  },
  '8007': (value) => {
    value.u32();
    const action = value.u16();
    const words = [...(action & 2 ? ['sample'] : []), ...(action & 1 ? ['terminal'] : [])];
    return `traffic-action:${words.join('-') || action}`;
  },
  '8008': (value) => `redirect:${value.u16()}:${value.u32()}`,
  '8108': (value) => `redirect:${addressOf(4, BigInt(value.u32())).text}:${value.u16()}`,
  '8208': (value) => `redirect:${value.u32()}:${value.u16()}`,
  '8009': (value) => {
    value.take(5);
    return `traffic-marking:${value.u8()}`;
  },
};

function bandwidth(value: ByteReader): string {
  const asn = value.u16();
  return `link-bandwidth:${asn}:${float(value)}`;
}

/** IEEE 754, single precision. */
function float(value: ByteReader): number {
  const octets = value.take(4);
  return octets.length < 4 ? 0 : new DataView(octets.buffer, octets.byteOffset, 4).getFloat32(0);
}

function mac(value: ByteReader): string {
  return Array.from(value.take(6), (octet) => octet.toString(16).padStart(2, '0')).join(':');
}

/**
 * What an extended community says, from its 16 hexadecimal digits: `rt:65000:1`, `encap:vxlan`, `traffic-rate:0:0`; the digits themselves
 * behind `0x` where nobody has said what they mean.
 */
export function extendedCommunityText(digits: string): string {
  const octets = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  if (octets.length !== 8) return `0x${digits}`;
  const value = new ByteReader(octets, 2);
  const meaning = MEANINGS[digits.slice(0, 4)];
  if (meaning) return meaning(value);
  const [type = 0, subtype = 0] = octets;
  const form = type < 0x80 ? FORMS[type & 0x3f] : undefined;
  const name = SUBTYPES[subtype];
  return form && name ? `${name}:${form(value)}` : `0x${digits}`;
}

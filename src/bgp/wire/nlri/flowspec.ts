import type { IpFamily, Prefix } from '../../../base/ip.ts';
import type { ByteReader } from '../reader.ts';
import { ByteWriter } from '../writer.ts';
import { decodeDistinguisher, encodeDistinguisher, type RouteDistinguisher } from './distinguisher.ts';
import { readBits, writeBits } from './prefix.ts';
import type { NlriCodec } from './row.ts';

/** One test of a value: how it is joined to the test before, and what it asks (RFC 8955 4.2.1). */
export interface FlowTest {
  readonly and: boolean;
  /** Numbers: less, greater, equal in any combination. Bits: `not` and `match` of RFC 8955 4.2.1.2. */
  readonly operator: number;
  readonly value: number;
}

export type FlowComponent =
  | {
      readonly kind: 'prefix';
      readonly type: 1 | 2;
      readonly prefix: Prefix;
      /** IPv6 only: bits in front of the prefix that do not count (RFC 8956 3.1). */
      readonly offset: number;
    }
  | { readonly kind: 'tests'; readonly type: number; readonly tests: readonly FlowTest[] };

/** A flow specification (RFC 8955 section 4, RFC 8956). */
export interface FlowspecNlri {
  readonly kind: 'flowspec';
  readonly pathId: number | null;
  readonly distinguisher: RouteDistinguisher | null;
  /** In ascending order of their types. */
  readonly components: readonly FlowComponent[];
}

/** RFC 8955 4.2.2, RFC 8956 3.7: 13 is the flow label of IPv6. */
const MOST_TYPE: Readonly<Record<IpFamily, number>> = { 4: 12, 6: 13 };

const END = 0x80;
const AND = 0x40;
/** less, greater, equal; for bits: not, match. */
const OPERATOR = 0x07;

export function flowspecCodec(family: IpFamily, distinguished: boolean): NlriCodec<FlowspecNlri> {
  return {
    decode: (reader, addPath) => {
      const pathId = addPath ? reader.u32() : null;
      const first = reader.u8();
      // RFC 8955 4.1: from 240 on the length has two octets, 12 bits.
      const body = reader.sub(first < 0xf0 ? first : ((first & 0x0f) << 8) | reader.u8());
      const distinguisher = distinguished ? decodeDistinguisher(body) : null;
      if (distinguished && distinguisher === null) return null;
      const components = decodeComponents(body, family);
      return components && { kind: 'flowspec', pathId, distinguisher, components };
    },
    encode: (writer, { pathId, distinguisher, components }, addPath) => {
      if (addPath) writer.u32(pathId ?? 0);
      const body = new ByteWriter();
      if (distinguisher) encodeDistinguisher(body, distinguisher);
      for (const component of components) encodeComponent(body, component);
      if (body.length < 0xf0) writer.u8(body.length);
      else writer.u16(0xf000 | body.length);
      writer.put(body.view());
    },
  };
}

/** null: malformed, or a type out of order (RFC 8955 4.2: treated as a malformed NLRI). */
function decodeComponents(reader: ByteReader, family: IpFamily): readonly FlowComponent[] | null {
  const components: FlowComponent[] = [];
  let last = 0;
  while (reader.left > 0) {
    const type = reader.u8();
    if (type <= last || type > MOST_TYPE[family]) return null;
    last = type;
    const component = type <= 2 ? decodePrefixComponent(reader, type, family) : decodeTests(reader, type);
    if (component === null || reader.short) return null;
    components.push(component);
  }
  return components;
}

function decodePrefixComponent(reader: ByteReader, type: number, family: IpFamily): FlowComponent | null {
  const length = reader.u8();
  const offset = family === 6 ? reader.u8() : 0;
  if (offset > length) return null;
  const pattern = readBits(reader, family, length - offset);
  return pattern && { kind: 'prefix', type: type === 1 ? 1 : 2, prefix: pattern, offset };
}

function decodeTests(reader: ByteReader, type: number): FlowComponent | null {
  const tests: FlowTest[] = [];
  for (;;) {
    const operator = reader.u8();
    const octets = 1 << ((operator >> 4) & 3);
    let value = 0;
    for (let i = 0; i < octets; i++) value = value * 256 + reader.u8();
    if (reader.short || !Number.isSafeInteger(value)) return null;
    tests.push({ and: (operator & AND) !== 0, operator: operator & OPERATOR, value });
    if (operator & END) return { kind: 'tests', type, tests };
  }
}

function encodeComponent(writer: ByteWriter, component: FlowComponent): void {
  writer.u8(component.type);
  if (component.kind === 'prefix') {
    const { prefix, offset } = component;
    writer.u8(prefix.length + offset);
    if (prefix.family === 6) writer.u8(offset);
    writeBits(writer, prefix);
    return;
  }
  component.tests.forEach(({ and, operator, value }, place) => {
    const size = value <= 0xff ? 0 : value <= 0xffff ? 1 : value <= 0xffffffff ? 2 : 3;
    const end = place === component.tests.length - 1 ? END : 0;
    writer.u8(end | (and ? AND : 0) | (size << 4) | operator);
    for (let octet = (1 << size) - 1; octet >= 0; octet--) writer.u8(Math.floor(value / 256 ** octet) & 255);
  });
}

import { describe, expect, it } from 'vitest';
import { decodeAttributes, encodeAttributes } from '../../../src/bgp/wire/attributes.ts';
import { ByteWriter } from '../../../src/bgp/wire/writer.ts';
import { hex, knownNegotiated } from './support.ts';

/** Flags, type and label 100; then an identifier. */
const head = (type: string) => `01 ${type} 000064`;
const v6 = '20010db8 00000000 00000000 000000';

function decoded(value: string) {
  const octets = hex(value);
  const whole = Uint8Array.of(0xc0, 22, octets.length, ...octets);
  return { whole, ...decodeAttributes(whole, knownNegotiated) };
}

const address = (text: string) => expect.objectContaining({ text });

describe('PMSI_TUNNEL by type (RFC 6514 section 5)', () => {
  it.each([
    ['no tunnel', head('00'), { tunnel: 'none' }],
    [
      'RSVP-TE',
      `${head('01')} 0000000b 0000 0007 0a000001`,
      { tunnel: 'rsvp-te', p2mp: 11, id: 7, address: address('10.0.0.1') },
    ],
    ['mLDP, as it came', `${head('02')} 060001`, { tunnel: 'opaque', value: Uint8Array.of(6, 0, 1) }],
    [
      'PIM-SSM',
      `${head('03')} 0a000001 e8010203`,
      { tunnel: 'pim-ssm', address: address('10.0.0.1'), group: address('232.1.2.3') },
    ],
    [
      'PIM-SM in IPv6',
      `${head('04')} ${v6}01 ff3e0000 00000000 00000000 00000001`,
      { tunnel: 'pim-sm', address: address('2001:db8::1'), group: address('ff3e::1') },
    ],
    [
      'BIDIR-PIM',
      `${head('05')} 0a000001 ef000001`,
      { tunnel: 'bidir-pim', address: address('10.0.0.1'), group: address('239.0.0.1') },
    ],
    [
      'ingress replication',
      `${head('06')} 0a000001`,
      { tunnel: 'ingress-replication', address: address('10.0.0.1') },
    ],
    [
      'ingress replication in IPv6',
      `${head('06')} ${v6}01`,
      { tunnel: 'ingress-replication', address: address('2001:db8::1') },
    ],
    ['a type that nobody knows', `${head('7f')} 01`, { tunnel: 'opaque', value: Uint8Array.of(1) }],
  ])('%s, there and back', (_, value, identifier) => {
    const { whole, attributes, faults } = decoded(value);
    expect(faults).toEqual([]);
    expect(attributes.pmsiTunnel).toMatchObject({ flags: 1, label: 100, identifier });
    const writer = new ByteWriter();
    encodeAttributes(writer, attributes, knownNegotiated);
    expect(writer.bytes()).toEqual(whole);
  });

  it.each([
    ['no tunnel and yet an identifier', `${head('00')} 01`],
    ['ingress replication to five octets', `${head('06')} 0a00000101`],
    ['ingress replication to nowhere', head('06')],
    ['a tree with one address', `${head('03')} 0a000001`],
    ['RSVP-TE without an extended tunnel', `${head('01')} 0000000b 0000 0007`],
    ['not even a label', '01 06 0000'],
  ])('%s: the route is withdrawn', (_, value) => {
    const { attributes, faults } = decoded(value);
    expect(attributes.pmsiTunnel).toBeUndefined();
    expect(faults.map(({ outcome }) => outcome)).toEqual(['treat-as-withdraw']);
  });
});

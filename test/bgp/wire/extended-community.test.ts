import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extendedCommunityText } from '../../../src/bgp/wire/extended-community.ts';

const rows = [
  ['0002fde800000001', 'rt:65000:1'],
  ['0102c00002010002', 'rt:192.0.2.1:2'],
  ['0202fa56ea000003', 'rt:4200000000:3'],
  ['0003fde800000004', 'soo:65000:4'],
  ['030c000000000008', 'encap:vxlan'],
  ['030c0000000000ff', 'encap:255'],
  ['030d000000000000', 'default-gateway'],
  ['0600010000000005', 'mac-mobility:5:sticky'],
  ['0600000000000007', 'mac-mobility:7'],
  ['0601010000000640', 'esi-label:100:single-active'],
  ['0602112233445566', 'es-import:11:22:33:44:55:66'],
  ['0603020000000001', 'router-mac:02:00:00:00:00:01'],
  ['4004fde849742400', 'link-bandwidth:65000:1000000'],
  ['8006000000000000', 'traffic-rate:0:0'],
  ['8007000000000003', 'traffic-action:sample-terminal'],
  ['8008fde80000029a', 'redirect:65000:666'],
  ['800900000000002e', 'traffic-marking:46'],
  ['4300000000000001', '0x4300000000000001'],
] as const;

describe('extended communities in words', () => {
  it.each(rows)('%s is %s', (digits, text) => {
    expect(extendedCommunityText(digits)).toBe(text);
  });

  it('any digits have a text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9 }), (octets) => {
        expect(extendedCommunityText(Buffer.from(octets).toString('hex'))).not.toBe('');
      }),
    );
  });
});

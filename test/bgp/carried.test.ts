import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinNlri, splitNlri } from '../../src/bgp/carried/attached.ts';
import { readCarried, writeCarried } from '../../src/bgp/carried/destinations.ts';
import { isFault } from '../../src/bgp/wire/fault.ts';
import {
  IPV4_FLOWSPEC,
  IPV4_LABELED,
  IPV4_VPN,
  IPV6_FLOWSPEC,
  IPV6_VPN,
  L2VPN_EVPN,
} from '../../src/bgp/wire/negotiated.ts';
import { decodeNlri } from '../../src/bgp/wire/nlri/index.ts';
import { ByteWriter } from '../../src/bgp/wire/writer.ts';

const families = [L2VPN_EVPN, IPV4_VPN, IPV6_VPN, IPV4_LABELED, IPV4_FLOWSPEC, IPV6_FLOWSPEC];
const octets = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const [RD, SEGMENT, MAC] = ['000000010000fde9', '00112233445566778899', '020000000001'];
/** A MAC with an address and one label; a prefix with a gateway and a label. */
const mac = (label: string, segment = SEGMENT) =>
  octets(`0225${RD}${segment}0000000030${MAC}200a010001${label}`);
const prefix = (gateway: string, label: string) =>
  octets(`0522${RD}${'00'.repeat(10)}00000000100a020000${gateway}${label}`);

describe('the name of a destination', () => {
  it.each([
    [
      'a MAC',
      mac('000064'),
      mac('000065', '00'.repeat(10)),
      'esi 00112233445566778899 label 100',
      'label 101',
    ],
    [
      'a prefix',
      prefix('0a000001', '0000c8'),
      prefix('00000000', '0000c9'),
      'gateway 10.0.0.1 label 200',
      'label 201',
    ],
  ])('of %s has neither segment nor gateway nor label in it', (_, one, other, first, second) => {
    const [a] = readCarried(L2VPN_EVPN, one, false) ?? [];
    const [b] = readCarried(L2VPN_EVPN, other, false) ?? [];
    expect(a?.key).toBe(b?.key);
    expect([a?.attached, b?.attached]).toEqual([first, second]);
  });

  it('of a VPN route is distinguisher and prefix; the label of a withdrawal says nothing', () => {
    const route = (label: string) => octets(`68${label}${RD}0a03`);
    const [a] = readCarried(IPV4_VPN, route('000641'), false) ?? [];
    const [b] = readCarried(IPV4_VPN, route('800000'), false) ?? [];
    expect(a?.key).toBe(b?.key);
    expect(a?.attached).toBe('label 100');
  });

  it('EVPN routes of types nobody knows are passed over (RFC 7606 5.4)', () => {
    const known = mac('000064');
    const both = new Uint8Array([9, 2, 1, 2, ...known]);
    expect(readCarried(L2VPN_EVPN, both, false)).toHaveLength(1);
    expect(readCarried(L2VPN_EVPN, octets('0203ffffff'), false)).toBeNull();
  });

  it('what decodes is written as it came, with and without a path identifier', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...families),
        fc.boolean(),
        fc.oneof(
          fc.uint8Array({ maxLength: 80 }),
          fc.constantFrom(mac('000064'), prefix('0a000001', '0000c8'), octets(`68000641${RD}0a03`)),
        ),
        (family, addPath, bytes) => {
          const list = decodeNlri(bytes, family, addPath);
          const routes = readCarried(family, bytes, addPath);
          expect(routes === null).toBe(isFault(list));
          if (isFault(list) || routes === null) return;
          for (const nlri of list) {
            const split = splitNlri(nlri);
            if (split) expect({ ...joinNlri(split.bare, split.attached), pathId: nlri.pathId }).toEqual(nlri);
          }
          for (const { bare, attached, pathId, key } of routes) {
            const writer = new ByteWriter();
            writeCarried(writer, family, bare, attached, addPath ? pathId : null);
            const [again] = readCarried(family, writer.view(), addPath) ?? [];
            expect(again).toMatchObject({ key, attached, pathId });
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

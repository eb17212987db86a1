import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFault } from '../../../src/bgp/wire/fault.ts';
import { familyText, L2VPN_EVPN, ROUTE_TARGET } from '../../../src/bgp/wire/negotiated.ts';
import { decodeNlri, encodeNlri, knownFamilies } from '../../../src/bgp/wire/nlri/index.ts';
import { ByteWriter } from '../../../src/bgp/wire/writer.ts';

/** Bytes that look like the family often enough: a small number where a length or a type is expected. */
const plausible = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 255 })), { maxLength: 80 })
  .map((list) => Uint8Array.from(list));

describe('destinations', () => {
  it('of ten families are understood', () => {
    expect(knownFamilies.length).toBeGreaterThanOrEqual(10);
  });

  it.each(knownFamilies.map((family) => [familyText(family), family] as const))(
    '%s: any bytes are a list or a fault, and a list goes there and back',
    (_, family) => {
      fc.assert(
        fc.property(plausible, fc.boolean(), (bytes, addPath) => {
          const list = decodeNlri(bytes, family, addPath);
          if (isFault(list)) return;
          const writer = new ByteWriter();
          encodeNlri(writer, list, family, addPath);
          expect(decodeNlri(writer.bytes(), family, addPath)).toEqual(list);
        }),
        { numRuns: 300 },
      );
    },
  );

  it('an EVPN MAC/IP route as RFC 7432 7.2 draws it', () => {
    const bytes = Buffer.from(
      '0225 0001 0a000001 0064 00000000000000000000 00000000 30 0242ac110002 20 ac110002 000064'.replaceAll(
        ' ',
        '',
      ),
      'hex',
    );
    expect(decodeNlri(bytes, L2VPN_EVPN, false)).toEqual([
      {
        kind: 'evpn',
        pathId: null,
        distinguisher: { type: 1, address: 0x0a000001, assigned: 100 },
        route: {
          type: 'mac-ip',
          segment: '00'.repeat(10),
          tag: 0,
          mac: '02:42:ac:11:00:02',
          address: expect.objectContaining({ text: '172.17.0.2' }),
          labels: [100],
        },
      },
    ]);
  });

  it('the default route target has no bits at all', () => {
    expect(decodeNlri(Uint8Array.of(0), ROUTE_TARGET, false)).toEqual([
      { kind: 'route-target', pathId: null, originAs: null, target: '', length: 0 },
    ]);
  });
});

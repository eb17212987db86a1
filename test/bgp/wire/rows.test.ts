import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeRows, decodeAttributes, encodeAttributes } from '../../../src/bgp/wire/attributes.ts';
import { capabilityRows } from '../../../src/bgp/wire/capabilities.ts';
import type { CapabilityRow } from '../../../src/bgp/wire/capability/row.ts';
import { Framer } from '../../../src/bgp/wire/framing.ts';
import { decodeMessage } from '../../../src/bgp/wire/message.ts';
import { decodeOpen } from '../../../src/bgp/wire/open.ts';
import { ByteReader } from '../../../src/bgp/wire/reader.ts';
import { ByteWriter } from '../../../src/bgp/wire/writer.ts';
import { knownNegotiated } from './support.ts';

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 40 }).map((list) => Uint8Array.from(list)),
);
const sessions = [true, false].map((fourOctetAs) => ({ ...knownNegotiated, fourOctetAs }));

describe('every attribute with a row', () => {
  it('there are 20 of them', () => {
    expect(Object.keys(attributeRows).length).toBeGreaterThanOrEqual(20);
  });

  it.each(Object.entries(attributeRows))(
    '%s: any bytes are a value or a fault, and a value goes there and back',
    (name, row) => {
      fc.assert(
        fc.property(bytes, fc.constantFrom(...sessions), (value, session) => {
          const whole = Uint8Array.of(row.flags, row.code, value.length, ...value);
          const { attributes, faults } = decodeAttributes(whole, session);
          if (faults.length > 0) {
            expect(attributes).toEqual({});
            expect(faults[0]?.code).toBe(3);
            return;
          }
          expect(Object.keys(attributes)).toEqual([name]);
          const writer = new ByteWriter();
          encodeAttributes(writer, attributes, session);
          expect(decodeAttributes(writer.bytes(), session)).toEqual({ attributes, faults: [] });
        }),
        { numRuns: 200 },
      );
    },
  );

  it('any list of attributes is read without a throw, and what was read goes there and back', () => {
    const attribute = fc.tuple(
      fc.constantFrom(0x40, 0x80, 0xc0, 0xe0),
      fc.integer({ min: 0, max: 40 }),
      bytes,
    );
    fc.assert(
      fc.property(fc.array(attribute, { maxLength: 8 }), (list) => {
        const session = knownNegotiated;
        const whole = list.flatMap(([flags, code, value]) => [flags, code, value.length, ...value]);
        const { attributes } = decodeAttributes(Uint8Array.from(whole), session);
        const writer = new ByteWriter();
        encodeAttributes(writer, attributes, session);
        expect(decodeAttributes(writer.bytes(), session)).toEqual({ attributes, faults: [] });
      }),
      { numRuns: 500 },
    );
  });
});

describe('every capability with a row', () => {
  it('there are 10 of them', () => {
    expect(Object.keys(capabilityRows).length).toBeGreaterThanOrEqual(10);
  });

  it.each(Object.entries(capabilityRows))(
    '%s: any bytes are a value or none, and a value goes there and back',
    (_, row) => {
      const any = row as CapabilityRow<unknown>;
      fc.assert(
        fc.property(bytes, (value) => {
          const reader = new ByteReader(value);
          const decoded = any.decode(reader);
          if (decoded === null || reader.short || reader.left > 0) return;
          const writer = new ByteWriter();
          any.encode(writer, decoded);
          expect(any.decode(new ByteReader(writer.bytes()))).toEqual(decoded);
        }),
      );
    },
  );
});

describe('whatever a peer sends', () => {
  it('an OPEN is read or refused', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (body) => typeof decodeOpen(body) === 'object'));
  });

  it('a stream is messages and perhaps a fault', () => {
    const marker = Array.from({ length: 16 }, () => 255);
    const message = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.uint8Array({ maxLength: 80 }))
      .map(([type, body]) => [...marker, 0, 19 + body.length, type, ...body]);
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), (list) => {
        const { frames } = new Framer().push(Uint8Array.from(list.flat()));
        for (const frame of frames) expect(typeof decodeMessage(frame, knownNegotiated)).toBe('object');
      }),
    );
  });
});

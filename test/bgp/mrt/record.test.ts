import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parsePrefix } from '../../../src/base/ip.ts';
import { type MrtRecord, readMrtRecord, writeMrtRecord } from '../../../src/bgp/mrt/record.ts';
import { ByteWriter } from '../../../src/bgp/wire/writer.ts';

function address(text: string) {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(text);
  return parsed;
}

function prefix(text: string) {
  const parsed = parsePrefix(text);
  if (!parsed) throw new Error(text);
  return parsed;
}

const between = {
  peerAs: 4200000000,
  localAs: 65001,
  interfaceIndex: 3,
  peer: address('2001:db8::1'),
  local: address('2001:db8::2'),
  fourOctetAs: true,
};

const records: readonly (readonly [string, MrtRecord['content']])[] = [
  [
    'the table of peers',
    {
      kind: 'peer-index-table',
      collector: 0x0a000001,
      viewName: 'lab',
      peers: [
        { identifier: 1, address: address('10.0.0.1'), asn: 65001 },
        { identifier: 2, address: address('2001:db8::1'), asn: 4200000000 },
      ],
    },
  ],
  [
    'a destination with two entries',
    {
      kind: 'rib',
      sequence: 7,
      prefix: prefix('2001:db8::/33'),
      addPath: true,
      entries: [
        { peer: 0, originated: 1, pathId: 5, attributes: Uint8Array.of(0x40, 1, 1, 0) },
        { peer: 1, originated: 2, pathId: 6, attributes: Uint8Array.of() },
      ],
    },
  ],
  ['a change of state', { kind: 'state-change', ...between, from: 'OpenConfirm', to: 'Established' }],
  ['a message', { kind: 'message', ...between, addPath: false, message: Uint8Array.of(1, 2, 3) }],
  ['a type that is not known', { kind: 'unknown', type: 48, subtype: 1, body: Uint8Array.of(9) }],
];

describe('MRT records', () => {
  it.each(records)('%s goes there and back', (_, content) => {
    const writer = new ByteWriter();
    const record: MrtRecord = { seconds: 1_700_000_000, microseconds: null, content };
    writeMrtRecord(writer, record);
    writeMrtRecord(writer, record);
    const bytes = writer.bytes();
    const first = readMrtRecord(bytes, 0);
    expect(first).toMatchObject({ record });
    if (!first || 'problem' in first) throw new Error('no record');
    const second = readMrtRecord(bytes, first.next);
    expect(second).toMatchObject({ record, next: bytes.length });
    expect(readMrtRecord(bytes, bytes.length)).toBeNull();
  });

  it('any bytes are records or a problem', () => {
    const head = fc.tuple(
      fc.constantFrom(13, 16, 17),
      fc.integer({ min: 0, max: 10 }),
      fc.uint8Array({ maxLength: 60 }),
    );
    fc.assert(
      fc.property(head, fc.integer({ min: -3, max: 3 }), ([type, subtype, body], slip) => {
        const writer = new ByteWriter();
        writer
          .u32(0)
          .u16(type)
          .u16(subtype)
          .u32(Math.max(0, body.length + slip))
          .put(body);
        const result = readMrtRecord(writer.bytes(), 0);
        expect(result !== null && ('record' in result || result.problem !== '')).toBe(true);
      }),
    );
  });
});

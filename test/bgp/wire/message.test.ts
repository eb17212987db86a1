import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parsePrefix } from '../../../src/base/ip.ts';
import { isFault } from '../../../src/bgp/wire/fault.ts';
import { Framer } from '../../../src/bgp/wire/framing.ts';
import { decodeMessage, encodeMessage, type Message, type Outgoing } from '../../../src/bgp/wire/message.ts';
import { IPV4_UNICAST, IPV6_UNICAST } from '../../../src/bgp/wire/negotiated.ts';
import { notificationText, shutdownData } from '../../../src/bgp/wire/notification.ts';
import { hex, knownNegotiated } from './support.ts';

const session = knownNegotiated;

function prefix(text: string) {
  const parsed = parsePrefix(text);
  if (!parsed) throw new Error(text);
  return { kind: 'prefix', pathId: null, prefix: parsed } as const;
}

/** One message through the framer and the decoder. */
function read(bytes: Uint8Array): Message {
  const { frames, fault } = new Framer().push(bytes);
  expect(fault).toBeNull();
  const [frame] = frames;
  if (!frame) throw new Error('no message');
  const message = decodeMessage(frame, session);
  if (isFault(message)) throw new Error(message.message);
  return message;
}

describe('messages', () => {
  it('an OPEN as FRR 8.4 sends it', () => {
    const marker = 'ff'.repeat(16);
    const open = read(
      hex(`${marker} 0031 01 04 fde8 00b4 0a000001 14 02 12 010400010001 41040000fde8 0200 8000 0600`),
    );
    expect(open).toMatchObject({
      kind: 'open',
      asn: 65000,
      holdTime: 180,
      capabilities: {
        multiprotocol: [IPV4_UNICAST],
        fourOctetAs: 65000,
        routeRefresh: true,
        extendedMessage: true,
      },
    });
  });

  it('an UPDATE with both families goes there and back', () => {
    const nextHop = parseAddress('2001:db8::1');
    if (!nextHop) throw new Error('no address');
    const update: Outgoing = {
      kind: 'update',
      attributes: {
        origin: 0,
        asPath: [{ kind: 'sequence', asns: [65001, 4200000000] }],
        med: 7,
        communities: [42],
      },
      announced: { family: IPV6_UNICAST, nlri: [prefix('2001:db8::/32'), prefix('::/0')] },
      withdrawn: { family: IPV4_UNICAST, nlri: [prefix('10.0.0.0/9')] },
      mpNextHop: [nextHop],
    };
    const back = read(encodeMessage(update, session));
    expect(back).toMatchObject({
      attributes: update.attributes,
      announced: [update.announced],
      withdrawn: [update.withdrawn],
      faults: [],
    });
  });

  it('a shutdown says its words', () => {
    const data = shutdownData('maintenance until 12:00');
    const message = read(encodeMessage({ kind: 'notification', code: 6, subcode: 2, data }, session));
    if (message.kind !== 'notification') throw new Error(message.kind);
    expect(notificationText(message)).toBe('Cease/administrative shutdown: "maintenance until 12:00"');
  });

  it('comes out of the framer the same, whatever pieces it arrives in', () => {
    const header = (length: number, type: number) => [
      ...Array<number>(16).fill(255),
      length >> 8,
      length & 255,
      type,
    ];
    const lengths = fc.array(fc.oneof(fc.constant(19), fc.integer({ min: 23, max: 70 })), { maxLength: 6 });
    const cuts = fc.array(fc.integer({ min: 1, max: 420 }), { maxLength: 12 });
    fc.assert(
      fc.property(lengths, cuts, fc.boolean(), (list, cuts, broken) => {
        const messages = list.map((length, n) => [
          ...header(length, length === 19 ? 4 : 2),
          ...Array<number>(length - 19).fill(n),
        ]);
        // A header that is wrong in its last octet: what stands before it comes out all the same.
        const stream = Uint8Array.from([...messages.flat(), ...(broken ? [...header(30, 9), 1, 2] : [])]);
        const framer = new Framer();
        const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
        const bodies: string[] = [];
        let faults = 0;
        for (const [i, end] of places.slice(1).entries()) {
          const piece = stream.slice(places[i], end);
          const { frames, fault } = framer.push(piece);
          bodies.push(...frames.map(({ type, body }) => `${type} ${body}`));
          piece.fill(0);
          if (fault) {
            faults++;
            break;
          }
        }
        expect(bodies).toEqual(messages.map((one) => `${one[18]} ${Uint8Array.from(one.slice(19))}`));
        expect(faults).toBe(broken ? 1 : 0);
        if (!broken) expect(framer.waiting).toBe(0);
      }),
    );
  });

  it('of the greatest length takes each octet over once, though they come one at a time', () => {
    const body = new Uint8Array(65_535 - 19).fill(7);
    const framer = new Framer();
    framer.maxLength = 65_535;
    const header = Uint8Array.from([...Array<number>(16).fill(255), 255, 255, 2]);
    for (const octet of header) framer.push(Uint8Array.of(octet));
    for (let at = 0; at < body.length - 1; at++)
      if (framer.push(body.subarray(at, at + 1)).frames.length > 0) throw new Error('too early');
    expect(framer.waiting).toBe(65_534);
    const [frame] = framer.push(body.subarray(body.length - 1)).frames;
    expect(frame?.body).toEqual(body);
    expect(framer.waiting).toBe(0);
  });
});

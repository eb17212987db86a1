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
    const bytes = encodeMessage({ kind: 'keepalive' }, session);
    const stream = Uint8Array.from([...bytes, ...bytes, ...bytes]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 56 }), { maxLength: 5 }), (cuts) => {
        const framer = new Framer();
        const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
        const frames = places.slice(1).flatMap((end, i) => framer.push(stream.slice(places[i], end)).frames);
        expect(frames.map(({ type }) => type)).toEqual([4, 4, 4]);
        expect(framer.waiting).toBe(0);
      }),
    );
  });
});

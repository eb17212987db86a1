import { describe, expect, it } from 'vitest';
import { readCarried } from '../../src/bgp/carried/destinations.ts';
import { L2VPN_EVPN } from '../../src/bgp/wire/negotiated.ts';
import { writeCarriedBatch } from '../../src/speaker/carried/carried-update.ts';
import { beforeOpen } from '../../src/speaker/session/agreement.ts';

/** A MAC with an address, a segment and a label, 39 octets. */
const mac = '0225000000010000fde900112233445566778899000000003002000000000120' + '0a010001000064';

describe('UPDATEs of families that are passed on', () => {
  const session = { ...beforeOpen, families: new Set([L2VPN_EVPN]) };
  const written = (attributes: string | null, count: number) => {
    const messages: number[] = [];
    const [route] = readCarried(L2VPN_EVPN, Uint8Array.from(Buffer.from(mac, 'hex')), false) ?? [];
    if (!route) throw new Error('no route');
    const destination = { key: route.key, bare: route.bare, routes: [], best: null };
    const routes = Array.from({ length: count }, () => ({
      destination,
      pathId: 0,
      attached: route.attached,
    }));
    const write = (bytes: Uint8Array, number: number) => {
      for (let at = 0; at < bytes.length; ) {
        const length = ((bytes[at + 16] ?? 0) << 8) | (bytes[at + 17] ?? 0);
        messages.push(length);
        at += length;
      }
      expect(messages.length).toBeGreaterThanOrEqual(number);
    };
    writeCarriedBatch({ family: L2VPN_EVPN, session, write }, { attributes, routes });
    return messages;
  };
  const nextHop = '\x04\x0a\x00\x00\x09';

  it('are as long as the session allows and no longer', () => {
    const lengths = written(nextHop, 300);
    expect(lengths).toHaveLength(3);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(4096);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(300 * 39 + 3 * (19 + 4 + 4 + 3 + 5 + 1));
  });

  it('a set of attributes that leaves no room for a destination withdraws it', () => {
    const [length, ...more] = written(`${nextHop}${'\x00'.repeat(4030)}`, 1);
    expect([length, more]).toEqual([19 + 4 + 4 + 3 + 39, []]);
  });
});

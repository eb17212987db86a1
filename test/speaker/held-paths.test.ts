import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeMessage } from '../../src/bgp/wire/message.ts';
import { IPV4_UNICAST, L2VPN_EVPN } from '../../src/bgp/wire/negotiated.ts';
import { beforeOpen } from '../../src/speaker/session/agreement.ts';
import { pathField } from '../../src/speaker/shelf/facts.ts';
import type { Tables } from '../../src/speaker/tables/tables.ts';
import { addressOf, Caller, keepaliveBytes, messageBytes, openBytes } from './support/caller.ts';
import { gobgpToml } from './support/configs.ts';
import { VirtualNetwork, virtualSpeakerOf } from './support/virtual.ts';

const HUB = '10.0.0.1';
const PEERS = ['10.0.0.2', '10.0.0.3', '10.0.0.4'] as const;
const families = [IPV4_UNICAST, L2VPN_EVPN];
const session = { ...beforeOpen, fourOctetAs: true, families: new Set(families) };

/** A speaker and three peers that come and go. */
class Scene {
  readonly network = new VirtualNetwork();
  readonly hub;
  readonly #callers: (Caller | null)[] = PEERS.map(() => null);

  constructor() {
    const names = ['ipv4-unicast', 'l2vpn-evpn'];
    const peers = PEERS.map((address, place) => [address, 65002 + place, names] as const);
    this.hub = virtualSpeakerOf(this.network, HUB, gobgpToml(65001, HUB, peers)).speaker;
    this.hub.start();
    this.network.run(1);
  }

  /** The peer's session, which begins where there is none. */
  #caller(place: number): Caller {
    const open = this.#callers[place];
    if (open) return open;
    const address = PEERS[place] ?? HUB;
    const caller = new Caller(this.network, address, HUB);
    this.#callers[place] = caller;
    this.network.run(1);
    const capabilities = { multiprotocol: families, fourOctetAs: 65002 + place };
    caller.say(openBytes(65002 + place, { identifier: Number(addressOf(address).value), capabilities }));
    caller.say(keepaliveBytes());
    this.network.run(1);
    return caller;
  }

  announce(place: number, net: number, med: number): void {
    const attributes = {
      origin: 0,
      asPath: [{ kind: 'sequence', asns: [65002 + place] }],
      med,
      nextHop: addressOf(PEERS[place] ?? HUB),
    };
    const prefix = {
      kind: 'prefix',
      pathId: null,
      prefix: { family: 4, value: BigInt(net) << 8n, length: 24 },
    };
    this.#say(place, {
      attributes,
      announced: { family: IPV4_UNICAST, nlri: [prefix] },
      withdrawn: null,
      mpNextHop: [],
    });
  }

  withdraw(place: number, net: number): void {
    this.#caller(place).say(messageBytes(2, [0, 4, 24, 0, 0, net, 0, 0]));
    this.network.run(1);
  }

  /** An inclusive multicast route (RFC 7432 7.3), announced or taken back. */
  evpn(place: number, tag: number, announced: boolean): void {
    const nlri = [
      ...Buffer.from(`03110000fde900000001${tag.toString(16).padStart(8, '0')}200a000009`, 'hex'),
    ];
    const reach = [0, 25, 70, 4, 10, 0, 0, 2 + place, 0, ...nlri];
    const path = [0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xea + place];
    const value = announced ? reach : [0, 25, 70, ...nlri];
    const attributes = [0x90, announced ? 14 : 15, 0, value.length, ...value, ...(announced ? path : [])];
    this.#caller(place).say(messageBytes(2, [0, 0, 0, attributes.length, ...attributes]));
    this.network.run(1);
  }

  #say(place: number, content: object): void {
    this.#caller(place).say(encodeMessage({ kind: 'update', ...content } as never, session).slice());
    this.network.run(1);
  }

  hangUp(place: number): void {
    this.#callers[place]?.hangUp();
    this.#callers[place] = null;
    this.network.run(5);
  }

  get unicast(): Tables {
    const tables = this.hub.tables.get('ipv4-unicast');
    if (!tables) throw new Error('no tables');
    return tables;
  }

  /** How often paths are held, all together. */
  get holds(): number {
    const { shelf } = this.unicast;
    let sum = 0;
    for (let number = 1; number < 4000; number++) sum += Math.abs(shelf.facts.get(number, pathField.held));
    return sum;
  }

  get evpnTable() {
    return this.hub.carried.get(L2VPN_EVPN);
  }
}

const act = fc.record({
  kind: fc.constantFrom('announce', 'announce', 'withdraw', 'evpn', 'evpn', 'no evpn', 'hang up'),
  place: fc.nat(2),
  net: fc.nat(4),
  med: fc.nat(3),
});

describe('what nobody says any more', () => {
  it('is held by nobody, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 5, maxLength: 40 }), (acts) => {
        const scene = new Scene();
        for (const { kind, place, net, med } of acts) {
          if (kind === 'announce') scene.announce(place, net, med);
          else if (kind === 'withdraw') scene.withdraw(place, net);
          else if (kind === 'hang up') scene.hangUp(place);
          else scene.evpn(place, net, kind === 'evpn');
        }
        for (const place of PEERS.keys()) scene.hangUp(place);
        scene.network.run(400);
        expect([scene.unicast.table.routes, scene.unicast.table.prefixes, scene.holds]).toEqual([0, 0, 0]);
        expect([scene.evpnTable?.rib.routes, scene.evpnTable?.rib.destinations.size]).toEqual([0, 0]);
      }),
      { numRuns: 30 },
    );
  });

  it('is held where it is in use: as received, as accepted, and by each peer that was told', () => {
    const scene = new Scene();
    scene.announce(1, 1, 1);
    const alone = scene.holds;
    scene.evpn(0, 1, true);
    expect(scene.evpnTable?.rib.routes).toBe(1);
    expect(alone).toBeGreaterThanOrEqual(2);
    expect(scene.holds).toBe(alone + 1);
    scene.hangUp(0);
    expect(scene.holds).toBe(alone);
  });
});

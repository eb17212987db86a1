import { describe, expect, it } from 'vitest';
import { addressOf as ip, prefixOf } from '../../src/base/ip.ts';
import { encodeMessage } from '../../src/bgp/wire/message.ts';
import { type FamilyKey, IPV4_FLOWSPEC, IPV4_VPN, L2VPN_EVPN } from '../../src/bgp/wire/negotiated.ts';
import type { EvpnRoute } from '../../src/bgp/wire/nlri/evpn.ts';
import type { Nlri } from '../../src/bgp/wire/nlri/index.ts';
import { carriedPage } from '../../src/speaker/api/carried-views.ts';
import { beforeOpen } from '../../src/speaker/session/agreement.ts';
import { addressOf, Caller, keepaliveBytes, openBytes } from './support/caller.ts';
import { frrConf } from './support/configs.ts';
import { VirtualNetwork, type VirtualSpeaker, virtualSpeaker } from './support/virtual.ts';

const [HUB, FAR, ORIGIN, OTHER] = ['10.0.0.1', '10.0.0.2', '10.0.0.9', '10.0.0.8'] as const;
const rd = { type: 0, asn: 65009, assigned: 1 } as const;
const NO_SEGMENT = '0'.repeat(20);

function evpn(route: EvpnRoute): Nlri {
  return { kind: 'evpn', pathId: null, distinguisher: rd, route };
}

const mac = (label: number, segment = NO_SEGMENT): Nlri =>
  evpn({
    type: 'mac-ip',
    segment,
    tag: 0,
    mac: '02:00:00:00:00:01',
    address: ip(4, 0x0a010001n),
    labels: [label],
  });
const multicast = evpn({ type: 'inclusive-multicast', tag: 0, address: ip(4, 0x0a000009n) });
const prefix = evpn({
  type: 'ip-prefix',
  segment: NO_SEGMENT,
  tag: 0,
  prefix: prefixOf(4, 0x0a020000n, 16),
  gateway: ip(4, 0x0a000063n),
  label: 200,
});
const vpn = (label: number): Nlri => ({
  kind: 'labeled',
  pathId: null,
  labels: [label],
  distinguisher: rd,
  prefix: prefixOf(4, 0x0a030000n, 16),
});
const flow: Nlri = {
  kind: 'flowspec',
  pathId: null,
  distinguisher: null,
  components: [
    { kind: 'prefix', type: 1, prefix: prefixOf(4, 0x0a040000n, 16), offset: 0 },
    { kind: 'tests', type: 3, tests: [{ and: false, operator: 1, value: 6 }] },
  ],
};

const lines = ['l2vpn evpn', 'ipv4 flowspec', 'ipv4 vpn'] as const;
const families = [L2VPN_EVPN, IPV4_FLOWSPEC, IPV4_VPN];

function blocks(...each: readonly (readonly string[])[]): readonly string[] {
  return lines.flatMap((line) => [
    ` address-family ${line}`,
    ...each.flat().map((one) => `  ${one}`),
    ' exit-address-family',
  ]);
}

/** Somebody who says what he likes to the hub, once the session is up. */
class Origin {
  readonly caller: Caller;
  readonly #network: VirtualNetwork;

  constructor(network: VirtualNetwork, from: string, asn: number, more: object = {}) {
    this.#network = network;
    this.caller = new Caller(network, from, HUB);
    network.run(1);
    const identifier = Number(addressOf(from).value);
    this.caller.say(
      openBytes(asn, { identifier, capabilities: { multiprotocol: families, fourOctetAs: asn, ...more } }),
    );
    this.caller.say(keepaliveBytes());
    network.run(1);
  }

  say(family: FamilyKey, nlri: readonly Nlri[], asPath: readonly number[], more: object = {}): void {
    this.#send({
      attributes: {
        origin: 0,
        asPath: asPath.length > 0 ? [{ kind: 'sequence', asns: asPath }] : [],
        ...more,
      },
      announced: { family, nlri },
      withdrawn: null,
      mpNextHop: family === IPV4_FLOWSPEC ? [] : [addressOf('10.0.0.99')],
    });
  }

  withdraw(family: FamilyKey, nlri: readonly Nlri[]): void {
    this.#send({ attributes: {}, announced: null, withdrawn: { family, nlri }, mpNextHop: [] });
  }

  #send(content: object): void {
    const session = { ...beforeOpen, fourOctetAs: true, families: new Set(families) };
    this.caller.say(encodeMessage({ kind: 'update', ...content } as never, session).slice());
    this.#network.run(1);
  }
}

function lab(hubLines: readonly string[] = [], farAs = 65002, originAs = 65009) {
  const network = new VirtualNetwork();
  const neighbors = [
    [FAR, farAs],
    [ORIGIN, originAs],
    [OTHER, 65009],
  ] as const;
  const hub = virtualSpeaker(
    network,
    HUB,
    frrConf(
      65001,
      [
        'bgp router-id 10.0.0.1',
        ...neighbors.flatMap(([address, asn]) => [
          `neighbor ${address} remote-as ${asn}`,
          ...(address === FAR ? [] : [`neighbor ${address} passive`]),
        ]),
      ],
      [],
      blocks(
        neighbors.map(([address]) => `neighbor ${address} activate`),
        hubLines,
      ),
    ),
  );
  const far = virtualSpeaker(
    network,
    FAR,
    frrConf(
      farAs,
      ['bgp router-id 10.0.0.2', `neighbor ${HUB} remote-as 65001`],
      [],
      blocks([`neighbor ${HUB} activate`]),
    ),
  );
  hub.speaker.start();
  far.speaker.start();
  network.run(60);
  return { network, hub, far, origin: new Origin(network, ORIGIN, originAs) };
}

function rib({ speaker }: VirtualSpeaker, family: FamilyKey): readonly string[] {
  const tables = speaker.carried.get(family);
  if (!tables) return [];
  return carriedPage(tables, -1, 5000).rows.flatMap(({ prefix: name, paths }) =>
    paths.map((path) =>
      [path.best ? '>' : ' ', name, path.attached, path.nextHop ?? 'none', `[${path.asPath}]`].join(' '),
    ),
  );
}

describe('routes of EVPN, VPN and flow specifications are passed on', () => {
  it('EVPN types 2, 3 and 5 with next hop, labels, gateway and communities as they came', () => {
    const { far, origin } = lab();
    const extendedCommunities = ['0002fe0900000064', '030c000000000008'];
    origin.say(L2VPN_EVPN, [mac(100)], [65009], { extendedCommunities });
    origin.say(L2VPN_EVPN, [multicast], [65009]);
    origin.say(L2VPN_EVPN, [prefix], [65009]);
    expect(rib(far, L2VPN_EVPN)).toEqual([
      '> 65009:1 [2]:[0]:[48]:[02:00:00:00:00:01]:[32]:[10.1.0.1] label 100 10.0.0.99 [65001 65009]',
      '> 65009:1 [3]:[0]:[32]:[10.0.0.9]  10.0.0.99 [65001 65009]',
      '> 65009:1 [5]:[0]:[16]:[10.2.0.0] gateway 10.0.0.99 label 200 10.0.0.99 [65001 65009]',
    ]);
    const [row] = carriedPage(far.speaker.carried.get(L2VPN_EVPN) ?? fail(), -1, 100).rows;
    expect(row?.paths[0]?.extendedCommunities).toEqual(['rt:65033:100', 'encap:vxlan']);
  });

  it('a label or a segment belongs to the path: with another one the route replaces the one before', () => {
    const { far, origin } = lab();
    origin.say(L2VPN_EVPN, [mac(100)], [65009]);
    origin.say(L2VPN_EVPN, [mac(101, '00112233445566778899')], [65009]);
    expect(rib(far, L2VPN_EVPN)).toEqual([
      '> 65009:1 [2]:[0]:[48]:[02:00:00:00:00:01]:[32]:[10.1.0.1] esi 00112233445566778899 label 101 10.0.0.99 [65001 65009]',
    ]);
    origin.withdraw(L2VPN_EVPN, [mac(0)]);
    expect(rib(far, L2VPN_EVPN)).toEqual([]);
  });

  it('VPN routes with their label, and a withdrawal without it', () => {
    const { far, origin } = lab();
    origin.say(IPV4_VPN, [vpn(100)], [65009]);
    origin.say(IPV4_VPN, [vpn(102)], [65009]);
    expect(rib(far, IPV4_VPN)).toEqual(['> 65009:1 10.3.0.0/16 label 102 10.0.0.99 [65001 65009]']);
    origin.withdraw(IPV4_VPN, [vpn(0x80000)]);
    expect(rib(far, IPV4_VPN)).toEqual([]);
  });

  it('flow specifications, which have no next hop', () => {
    const { far, origin } = lab();
    origin.say(IPV4_FLOWSPEC, [flow], [65009], { extendedCommunities: ['8006000000000000'] });
    expect(rib(far, IPV4_FLOWSPEC)).toEqual(['> destination 10.4.0.0/16 protocol =6  none [65001 65009]']);
    origin.withdraw(IPV4_FLOWSPEC, [flow]);
    expect(rib(far, IPV4_FLOWSPEC)).toEqual([]);
  });

  it('the best of several is told, and the next one after it', () => {
    const { network, far, origin } = lab();
    const other = new Origin(network, OTHER, 65009);
    origin.say(L2VPN_EVPN, [multicast], [65009, 65010]);
    other.say(L2VPN_EVPN, [multicast], [65009]);
    expect(rib(far, L2VPN_EVPN)).toEqual(['> 65009:1 [3]:[0]:[32]:[10.0.0.9]  10.0.0.99 [65001 65009]']);
    other.caller.hangUp();
    network.run(1);
    expect(rib(far, L2VPN_EVPN)).toEqual([
      '> 65009:1 [3]:[0]:[32]:[10.0.0.9]  10.0.0.99 [65001 65009 65010]',
    ]);
    origin.caller.hangUp();
    network.run(1);
    expect(rib(far, L2VPN_EVPN)).toEqual([]);
  });

  it('many of one attribute set stand together in one UPDATE, split where they are too many', () => {
    const { network, hub, far, origin } = lab();
    const told = hub.speaker.neighbor(FAR);
    const before = told?.session.counters.updatesSent ?? 0;
    const list = Array.from({ length: 4000 }, (_, tag) =>
      evpn({ type: 'inclusive-multicast', tag, address: ip(4, 0x0a000009n) }),
    );
    for (let at = 0; at < list.length; at += 100) origin.say(L2VPN_EVPN, list.slice(at, at + 100), [65009]);
    network.run(5);
    expect(rib(far, L2VPN_EVPN)).toHaveLength(4000);
    expect((told?.session.counters.updatesSent ?? 0) - before).toBe(40);
    const asked = told?.session.counters.updatesSent ?? 0;
    far.speaker.neighbors[0]?.askAgain();
    network.run(5);
    expect((told?.session.counters.updatesSent ?? 0) - asked).toBe(4);
    expect(rib(far, L2VPN_EVPN)).toHaveLength(4000);
  });

  it('reflection marks them (RFC 4456)', () => {
    const { far, origin } = lab([`neighbor ${FAR} route-reflector-client`], 65001, 65001);
    origin.say(L2VPN_EVPN, [multicast], [], { localPref: 100 });
    expect(rib(far, L2VPN_EVPN)).toEqual(['> 65009:1 [3]:[0]:[32]:[10.0.0.9]  10.0.0.99 []']);
    const [row] = carriedPage(far.speaker.carried.get(L2VPN_EVPN) ?? fail(), -1, 10).rows;
    expect(row?.paths[0]).toMatchObject({ originatorId: ORIGIN, clusterList: [HUB] });
    const plain = lab([], 65001, 65001);
    plain.origin.say(L2VPN_EVPN, [multicast], [], { localPref: 100 });
    expect(rib(plain.far, L2VPN_EVPN)).toEqual([]);
  });

  it('an UPDATE that lacks an attribute withdraws what it names (RFC 7606)', () => {
    const { hub, far, origin } = lab();
    origin.say(L2VPN_EVPN, [multicast], [65009]);
    origin.say(L2VPN_EVPN, [multicast], [65009], { origin: undefined });
    expect(rib(far, L2VPN_EVPN)).toEqual([]);
    expect(hub.speaker.neighbor(ORIGIN)?.session.state).toBe('Established');
  });

  it('a policy that cannot be asked lets nothing pass', () => {
    const { far, origin } = lab([`neighbor ${FAR} route-map TENANTS out`]);
    origin.say(L2VPN_EVPN, [multicast], [65009]);
    expect(rib(far, L2VPN_EVPN)).toEqual([]);
  });

  it('maximum-prefix counts them', () => {
    const { hub, origin } = lab([`neighbor ${ORIGIN} maximum-prefix 1`]);
    origin.say(L2VPN_EVPN, [multicast, mac(1)], [65009]);
    expect(hub.speaker.neighbor(ORIGIN)?.stopped).toMatch(/maximum-prefix 1 exceeded: 2/);
  });
});

function fail(): never {
  throw new Error('no table');
}

import { describe, expect, it } from 'vitest';
import { encodeMessage } from '../../../src/bgp/wire/message.ts';
import { type FamilyKey, IPV4_VPN, ROUTE_TARGET } from '../../../src/bgp/wire/negotiated.ts';
import type { Nlri } from '../../../src/bgp/wire/nlri/index.ts';
import { carriedOut, carriedPage } from '../../../src/speaker/api/carried-views.ts';
import { perform } from '../../../src/speaker/operation/perform.ts';
import { textCommand } from '../../../src/speaker/operation/text-commands.ts';
import { beforeOpen } from '../../../src/speaker/session/agreement.ts';
import { addressOf, Caller, keepaliveBytes, openBytes } from '../support/caller.ts';
import { gobgpToml } from '../support/configs.ts';
import { VirtualNetwork, virtualSpeakerOf } from '../support/virtual.ts';

const [HUB, PEER, OTHER] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'] as const;
const families = [IPV4_VPN, ROUTE_TARGET];
const everything: Nlri = { kind: 'route-target', pathId: null, originAs: null, target: '', length: 0 };

/** `rt:65001:N`, or its first `length` bits. */
function target(number: number, length = 64): Nlri {
  const digits = `0002fde9${number.toString(16).padStart(8, '0')}`;
  return { kind: 'route-target', pathId: null, originAs: 65002, target: digits.slice(0, length / 4), length };
}

function lab() {
  const network = new VirtualNetwork();
  const names = ['l3vpn-ipv4-unicast', 'rtc'];
  const hub = virtualSpeakerOf(
    network,
    HUB,
    gobgpToml(65001, HUB, [
      [PEER, 65002, names],
      [OTHER, 65003, names.slice(0, 1)],
    ]),
  );
  hub.speaker.start();
  network.run(1);
  for (const number of [1, 2]) {
    const line = `announce l3vpn-ipv4-unicast 65001:1 10.${number}.0.0/16 label 5 extended-community rt:65001:${number}`;
    const operation = textCommand(line);
    if (operation === null || typeof operation === 'string') throw new Error(String(operation));
    expect(perform(hub.speaker, operation, () => '')).toEqual({ ok: true });
  }
  const join = (address: string, asn: number, offered: readonly FamilyKey[]) => {
    const caller = new Caller(network, address, HUB);
    network.run(1);
    const identifier = Number(addressOf(address).value);
    caller.say(openBytes(asn, { identifier, capabilities: { multiprotocol: offered, fourOctetAs: asn } }));
    caller.say(keepaliveBytes());
    network.run(1);
    return caller;
  };
  const peer = join(PEER, 65002, families);
  join(OTHER, 65003, [IPV4_VPN]);
  const session = { ...beforeOpen, fourOctetAs: true, families: new Set(families) };
  const send = (content: object) => {
    peer.say(encodeMessage({ kind: 'update', ...content } as never, session).slice());
    network.run(1);
  };
  const attributes = { origin: 0, asPath: [{ kind: 'sequence', asns: [65002] }] };
  const ask = (nlri: readonly Nlri[]) =>
    send({
      attributes,
      announced: { family: ROUTE_TARGET, nlri },
      withdrawn: null,
      mpNextHop: [addressOf(PEER)],
    });
  const forget = (nlri: readonly Nlri[]) =>
    send({ attributes: {}, announced: null, withdrawn: { family: ROUTE_TARGET, nlri }, mpNextHop: [] });
  const told = (address: string, family = IPV4_VPN) => {
    const tables = hub.speaker.carried.get(family);
    const neighbor = hub.speaker.neighbor(address);
    return tables && neighbor ? carriedOut(tables, neighbor, -1, 100).rows.map(({ prefix }) => prefix) : [];
  };
  return { hub, ask, forget, told };
}

const [ONE, TWO] = ['65001:1 10.1.0.0/16', '65001:1 10.2.0.0/16'] as const;

describe('route target constraint (RFC 4684)', () => {
  it('a peer that asked for nothing is told nothing, one without the family everything', () => {
    const { told } = lab();
    expect([told(PEER), told(OTHER)]).toEqual([[], [ONE, TWO]]);
  });

  it('a peer is told what it asks for, and no more once it does so no longer', () => {
    const { ask, forget, told } = lab();
    ask([target(2)]);
    expect(told(PEER)).toEqual([TWO]);
    ask([target(1)]);
    expect(told(PEER)).toEqual([ONE, TWO]);
    forget([target(2)]);
    expect(told(PEER)).toEqual([ONE]);
  });

  it.each([
    ['the default', everything],
    ['the first bits', target(0, 32)],
  ])('%s stands for all of them', (_, nlri) => {
    const { ask, told } = lab();
    ask([nlri]);
    expect(told(PEER)).toEqual([ONE, TWO]);
  });

  it('the peer is told that everything is wanted here', () => {
    expect(lab().told(PEER, ROUTE_TARGET)).toEqual(['default']);
  });

  it('what peers ask for is passed on, and shown in words', () => {
    const { hub, ask } = lab();
    ask([target(2), target(0, 32)]);
    const tables = hub.speaker.carried.get(ROUTE_TARGET);
    const names = tables && carriedPage(tables, -1, 100).rows.map(({ prefix }) => prefix);
    expect(names).toEqual(['65002 0x0002fde9/32', '65002 rt:65001:2', 'default']);
  });
});

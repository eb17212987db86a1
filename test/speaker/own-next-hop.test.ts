import { expect, it } from 'vitest';
import { adjOutPage } from '../../src/speaker/api/table-views.ts';
import type { HostState } from '../../src/speaker/host-state.ts';
import { announcement } from './soak/churn.ts';
import { addressOf, Caller, keepaliveBytes, openBytes } from './support/caller.ts';
import { configOf } from './support/configs.ts';
import { VirtualNetwork, virtualSpeakerOf } from './support/virtual.ts';

const PEERS = [
  ['10.0.0.2', 65002],
  ['10.0.0.3', 65003],
] as const;
const config = configOf(
  [
    'router bgp 65001',
    ' no bgp ebgp-requires-policy',
    ...PEERS.flatMap(([address, asn]) => [
      ` neighbor ${address} remote-as ${asn}`,
      ` neighbor ${address} passive`,
    ]),
    ' address-family ipv6 unicast',
    ...PEERS.map(([address]) => `  neighbor ${address} activate`),
    ' exit-address-family',
    '',
  ].join('\n'),
);

function hostWith(...addresses: readonly string[]): HostState {
  return { interfaces: [{ name: 'eth0', addresses: ['10.0.0.1/24', ...addresses] }], routes: [] };
}

/** IPv6 routes on sessions over IPv4: the second peer is told what the first one says. */
it('an IPv6 route is told with the own address of the time, and to nobody while there is none', () => {
  const network = new VirtualNetwork();
  const { speaker } = virtualSpeakerOf(network, '10.0.0.1', config, { host: hostWith() });
  speaker.start();
  network.run(1);
  const [first] = PEERS.map(([address, asn]) => {
    const caller = new Caller(network, address, '10.0.0.1');
    network.run(1);
    const capabilities = { multiprotocol: [257, 513], fourOctetAs: asn };
    caller.say(openBytes(asn, { identifier: Number(addressOf(address).value), capabilities }));
    caller.say(keepaliveBytes());
    network.run(1);
    return caller;
  });
  first?.say(announcement(() => 0, 65002, '10.0.0.2'));
  network.run(1);
  const told = () => {
    const neighbor = speaker.neighbor('10.0.0.3');
    if (!neighbor) throw new Error('no neighbor');
    const all = { family: 'ipv6-unicast', prefix: null, longer: false, after: -1, limit: 10 } as const;
    const hops = adjOutPage(speaker, neighbor, all).rows.map(({ sent }) => sent.nextHop);
    return [hops, neighbor.session.counters.updatesSent] as const;
  };
  const host = (...addresses: readonly string[]) => {
    speaker.setHost(hostWith(...addresses));
    network.run(1);
  };
  expect(speaker.tables.get('ipv6-unicast')?.table.prefixes).toBe(1);
  expect(told()[0]).toEqual([]);
  const quiet = told()[1];
  host('2001:db8::1/64');
  expect(told()).toEqual([['2001:db8::1'], quiet + 1]);
  host('2001:db8::9/64');
  expect(told()).toEqual([['2001:db8::9'], quiet + 2]);
  host('2001:db8::9/64', '10.7.0.1/24');
  expect(told()[1]).toBe(quiet + 2);
  host();
  expect(told()).toEqual([[], quiet + 3]);
});

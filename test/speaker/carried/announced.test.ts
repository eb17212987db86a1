import { describe, expect, it } from 'vitest';
import type { CarriedFamily } from '../../../src/base/family.ts';
import { carriedPage } from '../../../src/speaker/api/carried-views.ts';
import { perform } from '../../../src/speaker/operation/perform.ts';
import { textCommand } from '../../../src/speaker/operation/text-commands.ts';
import { familyKeys } from '../../../src/speaker/session/our-open.ts';
import { frrConf } from '../support/configs.ts';
import { VirtualNetwork, type VirtualSpeaker, virtualSpeaker } from '../support/virtual.ts';

const blocks = (other: string) =>
  ['l2vpn evpn', 'ipv4 flowspec', 'ipv4 vpn'].flatMap((family) => [
    ` address-family ${family}`,
    `  neighbor ${other} activate`,
    ' exit-address-family',
  ]);

/** Two routers of two ASes that pass on the families. */
function pair() {
  const network = new VirtualNetwork();
  const speakers = [
    ['10.0.0.1', 65001, '10.0.0.2', 65002],
    ['10.0.0.2', 65002, '10.0.0.1', 65001],
  ] as const;
  const [near, far] = speakers.map(([own, asn, other, remote], at) =>
    virtualSpeaker(
      network,
      own,
      frrConf(
        asn,
        [`neighbor ${other} remote-as ${remote}`, ...(at === 0 ? [`neighbor ${other} passive`] : [])],
        [],
        blocks(other),
      ).replace(/(?<=exit-address-family)(?=\n address)/, ''),
    ),
  );
  if (!near || !far) throw new Error('a speaker is missing');
  for (const { speaker } of [near, far]) speaker.start();
  network.run(30);
  return { network, near, far };
}

function say({ speaker }: VirtualSpeaker, line: string): string {
  const operation = textCommand(line);
  if (operation === null || typeof operation === 'string') return operation ?? 'nothing';
  const outcome = perform(speaker, operation, () => '');
  return outcome.ok ? 'done' : outcome.words;
}

function rows({ speaker }: VirtualSpeaker, family: CarriedFamily): readonly unknown[] {
  const tables = speaker.carried.get(familyKeys[family]);
  return tables ? carriedPage(tables, -1, 100).rows : [];
}

describe('routes of families that are passed on, announced by an operator', () => {
  it.each([
    [
      'l2vpn-evpn',
      '65001:1 [2]:[0]:[48]:[02:00:00:00:00:01]:[32]:[10.1.0.1]',
      'next-hop 192.0.2.1 label 100 extended-community [rt:65001:100 encap:vxlan]',
      { attached: 'label 100', nextHop: '192.0.2.1', extendedCommunities: ['rt:65001:100', 'encap:vxlan'] },
    ],
    [
      'l2vpn-evpn',
      '65001:1 [5]:[0]:[16]:[10.2.0.0]',
      'label 200 gateway 10.0.0.99',
      { attached: 'gateway 10.0.0.99 label 200', nextHop: '10.0.0.1' },
    ],
    [
      'ipv4-flowspec',
      'destination 10.4.0.0/16 protocol =6',
      'extended-community traffic-rate:0:0',
      { nextHop: null, extendedCommunities: ['traffic-rate:0:0'] },
    ],
    ['l3vpn-ipv4-unicast', '65001:1 10.3.0.0/16', 'label 55', { attached: 'label 55', nextHop: '10.0.0.1' }],
  ] as const)('%s %s reaches the other end, and goes', (family, destination, attributes, seen) => {
    const { network, near, far } = pair();
    expect(say(near, `announce ${family} ${destination} ${attributes}`)).toBe('done');
    network.run(1);
    expect(rows(far, family)).toEqual([
      { prefix: destination, paths: [expect.objectContaining({ ...seen, asPath: '65001', best: true })] },
    ]);
    expect(say(near, `withdraw ${family} ${destination}`)).toBe('done');
    network.run(1);
    expect([rows(near, family), rows(far, family)]).toEqual([[], []]);
  });

  it('replace what was announced before for the same destination', () => {
    const { network, near, far } = pair();
    for (const label of [1, 2]) say(near, `announce l3vpn-ipv4-unicast 65001:1 10.3.0.0/16 label ${label}`);
    network.run(1);
    expect(rows(far, 'l3vpn-ipv4-unicast')).toEqual([
      { prefix: '65001:1 10.3.0.0/16', paths: [expect.objectContaining({ attached: 'label 2' })] },
    ]);
  });

  it.each([
    ['announce l2vpn-evpn 65001:1 [9]:[0] label 1', "'65001:1 [9]:[0]' is not a destination of l2vpn-evpn"],
    ['announce l2vpn-evpn', 'a destination is missing'],
    ['announce l3vpn-ipv4-unicast 65001:1 10.3.0.0/16', 'a labelled route needs a label'],
    ['announce l3vpn-ipv4-unicast 65001:1 10.3.0.0/16 label 1048576', '1048576 is no label'],
    ['announce ipv4-flowspec any label 3', 'a flow has no label'],
    ['announce ipv4-flowspec any extended-community rt:1', "'rt:1' is not an extended community"],
    ['announce l2vpn-evpn 65001:1 [5]:[0]:[16]:[10.2.0.0] gateway ::1', 'not of the family of the prefix'],
    ['announce route 10.0.0.0/8 label 3', "'labels' belongs to routes of EVPN"],
    ['announce route 10.0.0.0/8 extended-community rt:1', "'rt:1' is not an extended community"],
    ['withdraw ipv4-flowspec any', 'any was not announced by an operator'],
  ])('%s: %s', (line, words) => {
    expect(say(pair().near, line)).toContain(words);
  });
});

import { expect, it } from 'vitest';
import { configOf, frrConf } from './support/configs.ts';
import { bestPaths, VirtualNetwork, type VirtualSpeaker, virtualSpeaker } from './support/virtual.ts';

/** Speakers at 10.0.0.1, 10.0.0.2 ... that run until nothing moves. */
function together(...texts: readonly string[]): readonly VirtualSpeaker[] {
  const network = new VirtualNetwork();
  const all = texts.map((text, index) => virtualSpeaker(network, `10.0.0.${index + 1}`, text));
  for (const { speaker } of all) speaker.start();
  network.run(30);
  return all;
}

function as(speaker: VirtualSpeaker | undefined): readonly (number | undefined)[] {
  return speaker?.speaker.neighbors.map(({ session }) => session.peerOpen?.asn) ?? [];
}

it('inside a confederation the member AS is announced, outside that of all (RFC 5065)', () => {
  const confederation = (asn: number) => [
    'bgp confederation identifier 100',
    `bgp confederation peers ${asn}`,
  ];
  const [a, b, c] = together(
    frrConf(64501, [...confederation(64502), 'neighbor 10.0.0.2 remote-as 64502'], ['network 10.1.0.0/16']),
    frrConf(64502, [
      ...confederation(64501),
      'neighbor 10.0.0.1 remote-as 64501',
      'neighbor 10.0.0.1 passive',
      'neighbor 10.0.0.3 remote-as 300',
    ]),
    frrConf(300, ['neighbor 10.0.0.2 remote-as 100', 'neighbor 10.0.0.2 passive']),
  );
  expect([as(a), as(b), as(c)]).toEqual([[64502], [64501, 300], [100]]);
  expect(b && bestPaths(b)).toEqual(['10.1.0.0/16 10.0.0.1 [(64501)]']);
  expect(c && bestPaths(c)).toEqual(['10.1.0.0/16 10.0.0.1 [100]']);
});

it('what a provider sends is marked and not told to another provider (RFC 9234)', () => {
  const [, b, c] = together(
    frrConf(
      65001,
      ['neighbor 10.0.0.2 remote-as 65002', 'neighbor 10.0.0.2 local-role provider'],
      ['network 10.1.0.0/16'],
    ),
    frrConf(
      65002,
      [
        ...[
          'neighbor 10.0.0.1 remote-as 65001',
          'neighbor 10.0.0.1 passive',
          'neighbor 10.0.0.1 local-role customer',
        ],
        ...['neighbor 10.0.0.3 remote-as 65003', 'neighbor 10.0.0.3 local-role customer'],
      ],
      ['network 10.2.0.0/16'],
    ),
    frrConf(65003, [
      'neighbor 10.0.0.2 remote-as 65002',
      'neighbor 10.0.0.2 passive',
      'neighbor 10.0.0.2 local-role provider',
    ]),
  );
  expect(b && bestPaths(b)).toEqual(['10.1.0.0/16 10.0.0.1 [65001]', '10.2.0.0/16 own []']);
  expect(c && bestPaths(c)).toEqual(['10.2.0.0/16 10.0.0.2 [65002]']);
});

it('a reflector passes on what its client says, with its mark (RFC 4456)', () => {
  const ibgp = (host: number) => `neighbor 10.0.0.${host} remote-as 65001`;
  const [a, , c] = together(
    frrConf(65001, [ibgp(2)], ['network 10.1.0.0/16']),
    frrConf(
      65001,
      [ibgp(1), 'neighbor 10.0.0.1 passive', ibgp(3)],
      ['neighbor 10.0.0.1 route-reflector-client'],
    ),
    frrConf(65001, [ibgp(2), 'neighbor 10.0.0.2 passive']),
  );
  expect(c && bestPaths(c)).toEqual(['10.1.0.0/16 10.0.0.1 []']);
  const { table, shelf } = [...(c?.speaker.tables.values() ?? [])][0] ?? {};
  const path = shelf?.path(table?.bestPath(0) ?? 0);
  expect([path?.originatorId, path?.clusterList]).toEqual([0x0a000001, [0x0a000002]]);
  expect(a && bestPaths(a)).toHaveLength(1);
});

it('a default route is told to whom it is configured for, whatever the table says, and withdrawn with the line', () => {
  const network = new VirtualNetwork();
  const text = (lines: readonly string[]) =>
    frrConf(65001, ['neighbor 10.0.0.2 remote-as 65002', 'neighbor 10.0.0.3 remote-as 65003'], lines);
  const a = virtualSpeaker(network, '10.0.0.1', text(['neighbor 10.0.0.2 default-originate']));
  const others = ([2, 3] as const).map((host) =>
    virtualSpeaker(
      network,
      `10.0.0.${host}`,
      frrConf(65000 + host, ['neighbor 10.0.0.1 remote-as 65001', 'neighbor 10.0.0.1 passive']),
    ),
  );
  for (const { speaker } of [a, ...others]) speaker.start();
  network.run(5);
  expect(others.map(bestPaths)).toEqual([['0.0.0.0/0 10.0.0.1 [65001]'], []]);
  expect(bestPaths(a)).toEqual([]);
  const reload = (lines: readonly string[]) => {
    const { config, bgp } = configOf(text(lines));
    a.speaker.reload(config, bgp);
    network.run(5);
  };
  reload(['neighbor 10.0.0.3 default-originate']);
  expect(others.map(bestPaths)).toEqual([[], ['0.0.0.0/0 10.0.0.1 [65001]']]);
  expect(a.speaker.neighbors.map(({ flaps }) => flaps.down)).toEqual([0, 0]);
});

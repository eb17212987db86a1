import { describe, expect, it } from 'vitest';
import { formats, interpret } from '../../src/cli/speaker/config.ts';

/** What `fabricgen speaker` says at its start of lines that do nothing. */
function said(format: string, lines: readonly string[]) {
  const { target = '', version = '', file = '' } = formats[format] ?? {};
  const files = { [file]: `${lines.join('\n')}\n` };
  const { diagnostics, lines: told, speaker } = interpret({ name: 'r', target, version, files, shown: {} });
  expect(diagnostics).toEqual([]);
  const [peer] = speaker?.bgp.peers ?? [];
  return { families: Object.keys(peer?.carried ?? {}), told: told.map(({ text }) => text.trim()) };
}

describe('families that are not simulated', () => {
  it('FRR: what a speaker passes on is not named, the rest is', () => {
    const frr = said('frr', [
      'vni 200',
      'router bgp 65001',
      ' bgp router-id 10.0.0.1',
      ' no bgp ebgp-requires-policy',
      ' neighbor 10.0.0.2 remote-as 65002',
      ' address-family l2vpn evpn',
      '  neighbor 10.0.0.2 activate',
      '  neighbor 10.0.0.2 soft-reconfiguration inbound',
      '  advertise-all-vni',
      ' exit-address-family',
      ' address-family ipv4 multicast',
      '  neighbor 10.0.0.2 activate',
      ' exit-address-family',
    ]);
    expect(frr).toEqual({
      families: ['l2vpn-evpn'],
      told: [
        'vni 200',
        'neighbor 10.0.0.2 soft-reconfiguration inbound',
        'advertise-all-vni',
        'address-family ipv4 multicast',
        'neighbor 10.0.0.2 activate',
      ],
    });
  });

  it('GoBGP', () => {
    const family = (name: string) => [
      '[[neighbors.afi-safis]]',
      '[neighbors.afi-safis.config]',
      `afi-safi-name = "${name}"`,
    ];
    const gobgp = said('gobgp', [
      '[global.config]',
      'as = 65001',
      'router-id = "10.0.0.1"',
      '[[neighbors]]',
      '[neighbors.config]',
      'neighbor-address = "10.0.0.2"',
      'peer-as = 65002',
      ...['l2vpn-evpn', 'l2vpn-vpls', 'rtc'].flatMap(family),
    ]);
    expect(gobgp).toEqual({ families: ['l2vpn-evpn', 'rtc'], told: ['l2vpn-vpls'] });
  });

  it('BIRD', () => {
    const all = '{ import all; export all; }';
    const bird = said('bird', [
      'router id 10.0.0.1;',
      'flow4 table flows;',
      'protocol device {}',
      `protocol bgp one { local as 65001; neighbor 10.0.0.2 as 65002; flow4 ${all}; ipv4 multicast ${all}; }`,
    ]);
    expect(bird).toEqual({ families: ['ipv4-flowspec'], told: ['ipv4 multicast'] });
  });
});

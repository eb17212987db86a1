import { describe, expect, it } from 'vitest';
import { interpret } from '../../src/cli/speaker/config.ts';

/** Families of the first neighbor that a speaker passes on, from a file of each daemon. */
function carried(target: string, version: string, file: string, text: string): readonly string[] {
  const { speaker, diagnostics } = interpret({
    name: 'r1',
    target,
    version,
    files: { [file]: text },
    shown: { [file]: file },
  });
  if (!speaker) throw new Error(JSON.stringify(diagnostics));
  return Object.entries(speaker.bgp.peers[0]?.carried ?? {}).map(
    ([family, { importPolicy, exportPolicy, routeReflectorClient }]) =>
      `${family}${routeReflectorClient ? ' client' : ''}${importPolicy.length + exportPolicy.length > 0 ? ' policy' : ''}`,
  );
}

const frr = (...lines: readonly string[]) =>
  ['router bgp 65001', ' neighbor 10.0.0.2 remote-as 65001', ...lines, ''].join('\n');

describe('families that are not simulated and that a speaker passes on', () => {
  it('are read from frr.conf', () => {
    expect(
      carried(
        'frr',
        '8.4',
        'frr.conf',
        frr(
          ' address-family l2vpn evpn',
          '  neighbor 10.0.0.2 activate',
          '  neighbor 10.0.0.2 route-reflector-client',
          '  advertise-all-vni',
          ' exit-address-family',
          ' address-family ipv4 flowspec',
          '  neighbor 10.0.0.2 activate',
          '  neighbor 10.0.0.2 route-map X in',
          ' exit-address-family',
          ' address-family ipv6 vpn',
          '  neighbor 10.0.0.2 activate',
          '  no neighbor 10.0.0.2 activate',
          ' exit-address-family',
        ),
      ),
    ).toEqual(['l2vpn-evpn client', 'ipv4-flowspec policy']);
  });

  it('from a peer-group of frr.conf', () => {
    expect(
      carried(
        'frr',
        '8.4',
        'frr.conf',
        frr(
          ' neighbor G peer-group',
          ' neighbor 10.0.0.2 peer-group G',
          ' address-family l2vpn evpn',
          '  neighbor G activate',
          ' exit-address-family',
        ),
      ),
    ).toEqual(['l2vpn-evpn']);
  });

  it('from gobgp.toml', () => {
    const families = ['ipv4-unicast', 'l2vpn-evpn', 'ipv6-flowspec'].flatMap((name) => [
      '  [[neighbors.afi-safis]]',
      '    [neighbors.afi-safis.config]',
      `      afi-safi-name = "${name}"`,
    ]);
    const text = [
      '[global.config]',
      '  as = 65001',
      '  router-id = "10.0.0.1"',
      '[[neighbors]]',
      '  [neighbors.config]',
      '    neighbor-address = "10.0.0.2"',
      '    peer-as = 65002',
      ...families,
      '',
    ];
    expect(carried('gobgp', '3', 'gobgp.toml', text.join('\n'))).toEqual(['l2vpn-evpn', 'ipv6-flowspec']);
  });

  it('from bird.conf', () => {
    const text = `router id 10.0.0.1;
flow4 table flows;
vpn6 table vpns;
protocol device {}
protocol bgp one {
  local 10.0.0.1 as 65001;
  neighbor 10.0.0.2 as 65002;
  ipv4 { import all; export all; };
  flow4 { import all; export all; };
  vpn6 mpls { import all; export none; };
}
`;
    expect(carried('bird', '2', 'bird.conf', text)).toEqual(['ipv4-flowspec', 'l3vpn-ipv6-unicast policy']);
  });

  it('from exabgp.conf', () => {
    const text = `neighbor 10.0.0.2 {
  router-id 10.0.0.1;
  local-address 10.0.0.1;
  local-as 65001;
  peer-as 65002;
  family { ipv4 unicast; ipv4 flow; l2vpn evpn; }
}
`;
    expect(carried('exabgp', '4', 'exabgp.conf', text)).toEqual(['l2vpn-evpn', 'ipv4-flowspec']);
  });
});

import { describe, expect, it } from 'vitest';
import { type Hosts, pathsOf, simulate } from '../semantics/support/fabric.ts';
import { bgp, pathsOf as frrPathsOf, simulateFrr } from './configs.ts';

/** Rules learned from folders made after published configurations; each was seen on the daemon and then found in its source. */
const free = ' no bgp network import-check';

describe('FRR', () => {
  const wires = { r1: 'eth0 10.0.0.1/24 l', r2: 'eth0 10.0.0.2/24 l' };
  const towards = (asn: number, options: string) =>
    frrPathsOf(
      simulateFrr(wires, {
        r1: bgp(asn, { '10.0.0.2': 65002 }, ` network 10.1.0.0/24\n${options}`, free),
        r2: bgp(65002, { '10.0.0.1': 3000 }, ''),
      }),
      'r2',
      '10.1.0.0/24',
    )[0]?.asPath;

  it('a private own AS is not shown behind local-as where private ASNs are removed (bgp_append_local_as)', () => {
    const removing =
      ' neighbor 10.0.0.2 remove-private-AS\n exit-address-family\n neighbor 10.0.0.2 local-as 3000';
    expect(towards(64700, removing)).toBe('3000');
    expect(towards(700, removing)).toBe('3000 700');
    expect(towards(64700, ' exit-address-family\n neighbor 10.0.0.2 local-as 3000')).toBe('3000 64700');
  });

  it.each([
    ['gateways by address', 'ip route 10.9.0.0/24 10.0.0.9\nip route 10.9.0.0/24 10.0.0.8', '10.0.0.8'],
    [
      'an interface alone before a gateway',
      'ip route 10.9.0.0/24 10.0.0.9\nip route 10.9.0.0/24 eth0',
      '0.0.0.0',
    ],
    [
      'a gateway before one with an interface',
      'ip route 10.9.0.0/24 10.0.0.8 eth0\nip route 10.9.0.0/24 10.0.0.9',
      '10.0.0.9',
    ],
  ])(
    'of several gateways of a static route redistribution takes the first as zebra sorts: %s',
    (_, routes, hop) => {
      const run = simulateFrr(wires, {
        r1: `${routes}\n${bgp(65001, { '10.0.0.2': 65002 }, ' redistribute static')}`,
        r2: bgp(65002, { '10.0.0.1': 65001 }, ''),
      });
      expect(frrPathsOf(run, 'r1', '10.9.0.0/24')[0]?.nextHop).toBe(hop);
    },
  );
});

describe('GoBGP', () => {
  it('a path with the local AS of the session is no loop; one with the own AS is (hasOwnASLoop)', () => {
    const announced = (asPath: string) => {
      const hosts: Hosts = {
        g: {
          daemon: 'gobgp-3',
          wires: 'eth0 10.0.0.1/24 l',
          text: '[global.config]\n  as = 64800\n  router-id = "10.0.0.1"\n[[neighbors]]\n  [neighbors.config]\n    neighbor-address = "10.0.0.2"\n    peer-as = 65002\n    local-as = 3000\n',
        },
        r: {
          daemon: 'frr-8.4',
          wires: 'eth0 10.0.0.2/24 l',
          text: `route-map P permit 10\n set as-path prepend ${asPath}\nexit\n${bgp(65002, { '10.0.0.1': 3000 }, ' network 10.1.0.0/24\n neighbor 10.0.0.1 route-map P out', free)}`,
        },
      };
      return pathsOf(simulate(hosts), 'g', '10.1.0.0/24').map((path) => path.asPath);
    };
    expect(announced('3000')).toEqual(['65002 3000']);
    expect(announced('64800')).toEqual([]);
  });
});

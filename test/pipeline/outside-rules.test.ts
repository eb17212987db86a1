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

describe('a next hop that FRR set where the route came in (bgp_rmap_nhop_changed)', () => {
  const wires = {
    r1: 'eth0 10.0.0.1/24 a',
    r2: 'eth0 10.0.0.2/24 a, eth1 10.0.1.2/24 b',
    r3: 'eth1 10.0.1.3/24 b',
    r4: 'eth1 10.0.1.4/24 b',
  };
  const seen = (clause: string, out = '', family: 'ip' | 'local' = 'ip') => {
    const maps = `route-map I permit 10\n ${clause}\nexit\nroute-map O permit 10\nexit\n`;
    const own =
      family === 'local' ? ' network 10.9.0.0/24 route-map I\n' : ' neighbor 10.0.0.1 route-map I in\n';
    const lines = `${own} neighbor 10.0.1.3 next-hop-self${out}`;
    const run = simulateFrr(wires, {
      r1: bgp(65001, { '10.0.0.2': 65002 }, ' network 10.9.0.0/24', free),
      r2: `${maps}${bgp(65002, { '10.0.0.1': 65001, '10.0.1.3': 65002, '10.0.1.4': 65004 }, lines, free)}`,
      r3: bgp(65002, { '10.0.1.2': 65002 }, ''),
      r4: bgp(65004, { '10.0.1.2': 65002 }, ''),
    });
    return ['r3', 'r4'].map((host) => frrPathsOf(run, host, '10.9.0.0/24')[0]?.nextHop);
  };
  const mapped = '\n neighbor 10.0.1.3 route-map O out\n neighbor 10.0.1.4 route-map O out';

  it('is not replaced by next-hop-self; eBGP hears the own address', () => {
    expect(seen('set ip next-hop 10.0.0.9')).toEqual(['10.0.0.9', '10.0.1.2']);
    expect(seen('set ip next-hop unchanged')).toEqual(['10.0.0.1', '10.0.0.1']);
    expect(seen('set ip next-hop peer-address')).toEqual(['10.0.1.2', '10.0.1.2']);
  });

  it('is like any other behind an outbound route-map, but for unchanged', () => {
    expect(seen('set ip next-hop 10.0.0.9', mapped)).toEqual(['10.0.1.2', '10.0.1.2']);
    expect(seen('set ip next-hop unchanged', mapped)).toEqual(['10.0.0.1', '10.0.1.2']);
  });

  it('stays where the router makes the route itself', () => {
    expect(seen('set ip next-hop 10.0.0.8', '', 'local')).toEqual(['10.0.0.8', '10.0.1.2']);
  });

  it('prefer-global leads past the link-local address, and next-hop-self does not replace that either', () => {
    const v6 = (more: string) => ` exit-address-family\n address-family ipv6 unicast\n${more}`;
    const run = simulateFrr(
      {
        r1: 'eth0 10.0.0.1/24 2001:db8::1/64 a',
        r2: 'eth0 10.0.0.2/24 2001:db8::2/64 a, eth1 2001:db8:1::2/64 10.0.1.2/24 b',
        r3: 'eth1 10.0.1.3/24 2001:db8:1::3/64 b',
      },
      {
        r1: `route-map T permit 10\n set ipv6 next-hop global 2001:db8::9\nexit\n${bgp(65001, { '2001:db8::2': 65002 }, v6(' network 2001:db8:9::/48\n neighbor 2001:db8::2 activate\n neighbor 2001:db8::2 route-map T out'), free)}`,
        r2: `route-map G permit 10\n set ipv6 next-hop prefer-global\nexit\n${bgp(65002, { '2001:db8::1': 65001, '2001:db8:1::3': 65002 }, v6(' neighbor 2001:db8::1 activate\n neighbor 2001:db8::1 route-map G in\n neighbor 2001:db8:1::3 activate\n neighbor 2001:db8:1::3 next-hop-self'))}`,
        r3: bgp(65002, { '2001:db8:1::2': 65002 }, v6(' neighbor 2001:db8:1::2 activate')),
      },
    );
    expect(run.result.hosts['r2']?.fib['2001:db8:9::/48']).toEqual(['2001:db8::9']);
    expect(frrPathsOf(run, 'r3', '2001:db8:9::/48')[0]?.nextHop).toBe('2001:db8::9');
  });
});

describe('communities of GoBGP', () => {
  it.each([
    ['planned-shut', ['65535:0']],
    ['4294901760', ['65535:0']],
    ['65001:1,route-filter-v6', ['65001:1', '65535:5']],
    ['65001:99999', ['65001:65535']],
    ['graceful-shutdown', []],
  ])('on its command line: %s', (text, communities) => {
    const hosts: Hosts = {
      g: {
        daemon: 'gobgp-3',
        wires: 'eth0 10.0.0.1/24 l',
        text: '[global.config]\n  as = 64800\n  router-id = "10.0.0.1"\n',
        cli: [`gobgp global rib add 10.1.0.0/24 community ${text}`],
      },
    };
    const run = simulate(hosts);
    expect(pathsOf(run, 'g', '10.1.0.0/24').flatMap((path) => path.communities)).toEqual(communities);
    expect(run.result.findings.some(({ rule }) => rule === 'config-refused')).toBe(communities.length === 0);
  });
});

describe('router ids in the files', () => {
  const found = (first: number, second: number, neighbor: string) => {
    const run = simulateFrr(
      { r1: 'eth0 10.0.0.1/24 l', r2: 'eth0 10.0.0.2/24 l' },
      {
        r1: bgp(first, { [neighbor]: second }, '', ' bgp router-id 9.9.9.9'),
        r2: bgp(second, { '10.0.0.1': first }, '', ' bgp router-id 9.9.9.9'),
      },
    );
    return run.result.findings
      .filter(({ rule }) => rule === 'duplicate-router-id')
      .map(({ severity, ranges }) => [severity, ...ranges.map(({ file, line }) => `${file}:${line}`)]);
  };

  it('that two hosts share are an error in one AS and between neighbours', () => {
    const places = ['r1/frr.conf:5', 'r2/frr.conf:5'];
    expect(found(65001, 65001, '10.0.0.9')).toEqual([['error', ...places]]);
    expect(found(65001, 65002, '10.0.0.2')).toEqual([['error', ...places]]);
  });
});

describe('a long file', () => {
  it('with 20,000 entries in a list without numbers is read line by line', () => {
    const entries = Array.from(
      { length: 20_000 },
      (_, i) => `ip prefix-list L permit 10.${i >> 8}.${i & 255}.0/24`,
    );
    const run = simulateFrr(
      { r1: 'eth0 10.0.0.1/24 l', r2: 'eth0 10.0.0.2/24 l' },
      {
        r1: bgp(65001, { '10.0.0.2': 65002 }, ' network 10.1.2.0/24\n network 11.0.0.0/24', free),
        r2: `${entries.join('\n')}\n${bgp(65002, { '10.0.0.1': 65001 }, ' neighbor 10.0.0.1 prefix-list L in')}`,
      },
    );
    expect(Object.keys(run.result.hosts['r2']?.bgp ?? {})).toEqual(['10.1.2.0/24']);
  });
});

describe('a table of BIRD that no pipe joins to the default one', () => {
  it('has its sessions and static routes, and tells its neighbors of them', () => {
    const hosts: Hosts = {
      b: {
        daemon: 'bird-2',
        wires: 'eth0 10.0.0.1/24 l',
        text: [
          'router id 10.0.0.1;\nipv4 table t;\nprotocol device {}',
          'protocol static { ipv4 { table t; }; route 10.1.0.0/24 blackhole; }',
          'protocol bgp f { local as 65001; neighbor 10.0.0.2 as 65002; ipv4 { table t; import all; export all; }; }',
        ].join('\n'),
      },
      f: { daemon: 'frr-8.4', wires: 'eth0 10.0.0.2/24 l', text: bgp(65002, { '10.0.0.1': 65001 }, '') },
    };
    const { result } = simulate(hosts);
    expect(result.hosts['b']?.sessions).toMatchObject([{ peer: '10.0.0.2', state: 'Established' }]);
    expect(result.hosts['b']?.bgp).toEqual({});
    expect(result.findings.filter(({ rule }) => rule === 'config-refused')).toEqual([]);
    expect(Object.keys(result.hosts['f']?.bgp ?? {})).toEqual(['10.1.0.0/24']);
    expect(result.unmodelled.filter(({ matters }) => matters)).toEqual([]);
  });
});

describe('lines of gobgp-cli.txt', () => {
  const run = (line: string) =>
    simulate({
      g: {
        daemon: 'gobgp-3',
        wires: 'eth0 10.0.0.1/24 l',
        text: '[global.config]\n  as = 64800\n  router-id = "10.0.0.1"\n',
        cli: [line],
      },
    }).result;

  it('are commands with or without the name of the program', () => {
    expect(Object.keys(run('gobgp global rib add 10.1.0.0/24').hosts['g']?.bgp ?? {})).toEqual([
      '10.1.0.0/24',
    ]);
    expect(Object.keys(run('global rib add 10.1.0.0/24').hosts['g']?.bgp ?? {})).toEqual(['10.1.0.0/24']);
  });

  it('with a word gobgp does not know are refused', () => {
    expect(run('gobgp globl rib add 10.1.0.0/24').findings).toMatchObject([
      { rule: 'config-refused', severity: 'error', found: 'globl', fix: 'Write global.' },
    ]);
    expect(run('route add 10.1.0.0/24').findings).toMatchObject([{ rule: 'config-unrecognised' }]);
  });
});

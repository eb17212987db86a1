import { describe, expect, it } from 'vitest';
import { type Hosts, pathsOf, simulate } from '../semantics/support/fabric.ts';

/** Each rule was seen on GoBGP 3.10, mostly where a random fabric's tables differed, and then found in its source. */
const global = (asn: number, id: string, more = '') =>
  `[global.config]\n  as = ${asn}\n  router-id = "${id}"\n${more}`;
const neighbor = (address: string, asn: number, more = '') =>
  `[[neighbors]]\n  [neighbors.config]\n    neighbor-address = "${address}"\n    peer-as = ${asn}\n${more}`;
const client = '  [neighbors.route-reflector.config]\n    route-reflector-client = true\n';

const byRouterId = `[global.route-selection-options.config]
  ignore-as-path-length = true
  always-compare-med = true
  external-compare-router-id = true
`;
const announce = 'gobgp global rib add -a ipv4 10.1.0.0/24 origin igp';

describe('what GoBGP says when its best path changes', () => {
  /** r3 looks at router ids, not at lengths: r4 before r1 before r2. */
  const square: Hosts = {
    r1: {
      daemon: 'gobgp-3',
      wires: 'eth0 10.0.12.1/24 a, eth1 10.0.13.1/24 b',
      text: global(1, '5.0.0.1') + neighbor('10.0.12.2', 2) + neighbor('10.0.13.3', 3),
      cli: [announce],
    },
    r2: {
      daemon: 'gobgp-3',
      wires: 'eth0 10.0.12.2/24 a, eth1 10.0.23.2/24 c, eth2 10.0.24.2/24 d',
      text:
        global(2, '9.0.0.2') + neighbor('10.0.12.1', 1) + neighbor('10.0.23.3', 3) + neighbor('10.0.24.4', 4),
    },
    r3: {
      daemon: 'gobgp-3',
      wires: 'eth0 10.0.13.3/24 b, eth1 10.0.23.3/24 c, eth2 10.0.34.3/24 e',
      text:
        global(3, '3.0.0.3', byRouterId) +
        neighbor('10.0.13.1', 1) +
        neighbor('10.0.23.2', 2) +
        neighbor('10.0.34.4', 4),
    },
    r4: {
      daemon: 'gobgp-3',
      wires: 'eth0 10.0.24.4/24 d, eth1 10.0.34.4/24 e',
      text: global(4, '2.0.0.4') + neighbor('10.0.24.2', 2) + neighbor('10.0.34.3', 3),
    },
  };
  const asPaths = (order: readonly string[], host: string) =>
    pathsOf(simulate(square, order), host, '10.1.0.0/24')
      .map(({ asPath }) => asPath)
      .sort();

  it('a path whose AS_PATH holds the peer takes nothing back: the peer keeps what it was told before', () => {
    expect(asPaths(['r1', 'r3', 'r2', 'r4'], 'r3')).toEqual(['1', '2 1', '4 2 1']);
    expect(asPaths(['r1', 'r3', 'r2', 'r4'], 'r2')).toEqual(['1', '3 1']);
  });

  it('a session that comes up later is told the best path only, or nothing', () => {
    expect(asPaths(['r1', 'r2', 'r4', 'r3'], 'r3')).toEqual(['1', '2 1', '4 2 1']);
  });
});

describe('communities', () => {
  const pair = (daemon: 'gobgp-3' | 'frr-8.4', communities: string): Hosts => ({
    r1: {
      daemon: 'gobgp-3',
      wires: 'eth0 10.0.12.1/24 a',
      text: global(1, '1.0.0.1') + neighbor('10.0.12.2', 2),
      cli: [`${announce} community ${communities}`],
    },
    r2: {
      daemon,
      wires: 'eth0 10.0.12.2/24 a',
      text:
        daemon === 'gobgp-3'
          ? global(2, '2.0.0.2') + neighbor('10.0.12.1', 1)
          : 'router bgp 2\n no bgp ebgp-requires-policy\n neighbor 10.0.12.1 remote-as 1\n',
    },
  });

  it.each([
    ['gobgp-3', ['65000:9', '65000:1', '65000:9']],
    ['frr-8.4', ['65000:1', '65000:9']],
  ] as const)('%s keeps unsorted and repeated ones as it does', (daemon, expected) => {
    const run = simulate(pair(daemon, '65000:9,65000:1,65000:9'));
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toMatchObject([{ communities: expected }]);
  });
});

describe('reflection', () => {
  it('a path of a client that another neighbour replaces is not taken back from plain neighbours', () => {
    // r4 (client) and r2 (plain) announce; r2's LOCAL_PREF is higher, and r3 is a plain neighbour of the reflector r1.
    const lan = (n: number) => `eth0 10.0.0.${n}/24 lan`;
    const run = simulate(
      {
        r1: {
          daemon: 'gobgp-3',
          wires: lan(1),
          text:
            global(1, '1.0.0.1') +
            neighbor('10.0.0.2', 1) +
            neighbor('10.0.0.3', 1) +
            neighbor('10.0.0.4', 1, client),
        },
        r2: {
          daemon: 'gobgp-3',
          wires: lan(2),
          text: global(1, '2.0.0.2') + neighbor('10.0.0.1', 1),
          cli: [`${announce} local-pref 200`],
        },
        r3: { daemon: 'gobgp-3', wires: lan(3), text: global(1, '3.0.0.3') + neighbor('10.0.0.1', 1) },
        r4: {
          daemon: 'gobgp-3',
          wires: lan(4),
          text: global(1, '4.0.0.4') + neighbor('10.0.0.1', 1),
          cli: [announce],
        },
      },
      ['r1', 'r3', 'r4', 'r2'],
    );
    expect(pathsOf(run, 'r1', '10.1.0.0/24')[0]).toMatchObject({ localPref: 200 });
    expect(pathsOf(run, 'r3', '10.1.0.0/24')).toMatchObject([{ localPref: 100 }]);
  });
});

describe('an own route whose next hop the policy leaves as it is', () => {
  const unchanged = `[global.apply-policy.config]
  export-policy-list = ["p"]
[[policy-definitions]]
  name = "p"
  [[policy-definitions.statements]]
    name = "s"
    [policy-definitions.statements.actions.bgp-actions]
      set-next-hop = "unchanged"
`;
  const hosts = (cli: string): Hosts => ({
    r1: {
      daemon: 'gobgp-3',
      wires: 'eth0 10.0.12.1/24 a',
      text: global(1, '1.0.0.1', unchanged) + neighbor('10.0.12.2', 2),
      cli: [cli],
    },
    r2: {
      daemon: 'frr-8.4',
      wires: 'eth0 10.0.12.2/24 a',
      text: 'router bgp 2\n bgp router-id 2.0.0.2\n no bgp ebgp-requires-policy\n neighbor 10.0.12.1 remote-as 1\n',
    },
  });

  it('goes out with 0.0.0.0, over which FRR ends the session', () => {
    const { result } = simulate(hosts(announce));
    expect(result.hosts['r2']?.sessions).toMatchObject([
      { state: 'Idle', reason: '10.1.0.0/24 came with the next hop 0.0.0.0 (NOTIFICATION 3/8)' },
    ]);
  });

  it('is taken where the command gave it a next hop', () => {
    const run = simulate(hosts(`${announce} nexthop 10.0.12.9`));
    expect(pathsOf(run, 'r2', '10.1.0.0/24')).toMatchObject([{ nextHop: '10.0.12.9' }]);
  });
});

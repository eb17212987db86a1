import { describe, expect, it } from 'vitest';
import { deviceText } from './support/device.ts';
import { type Daemon, pathsOf, sessionOf, simulate } from './support/fabric.ts';

const networks = ['10.70.0.0/24', '10.71.0.0/24', '10.72.0.0/24'];
const names = ['ONE', 'TWO', 'THREE'];

/** r1 (AS 65001) announces three networks to r2 (AS 65002), with lines below the address family on either end. */
function told(
  daemon: Daemon,
  lines: {
    readonly one?: readonly string[];
    readonly two?: readonly string[];
    readonly head?: readonly string[];
  },
) {
  const run = simulate({
    r1: {
      daemon: 'frr-8.4',
      wires: 'eth0 10.0.0.1/24 lan',
      text: deviceText('frr-8.4', {
        asn: 65001,
        id: '1.1.1.1',
        peers: [{ address: '10.0.0.2', as: 65002 }],
        networks,
        head: { 'frr-8.4': lines.head ?? [] },
        familyLines: { 'frr-8.4': lines.one ?? [] },
      }),
    },
    r2: {
      daemon,
      wires: 'eth0 10.0.0.2/24 lan',
      text: deviceText(daemon, {
        asn: 65002,
        id: '2.2.2.2',
        peers: [{ address: '10.0.0.1', as: 65001 }],
        head: { [daemon]: networks.map((prefix, at) => `ip prefix-list ${names[at]} permit ${prefix}`) },
        familyLines: { [daemon]: lines.two ?? [] },
        lines: daemon === 'gobgp-3' ? { 'gobgp-3': lines.two ?? [] } : {},
        birdChannel: daemon === 'bird-2' ? (lines.two ?? []) : [],
      }),
    },
  });
  return {
    up: sessionOf(run, 'r2', '10.0.0.1')?.state === 'Established',
    reason: sessionOf(run, 'r2', '10.0.0.1')?.reason,
    prefixes: networks.filter((prefix) => pathsOf(run, 'r2', prefix).length > 0),
  };
}

describe('2.6 "max-prefix"', () => {
  const closed = 'maximum-prefix 2 exceeded: 3 prefixes (NOTIFICATION 6/1)';
  const gobgp = (count: number) => [
    '    [[neighbors.afi-safis]]',
    '      [neighbors.afi-safis.config]',
    '        afi-safi-name = "ipv4-unicast"',
    '      [neighbors.afi-safis.prefix-limit.config]',
    `        max-prefixes = ${count}`,
  ];

  it.each([
    ['quagga-1.2', ['neighbor 10.0.0.1 maximum-prefix 2']],
    ['gobgp-3', gobgp(2)],
    ['bird-2', ['import limit 2 action disable;']],
  ] as const)('%s: beyond the limit the session is closed (Cease/1)', (daemon, two) => {
    expect(told(daemon, { two })).toMatchObject({ up: false, reason: closed, prefixes: [] });
  });

  it.each([
    ['frr-8.4', ['neighbor 10.0.0.1 maximum-prefix 1']],
    ['frr-10', ['neighbor 10.0.0.1 maximum-prefix 1 80']],
  ] as const)(
    '%s: two beyond the limit close it, since the limit is asked before a prefix is taken',
    (daemon, two) => {
      const reason = 'maximum-prefix 1 exceeded: 3 prefixes (NOTIFICATION 6/1)';
      expect(told(daemon, { two })).toMatchObject({ up: false, reason, prefixes: [] });
    },
  );

  it('frr-8.4: one beyond the limit stays', () => {
    const two = ['neighbor 10.0.0.1 maximum-prefix 2'];
    expect(told('frr-8.4', { two })).toMatchObject({ up: true, prefixes: networks });
  });

  it.each([
    ['frr-8.4', ['neighbor 10.0.0.1 maximum-prefix 3']],
    ['quagga-1.2', ['neighbor 10.0.0.1 maximum-prefix 3']],
    ['gobgp-3', gobgp(3)],
    ['bird-2', ['import limit 3 action disable;']],
  ] as const)('%s: at the limit it stays', (daemon, two) => {
    expect(told(daemon, { two })).toMatchObject({ up: true, prefixes: networks });
  });

  it.each([
    ['frr-8.4', ['neighbor 10.0.0.1 maximum-prefix 2 warning-only']],
    ['quagga-1.2', ['neighbor 10.0.0.1 maximum-prefix 2 warning-only']],
    ['bird-2', ['import limit 2 action warn;']],
  ] as const)('%s: a warning changes nothing', (daemon, two) => {
    expect(told(daemon, { two })).toMatchObject({ up: true, prefixes: networks });
  });

  it.each([
    ['import limit 2 action block;', { up: true, prefixes: ['10.70.0.0/24', '10.72.0.0/24'] }],
    ['receive limit 2 action block;', { up: true, prefixes: ['10.70.0.0/24', '10.72.0.0/24'] }],
    ['receive limit 2 action restart;', { up: false, reason: closed }],
    ['import limit off;', { up: true, prefixes: networks }],
    ['export limit 0 action block;', { up: true, prefixes: networks }],
  ] as const)('bird-2: %s', (line, expected) => {
    // What FRR says in one message: the first prefix first, the others from behind.
    expect(told('bird-2', { two: [line] })).toMatchObject(expected);
  });

  it('frr-8.4: what policy refused does not count', () => {
    const two = ['neighbor 10.0.0.1 maximum-prefix 2', 'neighbor 10.0.0.1 prefix-list ONE in'];
    expect(told('frr-8.4', { two })).toMatchObject({ up: true, prefixes: networks.slice(0, 1) });
  });

  // In one message the first prefix comes first, the others from behind. Each of these was seen on 8.4.4.
  it.each([
    ['ONE', 2, true],
    ['TWO', 2, false],
    ['THREE', 2, true],
    ['TWO', 1, false],
    ['THREE', 1, false],
  ] as const)(
    'frr-8.4: force counts what was refused before, where it is kept: %s of three passes, limit %i',
    (list, limit, up) => {
      const two = [
        `neighbor 10.0.0.1 maximum-prefix ${limit} force`,
        `neighbor 10.0.0.1 prefix-list ${list} in`,
      ];
      expect(told('frr-8.4', { two }).up).toBe(true);
      expect(told('frr-8.4', { two: [...two, 'neighbor 10.0.0.1 soft-reconfiguration inbound'] }).up).toBe(
        up,
      );
    },
  );

  it('frr-8.4: maximum-prefix-out tells so many and no more', () => {
    const one = ['neighbor 10.0.0.2 maximum-prefix-out 2'];
    expect(told('frr-8.4', { one }).prefixes).toEqual(networks.slice(0, 2));
  });
});

describe('2.2 "advertise-map": some routes only while others are there', () => {
  const head = [
    'ip prefix-list SOME permit 10.70.0.0/24',
    'ip prefix-list THERE permit 10.71.0.0/24',
    'ip prefix-list NOWHERE permit 10.99.0.0/24',
    ...['SOME', 'THERE', 'NOWHERE'].flatMap((name) => [
      `route-map ${name} permit 10`,
      ` match ip address prefix-list ${name}`,
      'exit',
    ]),
  ];
  it.each([
    ['exist-map THERE', networks],
    ['exist-map NOWHERE', networks.slice(1)],
    ['non-exist-map THERE', networks.slice(1)],
    ['non-exist-map NOWHERE', networks],
  ] as const)('frr-8.4: %s', (condition, prefixes) => {
    const one = [`neighbor 10.0.0.2 advertise-map SOME ${condition}`];
    expect(told('frr-8.4', { one, head }).prefixes).toEqual(prefixes);
  });
});

/** Which of a static route and a learned one reaches the kernel (RFC 4271 leaves it open; FRR's administrative distances). */
describe('2.3 "distances": eBGP 20, iBGP 200, local 200', () => {
  const installed = (asn: number, distance: number, familyLines: readonly string[] = []) => {
    const run = simulate({
      r1: {
        daemon: 'frr-8.4',
        wires: 'eth0 10.0.0.1/24 lan',
        text: deviceText('frr-8.4', {
          asn,
          id: '1.1.1.1',
          peers: [{ address: '10.0.0.2', as: 65002 }],
          networks,
        }),
      },
      r2: {
        daemon: 'frr-8.4',
        wires: 'eth0 10.0.0.2/24 lan',
        text: deviceText('frr-8.4', {
          asn: 65002,
          id: '2.2.2.2',
          peers: [{ address: '10.0.0.1', as: asn }],
          head: {
            'frr-8.4': [
              `ip route 10.70.0.0/24 10.0.0.9 ${distance}`,
              'access-list FIRST permit 10.70.0.0/24',
              'access-list LAST permit 10.72.0.0/24',
              'route-map FAR permit 10',
              ' set distance 250',
              'exit',
            ],
          },
          familyLines: { 'frr-8.4': familyLines },
        }),
      },
    });
    return run.result.hosts['r2']?.fib['10.70.0.0/24'] !== undefined;
  };

  it.each([
    ['eBGP 20 before a static route at 21', 65001, 21, [], true],
    ['a static route at 20 before eBGP', 65001, 20, [], false],
    ['iBGP 200 before a static route at 201', 65002, 201, [], true],
    ['a static route at 1 before iBGP', 65002, 1, [], false],
    ['distance bgp', 65001, 30, ['distance bgp 40 200 200'], false],
    ['distance by the network of the neighbour', 65001, 30, ['distance 40 10.0.0.0/24'], false],
    [
      'distance by the neighbour, for the prefixes of a list',
      65001,
      30,
      ['distance 40 10.0.0.0/24 FIRST'],
      false,
    ],
    ['distance by the neighbour, for other prefixes', 65001, 30, ['distance 40 10.0.0.0/24 LAST'], true],
    ['distance by another neighbour', 65001, 30, ['distance 40 10.9.0.0/24'], true],
    ['backdoor: as far as a local route', 65001, 30, ['network 10.70.0.0/24 backdoor'], false],
    ['set distance in a route-map', 65001, 30, ['neighbor 10.0.0.1 route-map FAR in'], false],
  ] as const)('frr-8.4: %s', (_name, asn, distance, lines, installs) => {
    expect(installed(asn, distance, lines)).toBe(installs);
  });
});

describe('2.4 "local-as": dual-as', () => {
  const run = (expects: number) =>
    simulate({
      r1: {
        daemon: 'frr-10',
        wires: 'eth0 10.0.0.1/24 lan',
        text: deviceText('frr-10', {
          asn: 65001,
          id: '1.1.1.1',
          peers: [{ address: '10.0.0.2', as: 65002 }],
          networks,
          lines: { 'frr-10': ['neighbor 10.0.0.2 local-as 65055 no-prepend replace-as dual-as'] },
        }),
      },
      r2: {
        daemon: 'frr-8.4',
        wires: 'eth0 10.0.0.2/24 lan',
        text: deviceText('frr-8.4', {
          asn: 65002,
          id: '2.2.2.2',
          peers: [{ address: '10.0.0.1', as: expects }],
        }),
      },
    });

  it.each([65001, 65055])(
    'frr-10: the session comes up with AS %d, which is then the one in the path',
    (expects) => {
      expect(pathsOf(run(expects), 'r2', '10.70.0.0/24')[0]?.asPath).toBe(String(expects));
    },
  );

  it('frr-8.4: does not know the word', () => {
    const { result } = simulate({
      r1: {
        daemon: 'frr-8.4',
        wires: 'eth0 10.0.0.1/24 lan',
        text: deviceText('frr-8.4', {
          asn: 65001,
          id: '1.1.1.1',
          peers: [{ address: '10.0.0.2', as: 65002 }],
          lines: { 'frr-8.4': ['neighbor 10.0.0.2 local-as 65055 no-prepend replace-as dual-as'] },
        }),
      },
    });
    expect(result.outcome).not.toBe('pass');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSource } from '../../src/base/source.ts';
import { readKernelRoute } from '../../src/pipeline/topology/kernel-route.ts';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import { readTopology } from '../../src/pipeline/topology/topology.ts';

const place = { file: 'topology.yml', line: 1, column: 1 };

describe('topology.yml', () => {
  it('says hosts, wiring and kernel routes', () => {
    const { topology, diagnostics } = readTopology(
      [
        'hosts:',
        '  r2: { daemon: none }',
        '  r1:',
        '    daemon: frr',
        '    version: 8.4',
        '    interfaces:',
        '      eth0: { addresses: [10.0.0.1/31, "2001:db8::1/64"], link: l1 }',
        '      lo:',
        '    routes: [default via 10.0.0.0]',
      ].join('\n'),
      'topology.yml',
    );
    expect(diagnostics).toEqual([]);
    expect(topology?.hosts.map(({ name, daemon, version }) => [name, daemon, version])).toEqual([
      ['r1', 'frr', '8.4'],
      ['r2', 'none', ''],
    ]);
    const [r1] = topology?.hosts ?? [];
    expect(
      r1?.interfaces.map(({ name, link, addresses }) => [name, link, addresses.map(({ text }) => text)]),
    ).toEqual([
      ['eth0', 'l1', ['10.0.0.1/31', '2001:db8::1/64']],
      ['lo', null, []],
    ]);
    expect(r1?.kernelRoutes).toMatchObject([{ prefix: { text: '0.0.0.0/0' }, via: { text: '10.0.0.0' } }]);
  });

  const faults: [string, string, readonly string[]][] = [
    ['nothing', '', ['topology.yml:1:1 missing-key']],
    ['no hosts', 'host: {}', ['topology.yml:1:1 missing-key', 'topology.yml:1:1 unknown-key hosts']],
    ['a list', '- r1', ['topology.yml:1:1 wrong-type']],
    ['no host at all', 'hosts: {}', ['topology.yml:1:8 invalid-value']],
    ['no daemon', 'hosts: { r1: {} }', ['topology.yml:1:10 missing-key']],
    ['a slip in the daemon', 'hosts: { r1: { daemon: fr } }', ['topology.yml:1:24 invalid-value frr']],
    [
      'a slip in a key',
      'hosts: { r1: { daemon: frr, interface: {} } }',
      ['topology.yml:1:29 unknown-key interfaces'],
    ],
    [
      'a name that leaves the folder',
      'hosts: { ../r1: { daemon: frr } }',
      ['topology.yml:1:10 invalid-value'],
    ],
    [
      'addresses',
      'hosts: { r1: { daemon: none, interfaces: { eth0: { addresses: [10.0.0.1, 10.0.0.300/24, x] } } } }',
      [
        'topology.yml:1:64 invalid-address 10.0.0.1/32',
        'topology.yml:1:74 invalid-address',
        'topology.yml:1:89 invalid-address',
      ],
    ],
    [
      'an address twice',
      'hosts: { r1: { daemon: none, interfaces: { e: { addresses: [10.0.0.1/8, 10.0.0.1/8] } } } }',
      ['topology.yml:1:73 duplicate-entry'],
    ],
    [
      'a route',
      'hosts: { r1: { daemon: none, routes: [10.0.0.1/8 dev e, 10.0.0.0/8] } }',
      ['topology.yml:1:39 invalid-value', 'topology.yml:1:57 invalid-value'],
    ],
    ['broken YAML', 'hosts: [', ['topology.yml:1:9 yaml-syntax']],
  ];
  it.each(faults)('%s', (_name, text, expected) => {
    const { topology, diagnostics } = readTopology(text, 'topology.yml');
    expect(topology).toBeNull();
    const found = diagnostics.map(({ rule, ranges: [range], nearest }) =>
      [range ? formatSource(range) : '', rule, nearest].filter(Boolean).join(' '),
    );
    expect(found.sort()).toEqual([...expected].sort());
  });

  it('survives any text', () => {
    const words = fc.constantFrom(
      'hosts',
      'r1',
      'daemon',
      'frr',
      'interfaces',
      'addresses',
      'routes',
      'link',
      '10.0.0.1/8',
      '~',
      '1e9',
    );
    const text = fc.array(
      fc.oneof(words, fc.constantFrom(': ', '\n  ', '- ', '[', ']', '{', '}', ', ', '"', '&a ', '*a')),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(text, (parts) => {
        const { topology, diagnostics } = readTopology(parts.join(''), 'topology.yml');
        expect(topology !== null || diagnostics.length > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('arguments of ip route add', () => {
  const good: [string, object][] = [
    [
      '10.9.0.0/16 via 10.0.0.2 dev eth0 metric 5 proto static',
      { prefix: { text: '10.9.0.0/16' }, metric: 5, interface: 'eth0' },
    ],
    ['10.9.0.1 dev eth0 scope link', { prefix: { text: '10.9.0.1/32' }, via: null }],
    ['blackhole 2001:db8::/32', { blackhole: true, via: null }],
    ['default via fe80::1 dev eth0', { prefix: { text: '::/0' } }],
    ['10.9.0.0/16 via inet6 fe80::1 dev eth0', {}],
  ];
  it.each(good.slice(0, 4))('%s', (line, expected) => {
    expect(readKernelRoute(line, place)).toMatchObject({ routes: [expected] });
  });

  it('several next hops are several routes with one prefix', () => {
    const read = readKernelRoute('10.9.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.0.3 weight 2', place);
    expect(read).toMatchObject({ routes: [{ via: { text: '10.0.0.2' } }, { via: { text: '10.0.0.3' } }] });
  });

  it('another table is not used', () => {
    expect(readKernelRoute('10.9.0.0/16 dev eth0 table 100', place)).toEqual({ routes: [] });
  });

  const bad: [string, RegExp][] = [
    ['', /names no network/],
    ['10.9.0.0/16', /neither via nor dev/],
    ['10.9.0.1/16 dev eth0', /host bits; the network is 10\.9\.0\.0\/16/],
    ['10.9.0.0/16 via', /ends after via/],
    ['10.9.0.0/16 vai 10.0.0.2', /does not know \(via\?\)/],
    ['10.9.0.0/16 via 2001:db8::1', /other family/],
    ['10.9.0.0/16 via 10.0.0.256', /octet above 255/],
    ['10.9.0.0/16 dev e metric x', /metric/],
  ];
  it.each(bad)('%s: refused', (line, fault) => {
    const read = readKernelRoute(line, place);
    expect('fault' in read ? read.fault : '').toMatch(fault);
  });
});

describe('what is left out is said', () => {
  const run = (topology: string, files: Readonly<Record<string, string>> = {}) =>
    simulateConfigs(
      { path: 'topology.yml', text: topology },
      {
        shown: 'configs',
        hosts: new Map([
          [
            'r1',
            new Map(
              Object.entries(files).map(([name, text]) => [name, { path: `configs/r1/${name}`, text }]),
            ),
          ],
        ]),
      },
    ).result;

  it('a line that is known and not followed makes the outcome inconclusive', () => {
    const text = 'router id 1.1.1.1;\nprotocol device { }\nprotocol babel { ipv4; interface "eth0"; }\n';
    const result = run('hosts: { r1: { daemon: bird } }', { 'bird.conf': text });
    expect(result.outcome).toBe('inconclusive');
    expect(result.unmodelled).toMatchObject([
      { host: 'r1', file: 'configs/r1/bird.conf', line: 3, matters: true },
    ]);
  });

  it('files that an event loads have to be there', () => {
    const result = run('hosts: { r1: { daemon: none } }\nevents: [{ files: { host: r1, from: later } }]');
    expect(result.findings).toMatchObject([{ rule: 'config-missing', host: 'r1', ranges: [{ line: 2 }] }]);
  });

  it('one address on two hosts of a link is an error, on two links it is not', () => {
    const on = (link: string) =>
      run(
        `hosts: { r1: { daemon: none, interfaces: { e: { addresses: [10.0.0.1/24], link: a } } }, r2: { daemon: none, interfaces: { e: { addresses: [10.0.0.1/24], link: ${link} } } } }`,
      ).findings;
    expect(on('a')).toMatchObject([
      { rule: 'duplicate-address', host: 'r2', ranges: [{ line: 1 }, { line: 1 }] },
    ]);
    expect(on('b')).toEqual([]);
  });

  it('a version that nobody compared is a warning', () => {
    const { topology, diagnostics } = readTopology(
      'hosts: { r1: { daemon: frr, version: "99" }, r2: { daemon: bird, version: 2.0.12 }, r3: { daemon: frr, version: 10.1 } }',
      'topology.yml',
    );
    expect(topology?.hosts).toHaveLength(3);
    expect(diagnostics).toMatchObject([{ rule: 'daemon-version', severity: 'warning', host: 'r1' }]);
  });

  it('addresses of interfaces that the host does not have do not count, but for the loopback', () => {
    const conf = (name: string) =>
      `interface ${name}\n ip address 10.9.0.1/24\nexit\nrouter bgp 65001\n address-family ipv4 unicast\n  redistribute connected`;
    const on = (name: string) =>
      run('hosts: { r1: { daemon: frr, interfaces: { eth0: {} } } }', { 'frr.conf': conf(name) });
    expect(on('eth7').findings).toMatchObject([
      { rule: 'unknown-interface', severity: 'warning', found: 'eth7', ranges: [{ line: 1 }] },
    ]);
    expect(Object.keys(on('eth7').hosts['r1']?.bgp ?? {})).toEqual([]);
    for (const name of ['eth0', 'lo']) {
      expect(on(name).findings).toEqual([]);
      expect(Object.keys(on(name).hosts['r1']?.bgp ?? {})).toEqual(['10.9.0.0/24']);
    }
  });

  it('the file of another daemon, a folder of no host and missing files fail', () => {
    const result = run('hosts: { r1: { daemon: frr } }', { 'gobgp.toml': '' });
    expect(result.outcome).toBe('fail');
    expect(result.findings.map(({ rule }) => rule)).toEqual(['config-misplaced', 'config-missing']);
    expect(run('hosts: { r2: { daemon: none } }').findings).toMatchObject([
      { rule: 'unknown-host', found: 'r1' },
    ]);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { departures } from '../../src/lab/compare/at-rest.ts';
import { simulatedTables, simulateFolder } from '../../src/lab/compare/simulated.ts';
import type { FabricTables } from '../../src/lab/tables.ts';

const work = mkdtempSync(join(tmpdir(), 'fabricgen-habits-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Host {
  readonly daemon?: string;
  readonly addresses: Readonly<Record<string, string>>;
  readonly file: readonly string[];
}

const files: Readonly<Record<string, string>> = { bird: 'bird.conf', gobgp: 'gobgp.toml' };

/** A folder of hosts; `addresses`: link → address. */
function folderOf(name: string, hosts: Readonly<Record<string, Host>>): string {
  const folder = join(work, name);
  const lines = ['hosts:'];
  for (const [host, { daemon = 'frr', addresses, file }] of Object.entries(hosts)) {
    lines.push(`  ${host}:`, `    daemon: ${daemon}`, '    interfaces:');
    Object.entries(addresses).forEach(([link, address], index) => {
      lines.push(`      eth${index}: { addresses: [${address}], link: ${link} }`);
    });
    mkdirSync(join(folder, 'configs', host), { recursive: true });
    writeFileSync(join(folder, 'configs', host, files[daemon] ?? 'frr.conf'), `${file.join('\n')}\n`);
  }
  writeFileSync(join(folder, 'topology.yml'), `${lines.join('\n')}\n`);
  return folder;
}

function frr(asn: number, id: string, ...lines: readonly string[]): readonly string[] {
  return [`router bgp ${asn}`, ` bgp router-id ${id}`, ' no bgp ebgp-requires-policy', ...lines];
}

describe("an update group that goes by its first peer's AS", () => {
  it('takes in peers that differ in what they may receive alone', () => {
    const middle = frr(
      65004,
      '10.0.0.4',
      ' neighbor 10.0.0.1 remote-as 65001',
      ' neighbor 10.0.0.3 remote-as 65003',
      ' address-family ipv4 unicast',
      '  neighbor 10.0.0.1 as-override',
      '  neighbor 10.0.0.3 allowas-in origin',
      '  neighbor 10.0.0.3 as-override',
    );
    const { state } = simulateFolder(
      folderOf('groups', {
        a: {
          addresses: { s: '10.0.0.1/24' },
          file: frr(65001, '10.0.0.1', ' neighbor 10.0.0.4 remote-as 65004'),
        },
        b: {
          addresses: { s: '10.0.0.3/24' },
          file: frr(65003, '10.0.0.3', ' neighbor 10.0.0.4 remote-as 65004'),
        },
        m: { addresses: { s: '10.0.0.4/24' }, file: middle },
      }),
      {},
    );
    const shared = state?.families['ipv4-unicast'].engine.sharedAs ?? [];
    expect(shared.map(({ members }) => members.map(({ peer }) => peer.name))).toEqual([
      ['10.0.0.1', '10.0.0.3'],
    ]);
  });
});

describe("fabricgen's speaker", () => {
  /** `far` announces its cable to `near` and a network to `side`, which passes it on as it is. */
  const fabric = (daemon: string) => ({
    far: {
      addresses: { x: '10.1.0.1/30', y: '10.2.0.1/30' },
      file: frr(
        65002,
        '10.9.0.2',
        ' neighbor 10.1.0.2 remote-as 65001',
        ' neighbor 10.2.0.2 remote-as 65001',
        ' address-family ipv4 unicast',
        '  redistribute connected',
      ),
    },
    near: {
      daemon,
      addresses: { x: '10.1.0.2/30', z: '10.3.0.1/24' },
      file: frr(
        65001,
        '10.9.0.1',
        ' neighbor 10.1.0.1 remote-as 65002',
        ' neighbor 10.3.0.2 remote-as 65001',
      ),
    },
    side: {
      addresses: { y: '10.2.0.2/30', z: '10.3.0.2/24' },
      file: frr(
        65001,
        '10.9.0.3',
        ' neighbor 10.2.0.1 remote-as 65002',
        ' neighbor 10.3.0.1 remote-as 65001',
      ),
    },
  });

  it.each([
    ['frr', true],
    ['speaker', false],
  ])('%s: is a next hop usable that only BGP leads to? %s', (daemon, usable) => {
    const { result } = simulateFolder(folderOf(`hops-${daemon}`, fabric(daemon)), {});
    const paths = result.hosts['near']?.bgp['10.1.0.0/30'] ?? [];
    expect(paths.find(({ from }) => from === '10.3.0.2')).toMatchObject({
      nextHop: '10.2.0.1',
      valid: usable,
    });
  });
});

describe('BIRD looks at a next hop again only when a best route changes', () => {
  /** b has 10.5.0.0/16 from x straight, and from i by way of i's next hop; i tells it of a network behind 10.5.0.1 as well. */
  const bird = [
    'router id 10.9.0.1;',
    'protocol device { }',
    'protocol bgp x { local as 65001; neighbor 10.1.0.2 as 65002; ipv4 { import all; export none; }; }',
    'protocol bgp i { local as 65001; neighbor 10.2.0.2 as 65001; ipv4 { import all; export none; }; }',
    'protocol direct { ipv4; }',
  ];
  const folder = () =>
    folderOf('bird', {
      b: { daemon: 'bird', addresses: { p: '10.1.0.1/24', q: '10.2.0.1/24' }, file: bird },
      x: {
        addresses: { p: '10.1.0.2/24' },
        file: frr(
          65002,
          '10.9.0.2',
          ' no bgp network import-check',
          ' neighbor 10.1.0.1 remote-as 65001',
          ' address-family ipv4 unicast',
          '  network 10.5.0.0/16',
        ),
      },
      i: {
        addresses: { q: '10.2.0.2/24' },
        file: [
          'route-map FAR permit 10',
          ' match ip address prefix-list N',
          ' set ip next-hop 10.5.0.1',
          'route-map FAR permit 20',
          ' set as-path prepend 65009 65009',
          'ip prefix-list N permit 10.6.0.0/16',
          ...frr(
            65001,
            '10.9.0.3',
            ' no bgp network import-check',
            ' neighbor 10.2.0.1 remote-as 65001',
            ' address-family ipv4 unicast',
            '  network 10.5.0.0/16',
            '  network 10.6.0.0/16',
            '  neighbor 10.2.0.1 route-map FAR out',
          ),
        ],
      },
    });

  it('so both answers are at rest where another route leans on others', () => {
    const simulated = simulateFolder(folder(), {});
    const tables = simulatedTables(simulated);
    const isUsable = (of: FabricTables) => of['b']?.bgp['10.6.0.0/16']?.[0]?.valid;
    expect(isUsable(tables)).toBe(false);
    expect(departures(simulated, tables)).toEqual([]);
    const other = structuredClone(tables) as {
      b: { bgp: Record<string, { valid: boolean }[]> };
    } & FabricTables;
    for (const path of other.b.bgp['10.6.0.0/16'] ?? []) path.valid = true;
    expect(departures(simulated, other)).toEqual([]);
  });
});

describe('GoBGP keeps what it had before a path with its own AS', () => {
  /** m sums up what a, b and g announce; g refuses an aggregate with its AS in the set, and may have had it before. */
  const part = (asn: number, address: string, prefix: string) =>
    frr(
      asn,
      address.replace('10.', '10.9.'),
      ' no bgp network import-check',
      ` neighbor ${address.replace(/\d+$/, '9')} remote-as 65009`,
      ' address-family ipv4 unicast',
      `  network ${prefix}`,
    );
  const folder = () =>
    folderOf('stages', {
      a: { addresses: { p: '10.1.0.1/24' }, file: part(65001, '10.1.0.1', '10.20.1.0/24') },
      b: { addresses: { q: '10.2.0.1/24' }, file: part(65002, '10.2.0.1', '10.20.2.0/24') },
      c: { addresses: { r: '10.3.0.1/24' }, file: part(65003, '10.3.0.1', '10.20.3.0/24') },
      m: {
        addresses: { p: '10.1.0.9/24', q: '10.2.0.9/24', r: '10.3.0.9/24', s: '10.4.0.9/24' },
        file: frr(
          65009,
          '10.9.9.9',
          ' neighbor 10.1.0.1 remote-as 65001',
          ' neighbor 10.2.0.1 remote-as 65002',
          ' neighbor 10.3.0.1 remote-as 65003',
          ' neighbor 10.4.0.1 remote-as 65001',
          ' address-family ipv4 unicast',
          '  aggregate-address 10.20.0.0/16 as-set',
        ),
      },
      g: {
        daemon: 'gobgp',
        addresses: { s: '10.4.0.1/24' },
        file: [
          '[global.config]',
          '  as = 65001',
          '  router-id = "10.9.0.7"',
          '[[neighbors]]',
          '  [neighbors.config]',
          '    neighbor-address = "10.4.0.9"',
          '    peer-as = 65009',
        ],
      },
    });
  /** The tables with a path at g that m does not send now. */
  const withLeft = (tables: FabricTables, set: string) => {
    const given = structuredClone(tables) as { g: { bgp: Record<string, object[]> } } & FabricTables;
    const [sent] = tables['g']?.bgp['10.20.2.0/24'] ?? [];
    given.g.bgp['10.20.0.0/16'] = [{ ...sent, med: 0, asPath: `65009 ${set}` }];
    return given;
  };

  it('an aggregate of other parts, if an AS_SET', () => {
    const simulated = simulateFolder(folder(), {});
    const tables = simulatedTables(simulated);
    expect(tables['g']?.bgp['10.20.0.0/16'] ?? []).toEqual([]);
    expect(departures(simulated, tables)).toEqual([]);
    expect(departures(simulated, withLeft(tables, '{65002,65003}'))).toEqual([]);
    expect(departures(simulated, withLeft(tables, '65002 65003'))).not.toEqual([]);
  });
});

describe('GoBGP between members of its confederation', () => {
  const member = (asn: number, id: string, address: string, ...lines: readonly string[]) => [
    `router bgp ${asn}`,
    ` bgp router-id ${id}`,
    ' no bgp ebgp-requires-policy',
    ' bgp confederation identifier 64900',
    ` bgp confederation peers ${[65001, 65002, 65003].filter((one) => one !== asn).join(' ')}`,
    ' no bgp network import-check',
    ` neighbor ${address} remote-as 65001`,
    ' address-family ipv4 unicast',
    `  neighbor ${address} route-map ANY in`,
    `  neighbor ${address} route-map ANY out`,
    ...lines,
    'exit',
    'route-map ANY permit 10',
  ];
  const gobgp = (options: readonly string[], policy: readonly string[]) => [
    '[global.config]',
    '  as = 65001',
    '  router-id = "10.9.0.1"',
    '[global.confederation.config]',
    '  enabled = true',
    '  identifier = 64900',
    '  member-as-list = [65002, 65003]',
    ...policy,
    '[[neighbors]]',
    '  [neighbors.config]',
    '    neighbor-address = "10.1.0.2"',
    '    peer-as = 65002',
    '[[neighbors]]',
    '  [neighbors.config]',
    '    neighbor-address = "10.2.0.2"',
    '    peer-as = 65003',
    ...options,
  ];
  const prepend = [
    '[global.apply-policy.config]',
    '  export-policy-list = ["p"]',
    '[[policy-definitions]]',
    '  name = "p"',
    '  [[policy-definitions.statements]]',
    '    [policy-definitions.statements.actions.bgp-actions.set-as-path-prepend]',
    '      as = "65050"',
    '      repeat-n = 2',
    '    [policy-definitions.statements.actions]',
    '      route-disposition = "accept-route"',
  ];
  it.each([
    ['as it is', [], [], '(65001 65002)'],
    ['remove-private-as "replace"', ['    remove-private-as = "replace"'], [], '(65001 65001)'],
    ['prepended', [], prepend, '(65050 65050 65001 65002)'],
  ])('%s', (name, options, policy, expected) => {
    const { result } = simulateFolder(
      folderOf(`confed ${name.replaceAll(/\W/g, '')}`, {
        a: {
          addresses: { p: '10.1.0.2/24' },
          file: member(65002, '10.9.0.2', '10.1.0.1', '  network 10.7.0.0/16'),
        },
        g: {
          daemon: 'gobgp',
          addresses: { p: '10.1.0.1/24', q: '10.2.0.1/24' },
          file: gobgp(options, policy),
        },
        b: { addresses: { q: '10.2.0.2/24' }, file: member(65003, '10.9.0.3', '10.2.0.1') },
      }),
      {},
    );
    expect(result.hosts['b']?.bgp['10.7.0.0/16']?.map(({ asPath }) => asPath)).toEqual([expected]);
  });
});

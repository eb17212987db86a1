import { describe, expect, it } from 'vitest';
import { readBack } from '../../src/pipeline/read-back.ts';
import { deviceText, exabgpText } from './support/device.ts';
import { type Daemon, sessionOf, simulate } from './support/fabric.ts';

/** 2.1 and 2.2: what the daemon holds where the file is silent. */
const files: Readonly<Record<Daemon, readonly [kind: string, version: string, path: string]>> = {
  'frr-8.4': ['frr', '8.4', 'bgpd.conf'],
  'frr-10': ['frr', '10.1', 'bgpd.conf'],
  'quagga-1.2': ['quagga', '1.2', 'bgpd.conf'],
  'gobgp-3': ['gobgp', '3.10', 'gobgp.toml'],
  'bird-2': ['bird', '2.0', 'bird.conf'],
  'exabgp-4': ['exabgp', '4.2', 'exabgp.conf'],
};

function configOf(daemon: Daemon, text: string) {
  const [kind, version, path] = files[daemon];
  const { nodes } = readBack([
    {
      name: 'r',
      versions: new Map([[kind, version]]),
      interfaces: [],
      files: [{ path, shown: path, target: kind, text }],
      router: null,
      kernelRoutes: [],
    },
  ]);
  const bgp = nodes[0]?.router?.bgp;
  if (!bgp) throw new Error('no BGP');
  return bgp;
}

const bare = (defaults: string) =>
  `frr defaults ${defaults}\nrouter bgp 65000\n neighbor 10.0.0.2 remote-as 65001\n`;
const quagga = 'router bgp 65000\n neighbor 10.0.0.2 remote-as 65001\n';
const gobgp =
  '[global.config]\nas = 65000\nrouter-id = "1.1.1.1"\n[[neighbors]]\n[neighbors.config]\nneighbor-address = "10.0.0.2"\npeer-as = 65001\n';
const device = { asn: 65000, id: '1.1.1.1', peers: [{ address: '10.0.0.2', as: 65001 }] };
const bird = deviceText('bird-2', device);
const exabgp = exabgpText(device, [], '10.0.0.1').replace('family { ipv4 unicast; }', '');
const columns: Readonly<Record<string, readonly [Daemon, string]>> = {
  'frr-8.4 traditional': ['frr-8.4', bare('traditional')],
  'frr-8.4 datacenter': ['frr-8.4', bare('datacenter')],
  'frr-10 traditional': ['frr-10', bare('traditional')],
  'frr-10 datacenter': ['frr-10', bare('datacenter')],
  'quagga-1.2': ['quagga-1.2', quagga],
  'gobgp-3': ['gobgp-3', gobgp],
  'bird-2': ['bird-2', bird],
  'exabgp-4': ['exabgp-4', exabgp],
};

type Bgp = ReturnType<typeof configOf>;
const defaults: Readonly<Record<string, readonly [(bgp: Bgp) => unknown, readonly unknown[]]>> = {
  '2.1 "hold / keepalive"': [
    ({ peers }) => `${peers[0]?.timers.hold}/${peers[0]?.timers.keepalive}`,
    ['180/60', '9/3', '180/60', '9/3', '180/60', '90/30', '240/80', '180/60'],
  ],
  '2.1 "connect retry"': [({ peers }) => peers[0]?.timers.connectRetry, [120, 10, 120, 10, 5, 120, 120, 1]],
  '2.1 "IPv4 unicast on by default"': [
    ({ peers }) => Object.keys(peers[0]?.families ?? {}),
    [...six(['ipv4-unicast']), ['ipv4-unicast'], ['ipv4-unicast', 'ipv6-unicast']],
  ],
  '2.1 "eBGP TTL": one hop, no multihop': [({ peers }) => peers[0]?.ebgpMultihop, [...six(null), null, 64]],
  '2.1 "MD5": only where it is written': [({ peers }) => peers[0]?.password, columnsOf(null)],
  '2.1 "passive": no': [({ peers }) => peers[0]?.passive, columnsOf(false)],
  '2.2 "eBGP without policy": denied in traditional': [
    ({ ebgpRequiresPolicy }) => ebgpRequiresPolicy,
    [true, false, true, false, false, false, false, false],
  ],
  '2.2 "import-check"': [
    ({ importCheck }) => importCheck,
    [true, true, true, true, false, false, false, false],
  ],
  '2.4 "send-community": all': [
    ({ peers }) => peers[0]?.families['ipv4-unicast']?.sendCommunity.large,
    columnsOf(true),
  ],
  '2.4 "enforce-first-as": FRR from 9.1': [
    ({ enforceFirstAs }) => enforceFirstAs,
    [false, false, true, true, false, false, false, false],
  ],
  '2.4 "AS_SET in path": refused by FRR 10': [
    ({ rejectAsSets }) => rejectAsSets,
    [false, false, true, true, false, false, false, false],
  ],
  '1.2 "deterministic-med": datacenter only': [
    ({ decision }) => decision.deterministicMed,
    [false, true, false, true, false, false, false, false],
  ],
  '1.3 "default paths": 256, 1, off': [
    ({ maximumPaths }) => maximumPaths['ipv4-unicast'].ebgp,
    [256, 256, 256, 256, 1, 1, 1, 1],
  ],
  '2.6 "add-path": receive offered by FRR': [
    ({ peers }) => peers[0]?.families['ipv4-unicast']?.addPathReceive ?? false,
    [true, true, true, true, false, false, false, false],
  ],
};

function six(value: unknown): readonly unknown[] {
  return [value, value, value, value, value, value];
}

function columnsOf(value: unknown): readonly unknown[] {
  return Object.keys(columns).map(() => value);
}

describe.each(Object.entries(defaults))('%s', (_name, [read, values]) => {
  it.each(
    Object.entries(columns).map(
      ([column, [daemon, text]], index) => [column, daemon, text, values[index]] as const,
    ),
  )('%s', (_column, daemon, text, value) => {
    expect(read(configOf(daemon, text))).toEqual(value);
  });
});

/** Two routers of AS 65001 and 65002 that call a third one, which takes callers of 10.0.0.0/24. */
function callers(limit: number | null, daemon: 'frr-8.4' | 'gobgp-3' | 'bird-2') {
  const listening: Readonly<Record<typeof daemon, string>> = {
    'frr-8.4': [
      'frr defaults traditional',
      'router bgp 65000',
      ' bgp router-id 9.9.9.9',
      ' no bgp ebgp-requires-policy',
      ' neighbor CALLERS peer-group',
      ' neighbor CALLERS remote-as external',
      ...(limit === null ? [] : [` bgp listen limit ${limit}`]),
      ' bgp listen range 10.0.0.0/24 peer-group CALLERS',
      '',
    ].join('\n'),
    'gobgp-3': [
      '[global.config]',
      '  as = 65000',
      '  router-id = "9.9.9.9"',
      '[[peer-groups]]',
      '  [peer-groups.config]',
      '    peer-group-name = "callers"',
      '    peer-as = 65001',
      '[[dynamic-neighbors]]',
      '  [dynamic-neighbors.config]',
      '    prefix = "10.0.0.0/24"',
      '    peer-group = "callers"',
      '',
    ].join('\n'),
    'bird-2': [
      'router id 9.9.9.9;',
      'protocol device { }',
      'protocol bgp callers { local 10.0.0.9 as 65000; neighbor range 10.0.0.0/24 as 65001; ipv4 { import all; export all; }; }',
      '',
    ].join('\n'),
  };
  const caller = (name: string, last: number) => ({
    daemon: 'frr-8.4' as const,
    wires: `eth0 10.0.0.${last}/24 lan`,
    text: deviceText('frr-8.4', {
      asn: 65001,
      id: `1.1.1.${last}`,
      peers: [{ address: '10.0.0.9', as: 65000 }],
    }).replace(/^/, `hostname ${name}\n`),
  });
  const run = simulate({
    r1: caller('r1', 1),
    r2: caller('r2', 2),
    r9: { daemon, wires: 'eth0 10.0.0.9/24 lan', text: listening[daemon] },
  });
  return ['r1', 'r2'].map((name) => sessionOf(run, name, '10.0.0.9')?.state === 'Established');
}

describe('2.1 "dynamic range"', () => {
  it.each(['frr-8.4', 'gobgp-3', 'bird-2'] as const)('%s takes whoever calls from the range', (daemon) => {
    expect(callers(null, daemon)).toEqual([true, true]);
  });

  it('frr-8.4: no more than the limit', () => {
    expect(callers(1, 'frr-8.4')).toEqual([true, false]);
  });
});

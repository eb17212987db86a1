import { describe, expect, it } from 'vitest';
import { readBack } from '../../src/pipeline/read-back.ts';
import { type Device, deviceText } from './support/device.ts';
import { type Daemon, sessionOf, simulate } from './support/fabric.ts';

/** Two routers on one cable, 10.0.0.1 in AS 65001 and 10.0.0.2 in AS 65002, with what a row changes on either end. */
interface End {
  readonly asn?: number;
  readonly id?: string;
  readonly expects?: number;
  readonly lines?: readonly string[];
  readonly familyLines?: readonly string[];
}

interface Row {
  readonly name: string;
  readonly one?: End;
  readonly two?: End;
  /** What r1 and r2 say, when r2 is FRR, and when it is GoBGP. */
  readonly says: Partial<Record<Daemon, readonly [string, string]>>;
}

const up = ['', ''] as const;
const both = (...says: [string, string]): Row['says'] => ({ 'frr-8.4': says, 'gobgp-3': says });

const rows: readonly Row[] = [
  { name: 'both agree', says: both(...up) },
  {
    name: 'AS: the other is another (2/2)',
    one: { expects: 65099 },
    says: both(
      'OPEN refused: peer announced AS 65002, 65099 expected (NOTIFICATION 2/2)',
      'r1 refused the OPEN: it expects AS 65099, not 65002 (NOTIFICATION 2/2)',
    ),
  },
  {
    name: 'AS: the other expects another (2/2)',
    two: { expects: 65099 },
    says: both(
      'r2 refused the OPEN: it expects AS 65099, not 65001 (NOTIFICATION 2/2)',
      'OPEN refused: peer announced AS 65001, 65099 expected (NOTIFICATION 2/2)',
    ),
  },
  {
    name: 'router id: the same within an AS (2/3)',
    one: { expects: 65001, id: '9.9.9.9' },
    two: { asn: 65001, id: '9.9.9.9' },
    says: both(
      'OPEN refused: both ends have router id 9.9.9.9 (NOTIFICATION 2/3)',
      'r1 refused the OPEN: both ends have router id 9.9.9.9 (NOTIFICATION 2/3)',
    ),
  },
  {
    name: 'router id: the same in two ASes is allowed (RFC 6286)',
    one: { id: '9.9.9.9' },
    two: { id: '9.9.9.9' },
    says: both(...up),
  },
  {
    name: 'families: none in common (2/7)',
    one: {
      familyLines: [
        'no neighbor 10.0.0.2 activate',
        'exit-address-family',
        'address-family ipv6 unicast',
        'neighbor 10.0.0.2 activate',
      ],
    },
    says: both(
      'no address family is activated on both ends (NOTIFICATION 2/7)',
      'no address family is activated on both ends (NOTIFICATION 2/7)',
    ),
  },
  {
    name: 'role: the two do not go together (2/11)',
    one: { lines: ['neighbor 10.0.0.2 local-role peer'] },
    two: { lines: ['neighbor 10.0.0.1 local-role provider'] },
    says: {
      'frr-8.4': [
        'OPEN refused: a peer wants a peer, the other end is a provider (NOTIFICATION 2/11)',
        'r1 refused the OPEN: a peer wants a peer, the other end is a provider (NOTIFICATION 2/11)',
      ],
    },
  },
  {
    name: 'role: strict, and the other end has none (2/11)',
    one: { lines: ['neighbor 10.0.0.2 local-role customer strict-mode'] },
    says: both(
      'OPEN refused: a customer wants a provider, the other end is without role (NOTIFICATION 2/11)',
      'r1 refused the OPEN: a customer wants a provider, the other end is without role (NOTIFICATION 2/11)',
    ),
  },
  {
    name: 'role: not strict, and the other end has none',
    one: { lines: ['neighbor 10.0.0.2 local-role customer'] },
    says: both(...up),
  },
  {
    name: 'role: customer and provider',
    one: { lines: ['neighbor 10.0.0.2 local-role customer'] },
    two: { lines: ['neighbor 10.0.0.1 local-role provider strict-mode'] },
    says: { 'frr-8.4': up },
  },
  {
    name: 'password: on one end alone, nothing answers (RFC 2385)',
    one: { lines: ['neighbor 10.0.0.2 password secret'] },
    says: both('only one end has a password (TCP MD5)', 'only one end has a password (TCP MD5)'),
  },
  {
    name: 'passive on both ends',
    one: { lines: ['neighbor 10.0.0.2 passive'] },
    two: { lines: ['neighbor 10.0.0.1 passive'] },
    says: {
      'frr-8.4': [
        'this end is passive and the other does not connect',
        'this end is passive and the other does not connect',
      ],
    },
  },
  {
    name: 'shut down',
    one: { lines: ['neighbor 10.0.0.2 shutdown'] },
    says: both('administratively shut down', 'r1 has the session shut down'),
  },
  {
    name: 'confederation: the outside expects the member AS (2/2)',
    one: { asn: 65100, lines: ['bgp confederation identifier 65001', 'bgp confederation peers 65101'] },
    two: { expects: 65100 },
    says: both(
      'r2 refused the OPEN: it expects AS 65100, not 65001 (NOTIFICATION 2/2)',
      'OPEN refused: peer announced AS 65001, 65100 expected (NOTIFICATION 2/2)',
    ),
  },
  {
    name: 'local-as is what the other sees',
    one: { lines: ['neighbor 10.0.0.2 local-as 65055'] },
    two: { expects: 65055 },
    says: both(...up),
  },
  {
    name: 'BFD, timers and MRAI change no table',
    one: {
      lines: [
        'neighbor 10.0.0.2 bfd',
        'neighbor 10.0.0.2 timers 1 3',
        'neighbor 10.0.0.2 timers connect 1',
        'neighbor 10.0.0.2 advertisement-interval 5',
      ],
    },
    says: both(...up),
  },
];

function textOf(
  daemon: Daemon,
  end: End,
  defaults: { asn: number; id: string; expects: number },
  peer: string,
): string {
  const { lines = [], familyLines = [] } = end;
  const device: Device = {
    asn: end.asn ?? defaults.asn,
    id: end.id ?? defaults.id,
    peers: [{ address: peer, as: end.expects ?? defaults.expects }],
    lines: { 'frr-8.4': lines },
    familyLines: { 'frr-8.4': familyLines },
  };
  return deviceText(daemon, device);
}

describe('sessions', () => {
  for (const { name, one = {}, two = {}, says } of rows) {
    describe(`"${name}"`, () => {
      it.each(Object.entries(says) as [Daemon, readonly [string, string]][])(
        'frr-8.4 and %s',
        (other, words) => {
          const run = simulate({
            r1: {
              daemon: 'frr-8.4',
              wires: 'eth0 10.0.0.1/24 l',
              text: textOf('frr-8.4', one, { asn: 65001, id: '1.1.1.1', expects: 65002 }, '10.0.0.2'),
            },
            r2: {
              daemon: other,
              wires: 'eth0 10.0.0.2/24 l',
              text: textOf(other, two, { asn: 65002, id: '2.2.2.2', expects: 65001 }, '10.0.0.1'),
            },
          });
          const [left, right] = [sessionOf(run, 'r1', '10.0.0.2'), sessionOf(run, 'r2', '10.0.0.1')];
          expect([left?.reason, right?.reason]).toEqual(words);
          expect(left?.state === 'Established').toBe(words[0] === '');
        },
      );
    });
  }
});

/** 2.1 and 2.2: what the daemon holds where the file is silent. */
function configOf(daemon: Daemon, text: string) {
  const kind = daemon === 'gobgp-3' ? 'gobgp' : daemon === 'quagga-1.2' ? 'quagga' : 'frr';
  const version = {
    'frr-8.4': '8.4',
    'frr-10': '10.1',
    'quagga-1.2': '1.2',
    'gobgp-3': '3.10',
    'bird-2': '2.0',
  }[daemon];
  const path = kind === 'gobgp' ? 'gobgp.toml' : 'bgpd.conf';
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
const columns: Readonly<Record<string, readonly [Daemon, string]>> = {
  'frr-8.4 traditional': ['frr-8.4', bare('traditional')],
  'frr-8.4 datacenter': ['frr-8.4', bare('datacenter')],
  'frr-10 traditional': ['frr-10', bare('traditional')],
  'frr-10 datacenter': ['frr-10', bare('datacenter')],
  'quagga-1.2': ['quagga-1.2', quagga],
  'gobgp-3': ['gobgp-3', gobgp],
};

type Bgp = ReturnType<typeof configOf>;
const defaults: Readonly<Record<string, readonly [(bgp: Bgp) => unknown, readonly unknown[]]>> = {
  '2.1 "hold / keepalive"': [
    ({ peers }) => `${peers[0]?.timers.hold}/${peers[0]?.timers.keepalive}`,
    ['180/60', '9/3', '180/60', '9/3', '180/60', '90/30'],
  ],
  '2.1 "connect retry"': [({ peers }) => peers[0]?.timers.connectRetry, [120, 10, 120, 10, 5, 120]],
  '2.1 "IPv4 unicast on by default"': [
    ({ peers }) => Object.keys(peers[0]?.families ?? {}),
    columnsOf(['ipv4-unicast']),
  ],
  '2.1 "eBGP TTL": one hop, no multihop': [({ peers }) => peers[0]?.ebgpMultihop, columnsOf(null)],
  '2.1 "passive": no': [({ peers }) => peers[0]?.passive, columnsOf(false)],
  '2.2 "eBGP without policy": denied in traditional': [
    ({ ebgpRequiresPolicy }) => ebgpRequiresPolicy,
    [true, false, true, false, false, false],
  ],
  '2.2 "import-check"': [({ importCheck }) => importCheck, [true, true, true, true, false, false]],
  '2.4 "send-community": all': [
    ({ peers }) => peers[0]?.families['ipv4-unicast']?.sendCommunity.large,
    columnsOf(true),
  ],
  '2.4 "enforce-first-as": FRR from 9.1': [
    ({ enforceFirstAs }) => enforceFirstAs,
    [false, false, true, true, false, false],
  ],
  '2.4 "AS_SET in path": refused by FRR 10': [
    ({ rejectAsSets }) => rejectAsSets,
    [false, false, true, true, false, false],
  ],
  '1.2 "deterministic-med": datacenter only': [
    ({ decision }) => decision.deterministicMed,
    [false, true, false, true, false, false],
  ],
  '1.3 "default paths": 256, 1, off': [
    ({ maximumPaths }) => maximumPaths['ipv4-unicast'].ebgp,
    [256, 256, 256, 256, 1, 1],
  ],
  '2.6 "add-path": receive offered by FRR': [
    ({ peers }) => peers[0]?.families['ipv4-unicast']?.addPathReceive,
    [true, true, true, true, false, false],
  ],
};

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

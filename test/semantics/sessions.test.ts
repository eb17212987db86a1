import { describe, expect, it } from 'vitest';
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
      'OPEN refused: both ends have router id 9.9.9.9 (NOTIFICATION 2/3)',
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
        'OPEN refused: a provider wants a customer, the other end is a peer (NOTIFICATION 2/11)',
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
    name: 'hold time: the lower one counts, whatever the two say',
    one: { lines: ['neighbor 10.0.0.2 timers 3 9'] },
    says: both(...up),
  },
  {
    name: 'TTL: ebgp-multihop on one end of a cable',
    one: { lines: ['neighbor 10.0.0.2 ebgp-multihop 5'] },
    says: both(...up),
  },
  {
    name: 'TTL: ttl-security on one end, and the other sends 1',
    one: { lines: ['neighbor 10.0.0.2 ttl-security hops 1'] },
    says: {
      'frr-8.4': [
        'packets arrive with TTL 1, TTL security asks for 255',
        'packets arrive with TTL 1, TTL security asks for 255',
      ],
    },
  },
  {
    name: 'TTL: ttl-security on both ends',
    one: { lines: ['neighbor 10.0.0.2 ttl-security hops 1'] },
    two: { lines: ['neighbor 10.0.0.1 ttl-security hops 1'] },
    says: { 'frr-8.4': up },
  },
  {
    name: 'local-as: dual-as answers with either AS (FRR 10 alone knows it)',
    one: { lines: ['neighbor 10.0.0.2 local-as 65055 no-prepend replace-as'] },
    two: { expects: 65055 },
    says: { 'frr-8.4': up },
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

it('a family in common: GoBGP and ExaBGP do without, FRR and BIRD end the session (scenario no-common-family)', () => {
  const gobgp = (family: string, id: string, peer: string, as: number, own: number) =>
    `[global.config]\nas = ${own}\nrouter-id = "${id}"\n[[neighbors]]\n[neighbors.config]\nneighbor-address = "${peer}"\npeer-as = ${as}\n[[neighbors.afi-safis]]\n[neighbors.afi-safis.config]\nafi-safi-name = "${family}-unicast"\n`;
  const run = simulate({
    r1: {
      daemon: 'gobgp-3',
      wires: 'eth0 10.0.0.1/24 l',
      text: gobgp('ipv4', '1.1.1.1', '10.0.0.2', 65002, 65001),
    },
    r2: {
      daemon: 'gobgp-3',
      wires: 'eth0 10.0.0.2/24 l',
      text: gobgp('ipv6', '2.2.2.2', '10.0.0.1', 65001, 65002),
    },
  });
  expect(sessionOf(run, 'r1', '10.0.0.2')).toMatchObject({ state: 'Established', families: [] });
  expect(run.result.findings).toMatchObject([{ rule: 'session-family-mismatch', severity: 'error' }]);
});

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

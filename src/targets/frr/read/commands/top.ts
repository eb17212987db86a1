import { emptyRouter } from '../draft.ts';
import type { Arguments } from '../grammar.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { asnOf } from '../tokens.ts';
import {
  frr10Only,
  frrOnly,
  harmless,
  modelled,
  quaggaOnly,
  skippedBlock,
  text,
  unmodelled,
} from './make.ts';

const openRouter = (reading: Reading, args: Arguments, negated: boolean): void => {
  const asn = asnOf(text(args, 'asn')) ?? 0;
  if (negated) {
    reading.draft.router = null;
    return;
  }
  const router = reading.draft.router;
  if (router && router.asn !== asn) {
    reading.refuse(
      `BGP already runs as ${router.asn}, so \`router bgp ${asn}\` is refused`,
      'Keep one `router bgp` line.',
    );
    return;
  }
  reading.draft.router = router ?? emptyRouter(asn, reading.source);
  reading.mode = 'router';
};

const closes = ['exit', 'quit', 'end'];
const notModelled = { ends: closes, matters: true, silent: false } as const;
const otherProtocol = {
  ...notModelled,
  effect: 'another routing protocol runs beside BGP; its routes are not in the tables',
};
const other = {
  ends: closes,
  matters: false,
  silent: true,
  effect: 'does not touch the routing tables',
} as const;

const bgpd = { daemons: ['bgpd'] } as const;
const frr = { dialects: frrOnly } as const;

/** Debug switches only FRR has. */
const frrDebugs = harmless(
  [
    'debug bgp {what=bestpath|flowspec|graceful-restart|labelpool|bfd|neighbor-events|pbr|update-groups|vnc|vpn|evpn|conditional-advertisement|aggregate} [{text:LINE}]',
    'debug bgp {what=keepalives|nht|zebra} {text:LINE}',
  ],
  frr,
);

const newer: readonly FamilyCommand[] = [
  ...harmless(
    [
      'bgp input-queue-limit {n:U32}',
      'bgp output-queue-limit {n:U32}',
      'bgp ipv6-auto-ra',
      'bgp as-path access-list {name:WORD} remark {text:LINE}',
    ],
    { dialects: frr10Only, ...bgpd },
  ),
];

/** Lines outside every block: identity, logging, debugging, and what opens a block. */
export const topCommands: readonly FamilyCommand[] = [
  ...newer,
  ...frrDebugs,
  modelled('router bgp {asn:ASN}', openRouter, bgpd),
  skippedBlock(
    'router bgp {asn:ASN} {kind=vrf|view} {name:WORD} [as-notation {notation:WORD}]',
    { ...notModelled, effect: 'another BGP instance; only the default one is simulated' },
    bgpd,
  ),
  modelled(
    'interface {name:WORD}',
    (reading, args, negated) => {
      const name = text(args, 'name');
      if (negated) {
        reading.draft.interfaces.delete(name);
        return;
      }
      if (!reading.draft.interfaces.has(name))
        reading.draft.interfaces.set(name, { addresses: [], shutdown: false, source: reading.source });
      reading.interfaceName = name;
      reading.mode = 'interface';
    },
    { transaction: 'aside' },
  ),
  skippedBlock('interface {name:WORD} vrf {vrf:WORD}', {
    ...other,
    matters: true,
    silent: false,
    effect: 'interfaces of other VRFs are not simulated',
  }),
  modelled(
    'frr defaults {profile=traditional|datacenter}',
    (reading, args) => {
      reading.draft.frrDefaults = args.get('profile') === 'datacenter' ? 'datacenter' : 'traditional';
    },
    frr,
  ),
  modelled(
    'frr version {version:LINE}',
    (reading, args) => {
      reading.draft.frrVersion = text(args, 'version');
    },
    frr,
  ),
  ...harmless([
    'hostname {name:WORD}',
    'domainname {name:WORD}',
    'password {text:LINE}',
    'enable password {text:LINE}',
    'log {what=file|filtered-file|stdout|syslog|monitor|facility|timestamp|record-priority|commands|error-category|filter-text|immediate-mode|unique-id} [{text:LINE}]',
    'debug {other=zebra|static|staticd|route-map|prefix-list|access-list|nht|mroute|northbound|resolver|ospf|ospf6|rip|isis|bfd|pim|rpki|mgmt|vrf|vrrp|memstats-at-exit} [{text:LINE}]',
    'debug bgp {what=keepalives|nht|zebra|allow-martians|as4}',
    'debug bgp updates [{text:LINE}]',
    'debug bgp as4 segment',
    'service {what=integrated-vtysh-config|password-encryption|advanced-vty|cputime-stats}',
    'service {what=terminal-length|cputime-warning|walltime-warning} {n:U32}',
    'username {text:LINE}',
    'banner {text:LINE}',
    'agentx',
    'ipv6 forwarding',
    'ip forwarding',
    'access-list {name:WORD} remark {text:LINE}',
    'ipv6 access-list {name:WORD} remark {text:LINE}',
    'dump bgp {text:LINE}',
    // What comes along to zebra is shown there and asked about by nobody.
    'bgp send-extra-data zebra',
  ]),
  ...harmless(
    [
      'allow-reserved-ranges',
      'zebra {what=nexthop|nexthop-group|work-queue|dplane|protodown} {text:LINE}',
      'ipv6 router-id {id:A6}',
      'evpn mh {text:LINE}',
      'mac access-list {text:LINE}',
    ],
    frr,
  ),
  ...harmless(
    [
      'debug bgp {what=events|filters|fsm}',
      'bgp config-type {type=cisco|zebra}',
      'smux peer {text:LINE}',
      'log trap {text:LINE}',
    ],
    { dialects: quaggaOnly },
  ),
  ...unmodelled(['bgp multiple-instance'], 'several BGP instances are not simulated', true, {
    dialects: quaggaOnly,
    ...bgpd,
  }),
  ...unmodelled(
    [
      'bgp route-map delay-timer {seconds:0-600}',
      'bgp update-delay {n:0-3600} [{wait:1-3600}]',
      'bgp session-dscp {n:0-63}',
    ],
    'timing is not simulated',
    false,
    { ...frr, ...bgpd },
  ),
  ...(
    [
      ['bgp suppress-fib-pending', 'suppressFibPending'],
      ['bgp graceful-shutdown', 'gracefulShutdown'],
    ] as const
  ).map(([pattern, name]) =>
    modelled(
      pattern,
      (reading, _args, negated) => {
        reading.draft.switches[name] = !negated;
      },
      { ...frr, ...bgpd },
    ),
  ),
  ...unmodelled(['bgp no-rib'], 'instance-wide switches are not simulated', true, { ...frr, ...bgpd }),
  ...unmodelled(
    ['ip import-table {text:LINE}', 'ip mroute {text:LINE}'],
    'imported tables are not simulated',
    true,
  ),
  ...unmodelled(
    [
      'ip nht {proto:WORD} route-map {map:WORD}',
      'ipv6 nht {proto:WORD} route-map {map:WORD}',
      'zebra route-map delay-timer {n:U32}',
    ],
    'route-maps on the way of next hops are not simulated',
    true,
  ),
  ...unmodelled(['mpls {text:LINE}', 'rpki'], 'not simulated', true, frr),
  ...unmodelled(['vni {number:U32} [prefix-routes-only]'], 'EVPN is not simulated', true, frr),
  ...['ospf', 'ospf6', 'rip', 'ripng', 'isis', 'eigrp', 'babel', 'openfabric'].map((protocol) =>
    skippedBlock(`router ${protocol} [{text:LINE}]`, otherProtocol),
  ),
  skippedBlock(
    'vrf {name:WORD}',
    { ...notModelled, ends: ['exit-vrf', 'end'], effect: 'VRFs are not simulated' },
    frr,
  ),
  skippedBlock(
    'l2vpn {name:WORD} type {type:WORD}',
    { ...notModelled, effect: 'pseudowires are not simulated' },
    frr,
  ),
  skippedBlock(
    'nexthop-group {name:WORD}',
    { ...notModelled, effect: 'next-hop groups are not simulated' },
    frr,
  ),
  skippedBlock('pbr-map {text:LINE}', { ...notModelled, effect: 'policy routing is not simulated' }, frr),
  skippedBlock('segment-routing', { ...notModelled, effect: 'segment routing is not simulated' }, frr),
  skippedBlock('key chain {name:WORD}', other),
  skippedBlock('line vty', other),
  // BFD only makes failures faster; a converged table is the same with it.
  skippedBlock('bfd', other, frr),
];

import { Gobgp } from '../../../../src/lab/daemons/gobgp.ts';
import type { Namespaces } from '../../../../src/lab/netns.ts';

/** A family whose routes the speaker passes on, as FRR, GoBGP, BIRD and ExaBGP call it. */
export interface CarriedName {
  readonly name: string;
  readonly frr: string;
  readonly gobgp: string;
  readonly bird: string | null;
  readonly exabgp: string;
}

export const carriedNames: readonly CarriedName[] = [
  { name: 'l2vpn-evpn', frr: 'l2vpn evpn', gobgp: 'evpn', bird: null, exabgp: 'l2vpn evpn' },
  {
    name: 'ipv4-flowspec',
    frr: 'ipv4 flowspec',
    gobgp: 'ipv4-flowspec',
    bird: 'flow4',
    exabgp: 'ipv4 flow',
  },
  {
    name: 'ipv6-flowspec',
    frr: 'ipv6 flowspec',
    gobgp: 'ipv6-flowspec',
    bird: 'flow6',
    exabgp: 'ipv6 flow',
  },
];

/** One feature of the table: what to look for in the speaker's table where the daemon makes such a route, and in the daemon's where another one made it. */
export interface CarriedFeature {
  readonly feature: string;
  readonly family: string;
  readonly from: RegExp;
  readonly to: RegExp;
}

/** The daemon's routes have a 2 where those of the other router have a 3. */
export const carriedFeatures: readonly CarriedFeature[] = [
  {
    feature: 'EVPN type 2',
    family: 'l2vpn-evpn',
    from: /\[2\]:.*02:00:00:00:00:02/,
    to: /02:00:00:00:00:03/,
  },
  { feature: 'EVPN type 3', family: 'l2vpn-evpn', from: /\[3\]:.*10\.0\.0\.2/, to: /10\.99\.0\.3/ },
  { feature: 'EVPN type 5', family: 'l2vpn-evpn', from: /\[5\]:.*10\.(52|2)\.0\.0/, to: /10\.53\.0\.0/ },
  { feature: 'flowspec IPv4', family: 'ipv4-flowspec', from: /10\.62\.0\.0\/24/, to: /10\.63\.0\.0/ },
  { feature: 'flowspec IPv6', family: 'ipv6-flowspec', from: /2001:db8:62::\/48/, to: /2001:db8:63::/i },
];

/** What GoBGP is told to announce; `end` is 2 for the daemon under test, 3 for the other router. */
export function gobgpCarried(end: 2 | 3): string {
  const asn = 65000 + end;
  const rt = `rd ${asn}:1 rt ${asn}:100 encap vxlan`;
  const vtep = end === 2 ? '10.0.0.2' : '10.99.0.3';
  return [
    `evpn macadv 02:00:00:00:00:0${end} 10.5${end}.0.1 etag 0 label 100 ${rt}`,
    `evpn multicast ${vtep} etag 0 ${rt} pmsi ingress-repl 100 ${vtep}`,
    `evpn prefix 10.5${end}.0.0/16 gw 10.0.0.${end} etag 0 label 200 ${rt} router-mac 02:00:00:00:01:0${end}`,
    `ipv4-flowspec match destination 10.6${end}.0.0/24 protocol tcp destination-port '==80' then discard`,
    `ipv6-flowspec match destination 2001:db8:6${end}::/48 protocol tcp then rate-limit 1000`,
  ]
    .map((words) => `gobgp global rib add -a ${words}\n`)
    .join('');
}

/** A second daemon, 10.0.0.3 in AS 65003, that tells the speaker of such routes: what arrives at the first one was passed on. */
export function startOrigin(namespaces: Namespaces, speakerAs: number): Promise<Gobgp> {
  const config = [
    '[global.config]',
    '  as = 65003',
    '  router-id = "10.0.0.3"',
    '[[neighbors]]',
    '  [neighbors.config]',
    '    neighbor-address = "10.0.0.1"',
    `    peer-as = ${speakerAs}`,
    '  [neighbors.transport.config]',
    '    passive-mode = true',
    ...['ipv4-unicast', ...carriedNames.map(({ name }) => name)].flatMap((name) => [
      '  [[neighbors.afi-safis]]',
      '    [neighbors.afi-safis.config]',
      `      afi-safi-name = "${name}"`,
    ]),
    '',
  ];
  return Gobgp.start(
    namespaces,
    'third',
    new Map([
      ['gobgp.toml', config.join('\n')],
      ['gobgp-cli.txt', gobgpCarried(3)],
    ]),
  );
}

import type { CarriedName } from './carried.ts';
import type { Wanted } from './daemon.ts';

/** VPN routes as `RunningPeer.carried` asks for them. */
export const vpnRoutes: CarriedName = {
  name: 'l3vpn-ipv4-unicast',
  frr: 'ipv4 vpn',
  gobgp: 'vpnv4',
  bird: null,
  exabgp: 'ipv4 mpls-vpn',
};

/** The daemon's own VPN route, and the speaker's: the one that the daemon asks for, and another. */
export const vpnNetworks = {
  theirs: '10.72.0.0/16',
  wanted: '10.71.0.0/16',
  unwanted: '10.81.0.0/16',
} as const;

/** GoBGP asks for what its VRFs import (RFC 4684), and keeps its own routes until it is asked. */
export const gobgpTargets = [
  'gobgp vrf add blue rd 65002:1 rt both 65002:7',
  `gobgp vrf blue rib add ${vpnNetworks.theirs}`,
  '',
].join('\n');

/** What the operator of the speaker says: the route that nobody asked for first. */
export const vpnAnnouncements = [
  [vpnNetworks.unwanted, 8],
  [vpnNetworks.wanted, 7],
] as const;

/** The speaker's end of it as gobgp.toml, for an frr.conf has no words for the family. */
export function targetsConfig({ asn, speakerAs, hold }: Wanted): readonly string[] {
  return [
    '[global.config]',
    `  as = ${speakerAs}`,
    '  router-id = "10.0.0.1"',
    '[[neighbors]]',
    '  [neighbors.config]',
    '    neighbor-address = "10.0.0.2"',
    `    peer-as = ${asn}`,
    '  [neighbors.timers.config]',
    `    hold-time = ${hold}`,
    `    keepalive-interval = ${hold / 3}`,
    '    connect-retry = 1',
    ...['ipv4-unicast', vpnRoutes.name, 'rtc'].flatMap((name) => [
      '  [[neighbors.afi-safis]]',
      '    [neighbors.afi-safis.config]',
      `      afi-safi-name = "${name}"`,
    ]),
  ];
}

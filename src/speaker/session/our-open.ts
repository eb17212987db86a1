import type { Asn } from '../../base/asn.ts';
import { carriedFamilies, familyNames, type TableFamily } from '../../base/family.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { PeerFamilyConfig } from '../../bgp/peer-family-config.ts';
import type { Capabilities } from '../../bgp/wire/capabilities.ts';
import type { AddPathFamily, GracefulRestart } from '../../bgp/wire/capability/families.ts';
import {
  type FamilyKey,
  IPV4_FLOWSPEC,
  IPV4_LABELED,
  IPV4_UNICAST,
  IPV4_VPN,
  IPV4_VPN_FLOWSPEC,
  IPV6_FLOWSPEC,
  IPV6_LABELED,
  IPV6_UNICAST,
  IPV6_VPN,
  IPV6_VPN_FLOWSPEC,
  L2VPN_EVPN,
  ROUTE_TARGET,
} from '../../bgp/wire/negotiated.ts';
import type { Open } from '../../bgp/wire/open.ts';
import { afi } from '../../bgp/wire/registry.ts';

/** RFC 4724: what this speaker asks of its peers for the time it is away. */
export interface GracefulSettings {
  /** Seconds the peers keep our routes. */
  readonly restartTime: number;
  /** It was away just now, and what it announced still leads here. */
  readonly restarted: boolean;
}

export const familyKeys: Readonly<Record<TableFamily, FamilyKey>> = {
  'ipv4-unicast': IPV4_UNICAST,
  'ipv6-unicast': IPV6_UNICAST,
  'ipv4-labelled-unicast': IPV4_LABELED,
  'ipv6-labelled-unicast': IPV6_LABELED,
  'l3vpn-ipv4-unicast': IPV4_VPN,
  'l3vpn-ipv6-unicast': IPV6_VPN,
  'l2vpn-evpn': L2VPN_EVPN,
  'ipv4-flowspec': IPV4_FLOWSPEC,
  'ipv6-flowspec': IPV6_FLOWSPEC,
  'l3vpn-ipv4-flowspec': IPV4_VPN_FLOWSPEC,
  'l3vpn-ipv6-flowspec': IPV6_VPN_FLOWSPEC,
  rtc: ROUTE_TARGET,
};

/** The families a peer is configured for, unicast first. */
export function familiesOfPeer({ families, carried = {} }: PeerConfig): readonly TableFamily[] {
  return [
    ...familyNames.filter((name) => families[name]),
    ...carriedFamilies.filter((name) => carried[name]),
  ];
}

/** Seconds for peers that restart, where this speaker does not (RFC 4724 4: then it lists no family). */
const HELPER_TIME = 120;

/** The OPEN of this end (RFC 4271 4.2) with what it can do (RFC 5492). `graceful` null: it only helps others to restart. */
export function ourOpen(
  config: PeerConfig,
  asn: Asn,
  routerId: number,
  graceful: GracefulSettings | null,
): Open {
  const families = familiesOfPeer(config).map((name) => familyKeys[name]);
  return {
    kind: 'open',
    asn,
    holdTime: config.timers.hold,
    identifier: config.routerId ? Number(config.routerId.value) : routerId,
    capabilities: {
      multiprotocol: families,
      routeRefresh: true,
      extendedMessage: true,
      fourOctetAs: asn,
      enhancedRouteRefresh: true,
      ...addPathOf(config),
      ...extendedNextHopOf(config),
      gracefulRestart: restartOf(families, graceful),
      ...(config.localRole ? { role: config.localRole.role } : {}),
    },
  };
}

/** RFC 7911 section 4: the families in which several paths are taken, or are there to be sent. */
function addPathOf(config: PeerConfig): Pick<Capabilities, 'addPath'> {
  const options: Partial<Record<TableFamily, PeerFamilyConfig>> = { ...config.families, ...config.carried };
  const list = familiesOfPeer(config).flatMap((name): readonly AddPathFamily[] => {
    const { addPathReceive: receive = false, addPathSend = 'none' } = options[name] ?? {};
    const send = addPathSend !== 'none';
    return receive || send ? [{ family: familyKeys[name], receive, send }] : [];
  });
  return list.length > 0 ? { addPath: list } : {};
}

/** RFC 8950: IPv4 routes may come with an IPv6 next hop, where that is configured; without addresses of its own a session needs it. */
function extendedNextHopOf(config: PeerConfig): Pick<Capabilities, 'extendedNextHop'> {
  const wanted = config.extendedNextHop || (config.address === null && config.interface !== null);
  if (!wanted || !config.families['ipv4-unicast']) return {};
  return { extendedNextHop: [{ family: IPV4_UNICAST, nextHopAfi: afi.ipv6 }] };
}

function restartOf(families: readonly FamilyKey[], graceful: GracefulSettings | null): GracefulRestart {
  if (!graceful) return { restarted: false, notification: true, restartTime: HELPER_TIME, families: [] };
  const { restarted, restartTime } = graceful;
  const listed = families.map((family) => ({ family, forwarding: restarted }));
  return { restarted, notification: true, restartTime, families: listed };
}

import type { Asn } from '../base/asn.ts';
import { type FamilyName, familyNames } from '../base/family.ts';
import type { PeerConfig } from '../bgp/config.ts';
import type { Capabilities } from '../bgp/wire/capabilities.ts';
import type { AddPathFamily, GracefulRestart } from '../bgp/wire/capability/families.ts';
import { type FamilyKey, IPV4_UNICAST, IPV6_UNICAST } from '../bgp/wire/negotiated.ts';
import type { Open } from '../bgp/wire/open.ts';

/** RFC 4724: what this speaker asks of its peers for the time it is away. */
export interface GracefulSettings {
  /** Seconds the peers keep our routes. */
  readonly restartTime: number;
  /** It was away just now, and what it announced still leads here. */
  readonly restarted: boolean;
}

export const familyKeys: Readonly<Record<FamilyName, FamilyKey>> = {
  'ipv4-unicast': IPV4_UNICAST,
  'ipv6-unicast': IPV6_UNICAST,
};

/** Seconds for peers that restart, where this speaker does not (RFC 4724 4: then it lists no family). */
const HELPER_TIME = 120;

/** The OPEN of this end (RFC 4271 4.2) with what it can do (RFC 5492). `graceful` null: it only helps others to restart. */
export function ourOpen(
  config: PeerConfig,
  asn: Asn,
  routerId: number,
  graceful: GracefulSettings | null,
): Open {
  const families = familyNames.filter((family) => config.families[family]).map((name) => familyKeys[name]);
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
      gracefulRestart: restartOf(families, graceful),
      ...(config.localRole ? { role: config.localRole.role } : {}),
    },
  };
}

/** RFC 7911 section 4: the families in which several paths are taken, or are there to be sent. */
function addPathOf({ families }: PeerConfig): Pick<Capabilities, 'addPath'> {
  const list = familyNames.flatMap((name): readonly AddPathFamily[] => {
    const { addPathReceive: receive = false, addPathSend = 'none' } = families[name] ?? {};
    const send = addPathSend !== 'none';
    return receive || send ? [{ family: familyKeys[name], receive, send }] : [];
  });
  return list.length > 0 ? { addPath: list } : {};
}

function restartOf(families: readonly FamilyKey[], graceful: GracefulSettings | null): GracefulRestart {
  if (!graceful) return { restarted: false, notification: false, restartTime: HELPER_TIME, families: [] };
  const { restarted, restartTime } = graceful;
  const listed = families.map((family) => ({ family, forwarding: restarted }));
  return { restarted, notification: false, restartTime, families: listed };
}

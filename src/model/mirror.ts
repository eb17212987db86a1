import type { Fabric, Host, Neighbor, Session } from './fabric.ts';
import { peerDefaults } from './peer-defaults.ts';
import { isUndescribed } from './session-verdict.ts';

/**
 * Hosts that are not ours and whose neighbors nobody described get what our own ends expect of them: the mirror of each session
 * that leads there, without any policy. What they do beyond that is theirs, and nothing is invented about it.
 */
export function mirrorExternals(fabric: Fabric): Fabric {
  const byHost = new Map<string, Neighbor[]>();
  for (const session of fabric.sessions) {
    const remote = session.b && fabric.hosts.get(session.b.host);
    if (!remote || session.b?.neighbor || !isUndescribed(remote)) continue;
    const neighbor = mirrorOf(session, fabric);
    if (neighbor) byHost.set(remote.name, [...(byHost.get(remote.name) ?? []), neighbor]);
  }
  if (byHost.size === 0) return fabric;
  const hosts = new Map<string, Host>();
  for (const [name, host] of fabric.hosts) {
    const neighbors = byHost.get(name);
    hosts.set(name, neighbors && host.bgp ? { ...host, bgp: { ...host.bgp, neighbors } } : host);
  }
  return { ...fabric, hosts };
}

function mirrorOf({ a, families }: Session, fabric: Fabric): Neighbor | null {
  const host = fabric.hosts.get(a.host);
  const ours = a.neighbor;
  if (!host?.bgp || !ours || !a.address) return null;
  const { shutdown, password, ebgpMultihop, ttlSecurityHops, disableConnectedCheck, source } = ours;
  return {
    ...peerDefaults,
    ...{ families, shutdown, password, ebgpMultihop, ttlSecurityHops, disableConnectedCheck, source },
    timers: null,
    address: a.address,
    remoteAs: ours.localAs?.asn ?? host.bgp.asn,
    localAddress: ours.address,
    remoteHost: host.name,
    peerGroup: null,
  };
}

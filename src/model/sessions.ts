import type { FamilyName } from '../base/family.ts';
import type { Host, Neighbor, Session, SessionEnd } from './fabric.ts';
import { EndIndex } from './session-index.ts';
import { judge } from './session-verdict.ts';

/**
 * Every session of the fabric, once, with both ends paired by their addresses and a verdict that holds for both. In order of the
 * hosts and of their neighbors; `a` is the end that comes first and, of two, configures the session. An end that waits in a
 * listen range has no neighbor of its own. Time grows with the number of neighbors, not with its square.
 */
export function deriveSessions(hosts: ReadonlyMap<string, Host>): Session[] {
  const index = new EndIndex(hosts);
  const paired = new Set<Neighbor>();
  const sessions: Session[] = [];
  for (const host of hosts.values()) {
    for (const neighbor of host.bgp?.neighbors ?? []) {
      if (paired.has(neighbor)) continue;
      paired.add(neighbor);
      const session = sessionOf(host, neighbor, index, paired);
      if (session) sessions.push(session);
    }
  }
  return sessions;
}

function sessionOf(host: Host, neighbor: Neighbor, index: EndIndex, paired: Set<Neighbor>): Session | null {
  const a: SessionEnd = { host: host.name, neighbor, address: neighbor.localAddress };
  const asn = neighbor.localAs?.asn ?? host.bgp?.asn;
  const type = neighbor.remoteAs === asn ? 'ibgp' : 'ebgp';
  const alone = { a, b: null, type, families: neighbor.families } as const;
  const owners = index.ownersOf(neighbor.address);
  // A host that names itself is a mistake in its neighbors, not a session.
  if (owners.some((owner) => owner.name === host.name)) return null;
  if (owners.length > 1) return { ...alone, verdict: 'several-remotes' };
  const remote = owners[0];
  if (!remote) return { ...alone, verdict: 'unknown-remote' };
  const opposite = index.oppositeOf(host, neighbor, remote);
  // It is part of a session already, of which it cannot tell that this host is the other end.
  if (opposite && paired.has(opposite)) return null;
  if (opposite) paired.add(opposite);
  const b: SessionEnd = { host: remote.name, neighbor: opposite, address: neighbor.address };
  const range = opposite ? null : index.rangeFor(remote, neighbor.localAddress);
  const families = commonFamilies(neighbor.families, (opposite ?? range)?.families);
  return { a, b, type, families, verdict: judge({ host, neighbor, remote, opposite, range }) };
}

function commonFamilies(
  a: readonly FamilyName[],
  b: readonly FamilyName[] | undefined,
): readonly FamilyName[] {
  return b ? a.filter((family) => b.includes(family)) : a;
}

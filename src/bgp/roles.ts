import type { Path } from './attributes.ts';
import type { Egress } from './egress.ts';
import { withPath } from './path-store.ts';
import type { Peer } from './peer.ts';
import type { BgpRole } from './peer-config.ts';
import type { Router } from './router.ts';

/** The role the other end has where this one has `role` (RFC 9234 4.2). */
export const counterparts: Readonly<Record<BgpRole, BgpRole>> = {
  provider: 'customer',
  customer: 'provider',
  'rs-server': 'rs-client',
  'rs-client': 'rs-server',
  peer: 'peer',
};

/** What the neighbour is, in a word; empty where no role is configured. */
export function peerRole({ type, config: { localRole } }: Peer): BgpRole | '' {
  return localRole && type === 'ebgp' ? counterparts[localRole.role] : '';
}

/**
 * RFC 9234 section 5, ingress: a route that is only for customers and comes from one, or from a peer that did not put the mark
 * there, has leaked (null); what comes from above or beside is marked.
 */
export function receivedWithRole(router: Router, peer: Peer, path: Path): Path | null {
  const from = peerRole(peer);
  const { otc = null } = path;
  if (from === '') return path;
  if (otc !== null) {
    if (from === 'customer' || from === 'rs-client') return null;
    return from === 'peer' && otc !== peer.remoteAs ? null : path;
  }
  if (from === 'customer' || from === 'rs-client') return path;
  return withPath(router.context.store, path, { otc: peer.remoteAs });
}

/** Section 5, egress: a marked route goes to customers alone (null: not to this one); what goes down or beside is marked. */
export function withRole({ router, peer }: Pick<Egress, 'router' | 'peer'>, path: Path): Path | null {
  const to = peerRole(peer);
  if (to === '') return path;
  const down = to === 'customer' || to === 'rs-client';
  if ((path.otc ?? null) !== null) return down ? path : null;
  return down || to === 'peer' ? withPath(router.context.store, path, { otc: router.bgp.asn }) : path;
}

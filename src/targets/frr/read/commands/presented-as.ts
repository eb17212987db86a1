import type { PeerDraft } from '../draft.ts';
import type { Reading } from '../reading.ts';

// Which AS of a confederation a neighbor is told in the OPEN is decided once, by the line that makes it (`peer->local_as`), and not by who
// answers: a neighbor that is known by kind, by its group or by an interface is told the member AS, outsiders too.

/** `neighbor X remote-as N` for a new neighbor (peer_remote_as); any other line leaves `remoteAs` away (peer_create with the router's own AS). */
export function presentTo(reading: Reading, peer: PeerDraft, remoteAs: PeerDraft['remoteAs'] = null): void {
  if (typeof remoteAs === 'number' && isOutside(reading, remoteAs)) delete peer.session.presentsMember;
  else peer.session.presentsMember = true;
}

/** A remote-as line for what is there, a neighbor or a group with its members; `before`: what it had. */
export function presentAfter(reading: Reading, known: PeerDraft, before: PeerDraft['remoteAs']): void {
  const { groups, peers } = reading.router;
  if (known.remoteAs === before) return;
  const isGroup = groups.get(known.id) === known;
  for (const peer of isGroup ? peers.values() : [known])
    if (!isGroup || peer.group === known.id) presentAgain(reading, peer);
}

/** Another remote-as for a neighbor that is there (peer_as_change), or `bgp confederation identifier` below it: a kind counts as outside by then. */
export function presentAgain(reading: Reading, peer: PeerDraft): void {
  if (typeof peer.remoteAs !== 'number' || isOutside(reading, peer.remoteAs))
    delete peer.session.presentsMember;
  else peer.session.presentsMember = true;
}

function isOutside({ router }: Reading, asn: number): boolean {
  return router.confederationId !== null && asn !== router.asn && !router.confederationPeers.has(asn);
}

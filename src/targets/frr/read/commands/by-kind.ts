import type { PeerDraft } from '../draft.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { asnOf } from '../tokens.ts';
import { peerId, text } from './make.ts';

/** What bgpd takes a neighbor for while it reads the line (peer_calc_sort); 'unknown': not yet for either. */
export type Kind = 'internal' | 'external' | 'unknown';

/**
 * Lines that bgpd takes from internal neighbors only, or from all others (peer_af_flag_modify). Within a confederation
 * `remote-as internal` makes a neighbor internal only when it is up.
 */
export function takenFrom(wanted: 'internal' | 'not internal', command: FamilyCommand): FamilyCommand {
  return {
    ...command,
    run: (reading, args, negated) => {
      const id = peerId(args);
      const { peers, groups } = reading.router;
      const peer = peers.get(id) ?? groups.get(id);
      const isInternal = peer !== undefined && kindOf(reading, peer) === 'internal';
      if (!peer || isInternal === (wanted === 'internal') || reading.dialect === 'quagga-1.2')
        command.run(reading, args, negated);
      else
        reading.refuse(
          `neighbor ${id} is ${isInternal ? 'internal' : 'no internal neighbor'}, so the line is refused`,
          isInternal
            ? 'Remove the line.'
            : `Write its AS number, \`remote-as ${reading.router.asn}\`, before it.`,
        );
    },
  };
}

/** `local-as` with an AS that is neither the router's own nor, before FRR 10, the one that the neighbor was given above (peer_local_as_set). */
export function takenWithAnotherAs(command: FamilyCommand): FamilyCommand {
  return {
    ...command,
    run: (reading, args, negated) => {
      const id = peerId(args);
      const { peers, groups, asn: own } = reading.router;
      const peer = peers.get(id) ?? groups.get(id);
      const asn = asnOf(text(args, 'asn'));
      const remote = peer?.remoteAs ?? groups.get(peer?.group ?? '')?.remoteAs;
      const isOwn = asn === own;
      if (negated || !(isOwn || (asn === remote && reading.dialect !== 'frr-10')))
        command.run(reading, args, negated);
      else
        reading.refuse(
          `AS ${asn} is ${isOwn ? "the router's own" : `that of neighbor ${id}`}, so the line is refused`,
          isOwn ? 'Remove the line.' : 'Write another AS number.',
        );
    },
  };
}

/** Of a group without an AS the first member's; 'unknown' where it has none. */
export function kindOf(reading: Reading, peer: PeerDraft): Kind {
  const { groups, confederationId } = reading.router;
  if (groups.get(peer.id) === peer) {
    const first = peer.remoteAs === null ? firstMember(reading, peer.id) : null;
    return first ? kindOf(reading, first) : kindBy(reading, peer.remoteAs);
  }
  const remoteAs = groups.get(peer.group ?? '')?.remoteAs ?? peer.remoteAs;
  return typeof remoteAs === 'string' && confederationId !== null ? 'external' : kindBy(reading, remoteAs);
}

export function kindBy({ router: { asn } }: Reading, remoteAs: PeerDraft['remoteAs']): Kind {
  if (remoteAs === null) return 'unknown';
  return remoteAs === 'internal' || remoteAs === asn ? 'internal' : 'external';
}

/** The first of a group's members; there may be thousands of neighbors. */
export function firstMember({ router: { peers } }: Reading, group: string): PeerDraft | null {
  for (const peer of peers.values()) if (peer.group === group) return peer;
  return null;
}

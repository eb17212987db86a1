import type { Asn } from '../../base/asn.ts';
import type { State } from './events.ts';

/** Who began a TCP connection. */
export type Direction = 'outgoing' | 'incoming';

/** One end of a session, for the tie. */
export interface Identity {
  readonly identifier: number;
  readonly asn: Asn;
}

/**
 * Two connections with one peer and an OPEN on one of them: which one stays (RFC 4271 6.8, RFC 6286 2.3). `present` is the state of the connection on which
 * no OPEN has just come; null: both stay for now, because what decides is not known yet.
 *
 * - Established: the present one stays. (Whether it is really alive is for its hold timer, or for graceful restart, to find out.)
 * - OpenConfirm: the connection that the end with the higher identifier began; with equal identifiers, the higher AS.
 * - Before that its own OPEN is still to come, and it will be asked then.
 */
export function collide(
  present: State,
  opened: Direction,
  local: Identity,
  remote: Identity,
): 'present' | 'opened' | null {
  if (present === 'Established') return 'present';
  if (present !== 'OpenConfirm') return null;
  const difference = local.identifier - remote.identifier || local.asn - remote.asn;
  const stays: Direction = difference > 0 ? 'outgoing' : 'incoming';
  return opened === stays ? 'opened' : 'present';
}

import type { FamilyKey } from '../../bgp/wire/negotiated.ts';
import { isHardReset } from '../../bgp/wire/notification.ts';
import type { Session } from '../session/session.ts';
import type { DownReason } from '../session/session-owner.ts';

export const nobody: ReadonlySet<FamilyKey> = new Set();

/** Are the routes of this session to be kept? After a lost connection (RFC 4724 4.2), and after a NOTIFICATION where both ends said so and it is no hard reset (RFC 8538). */
export function outlives({ agreement }: Session, { event, sent, received }: DownReason): boolean {
  if (event === 'tcp-fails') return true;
  const said = sent ?? received;
  return agreement?.notificationRestart === true && said !== null && !isHardReset(said);
}

/** RFC 4724 3: the families whose routes the peer asked to keep while it is away. */
export function keptFamilies({ agreement }: Session): ReadonlySet<FamilyKey> {
  const { families = [] } = agreement?.theirs.capabilities.gracefulRestart ?? {};
  return new Set(families.map(({ family }) => family));
}

export function restarts(session: Session): boolean {
  return keptFamilies(session).size > 0;
}

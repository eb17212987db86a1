import type { EventName, State } from '../../bgp/fsm/events.ts';
import type { Fault } from '../../bgp/wire/fault.ts';
import type { Frame } from '../../bgp/wire/framing.ts';
import type { Notification } from '../../bgp/wire/notification.ts';
import type { Open } from '../../bgp/wire/open.ts';
import type { Environment, Target } from '../environment.ts';
import type { Agreement } from './agreement.ts';
import type { Session } from './session.ts';

/** What a session needs to know, and whom it tells. */
export interface SessionOwner {
  readonly environment: Environment;
  /** null: this end only listens. */
  readonly target: Target | null;
  /** Seconds. */
  readonly connectRetry: number;
  readonly largeHold: number;
  readonly keepalive: number;
  /** The OPEN of this end. */
  open(): Open;
  /** RFC 4271 6.2 for the OPEN of the other. */
  openFault(open: Open): Fault | null;
  /** An OPEN is there: may this connection stay (RFC 4271 6.8)? */
  collides(session: Session, open: Open): boolean;
  /** The session failed: does it open a connection again once the penalty is over? */
  beginsAgain(session: Session): boolean;
  up(session: Session, agreement: Agreement): void;
  down(session: Session, reason: DownReason): void;
  /** One UPDATE or ROUTE-REFRESH of an established session; a fault ends it. */
  deliver(session: Session, frame: Frame): Fault | null;
  drained(session: Session): void;
  /** Every change of state and every NOTIFICATION, for logs and events. */
  log(session: Session, what: SessionNote): void;
}

export type SessionNote =
  | {
      readonly kind: 'state';
      readonly from: State;
      readonly to: State;
      readonly event: EventName;
      readonly words: string;
    }
  | { readonly kind: 'sent' | 'received'; readonly notification: Notification; readonly words: string };

/** Why a session is no more. */
export interface DownReason {
  readonly event: EventName;
  readonly sent: Notification | null;
  readonly received: Notification | null;
  readonly words: string;
}

import { ceaseError, errorCode, fsmError } from '../wire/registry.ts';
import type { EventName, State } from './events.ts';
import { type Transition, table, unexpected } from './table.ts';

/** Where the session goes on an event, and what has to be done on the way. Pure: the driver keeps the state. */
export function step(state: State, event: EventName): Transition {
  return table[state][event] ?? unexpected[state];
}

function isExpected(state: State, event: EventName): boolean {
  return table[state][event] !== undefined || state === 'Idle';
}

/** Error code and subcode of a NOTIFICATION (RFC 4271 section 6). */
export interface NotificationCodes {
  readonly code: number;
  readonly subcode: number;
}

/**
 * What `send-notification` says, where the event itself does not bring a fault of its own (a header, OPEN or UPDATE error does). RFC 6608 has a subcode
 * for each state that got what it does not expect.
 */
export function notificationFor(state: State, event: EventName): NotificationCodes {
  if (!isExpected(state, event) || (state === 'OpenConfirm' && event === 'open-received'))
    return { code: errorCode.fsm, subcode: fsmSubcodes[state] ?? fsmError.unspecific };
  switch (event) {
    case 'hold-expires':
      return { code: errorCode.holdTimerExpired, subcode: 0 };
    case 'collision-dump':
      return { code: errorCode.cease, subcode: ceaseError.connectionCollision };
    case 'automatic-stop':
      return { code: errorCode.cease, subcode: ceaseError.maximumPrefixes };
    default:
      return { code: errorCode.cease, subcode: ceaseError.administrativeShutdown };
  }
}

const fsmSubcodes: Readonly<Partial<Record<State, number>>> = {
  OpenSent: fsmError.openSent,
  OpenConfirm: fsmError.openConfirm,
  Established: fsmError.established,
};

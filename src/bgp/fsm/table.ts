import type { Action, EventName, State } from './events.ts';

/** One cell of the table. */
export interface Transition {
  readonly next: State;
  readonly actions: readonly Action[];
}

function to(next: State, ...actions: readonly Action[]): Transition {
  return { next, actions };
}

/** Back to Idle without a word, with the penalty of RFC 4271 8.1.1. */
const fail = (...before: readonly Action[]) =>
  to('Idle', ...before, 'stop-connect-retry', 'stop-timers', 'close', 'count-retry', 'arm-idle-hold');

/** Back to Idle because somebody wants it: no penalty, no automatic start. */
const stop = (...before: readonly Action[]) =>
  to('Idle', ...before, 'stop-connect-retry', 'stop-timers', 'close', 'clear-retries');

const connect = to('Connect', 'clear-retries', 'arm-connect-retry', 'connect');
const listen = to('Active', 'clear-retries', 'arm-connect-retry');
const greet = to('OpenSent', 'stop-connect-retry', 'send-open', 'arm-large-hold');

/**
 * The session state machine (RFC 4271 8.2.2), state by event. What stands in no cell is, in Idle, ignored; in Connect and Active a failure
 * without a word, for there is no session yet; later the Finite State Machine Error of RFC 6608. `step` in `machine.ts` does that.
 */
export const table: Readonly<Record<State, Readonly<Partial<Record<EventName, Transition>>>>> = {
  Idle: {
    'manual-start': connect,
    'automatic-start': to('Connect', 'arm-connect-retry', 'connect'),
    'manual-start-passive': listen,
    'automatic-start-passive': to('Active', 'arm-connect-retry'),
    // DampPeerOscillations (8.1.1): the penalty is over.
    'idle-hold-expires': to('Connect', 'arm-connect-retry', 'connect'),
  },
  Connect: {
    'manual-start': to('Connect'),
    'automatic-start': to('Connect'),
    'manual-start-passive': to('Connect'),
    'automatic-start-passive': to('Connect'),
    'manual-stop': stop(),
    'connect-retry-expires': to('Connect', 'close', 'arm-connect-retry', 'connect'),
    'tcp-invalid': to('Connect'),
    'tcp-acked': greet,
    'tcp-confirmed': greet,
    // The retry timer goes on: the next attempt comes when it ends (8.2.2 without DelayOpen says Idle; all daemons wait in Active).
    'tcp-fails': to('Active', 'close'),
    'version-notification': fail(),
  },
  Active: {
    'manual-start': to('Active'),
    'automatic-start': to('Active'),
    'manual-start-passive': to('Active'),
    'automatic-start-passive': to('Active'),
    'manual-stop': stop(),
    'connect-retry-expires': to('Connect', 'arm-connect-retry', 'connect'),
    'tcp-invalid': to('Active'),
    'tcp-acked': greet,
    'tcp-confirmed': greet,
    'tcp-fails': to('Active', 'close', 'arm-connect-retry', 'count-retry'),
    'version-notification': fail(),
  },
  OpenSent: {
    'manual-start': to('OpenSent'),
    'automatic-start': to('OpenSent'),
    'manual-start-passive': to('OpenSent'),
    'automatic-start-passive': to('OpenSent'),
    'manual-stop': stop('send-notification'),
    'automatic-stop': fail('send-notification'),
    'hold-expires': fail('send-notification'),
    'tcp-invalid': to('OpenSent'),
    'tcp-acked': to('OpenSent'),
    'tcp-confirmed': to('OpenSent'),
    'tcp-fails': to('Active', 'stop-timers', 'close', 'arm-connect-retry'),
    'open-received': to(
      'OpenConfirm',
      'stop-connect-retry',
      'negotiate',
      'send-keepalive',
      'arm-keepalive',
      'arm-hold',
    ),
    'header-error': fail('send-notification'),
    'open-error': fail('send-notification'),
    'collision-dump': fail('send-notification'),
    // The peer knows another version only: trying again at once costs no penalty.
    'version-notification': to('Idle', 'stop-connect-retry', 'stop-timers', 'close'),
    notification: fail(),
  },
  OpenConfirm: {
    'manual-start': to('OpenConfirm'),
    'automatic-start': to('OpenConfirm'),
    'manual-start-passive': to('OpenConfirm'),
    'automatic-start-passive': to('OpenConfirm'),
    'manual-stop': stop('send-notification'),
    'automatic-stop': fail('send-notification'),
    'hold-expires': fail('send-notification'),
    'keepalive-expires': to('OpenConfirm', 'send-keepalive', 'arm-keepalive'),
    'tcp-invalid': to('OpenConfirm'),
    'tcp-acked': to('OpenConfirm'),
    'tcp-confirmed': to('OpenConfirm'),
    'tcp-fails': fail(),
    'open-received': fail('send-notification'),
    'header-error': fail('send-notification'),
    'open-error': fail('send-notification'),
    'collision-dump': fail('send-notification'),
    'version-notification': to('Idle', 'stop-connect-retry', 'stop-timers', 'close'),
    notification: fail(),
    keepalive: to('Established', 'clear-retries', 'arm-hold', 'session-up'),
  },
  Established: {
    'manual-start': to('Established'),
    'automatic-start': to('Established'),
    'manual-start-passive': to('Established'),
    'automatic-start-passive': to('Established'),
    'manual-stop': stop('send-notification', 'session-down'),
    'automatic-stop': fail('send-notification', 'session-down'),
    'hold-expires': fail('send-notification', 'session-down'),
    'keepalive-expires': to('Established', 'send-keepalive', 'arm-keepalive'),
    'tcp-invalid': to('Established'),
    'tcp-acked': to('Established'),
    'tcp-confirmed': to('Established'),
    'tcp-fails': fail('session-down'),
    'header-error': fail('send-notification', 'session-down'),
    'collision-dump': fail('send-notification', 'session-down'),
    'version-notification': fail('session-down'),
    notification: fail('session-down'),
    keepalive: to('Established', 'arm-hold'),
    update: to('Established', 'arm-hold', 'deliver'),
    'update-error': fail('send-notification', 'session-down'),
    'route-refresh': to('Established', 'arm-hold', 'deliver'),
  },
};

/** What an event that stands in no cell leads to: see `table`. */
export const unexpected: Readonly<Record<State, Transition>> = {
  Idle: to('Idle'),
  Connect: fail(),
  Active: fail(),
  OpenSent: fail('send-notification'),
  OpenConfirm: fail('send-notification'),
  Established: fail('send-notification', 'session-down'),
};

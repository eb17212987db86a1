/** RFC 4271 8.2.2. */
export type State = 'Idle' | 'Connect' | 'Active' | 'OpenSent' | 'OpenConfirm' | 'Established';

export const states: readonly State[] = [
  'Idle',
  'Connect',
  'Active',
  'OpenSent',
  'OpenConfirm',
  'Established',
];

/**
 * RFC 4271 8.1, each with its number there. DelayOpen (events 12 and 20) is not done: it delays sessions on purpose, and none of the daemons
 * we meet uses it by default.
 */
const eventNumbers = {
  'manual-start': 1,
  'manual-stop': 2,
  'automatic-start': 3,
  'manual-start-passive': 4,
  'automatic-start-passive': 5,
  'automatic-stop': 8,
  'connect-retry-expires': 9,
  'hold-expires': 10,
  'keepalive-expires': 11,
  'idle-hold-expires': 13,
  'tcp-invalid': 15,
  'tcp-acked': 16,
  'tcp-confirmed': 17,
  'tcp-fails': 18,
  'open-received': 19,
  'header-error': 21,
  'open-error': 22,
  'collision-dump': 23,
  'version-notification': 24,
  notification: 25,
  keepalive: 26,
  update: 27,
  'update-error': 28,
  /** RFC 2918: as an UPDATE, it is at home in Established only. */
  'route-refresh': null,
} as const;

export type EventName = keyof typeof eventNumbers;

export const eventNames = Object.keys(eventNumbers) as readonly EventName[];

/** What the driver is to do, in this order; it knows the socket, the clock and the words of the message at hand. */
export type Action =
  | 'connect' // begin a TCP connection
  | 'close' // let go of the TCP connection, whatever state it is in
  | 'send-open'
  | 'send-keepalive'
  | 'send-notification' // the one that belongs to the event: see `notificationFor`
  | 'negotiate' // hold time and capabilities of the two OPENs
  | 'arm-connect-retry'
  | 'stop-connect-retry'
  | 'arm-large-hold' // 4 minutes until the OPEN is there (RFC 4271 8.2.2)
  | 'arm-hold' // the negotiated time; none where it is 0
  | 'arm-keepalive'
  | 'stop-timers' // hold and keepalive
  | 'arm-idle-hold' // the time of punishment before the next automatic start (DampPeerOscillations)
  | 'count-retry' // ConnectRetryCounter + 1
  | 'clear-retries' // ConnectRetryCounter = 0
  | 'session-up'
  | 'session-down' // its routes are gone, or stale where graceful restart was agreed on (RFC 4724)
  | 'deliver'; // hand the UPDATE or ROUTE-REFRESH to the tables

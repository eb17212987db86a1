import { ByteReader } from './reader.ts';
import {
  ceaseError,
  errorCode,
  fsmError,
  headerError,
  openError,
  routeRefreshError,
  updateError,
} from './registry.ts';
import type { ByteWriter } from './writer.ts';

/** RFC 4271 4.5. */
export interface Notification {
  readonly kind: 'notification';
  readonly code: number;
  readonly subcode: number;
  readonly data: Uint8Array;
}

export function decodeNotification(body: Uint8Array): Notification {
  const reader = new ByteReader(body);
  return { kind: 'notification', code: reader.u8(), subcode: reader.u8(), data: reader.rest().slice() };
}

export function encodeNotification(writer: ByteWriter, { code, subcode, data }: Notification): void {
  writer.u8(code).u8(subcode).put(data);
}

const subcodes: Readonly<
  Record<number, { readonly name: string; readonly names: Readonly<Record<string, number>> }>
> = {
  [errorCode.messageHeader]: { name: 'Message Header Error', names: headerError },
  [errorCode.open]: { name: 'OPEN Message Error', names: openError },
  [errorCode.update]: { name: 'UPDATE Message Error', names: updateError },
  [errorCode.holdTimerExpired]: { name: 'Hold Timer Expired', names: {} },
  [errorCode.fsm]: { name: 'Finite State Machine Error', names: fsmError },
  [errorCode.cease]: { name: 'Cease', names: ceaseError },
  [errorCode.routeRefresh]: { name: 'ROUTE-REFRESH Message Error', names: routeRefreshError },
  [errorCode.sendHoldTimerExpired]: { name: 'Send Hold Timer Expired', names: {} },
};

/** RFC 8538 section 3: what was to be said, in a form that ends graceful restart too. */
export function hardReset({ code, subcode, data }: Notification): Notification {
  const whole = Uint8Array.of(code, subcode, ...data);
  return { kind: 'notification', code: errorCode.cease, subcode: ceaseError.hardReset, data: whole };
}

export function isHardReset({ code, subcode }: Notification): boolean {
  return code === errorCode.cease && subcode === ceaseError.hardReset;
}

/** What a hard reset was about; any other NOTIFICATION is about itself. */
export function insideHardReset(notification: Notification): Notification {
  const { data } = notification;
  const [code, subcode] = data;
  if (!isHardReset(notification) || code === undefined || subcode === undefined) return notification;
  return { kind: 'notification', code, subcode, data: data.slice(2) };
}

/** `Cease/administrative shutdown: "maintenance"`, of a hard reset with what it was about; numbers where a code has no name. */
export function notificationText(notification: Notification): string {
  const inside = insideHardReset(notification);
  const own = ownText(notification);
  return inside === notification ? own : `${own}: ${ownText(inside)}`;
}

function ownText({ code, subcode, data }: Notification): string {
  const known = subcodes[code];
  const name = Object.entries(known?.names ?? {}).find(([, value]) => value === subcode)?.[0];
  const words =
    name?.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`) ?? (subcode === 0 ? '' : `${subcode}`);
  const said = shutdownMessage(code, subcode, data);
  return `${known?.name ?? `error ${code}`}${words === '' ? '' : `/${words}`}${said === null ? '' : `: ${JSON.stringify(said)}`}`;
}

/** RFC 9003: the words that came with a shutdown or a reset; null where there are none or they are not UTF-8. */
export function shutdownMessage(code: number, subcode: number, data: Uint8Array): string | null {
  if (code !== errorCode.cease) return null;
  if (subcode !== ceaseError.administrativeShutdown && subcode !== ceaseError.administrativeReset)
    return null;
  const reader = new ByteReader(data);
  const bytes = reader.take(reader.u8());
  if (reader.short || bytes.length === 0) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** RFC 9003 section 2: the data field with words for the peer's operator, cut at 255 octets of whole characters. */
export function shutdownData(text: string): Uint8Array {
  const encoder = new TextEncoder();
  let words = [...text];
  let bytes = encoder.encode(text);
  while (bytes.length > 255) {
    words = words.slice(0, words.length - Math.max(1, Math.ceil((bytes.length - 255) / 4)));
    bytes = encoder.encode(words.join(''));
  }
  return Uint8Array.of(bytes.length, ...bytes);
}

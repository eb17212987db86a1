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

/** `Cease/administrative shutdown: "maintenance"`; numbers where a code has no name. */
export function notificationText({ code, subcode, data }: Omit<Notification, 'kind'>): string {
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

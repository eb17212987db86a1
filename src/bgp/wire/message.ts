import { type Fault, resetting } from './fault.ts';
import type { Frame } from './framing.ts';
import { type FamilyKey, familyKey, type Negotiated } from './negotiated.ts';
import { decodeNotification, encodeNotification, type Notification } from './notification.ts';
import { decodeOpen, encodeOpen, type Open } from './open.ts';
import { ByteReader } from './reader.ts';
import { errorCode, messageType, routeRefreshError } from './registry.ts';
import { decodeUpdate, encodeUpdate, type Update, type UpdateContent } from './update.ts';
import { ByteWriter } from './writer.ts';

/** RFC 4271 4.4. */
export interface Keepalive {
  readonly kind: 'keepalive';
}

/** RFC 2918 section 3; RFC 7313 section 3.2: 'begin' and 'end' mark the answer to an enhanced one. */
export interface RouteRefresh {
  readonly kind: 'route-refresh';
  readonly family: FamilyKey;
  readonly subtype: 'request' | 'begin' | 'end' | number;
}

export type Message = Open | Update | Notification | Keepalive | RouteRefresh;

const subtypes = ['request', 'begin', 'end'] as const;

/** Reads one message; a fault where the session has to end. */
export function decodeMessage({ type, body }: Frame, session: Negotiated): Message | Fault {
  switch (type) {
    case messageType.open:
      return decodeOpen(body);
    case messageType.update:
      return decodeUpdate(body, session);
    case messageType.notification:
      return decodeNotification(body);
    case messageType.keepalive:
      return { kind: 'keepalive' };
    default:
      return decodeRouteRefresh(body);
  }
}

/** RFC 7313 section 5: the begin and end marks have exactly four octets; a longer request carries outbound filters (RFC 5291) and is read without them. */
function decodeRouteRefresh(body: Uint8Array): RouteRefresh | Fault {
  const reader = new ByteReader(body);
  const afi = reader.u16();
  const subtype = reader.u8();
  const family = familyKey(afi, reader.u8());
  if ((subtype === 1 || subtype === 2) && body.length !== 4) {
    const message = `a route refresh mark has ${body.length} octets`;
    return resetting(errorCode.routeRefresh, routeRefreshError.invalidLength, message, body.slice(0, 256));
  }
  return { kind: 'route-refresh', family, subtype: subtypes[subtype] ?? subtype };
}

/** What can be sent; an UPDATE is described by its content. */
export type Outgoing =
  | Open
  | Notification
  | Keepalive
  | RouteRefresh
  | (UpdateContent & { readonly kind: 'update' });

/** One message with its header, ready for the wire. Throws where an UPDATE is longer than the session allows: the caller splits. */
export function encodeMessage(message: Outgoing, session: Negotiated): Uint8Array {
  const writer = new ByteWriter();
  const length = beginMessage(writer, typeOf(message));
  switch (message.kind) {
    case 'open':
      encodeOpen(writer, message);
      break;
    case 'update':
      encodeUpdate(writer, message, session);
      break;
    case 'notification':
      encodeNotification(writer, message);
      break;
    case 'route-refresh': {
      const subtype =
        typeof message.subtype === 'number' ? message.subtype : subtypes.indexOf(message.subtype);
      writer
        .u16(Math.floor(message.family / 256))
        .u8(subtype)
        .u8(message.family % 256);
      break;
    }
    case 'keepalive':
  }
  writer.patchValue(length, 2, writer.length);
  if (writer.length > session.maxLength) throw new RangeError(`a message of ${writer.length} octets`);
  return writer.view();
}

function typeOf({ kind }: Outgoing): number {
  return kind === 'route-refresh' ? messageType.routeRefresh : messageType[kind];
}

/** Writes a header whose length is still to be filled in at the place returned (RFC 4271 4.1). */
export function beginMessage(writer: ByteWriter, type: number): number {
  for (let i = 0; i < 4; i++) writer.u32(0xffffffff);
  const place = writer.reserve(2);
  writer.u8(type);
  return place;
}

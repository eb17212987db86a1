import { insideHardReset, type Notification, notificationText } from '../../bgp/wire/notification.ts';
import { ceaseError, errorCode, openError } from '../../bgp/wire/registry.ts';
import type { Neighbor } from '../neighbor/neighbor.ts';

/** A NOTIFICATION as a person reads it: its name, and what it means between these two. `own`: what this end said about it when it sent it. */
export function notificationWords(
  neighbor: Neighbor,
  way: 'sent' | 'received',
  notification: Notification,
  own: string,
): string {
  const name = notificationText(notification);
  const means =
    own !== ''
      ? own
      : way === 'received'
        ? receivedMeaning(neighbor, insideHardReset(notification))
        : sentMeaning(insideHardReset(notification));
  return means === null || name.includes(JSON.stringify(means)) ? name : `${name}: ${means}`;
}

function sentMeaning({ code }: Notification): string | null {
  return code === errorCode.holdTimerExpired ? 'nothing was heard of the peer for the hold time' : null;
}

/** What the other end complains of, said from this end. */
function receivedMeaning(neighbor: Neighbor, { code, subcode, data }: Notification): string | null {
  if (code === errorCode.holdTimerExpired) return 'the peer heard nothing of us for its hold time';
  if (code === errorCode.sendHoldTimerExpired) return 'the peer could not send to us for its send hold time';
  if (code === errorCode.open) return openMeaning(neighbor, subcode);
  return code === errorCode.cease ? ceaseMeaning(subcode, data) : null;
}

function openMeaning({ localAs, config }: Neighbor, subcode: number): string | null {
  switch (subcode) {
    case openError.badPeerAs:
      return `we announced AS ${localAs}, and the peer has another AS configured for us`;
    case openError.badIdentifier:
      return 'the peer does not take our router id: it may be its own';
    case openError.unacceptableHoldTime:
      return `the peer does not take our hold time of ${config.timers.hold} s`;
    case openError.unsupportedCapability:
      return 'the peer lacks a capability we insist on, or we lack one it insists on (address families are the usual one)';
    case openError.roleMismatch:
      return `the peer's role does not fit ours (${config.localRole?.role ?? 'none'}, RFC 9234)`;
    default:
      return null;
  }
}

function ceaseMeaning(subcode: number, data: Uint8Array): string | null {
  switch (subcode) {
    case ceaseError.maximumPrefixes:
      return data.length === 7
        ? `we announced more than the ${new DataView(data.buffer, data.byteOffset).getUint32(3)} prefixes the peer takes`
        : 'we announced more prefixes than the peer takes';
    case ceaseError.peerDeconfigured:
      return 'the peer has removed this session from its configuration';
    case ceaseError.connectionRejected:
      return 'the peer does not know our address, or takes no session now';
    case ceaseError.otherConfigurationChange:
      return 'the configuration of the peer changed';
    case ceaseError.connectionCollision:
      return 'both ends connected, and the other connection stays';
    case ceaseError.outOfResources:
      return 'the peer has no memory or processor left for us';
    case ceaseError.administrativeShutdown:
      return 'the operator of the peer shut the session down';
    case ceaseError.administrativeReset:
      return 'the operator of the peer reset the session';
    default:
      return null;
  }
}

import { IPV4_UNICAST, IPV6_UNICAST, type Negotiated } from '../../../src/bgp/wire/negotiated.ts';

/** A session of today: both unicast families, 4-octet AS numbers, nothing else. */
export const knownNegotiated: Negotiated = {
  fourOctetAs: true,
  families: new Set([IPV4_UNICAST, IPV6_UNICAST]),
  addPathReceive: new Set(),
  addPathSend: new Set(),
  extendedNextHop: new Set(),
  maxLength: 4096,
};

export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}

import type { PeerConfig } from '../../bgp/peer-config.ts';

/** The TTL that packets of this end leave with: 255 with TTL security and inside an AS, 1 to another AS unless told otherwise. */
function leavesWith({ ttlSecurityHops, ebgpMultihop }: PeerConfig, external: boolean): number {
  if (ttlSecurityHops !== null) return 255;
  return ebgpMultihop ?? (external ? 1 : 255);
}

/**
 * RFC 5082: an end with TTL security takes packets only with what is left of 255 after its hops. Says why those of `sender`, `hops`
 * away, are dropped by `receiver`; null: they are taken.
 */
export function ttlProblem(
  sender: PeerConfig,
  receiver: PeerConfig,
  hops: number,
  external: boolean,
): string | null {
  if (receiver.ttlSecurityHops === null) return null;
  const least = 256 - receiver.ttlSecurityHops;
  const arrives = leavesWith(sender, external) - (hops - 1);
  return arrives >= least ? null : `packets arrive with TTL ${arrives}, TTL security asks for ${least}`;
}

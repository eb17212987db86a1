import type { Prefix } from '../base/ip.ts';
import type { Peer } from './peer.ts';
import type { Router } from './router.ts';

/**
 * A peer that gets `default-originate` is told no IPv4 network of the table that begins with 0.0.0.0, of whatever length (0.0.0.0/1 as well): FRR
 * 8.4 `subgroup_announce_check` asks for the address alone.
 */
export function hiddenBehindDefault({ config }: Router, { options }: Peer, prefix: Prefix): boolean {
  return (
    config.profile.quirks.defaultHidesZeros === true &&
    options.defaultOriginate !== null &&
    beginsAtZero(prefix)
  );
}

export function beginsAtZero({ family, value, length }: Prefix): boolean {
  return value === 0n && (length === 0 || family === 4);
}

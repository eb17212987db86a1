import type { IpFamily } from './ip.ts';

/** The address families that are modelled, named as in GoBGP's and BIRD's files (RFC 4760 AFI 1 and 2, SAFI 1). */
export type FamilyName = 'ipv4-unicast' | 'ipv6-unicast';

export const familyNames: readonly FamilyName[] = ['ipv4-unicast', 'ipv6-unicast'];

export function familyOf(ip: IpFamily): FamilyName {
  return ip === 4 ? 'ipv4-unicast' : 'ipv6-unicast';
}

export function ipFamilyOf(family: FamilyName): IpFamily {
  return family === 'ipv4-unicast' ? 4 : 6;
}

import type { IpFamily } from './ip.ts';

/** The address families that are modelled, named as in GoBGP's and BIRD's files (RFC 4760 AFI 1 and 2, SAFI 1). */
export type FamilyName = 'ipv4-unicast' | 'ipv6-unicast';

export const familyNames: readonly FamilyName[] = ['ipv4-unicast', 'ipv6-unicast'];

/** Families whose routes a speaker passes on without forwarding by them; nothing of them is simulated. Named as in GoBGP's files. */
export const carriedFamilies = [
  'ipv4-labelled-unicast',
  'ipv6-labelled-unicast',
  'l3vpn-ipv4-unicast',
  'l3vpn-ipv6-unicast',
  'l2vpn-evpn',
  'ipv4-flowspec',
  'ipv6-flowspec',
  'l3vpn-ipv4-flowspec',
  'l3vpn-ipv6-flowspec',
  'rtc',
] as const;

export type CarriedFamily = (typeof carriedFamilies)[number];

/** Any family that a speaker has a table for. */
export type TableFamily = FamilyName | CarriedFamily;

export function isCarried(family: string): family is CarriedFamily {
  return carriedFamilies.some((one) => one === family);
}

export function familyOf(ip: IpFamily): FamilyName {
  return ip === 4 ? 'ipv4-unicast' : 'ipv6-unicast';
}

export function ipFamilyOf(family: FamilyName): IpFamily {
  return family === 'ipv4-unicast' ? 4 : 6;
}

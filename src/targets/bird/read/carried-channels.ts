import type { CarriedFamily } from '../../../base/family.ts';

/** Channels whose routes only a speaker passes on. */
export const carriedChannels: Readonly<Record<string, CarriedFamily>> = {
  'ipv4 mpls': 'ipv4-labelled-unicast',
  'ipv6 mpls': 'ipv6-labelled-unicast',
  vpn4: 'l3vpn-ipv4-unicast',
  'vpn4 mpls': 'l3vpn-ipv4-unicast',
  vpn6: 'l3vpn-ipv6-unicast',
  'vpn6 mpls': 'l3vpn-ipv6-unicast',
  flow4: 'ipv4-flowspec',
  flow6: 'ipv6-flowspec',
};

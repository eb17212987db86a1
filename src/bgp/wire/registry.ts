/** Every number of the protocol that has a registry, with the RFC that gave it. Names follow the registries at IANA. */

/** RFC 4271 4.1, RFC 2918 section 3. */
export const messageType = { open: 1, update: 2, notification: 3, keepalive: 4, routeRefresh: 5 } as const;

export const HEADER_LENGTH = 19;
/** RFC 4271 4.1. */
export const MAX_LENGTH = 4096;
/** RFC 8654: all messages but OPEN and KEEPALIVE, once both ends offered it. */
export const MAX_EXTENDED_LENGTH = 65535;

/** RFC 4271 4.5, RFC 7313 section 5. */
export const errorCode = {
  messageHeader: 1,
  open: 2,
  update: 3,
  holdTimerExpired: 4,
  fsm: 5,
  cease: 6,
  routeRefresh: 7,
  /** RFC 9687. */
  sendHoldTimerExpired: 8,
} as const;

/** RFC 4271 6.1. */
export const headerError = { notSynchronized: 1, badLength: 2, badType: 3 } as const;

/** RFC 4271 6.2, RFC 5492 section 5, RFC 9234 section 4.2. */
export const openError = {
  unspecific: 0,
  unsupportedVersion: 1,
  badPeerAs: 2,
  badIdentifier: 3,
  unsupportedParameter: 4,
  unacceptableHoldTime: 6,
  unsupportedCapability: 7,
  roleMismatch: 11,
} as const;

/** RFC 4271 6.3. */
export const updateError = {
  malformedAttributeList: 1,
  unrecognizedWellKnown: 2,
  missingWellKnown: 3,
  attributeFlags: 4,
  attributeLength: 5,
  invalidOrigin: 6,
  invalidNextHop: 8,
  optionalAttribute: 9,
  invalidNetworkField: 10,
  malformedAsPath: 11,
} as const;

/** RFC 6608. */
export const fsmError = { unspecific: 0, openSent: 1, openConfirm: 2, established: 3 } as const;

/** RFC 4486, RFC 8538 (hard reset), RFC 9384 (BFD down). */
export const ceaseError = {
  maximumPrefixes: 1,
  administrativeShutdown: 2,
  peerDeconfigured: 3,
  administrativeReset: 4,
  connectionRejected: 5,
  otherConfigurationChange: 6,
  connectionCollision: 7,
  outOfResources: 8,
  hardReset: 9,
  bfdDown: 10,
} as const;

/** RFC 7313 section 5. */
export const routeRefreshError = { invalidLength: 1 } as const;

/** RFC 4271 4.3: the high bits of an attribute's flags. */
export const attributeFlag = {
  optional: 0x80,
  transitive: 0x40,
  partial: 0x20,
  extendedLength: 0x10,
} as const;

export const attributeCode = {
  origin: 1, // RFC 4271
  asPath: 2,
  nextHop: 3,
  med: 4,
  localPref: 5,
  atomicAggregate: 6,
  aggregator: 7,
  communities: 8, // RFC 1997
  originatorId: 9, // RFC 4456
  clusterList: 10,
  mpReach: 14, // RFC 4760
  mpUnreach: 15,
  extendedCommunities: 16, // RFC 4360
  as4Path: 17, // RFC 6793
  as4Aggregator: 18,
  pmsiTunnel: 22, // RFC 6514
  ipv6ExtendedCommunities: 25, // RFC 5701
  aigp: 26, // RFC 7311
  largeCommunities: 32, // RFC 8092
  onlyToCustomer: 35, // RFC 9234
} as const;

/** RFC 4271 4.3 b, RFC 5065 section 3. */
export const segmentType = { set: 1, sequence: 2, confedSequence: 3, confedSet: 4 } as const;

export const capabilityCode = {
  multiprotocol: 1, // RFC 4760
  routeRefresh: 2, // RFC 2918
  extendedNextHop: 5, // RFC 8950
  extendedMessage: 6, // RFC 8654
  role: 9, // RFC 9234
  gracefulRestart: 64, // RFC 4724
  fourOctetAs: 65, // RFC 6793
  addPath: 69, // RFC 7911
  enhancedRouteRefresh: 70, // RFC 7313
  longLivedGracefulRestart: 71, // RFC 9494
  fqdn: 73, // draft-walton-bgp-hostname-capability
  cisco: 128, // the pre-standard route refresh that daemons still send
} as const;

/** RFC 5492 section 4 and RFC 9072: types of the OPEN message's optional parameters. */
export const openParameter = { capabilities: 2, extendedLength: 255 } as const;

/** RFC 4760, RFC 4761 (l2vpn). */
export const afi = { ipv4: 1, ipv6: 2, l2vpn: 25 } as const;

export const safi = {
  unicast: 1, // RFC 4760
  multicast: 2,
  labeledUnicast: 4, // RFC 8277
  evpn: 70, // RFC 7432
  mplsVpn: 128, // RFC 4364, RFC 4659
  routeTarget: 132, // RFC 4684
  flowspec: 133, // RFC 8955
  flowspecVpn: 134,
} as const;

/** RFC 9234 section 4.1. */
export const roleNames = ['provider', 'rs-server', 'rs-client', 'customer', 'peer'] as const;
export type RoleName = (typeof roleNames)[number];

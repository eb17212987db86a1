import type { RouterProfile } from '../../bgp/profile.ts';

/**
 * A router that is not ours (a vendor's top-of-rack switch): RFC 4271 section 9.1 with the habits most vendors share. It has no
 * age rule, so that nothing we say about our own hosts rests on a guess about somebody else's.
 */
export const externalProfile: RouterProfile = {
  id: 'fabricgen',
  decision: {
    steps: [
      'local-preference',
      'locally-originated',
      'aigp',
      'as-path-length',
      'origin',
      'med',
      'ebgp-over-ibgp',
      'igp-metric',
      'multipath',
      'router-id',
      'cluster-list-length',
      'neighbor-address',
    ],
    evaluation: 'scan',
    routerIdUsesOriginator: true,
    routerIdOnlyWithIbgp: false,
    aigpMissing: 'infinite',
    multipath: { equality: 'frr', uniqueNextHop: true, lowestNextHopFirst: true },
  },
  quirks: {
    keepsLocalPrefFromEbgp: false,
    sendsBackToSource: false,
    senderSideLoopCheck: false,
    honoursWellKnownCommunities: true,
    gracefulShutdownBuiltIn: false,
    blackholeAddsNoExport: false,
    thirdPartyNextHop: true,
    tracksNextHops: true,
    bgpMetricIsMed: false,
    reflectionAttributes: 'rfc4456',
    clusterLoopCheck: 'receive',
    reflectsToOriginator: false,
    policySetsReflected: true,
    medToEbgp: 'local-only',
    requiresPolicyFromConfed: false,
    localWeight: null,
    dropsOwnNextHop: true,
    localMed: null,
    singleHopInstallsConnected: true,
    kernelProtocol: 'bgp',
    aigp: 'by-session',
  },
};

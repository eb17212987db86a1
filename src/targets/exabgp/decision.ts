import type { RouterProfile } from '../../bgp/profile.ts';

/**
 * ExaBGP 4 announces what it was told to, peer by peer, and prints what it receives: no selection, no loop check, no policy, no
 * kernel. The steps are never asked for an answer that anybody sees.
 */
export const exabgp4Profile: RouterProfile = {
  id: 'exabgp-4',
  announcesBy: 'route of a neighbor',
  decision: {
    steps: ['locally-originated', 'router-id', 'neighbor-address'],
    evaluation: 'best-then-rescan',
    routerIdUsesOriginator: false,
    routerIdOnlyWithIbgp: false,
    multipath: { equality: 'bird', uniqueNextHop: false },
  },
  sessions: {
    fallsWithInterface: 'none',
    dialsAfter: 0.5,
    takesNoFamily: true,
    dialsMoreRarely: true,
    watchesWay: false,
    answersRefresh: false,
    offersExtendedMessages: true,
  },
  quirks: {
    keepsLocalPrefFromEbgp: true,
    sendsBackToSource: true,
    senderSideLoopCheck: false,
    honoursWellKnownCommunities: false,
    gracefulShutdownBuiltIn: false,
    blackholeAddsNoExport: false,
    thirdPartyNextHop: false,
    tracksNextHops: false,
    bgpMetricIsMed: false,
    reflectionAttributes: 'rfc4456',
    clusterLoopCheck: 'receive',
    reflectsToOriginator: false,
    policySetsReflected: true,
    medToEbgp: 'local-only',
    requiresPolicyFromConfed: false,
    localWeight: null,
    dropsOwnNextHop: false,
    localMed: null,
    originatesOnly: true,
    resetsOverForeignNextHop: 'ipv4-unicast',
    aigp: 'passed-on',
    kernelProtocol: 'none',
  },
};

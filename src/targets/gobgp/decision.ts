import type { RouterProfile } from '../../bgp/profile.ts';

/**
 * GoBGP 3 (internal/pkg/table/destination.go): no weight, no IGP metric, no CLUSTER_LIST length; between eBGP paths the one
 * received first wins, the router id decides only where a path is iBGP. Without zebra every next hop is taken as valid and
 * nothing reaches the kernel.
 */
export const gobgp3Profile: RouterProfile = {
  id: 'gobgp-3',
  decision: {
    steps: [
      'llgr-stale',
      'local-preference',
      'locally-originated',
      'as-path-length',
      'origin',
      'med',
      'ebgp-over-ibgp',
      'older-received',
      'router-id',
      'neighbor-address',
    ],
    evaluation: 'stable-sort',
    routerIdUsesOriginator: false,
    routerIdOnlyWithIbgp: true,
    medFirstAsOfSets: true,
    multipath: { equality: 'gobgp', uniqueNextHop: false },
  },
  quirks: {
    showsMappedAsIpv4: true,
    keepsLocalPrefFromEbgp: true,
    sendsBackToSource: false,
    senderSideLoopCheck: true,
    honoursWellKnownCommunities: false,
    gracefulShutdownBuiltIn: false,
    blackholeAddsNoExport: false,
    thirdPartyNextHop: false,
    tracksNextHops: false,
    bgpMetricIsMed: false,
    reflectionAttributes: 'gobgp',
    clusterLoopCheck: 'send',
    reflectsToOriginator: false,
    policySetsReflected: true,
    medToEbgp: 'local-only',
    exportPolicySeesSentPath: true,
    mapsIpv4NextHop: true,
    tellsIpv6NextHop: true,
    keepsCommunityOrder: true,
    saysChangesOnly: true,
    loopKeepsEarlierPath: true,
    maximumPrefixCountsReceived: true,
    requiresPolicyFromConfed: false,
    localWeight: null,
    dropsOwnNextHop: false,
    localMed: null,
    confedIsExternal: true,
    keepsLlgrStale: true,
    replacesWithSessionAs: true,
    sourceIsRouterId: true,
    localAsMayReturn: true,
    hidesMultipath: true,
    aigp: 'passed-on',
    kernelProtocol: 'none',
  },
  // It waits 5 to 9 s before it dials, the sooner of two such 6; after a loss it is idle for 5 s first, and closes what comes in (fsm.go, holdtimeIdle).
  sessions: {
    fallsWithInterface: 'none',
    dialsAfter: 6,
    watchesWay: false,
    pauseAfterLoss: 5,
    saysGoodbye: true,
    reloadsImportOnly: true,
  },
};

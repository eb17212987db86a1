import { LONGEST_STALE_TIME } from '../../bgp/long-lived.ts';
import type { RouterProfile } from '../../bgp/profile.ts';

/**
 * BIRD 2.0 (nest/rt-table.c `rte_better`, proto/bgp/attrs.c `bgp_rte_better`): one table over all protocols, the preference of
 * the protocol first; no age between eBGP paths; a path without a way to its next hop stays and loses.
 */
export const bird2Profile: RouterProfile = {
  id: 'bird-2',
  announcesBy: 'protocol',
  decision: {
    steps: [
      'preference',
      'resolvable',
      'llgr-stale',
      'local-preference',
      'aigp',
      'as-path-length',
      'origin',
      'med',
      'ebgp-over-ibgp',
      'igp-metric',
      // Only with `prefer older`.
      'older-selected',
      'router-id',
      'cluster-list-length',
      'neighbor-address',
    ],
    evaluation: 'best-then-rescan',
    routerIdUsesOriginator: true,
    routerIdOnlyWithIbgp: false,
    aigpMissing: 'infinite',
    multipath: { equality: 'bird', uniqueNextHop: false },
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
    clusterLoopCheck: 'both',
    reflectsToOriginator: false,
    sendsSetOriginator: true,
    policySetsReflected: true,
    medToEbgp: 'policy-only',
    requiresPolicyFromConfed: false,
    localWeight: null,
    dropsOwnNextHop: false,
    reflectedOnlyWithinAs: true,
    localMed: null,
    keepsCommunityOrder: true,
    sortsCommunitiesSent: true,
    keepsUnresolved: true,
    nextHopByGateway: true,
    attachesLocalPref: true,
    wellKnownOnLearnedOnly: true,
    tellsLlgrStale: 'known',
    lowestRouterId: true,
    hidesMultipath: true,
    refusesForeignNextHop: true,
    clusterCheckFromClientsOnly: true,
    localAsIsOwn: true,
    aigp: 'by-session',
    kernelProtocol: 'bird',
    tableOrder: 'hash',
    saysBestFirst: true,
    ignoresNetworks: 'scopeless',
  },
  // `check link` and graceful-restart aware by default; connect delay time 5; error wait time 60, of which it draws
  // the last quarter: 45 to 60 s.
  sessions: {
    fallsWithInterface: 'single-hop-ebgp',
    rereadsByRefresh: true,
    marksRefresh: true,
    dialsAfter: 5,
    callsAgain: true,
    watchesWay: true,
    helpsRestart: 'either',
    knowsLongLived: true,
    helpsLongLived: LONGEST_STALE_TIME,
    listsCallers: true,
    silentNeedsLongLived: true,
    keptFallsWithInterface: true,
    saysGoodbye: true,
    clearsRoutesFirst: true,
    beginsAnewWithFiles: true,
    staysShut: true,
    pauseAfterError: 52,
  },
};

/** With a `sorted` table: a new path goes in front of the first one it beats, and `deterministic med` holds nothing back (`rte_recalculate`). */
export const bird2SortedProfile: RouterProfile = {
  ...bird2Profile,
  decision: { ...bird2Profile.decision, evaluation: 'sorted-insert' },
};

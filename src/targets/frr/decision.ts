import type { DecisionProfile, DecisionStep, Quirks, RouterProfile } from '../../bgp/profile.ts';
import type { SessionHabits } from '../../bgp/session-habits.ts';

/** Quagga 1.2.3 `bgp_info_cmp`, FRR 8.4.4 `bgp_path_info_cmp`, without the steps only FRR has. */
const familySteps: readonly DecisionStep[] = [
  'llgr-stale',
  'newest-stale',
  'weight',
  'local-preference',
  'locally-originated',
  'as-path-length',
  'origin',
  'med',
  'ebgp-over-ibgp',
  // Decided before the metric is looked at (seen on 8.4.4).
  'confed-external',
  'igp-metric',
  'multipath',
  'older-selected',
  'router-id',
  'cluster-list-length',
  'neighbor-address',
];

const decision: DecisionProfile = {
  steps: familySteps,
  evaluation: 'scan',
  routerIdUsesOriginator: true,
  routerIdOnlyWithIbgp: false,
  medWithinConfedAs: true,
  multipath: { equality: 'frr', uniqueNextHop: true, lowestNextHopFirst: true },
};

const frrQuirks: Quirks = {
  forgetsSharedPrefixes: true,
  keepsLocalPrefFromEbgp: false,
  sendsBackToSource: true,
  senderSideLoopCheck: false,
  honoursWellKnownCommunities: true,
  gracefulShutdownBuiltIn: true,
  blackholeAddsNoExport: true,
  thirdPartyNextHop: true,
  tracksNextHops: true,
  bgpMetricIsMed: true,
  reflectionAttributes: 'rfc4456',
  clusterLoopCheck: 'receive',
  reflectsToOriginator: true,
  policySetsReflected: false,
  medToEbgp: 'local-only',
  requiresPolicyFromConfed: true,
  localWeight: 32768,
  dropsOwnNextHop: true,
  martianNextHops: { 4: 'session', 6: 'route' },
  resetsOverForeignNextHop: 'ipv6-unicast',
  needsLocalPref: true,
  nextHopFitsSession: true,
  nextHopWithoutAddress: true,
  localMed: 0,
  linkLocalNextHop: true,
  remembersNextHopOnEntry: true,
  listsPeersByFamily: true,
  reflectionSetsMed: true,
  suppressesAlike: true,
  dampening: {
    withdrawal: 1000,
    change: 500,
    decaysEvery: 5,
    looksEvery: 10,
    lists: 256,
    entries: 1024,
  },
  updateGroupsShareAs: true,
  exportPolicyKnowsNoPeer: true,
  decidesTogether: true,
  firstAnnouncementWaits: { least: 1000, perNeighbor: 50, most: 10_000 },
  maximumPrefixSparesLast: true,
  keepsBareSegments: true,
  lastShortAsIsPrivate: true,
  refusesAsZero: true,
  clientsNeedUnchanged: true,
  tableOrder: 'prefix',
  aggregateNextHop: '::',
  confedLoopCheckOnSend: true,
  tellsByKindAsOutside: true,
  senderLoopCheckNeedsSolo: true,
  singleHopInstallsConnected: true,
  kernelProtocol: 'bgp',
  ignoresNetworks: 'multicast',
};

/** `bgp fast-external-failover` is on by default; next-hop tracking tells bgpd when the way to a peer is there again. */
const sessions: SessionHabits = {
  countsWhatItTells: true,
  fallsWithInterface: 'single-hop-ebgp',
  listsWait: true,
  takesLinesAwayFirst: true,
  rereadsOnlyKept: true,
  overlooksSwitches: true,
  marksRefresh: true,
  tellsAllAtMarks: true,
  findsPoliciesAfter: 5,
  dialsAfter: 1,
  heldAtStart: 1,
  watchesWay: true,
  offersRestart: 120,
  helpsRestart: 'listed',
  callsOnceWhileKeeping: true,
  keepsPreservedOnly: true,
  restartNotification: true,
  offersLongLived: true,
  knowsLongLived: true,
  leavesCallersSilently: true,
  offersExtendedMessages: true,
};

export const frr84Profile: RouterProfile = {
  id: 'frr-8.4',
  decision,
  quirks: {
    ...frrQuirks,
    keepsNextHopGroups: 180,
    circlesOverOwnRoute: true,
    malformedAsPath: 'read-on',
    takesNewestForAggregate: true,
    defaultHidesZeros: true,
  },
  sessions,
};

/** FRR 10 keeps the list of paths sorted and spares confederation peers from ebgp-requires-policy. */
export const frr10Profile: RouterProfile = {
  id: 'frr-10',
  decision: {
    ...decision,
    evaluation: 'sorted-insert',
    steps: [
      'admin-distance',
      ...familySteps.flatMap((step): DecisionStep[] => (step === 'as-path-length' ? ['aigp', step] : [step])),
    ],
    aigpMissing: 'incomparable',
  },
  quirks: {
    ...frrQuirks,
    requiresPolicyFromConfed: false,
    reflectionSetsMed: false,
    senderLoopCheckNeedsSolo: false,
    aigp: 'by-session',
  },
  sessions,
};

const onlyFrr: ReadonlySet<DecisionStep> = new Set(['confed-external', 'llgr-stale', 'newest-stale']);

/** Quagga has no step for confederation-external peers and no built-in communities beyond RFC 1997. */
export const quagga12Profile: RouterProfile = {
  id: 'quagga-1.2',
  decision: {
    ...decision,
    steps: familySteps.filter((step) => !onlyFrr.has(step)),
  },
  quirks: {
    ...frrQuirks,
    remembersNextHopOnEntry: false,
    sendsBackToSource: false,
    gracefulShutdownBuiltIn: false,
    blackholeAddsNoExport: false,
    reflectsToOriginator: false,
    requiresPolicyFromConfed: false,
    reflectionSetsMed: false,
    suppressesAlike: false,
    updateGroupsShareAs: false,
    exportPolicyKnowsNoPeer: false,
    firstAnnouncementWaits: false,
    maximumPrefixSparesLast: false,
    keepsBareSegments: false,
    refusesAsZero: false,
    clientsNeedUnchanged: false,
    defaultHidesZeros: true,
    malformedAsPath: 'resets',
    kernelProtocol: 'zebra',
  },
  sessions: { fallsWithInterface: 'single-hop-ebgp', dialsAfter: 1, watchesWay: true },
};

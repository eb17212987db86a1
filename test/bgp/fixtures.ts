import type { Address, Prefix } from '../../src/base/ip.ts';
import { parseAddress, parsePrefix } from '../../src/base/ip.ts';
import type { BgpConfig, DecisionOptions, RouterConfig } from '../../src/bgp/config.ts';
import type { Origination } from '../../src/bgp/origination-config.ts';
import type { PeerConfig } from '../../src/bgp/peer-config.ts';
import type { PeerFamilyConfig } from '../../src/bgp/peer-family-config.ts';
import { plainInstance } from '../../src/bgp/plain-instance.ts';
import type { DecisionProfile, Quirks, RouterProfile } from '../../src/bgp/profile.ts';

/** Small complete configurations; the profiles here are the tests' own, so that they do not move with a target's. */
export function address(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(`not an address: ${text}`);
  return parsed;
}

export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (!parsed) throw new Error(`not a prefix: ${text}`);
  return parsed;
}

const frrDecision: DecisionProfile = {
  steps: [
    'weight',
    'local-preference',
    'locally-originated',
    'as-path-length',
    'origin',
    'med',
    'ebgp-over-ibgp',
    'igp-metric',
    'confed-external',
    'multipath',
    'older-selected',
    'router-id',
    'cluster-list-length',
    'neighbor-address',
  ],
  evaluation: 'scan',
  routerIdUsesOriginator: true,
  routerIdOnlyWithIbgp: false,
  multipath: { equality: 'frr', uniqueNextHop: true },
};

const frrQuirks: Quirks = {
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
  localMed: 0,
  kernelProtocol: 'bgp',
};

export const frr: RouterProfile = { id: 'frr-8.4', decision: frrDecision, quirks: frrQuirks };

export const gobgp: RouterProfile = {
  id: 'gobgp-3',
  decision: {
    steps: [
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
    multipath: { equality: 'gobgp', uniqueNextHop: false },
  },
  quirks: {
    ...frrQuirks,
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
    exportPolicySeesSentPath: true,
    mapsIpv4NextHop: true,
    requiresPolicyFromConfed: false,
    localWeight: null,
    localMed: null,
    dropsOwnNextHop: false,
    kernelProtocol: 'none',
  },
};

export const bird: RouterProfile = {
  id: 'bird-2',
  decision: {
    steps: [
      'local-preference',
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
    evaluation: 'best-then-rescan',
    routerIdUsesOriginator: true,
    routerIdOnlyWithIbgp: false,
    multipath: { equality: 'bird', uniqueNextHop: true },
  },
  quirks: { ...frrQuirks, localWeight: null, sendsBackToSource: false },
};

export const frr10: RouterProfile = {
  ...frr,
  id: 'frr-10',
  decision: { ...frrDecision, evaluation: 'sorted-insert' },
  quirks: { ...frrQuirks, requiresPolicyFromConfed: false },
};

export const noOptions: DecisionOptions = {
  alwaysCompareMed: false,
  deterministicMed: false,
  medMissingAsWorst: false,
  medConfed: false,
  asPathIgnore: false,
  asPathConfed: false,
  asPathMultipathRelax: false,
  compareRouterId: false,
  peerTypeMultipathRelax: false,
};

export function familyConfig(changes: Partial<PeerFamilyConfig> = {}): PeerFamilyConfig {
  return {
    importPolicy: [],
    exportPolicy: [],
    nextHopSelf: 'no',
    nextHopUnchanged: false,
    attributeUnchanged: { asPath: false, nextHop: false, med: false },
    routeReflectorClient: false,
    routeServerClient: false,
    allowasIn: 0,
    asOverride: false,
    removePrivateAs: null,
    sendCommunity: { standard: true, extended: true, large: true },
    weight: null,
    maximumPrefix: null,
    defaultOriginate: null,
    addPathSend: 'none',
    ...changes,
  };
}

/** A neighbor with the family of its address activated, or those of `families`. */
export function peerConfig(
  peer: string | null,
  remoteAs: PeerConfig['remoteAs'],
  changes: Partial<PeerConfig> = {},
): PeerConfig {
  const six = peer?.includes(':') ?? false;
  return {
    address: peer === null ? null : address(peer),
    interface: null,
    remoteAs,
    localAs: null,
    updateSource: null,
    port: 179,
    passive: false,
    shutdown: false,
    password: null,
    ebgpMultihop: null,
    ttlSecurityHops: null,
    disableConnectedCheck: false,
    timers: { keepalive: 3, hold: 9, connectRetry: 10 },
    families: six ? { 'ipv6-unicast': familyConfig() } : { 'ipv4-unicast': familyConfig() },
    description: null,
    source: null,
    ...changes,
  };
}

export function networkStatement(
  text: string,
  changes: Partial<Origination & { kind: 'network' }> = {},
): Origination {
  const parsed = prefix(text);
  const family = parsed.family === 4 ? 'ipv4-unicast' : 'ipv6-unicast';
  return { kind: 'network', family, prefix: parsed, policy: null, source: null, ...changes };
}

export function bgpConfig(asn: number, routerId: string, changes: Partial<BgpConfig> = {}): BgpConfig {
  return {
    asn,
    routerId: address(routerId),
    clusterId: null,
    confederation: null,
    decision: noOptions,
    maximumPaths: { 'ipv4-unicast': { ebgp: 1, ibgp: 1 }, 'ipv6-unicast': { ebgp: 1, ibgp: 1 } },
    defaultLocalPreference: 100,
    ...plainInstance,
    listenLimit: 100,
    listenRanges: [],
    peers: [],
    originations: [],
    aggregates: [],
    source: null,
    ...changes,
  };
}

export function routerConfig(
  name: string,
  bgp: BgpConfig | null,
  changes: Partial<RouterConfig> = {},
): RouterConfig {
  return {
    name,
    profile: frr,
    bgp,
    interfaces: [],
    statics: [],
    installsRoutes: true,
    resolveViaDefault: { 4: false, 6: false },
    kernelPolicy: null,
    ...changes,
  };
}

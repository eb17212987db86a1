import type { FamilyName } from '../../src/base/family.ts';
import {
  type Address,
  type InterfaceAddress,
  type Prefix,
  parseAddress,
  parseInterfaceAddress,
  parsePrefix,
} from '../../src/base/ip.ts';
import type { BgpInstance, Docker, Fabric, Host, Neighbor, PeerOptions } from '../../src/model/fabric.ts';
import { peerDefaults as modelDefaults } from '../../src/model/peer-defaults.ts';
import type { PolicySet, RouteMapEntry } from '../../src/model/policy.ts';

/** Builders of model values with every field filled in; a test names only what it is about. */
const source = { file: 'hosts.yml', line: 4, column: 14 };

function known<T>(value: T | null, text: string): T {
  if (value === null) throw new Error(`the test's own value '${text}' cannot be read`);
  return value;
}

export const address = (text: string): Address => known(parseAddress(text), text);
export const prefix = (text: string): Prefix => known(parsePrefix(text), text);
export const interfaceAddress = (text: string): InterfaceAddress => known(parseInterfaceAddress(text), text);

export const noPolicies: PolicySet = {
  routeMaps: [],
  prefixLists: [],
  asPathLists: [],
  communityLists: [],
  largeCommunityLists: [],
};

export const peerDefaults: PeerOptions = { ...modelDefaults, families: ['ipv4-unicast'], timers: null };

export function neighbor(at: string, remoteAs: number, options: Partial<Neighbor> = {}): Neighbor {
  const families: readonly FamilyName[] = at.includes(':') ? ['ipv6-unicast'] : ['ipv4-unicast'];
  return {
    ...peerDefaults,
    families,
    address: address(at),
    remoteAs,
    peerGroup: null,
    remoteHost: null,
    localAddress: null,
    source,
    ...options,
  };
}

export function network(
  text: string,
  reason: 'network' | 'bip' = 'network',
): BgpInstance['networks'][number] {
  return { prefix: prefix(text), routeMap: null, reason, source };
}

export function bgp(options: Partial<BgpInstance> = {}): BgpInstance {
  return {
    asn: 65500,
    routerId: address('10.0.0.1'),
    clusterId: null,
    timers: { keepalive: 30, hold: 90, connectRetry: 120 },
    families: ['ipv4-unicast'],
    networks: [],
    redistribute: [],
    aggregates: [],
    bestpath: {
      asPathMultipathRelax: false,
      asPathIgnore: false,
      compareRouterId: false,
      alwaysCompareMed: false,
      deterministicMed: false,
      medMissingAsWorst: false,
    },
    maximumPaths: { ebgp: 1, ibgp: 1 },
    importCheck: false,
    ebgpRequiresPolicy: false,
    defaultLocalPreference: 100,
    listenLimit: 100,
    peerGroups: [],
    listenRanges: [],
    neighbors: [],
    policies: noPolicies,
    source,
    ...options,
  };
}

export function routeMapEntry(seq: number, options: Partial<RouteMapEntry> = {}): RouteMapEntry {
  return {
    seq,
    action: 'permit',
    description: null,
    match: matchNothing,
    set: setNothing,
    call: null,
    onMatch: null,
    source,
    ...options,
  };
}

export const matchNothing: RouteMapEntry['match'] = {
  prefixList: null,
  ipv6PrefixList: null,
  nextHopPrefixList: null,
  asPathList: null,
  communityList: null,
  communityExact: false,
  largeCommunityList: null,
  localPreference: null,
  metric: null,
  origin: null,
  peer: null,
  tag: null,
  sourceProtocol: null,
};

export const setNothing: RouteMapEntry['set'] = {
  localPreference: null,
  metric: null,
  weight: null,
  origin: null,
  asPathPrepend: [],
  asPathExclude: [],
  community: [],
  communityAdditive: false,
  communityNone: false,
  communityDelete: null,
  largeCommunity: [],
  largeCommunityAdditive: false,
  nextHop: null,
  ipv6NextHop: null,
  tag: null,
  src: null,
};

export function docker(options: Partial<Docker> = {}): Docker {
  return {
    version: '20.10',
    bip: interfaceAddress('172.18.1.1/24'),
    bip6: null,
    fixedCidr: null,
    fixedCidrV6: null,
    ipMasq: false,
    ipForward: true,
    iptables: null,
    ip6tables: null,
    ipv6: null,
    mtu: null,
    liveRestore: null,
    defaultAddressPools: [],
    options: {},
    source,
    ...options,
  };
}

export function host(name: string, options: Partial<Host> = {}): Host {
  return {
    name,
    source,
    groups: ['all'],
    daemon: { kind: 'gobgp', version: '3', layout: 'integrated', defaults: 'traditional' },
    interfaces: [
      {
        name: 'eth1',
        addresses: [interfaceAddress('10.0.0.1/24')],
        segment: 'lan',
        mtu: null,
        description: null,
        source,
      },
    ],
    statics: [],
    bgp: null,
    docker: null,
    sysctls: [],
    vars: new Map(),
    ...options,
  };
}

export function fabric(...hosts: readonly Host[]): Fabric {
  return { hosts: new Map(hosts.map((each) => [each.name, each])), segments: [], sessions: [] };
}

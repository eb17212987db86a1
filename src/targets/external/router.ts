import { type FamilyName, familyNames, familyOf } from '../../base/family.ts';
import { parseAddress } from '../../base/ip.ts';
import type { BgpConfig, RouterConfig } from '../../bgp/config.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { PeerFamilyConfig } from '../../bgp/peer-family-config.ts';
import type { PolicyChain } from '../../bgp/policy/types.ts';
import type { BgpInstance, Host, Neighbor, PeerGroup, PeerOptions, Timers } from '../../model/fabric.ts';
import { PolicyResolver } from './policy.ts';
import { externalProfile } from './profile.ts';

/**
 * A host that is not ours (`bgp_daemon: external`) goes from the model to a router configuration directly: there is no file
 * of ours to read back.
 */
export function externalRouter(host: Host): RouterConfig {
  return {
    name: host.name,
    profile: externalProfile,
    bgp: host.bgp ? bgpOf(host.bgp) : null,
    interfaces: [],
    statics: host.statics.map((route) => ({ ...route, distance: route.distance ?? 1, tag: route.tag ?? 0 })),
    installsRoutes: true,
    resolveViaDefault: { 4: true, 6: true },
    kernelPolicy: null,
  };
}

function bgpOf(bgp: BgpInstance): BgpConfig {
  const resolver = new PolicyResolver(bgp.policies);
  const peers = bgp.neighbors.map((neighbor) => peerOf(neighbor, neighbor.remoteAs, bgp.timers, resolver));
  return {
    asn: bgp.asn,
    routerId: bgp.routerId,
    clusterId: bgp.clusterId,
    confederation: null,
    decision: { ...bgp.bestpath, medConfed: false, asPathConfed: false, peerTypeMultipathRelax: false },
    maximumPaths: { 'ipv4-unicast': bgp.maximumPaths, 'ipv6-unicast': bgp.maximumPaths },
    defaultLocalPreference: bgp.defaultLocalPreference,
    ebgpRequiresPolicy: bgp.ebgpRequiresPolicy,
    importCheck: bgp.importCheck,
    suppressFibPending: false,
    gracefulShutdown: false,
    rejectAsSets: false,
    enforceFirstAs: false,
    distance: { ebgp: 20, ibgp: 200, local: 200 },
    listenLimit: bgp.listenLimit,
    listenRanges: listenRangesOf(bgp, resolver),
    peers,
    originations: originationsOf(bgp, resolver),
    aggregates: bgp.aggregates.map((one) => ({ ...one, family: familyOf(one.prefix.family), policy: null })),
    source: bgp.source,
  };
}

function listenRangesOf(bgp: BgpInstance, resolver: PolicyResolver): BgpConfig['listenRanges'] {
  return bgp.listenRanges.flatMap(({ prefix, peerGroup, source }) => {
    const group = bgp.peerGroups.find((one) => one.name === peerGroup);
    return group
      ? [{ prefix, peer: peerOf(group, group.remoteAs ?? 'any', bgp.timers, resolver), source }]
      : [];
  });
}

function originationsOf(bgp: BgpInstance, resolver: PolicyResolver): BgpConfig['originations'] {
  const policy = (name: string | null) => (name === null ? null : resolver.routeMap(name));
  return [
    ...bgp.networks.map(({ prefix, routeMap, source }) => {
      return {
        kind: 'network',
        family: familyOf(prefix.family),
        prefix,
        policy: policy(routeMap),
        source,
      } as const;
    }),
    ...bgp.redistribute.flatMap(({ from, metric, routeMap, source }) =>
      bgp.families.map(
        (family) =>
          ({ kind: 'redistribute', family, from, metric, policy: policy(routeMap), source }) as const,
      ),
    ),
  ];
}

function peerOf(
  peer: Neighbor | PeerGroup,
  remoteAs: PeerConfig['remoteAs'],
  timers: Timers,
  resolver: PolicyResolver,
): PeerConfig {
  const families: Partial<Record<FamilyName, PeerFamilyConfig>> = {};
  for (const family of familyNames) {
    if (peer.families.includes(family)) families[family] = peerFamilyOf(peer, resolver);
  }
  return {
    address: 'address' in peer ? peer.address : null,
    interface: null,
    remoteAs,
    localAs: peer.localAs,
    updateSource: updateSourceOf(peer.updateSource),
    port: 179,
    passive: peer.passive,
    shutdown: peer.shutdown,
    password: peer.password,
    ebgpMultihop: peer.ebgpMultihop,
    ttlSecurityHops: peer.ttlSecurityHops,
    disableConnectedCheck: peer.disableConnectedCheck,
    timers: peer.timers ?? timers,
    families,
    description: peer.description,
    source: peer.source,
  };
}

function updateSourceOf(text: string | null): PeerConfig['updateSource'] {
  return text === null ? null : (parseAddress(text) ?? { interface: text });
}

function peerFamilyOf(peer: PeerOptions, resolver: PolicyResolver): PeerFamilyConfig {
  return {
    importPolicy: chain(peer.prefixListIn, peer.asPathListIn, peer.routeMapIn, resolver),
    exportPolicy: chain(peer.prefixListOut, peer.asPathListOut, peer.routeMapOut, resolver),
    nextHopSelf: peer.nextHopSelf,
    nextHopUnchanged: false,
    attributeUnchanged: { asPath: false, nextHop: false, med: false },
    routeReflectorClient: peer.routeReflectorClient,
    routeServerClient: false,
    allowasIn: peer.allowasIn ?? 0,
    asOverride: peer.asOverride,
    removePrivateAs:
      peer.removePrivateAs === 'no'
        ? null
        : { all: peer.removePrivateAs !== 'plain', replaceAs: peer.removePrivateAs === 'all replace-AS' },
    sendCommunity: { standard: peer.sendCommunity, extended: peer.sendCommunity, large: peer.sendCommunity },
    weight: peer.weight,
    maximumPrefix: peer.maximumPrefix,
    defaultOriginate: peer.defaultOriginate ? { policy: null } : null,
    addPathSend: 'none',
  };
}

function chain(
  prefixList: string | null,
  asPathList: string | null,
  routeMap: string | null,
  resolver: PolicyResolver,
): PolicyChain {
  return [
    ...(prefixList === null ? [] : [resolver.prefixList(prefixList)]),
    ...(asPathList === null ? [] : [resolver.asPathList(asPathList)]),
    ...(routeMap === null ? [] : [resolver.routeMap(routeMap)]),
  ];
}

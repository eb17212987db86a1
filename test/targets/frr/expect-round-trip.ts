import { expect } from 'vitest';
import type { FamilyName } from '../../../src/base/family.ts';
import { compareAddresses, comparePrefixes } from '../../../src/base/ip.ts';
import type { RouterConfig } from '../../../src/bgp/config.ts';
import type { PeerConfig } from '../../../src/bgp/peer-config.ts';
import type { BgpInstance, Host, Neighbor } from '../../../src/model/fabric.ts';
import type { Target } from '../../../src/targets/target.ts';
import { readBack, rendered } from './fixture.ts';

/** What must survive the way through text, taken from the model... */
function fromModel(host: Host) {
  const { bgp: instance } = host;
  if (!instance) throw new Error('a host with BGP is wanted');
  const neighbors = [...instance.neighbors].sort((a, b) => compareAddresses(a.address, b.address));
  return {
    asn: instance.asn,
    routerId: instance.routerId.text,
    importCheck: instance.importCheck,
    ebgpRequiresPolicy: instance.ebgpRequiresPolicy,
    localPreference: instance.defaultLocalPreference,
    decision: { ...instance.bestpath, medConfed: false, asPathConfed: false, peerTypeMultipathRelax: false },
    paths: instance.maximumPaths,
    networks: [...instance.networks].map((one) => `${one.prefix.text} ${one.routeMap}`).sort(),
    statics: [...host.statics]
      .sort((a, b) => comparePrefixes(a.prefix, b.prefix))
      .map((one) => `${one.prefix.text} ${one.via?.text} ${one.blackhole}`),
    peers: neighbors.map((one) => ({
      address: one.address.text,
      remoteAs: one.remoteAs,
      timers: one.timers ?? instance.timers,
      password: one.password,
      passive: one.passive,
      shutdown: one.shutdown,
      multihop: one.ebgpMultihop,
      ttlSecurity: one.ttlSecurityHops,
      localAs: one.localAs,
      updateSource: one.updateSource,
      description: one.description,
      families: [...one.families].sort().map((family) => modelFamily(one, family, instance)),
    })),
  };
}

function modelFamily(one: Neighbor, family: FamilyName, instance: BgpInstance) {
  const version = family === 'ipv4-unicast' ? 4 : 6;
  const lists = instance.policies.prefixLists.filter((list) => list.family === version);
  const prefixList = (name: string | null) =>
    name && lists.some((list) => list.name === name) ? [name] : [];
  const named = (name: string | null) => (name === null ? [] : [name]);
  return {
    family,
    in: [...prefixList(one.prefixListIn), ...named(one.asPathListIn), ...named(one.routeMapIn)],
    out: [...prefixList(one.prefixListOut), ...named(one.asPathListOut), ...named(one.routeMapOut)],
    nextHopSelf: one.nextHopSelf,
    client: one.routeReflectorClient,
    community: one.sendCommunity,
    allowasIn: one.allowasIn ?? 0,
    asOverride: one.asOverride,
    private: one.removePrivateAs,
    weight: one.weight,
    maximumPrefix: one.maximumPrefix,
    originate: one.defaultOriginate,
  };
}

/** ... and from what was read. */
function fromRouter({ bgp: config, statics }: RouterConfig): ReturnType<typeof fromModel> {
  if (!config) throw new Error('no BGP was read');
  const paths = config.maximumPaths['ipv4-unicast'];
  return {
    asn: config.asn,
    routerId: config.routerId?.text ?? '',
    importCheck: config.importCheck,
    ebgpRequiresPolicy: config.ebgpRequiresPolicy,
    localPreference: config.defaultLocalPreference,
    decision: config.decision as ReturnType<typeof fromModel>['decision'],
    paths,
    networks: config.originations
      .flatMap((one) => (one.kind === 'network' ? [`${one.prefix.text} ${one.policy?.name ?? null}`] : []))
      .sort(),
    statics: statics.map((one) => `${one.prefix.text} ${one.via?.text} ${one.blackhole}`),
    peers: config.peers.map((one) => ({
      address: one.address?.text ?? '',
      remoteAs: one.remoteAs as number,
      timers: one.timers,
      password: one.password,
      passive: one.passive,
      shutdown: one.shutdown,
      multihop: one.ebgpMultihop,
      ttlSecurity: one.ttlSecurityHops,
      localAs: one.localAs,
      updateSource:
        one.updateSource === null
          ? null
          : 'interface' in one.updateSource
            ? one.updateSource.interface
            : one.updateSource.text,
      description: one.description,
      families: Object.keys(one.families)
        .sort()
        .map((family) => readFamily(one, family as FamilyName)),
    })),
  };
}

function readFamily(one: PeerConfig, family: FamilyName): ReturnType<typeof modelFamily> {
  const config = one.families[family];
  if (!config) throw new Error(`${family} is not there`);
  const removed = config.removePrivateAs;
  return {
    family,
    in: config.importPolicy.map((policy) => policy.name),
    out: config.exportPolicy.map((policy) => policy.name),
    nextHopSelf: config.nextHopSelf,
    client: config.routeReflectorClient,
    community: config.sendCommunity.standard && config.sendCommunity.large,
    allowasIn: config.allowasIn,
    asOverride: config.asOverride,
    private: removed === null ? 'no' : removed.all ? (removed.replaceAs ? 'all replace-AS' : 'all') : 'plain',
    weight: config.weight,
    maximumPrefix: config.maximumPrefix,
    originate: config.defaultOriginate !== null,
  };
}

/** Renders the host, reads the files back and compares; returns what was read. */
export function expectRoundTrip(target: Target, host: Host): RouterConfig {
  const result = readBack(target, host, rendered(target, host));
  expect(result.lines).toEqual([]);
  expect(result.diagnostics).toEqual([]);
  if (!result.router) throw new Error('nothing was read');
  expect(fromRouter(result.router)).toEqual(fromModel(host));
  return result.router;
}

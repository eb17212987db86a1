import { type FamilyName, familyNames, ipFamilyOf } from '../../../base/family.ts';
import { compareAddresses, comparePrefixes } from '../../../base/ip.ts';
import type { BgpConfig, DecisionOptions, DistanceRule, RouterConfig } from '../../../bgp/config.ts';
import type { Origination } from '../../../bgp/origination-config.ts';
import type { PeerConfig } from '../../../bgp/peer-config.ts';
import { compactSources, type PeerNames, withPeerTable } from '../../../bgp/peer-table.ts';
import { type Defaults, defaultsFor, profiles } from './dialect.ts';
import type { Draft, PeerDraft, Reference, RouterDraft } from './draft.ts';
import { descriptionOf, type PeerContext, rangeConfig, sharedConfig } from './peers.ts';
import { PolicyResolver } from './policies.ts';
import { prefixListsText } from './policy-draft.ts';
import type { Reading } from './reading.ts';

/** The router the lines describe, with every default of the daemon filled in; complaints go to the reading. */
export function interpret(reading: Reading): RouterConfig {
  const { draft, dialect, host } = reading;
  const defaults = defaultsFor(dialect, draft);
  const policies = new PolicyResolver(draft.policies, host);
  const zebra = new PolicyResolver(draft.zebraPolicies, host, true);
  const kernelPolicy = (family: 4 | 6) => {
    const maps = draft.kernelRouteMaps;
    const map = maps.get(`${family} bgp`) ?? maps.get(`${family} any`);
    return map ? zebra.routeMap(map) : null;
  };
  const router: RouterConfig = {
    name: host,
    profile: profiles[dialect],
    bgp:
      draft.router &&
      bgpConfig(
        draft.router,
        {
          router: draft.router,
          defaults,
          policies,
          lists: () => prefixListsText(draft.policies),
          dialect,
          alike: new Map(),
        },
        reading,
      ),
    interfaces: [...draft.interfaces]
      .map(([name, { addresses, shutdown, source }]) => ({ name, addresses, shutdown, source }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    statics: [...draft.statics.values()].sort((a, b) => comparePrefixes(a.prefix, b.prefix)),
    installsRoutes: true,
    resolveViaDefault: resolution(draft, defaults),
    kernelPolicy: kernelPolicy(4),
    ...(draft.kernelRouteMaps.size > 0 ? { kernelPolicy6: kernelPolicy(6) } : {}),
  };
  reading.diagnostics.push(
    ...policies.diagnostics,
    ...zebra.diagnostics.filter(
      ({ message }) => !policies.diagnostics.some((one) => one.message === message),
    ),
  );
  return router;
}

function resolution(draft: Draft, defaults: Defaults): Record<4 | 6, boolean> {
  return {
    4: draft.resolveViaDefault[4] ?? defaults.resolveViaDefault,
    6: draft.resolveViaDefault[6] ?? defaults.resolveViaDefault,
  };
}

function routerIdOf({ routerId, routerIdSource }: RouterDraft, { draft: { zebraRouterId } }: Reading) {
  const source = routerId ? routerIdSource : (zebraRouterId?.source ?? null);
  return { routerId: routerId ?? zebraRouterId?.id ?? null, ...(source ? { routerIdLine: { source } } : {}) };
}

function bgpConfig(router: RouterDraft, context: PeerContext, reading: Reading): BgpConfig {
  const { defaults } = context;
  const switches = { ...reading.draft.switches, ...router.switches };
  const maxMed = router.maxMed ?? router.startupMed;
  const paths = (family: FamilyName) => ({
    ebgp: router.maximumPaths[family].ebgp ?? defaults.maximumPaths,
    ibgp: router.maximumPaths[family].ibgp ?? defaults.maximumPaths,
  });
  const whole: Omit<BgpConfig, 'peers'> = {
    asn: router.asn,
    ...routerIdOf(router, reading),
    clusterId: router.clusterId,
    confederation:
      router.confederationId === null
        ? null
        : {
            identifier: router.confederationId,
            members: [...router.confederationPeers].sort((a, b) => a - b),
          },
    decision: decisionOptions(router, defaults),
    maximumPaths: { 'ipv4-unicast': paths('ipv4-unicast'), 'ipv6-unicast': paths('ipv6-unicast') },
    defaultLocalPreference: router.defaultLocalPreference,
    ebgpRequiresPolicy: switches.ebgpRequiresPolicy ?? defaults.ebgpRequiresPolicy,
    importCheck: switches.importCheck ?? defaults.importCheck,
    suppressFibPending: switches.suppressFibPending ?? false,
    ...(switches.skipsPathsWithoutBandwidth ? { skipsPathsWithoutBandwidth: true } : {}),
    gracefulShutdown: switches.gracefulShutdown ?? false,
    rejectAsSets: switches.rejectAsSets ?? defaults.rejectAsSets,
    enforceFirstAs: switches.enforceFirstAs ?? defaults.enforceFirstAs,
    ...(switches.clientToClient === false ? { noClientToClient: true } : {}),
    ...(switches.allowsOutboundPolicy ? { allowsOutboundPolicy: true } : {}),
    ...(maxMed === null ? {} : { maxMed }),
    distance: { ebgp: 20, ibgp: 200, local: 200 },
    ...(Object.keys(router.distances).length > 0 ? { distanceByFamily: router.distances } : {}),
    ...tablePolicies(router, context.policies),
    ...(router.distanceRules.size > 0 ? { distanceRules: distanceRules(router, context.policies) } : {}),
    ...(router.backdoors.size > 0 ? { backdoors: [...router.backdoors].sort() } : {}),
    ...communityNames(reading.policies),
    listenLimit: router.listenLimit,
    ...(router.coalesceTime === null ? {} : { firstAnnouncementAfter: router.coalesceTime }),
    conditionsEvery: router.conditionsEvery,
    ...(Object.keys(router.dampening).length > 0 ? { dampening: router.dampening } : {}),
    ...(router.minimumHold > 0 ? { minimumHold: router.minimumHold } : {}),
    ...(reading.throughVtysh ? { refusesOwnNeighbors: true } : {}),
    listenRanges: listenRanges(router, context, reading),
    ...familiesSaid(router),
    originations: originations(router, context.policies),
    aggregates: [...router.aggregates.values()]
      .sort((a, b) => comparePrefixes(a.prefix, b.prefix))
      .map(({ routeMap, suppressMap, origin, sameMedOnly, ...rest }) => ({
        ...rest,
        policy: policyOf(routeMap, context.policies),
        ...(origin === null ? {} : { origin }),
        ...(sameMedOnly ? { sameMedOnly } : {}),
        ...(suppressMap ? { suppressPolicy: policyOf(suppressMap, context.policies) } : {}),
      })),
    source: router.source,
  };
  return withPeerTable(whole, neighbors(router, context, reading));
}

/** Where neighbors have a family without it, no line of the daemon's own says `activate`. */
function familiesSaid({ respelledFamilies, defaultFamilies }: RouterDraft): Partial<BgpConfig> {
  const families = familyNames.filter((one) => respelledFamilies.has(one) && !defaultFamilies.has(one));
  const isUsual = defaultFamilies.size === 1 && defaultFamilies.has('ipv4-unicast');
  return {
    ...(families.length === 0 ? {} : { activationsSaidAnew: families }),
    ...(isUsual ? {} : { defaultFamilies: [...defaultFamilies] }),
  };
}

function communityNames({ aliases }: Draft['policies']): Pick<BgpConfig, 'communityNames'> {
  if (aliases.size === 0) return {};
  return { communityNames: Object.fromEntries([...aliases].map(([name, community]) => [community, name])) };
}

function decisionOptions(router: RouterDraft, defaults: Defaults): DecisionOptions {
  const { decision } = router;
  return {
    alwaysCompareMed: decision.alwaysCompareMed ?? false,
    // addpath-tx-bestpath-per-AS switches it on (bgp_addpath_set_peer_type).
    deterministicMed: (decision.deterministicMed ?? defaults.deterministicMed) || sendsBestPerAs(router),
    medMissingAsWorst: decision.medMissingAsWorst ?? false,
    medConfed: decision.medConfed ?? false,
    asPathIgnore: decision.asPathIgnore ?? false,
    asPathConfed: decision.asPathConfed ?? false,
    asPathMultipathRelax: decision.asPathMultipathRelax ?? false,
    compareRouterId: decision.compareRouterId ?? false,
    peerTypeMultipathRelax: decision.peerTypeMultipathRelax ?? false,
    ...(decision.mergesMultipath ? { mergesMultipath: true } : {}),
    ...(decision.aigp ? { aigp: true } : {}),
    ...(decision.equalClusterLength ? { equalClusterLength: true } : {}),
  };
}

function sendsBestPerAs({ peers, groups }: RouterDraft): boolean {
  return [...peers.values(), ...groups.values()].some(({ families }) =>
    Object.values(families).some(({ addPathSend }) => addPathSend === 'best-per-as'),
  );
}

/** By address, then by interface name: the order in which the daemon keeps them. */
function neighbors(router: RouterDraft, context: PeerContext, reading: Reading): PeerNames {
  const found: { readonly draft: PeerDraft; readonly shared: PeerConfig }[] = [];
  for (const draft of router.peers.values()) {
    const known = sharedConfig(draft, context);
    // FRR calls such a neighbor and answers no OPEN of it, as if it had another AS than all.
    const kept = context.dialect === 'quagga-1.2' ? null : { ...draft, remoteAs: 0 };
    const shared = known ?? (kept && sharedConfig(kept, context));
    if (shared) found.push({ draft, shared });
    if (!known)
      reading.diagnostics.push({
        rule: 'config-refused',
        severity: 'error',
        message: `${reading.host}: neighbor ${draft.id} has no remote-as and never comes up`,
        ranges: [draft.source],
        host: reading.host,
        found: draft.id,
        fix: `Write \`neighbor ${draft.id} remote-as N\`.`,
      });
  }
  found.sort(({ draft: a }, { draft: b }) => {
    if (a.address && b.address) return compareAddresses(a.address, b.address);
    if (a.address || b.address) return a.address ? -1 : 1;
    return (a.interface ?? '') < (b.interface ?? '') ? -1 : 1;
  });
  return namesOf(found, context);
}

/** Keeps of each neighbor's draft what it has for itself. */
function namesOf(
  found: readonly { readonly draft: PeerDraft; readonly shared: PeerConfig }[],
  context: PeerContext,
): PeerNames {
  return {
    shared: found.map(({ shared }) => shared),
    addresses: found.map(({ draft }) => draft.address),
    interfaces: shortened(found.map(({ draft }) => draft.interface)),
    descriptions: shortened(found.map(({ draft }) => descriptionOf(draft, context))),
    source: compactSources(found.map(({ draft }) => draft.source)),
  };
}

/** Empty where every item is null. */
function shortened(items: readonly (string | null)[]): readonly (string | null)[] {
  return items.some((item) => item !== null) ? items : [];
}

function listenRanges(
  router: RouterDraft,
  context: PeerContext,
  reading: Reading,
): BgpConfig['listenRanges'] {
  return [...router.listenRanges.values()]
    .sort((a, b) => comparePrefixes(a.prefix, b.prefix))
    .flatMap(({ prefix, group, source }) => {
      const draft = router.groups.get(group);
      const peer = draft && rangeConfig(draft, context);
      if (peer) return [{ prefix, peer, source }];
      reading.diagnostics.push({
        rule: 'config-refused',
        severity: 'error',
        message: `${reading.host}: listen range ${prefix.text} has peer-group ${group}, which has no remote-as`,
        ranges: [source],
        host: reading.host,
        found: group,
        fix: `Write \`neighbor ${group} remote-as N\` (or external).`,
      });
      return [];
    });
}

function tablePolicies(
  { tableMaps }: RouterDraft,
  policies: PolicyResolver,
): Pick<BgpConfig, 'tablePolicies'> {
  const found = familyNames.flatMap((family) => {
    const named = tableMaps[family];
    return named ? [[family, policies.routeMap(named)] as const] : [];
  });
  return found.length === 0 ? {} : { tablePolicies: Object.fromEntries(found) };
}

function distanceRules(router: RouterDraft, policies: PolicyResolver): DistanceRule[] {
  return [...router.distanceRules.values()]
    .sort((a, b) => comparePrefixes(a.neighbors, b.neighbors))
    .map(({ list, ...rest }) => ({
      ...rest,
      routes: list && policies.distributeList(list, ipFamilyOf(rest.family)),
    }));
}

function policyOf(reference: Reference | null, policies: PolicyResolver) {
  return reference && policies.routeMap(reference);
}

/** Family by family: networks by prefix, then redistribution in the daemon's order. */
function originations(router: RouterDraft, policies: PolicyResolver): Origination[] {
  const order = ['kernel', 'connected', 'static'];
  return familyNames.flatMap((family): Origination[] => {
    const networks = [...router.networks.values()]
      .filter((network) => network.family === family)
      .sort((a, b) => comparePrefixes(a.prefix, b.prefix))
      .map(
        ({ routeMap, overruled, ...rest }): Origination => ({
          kind: 'network',
          ...rest,
          ...(overruled ? { overruled: overruled.map((map) => policyOf(map, policies)) } : {}),
          policy: policyOf(routeMap, policies),
        }),
      );
    const redistributed = [...router.redistributions.values()]
      .filter((item) => item.family === family)
      .sort((a, b) => order.indexOf(a.from) - order.indexOf(b.from))
      .map(
        ({ routeMap, ...rest }): Origination => ({
          kind: 'redistribute',
          ...rest,
          policy: policyOf(routeMap, policies),
        }),
      );
    return [...networks, ...redistributed];
  });
}

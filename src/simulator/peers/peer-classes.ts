import type { Prefix } from '../../base/ip.ts';
import { tellsMapped } from '../../bgp/egress.ts';
import type { Peer } from '../../bgp/peer.ts';
import { chainKey, chainNeeds, type PolicyNotes } from '../../bgp/policy/analyse.ts';
import { asPathUse } from '../../bgp/policy/as-path-use.ts';
import { enforcesFirstAs } from '../../bgp/refused-path.ts';
import type { Router } from '../../bgp/router.ts';

/** Peers for which import or export gives the same answer to the same path: the answer is worked out once. */
export interface PeerClass {
  readonly router: Router;
  readonly peer: Peer;
  /**
   * What the answer hangs on. 'attributes': on everything but the AS_PATH, which comes out the same whatever the rest says;
   * 'path': the verdict looks at the AS_PATH too, but nothing in the policy changes it; 'whole': all in one.
   * In the first two cases routers of different AS share the answers: few are needed, since every prefix has its own AS_PATHs.
   */
  readonly scope: Scope;
  readonly answers: Answers;
}

type Scope = 'attributes' | 'path' | 'whole';

/** Numbers of paths ('whole'), or of attributes + 1; 0: refused. */
export interface Answers {
  readonly known: Map<number, number>;
  /** They depend on the prefix and are kept for one only. */
  readonly byPrefix: boolean;
  prefix: Prefix | null;
  /** The last one asked for: neighbours of one router meet the same path one after another. */
  lastKey: number;
  last: number;
}

/** Classes by what distinguishes them. */
export type PeerClasses = Map<string, PeerClass>;

export function importClass(classes: PeerClasses, router: Router, peer: Peer): PeerClass {
  const { notes } = router.context;
  const { bgp, config } = router;
  const chain = peer.options.importPolicy;
  const needs = chainNeeds(chain, notes);
  const use = asPathUse(chain);
  const scope: Scope =
    use === 'changes' || peer.config.localAs ? 'whole' : use === 'reads' ? 'path' : 'attributes';
  const key = [
    'in',
    scope,
    peer.type,
    config.profile.id,
    peer.options.weight ?? 0,
    [bgp.ebgpRequiresPolicy, bgp.gracefulShutdown].join(),
    scope === 'whole'
      ? [bgp.rejectAsSets, enforcesFirstAs(router, peer) ? peer.remoteAs : '', localAsKey(peer)].join()
      : '',
    peer.config.localRole ? `${peer.config.localRole.role} ${peer.remoteAs}` : '',
    config.profile.quirks.attachesLocalPref
      ? (peer.options.decision?.defaultLocalPref ?? bgp.defaultLocalPreference)
      : '',
    peer.options.allowsLocalPref ?? '',
    peer.options.siteOfOrigin ?? '',
    chainKey(chain, notes),
    needs.peer ? `${router.name} ${peer.name} ${bgp.asn}` : '',
  ].join('|');
  return classFor(classes, key, key, { router, peer, scope }, needs.prefix);
}

/** Do peers of one kind (`PeerList`) have one class, for import and for export? Else the class hangs on who the peer is. */
export function importsAlike({ context }: Router, { options }: Peer): boolean {
  return !chainNeeds(options.importPolicy, context.notes).peer;
}

export function exportsAlike({ context }: Router, { options, config }: Peer): boolean {
  return !chainNeeds(options.exportPolicy, context.notes).peer && !config.solo;
}

/** Is what is sent made from the peer's AS? */
export function asksPeerAs({ options }: Peer): boolean {
  return options.asOverride || options.removePrivateAs !== null;
}

export function exportClass(classes: PeerClasses, router: Router, peer: Peer): PeerClass {
  const { notes } = router.context;
  const { bgp, config, clusterId, routerId, publicAs } = router;
  const { options } = peer;
  const needs = chainNeeds(options.exportPolicy, notes);
  const scope = exportScope(router, peer);
  const defaultLocalPref = options.decision?.defaultLocalPref ?? bgp.defaultLocalPreference;
  const shared = [
    'out',
    scope,
    peer.type,
    peer.told ?? '',
    config.profile.id,
    [defaultLocalPref, bgp.ebgpRequiresPolicy, bgp.gracefulShutdown].join(),
    peer.type === 'ibgp' ? `${options.clusterId ?? clusterId} ${routerId}` : '',
    [bgp.allowsOutboundPolicy, bgp.maxMed, bgp.confederation !== null].join(),
    peer.config.localRole ? bgp.asn : '',
    peer.config.solo ? `${router.name} ${peer.name}` : '',
    peer.config.audience === undefined ? '' : `${router.name} ${peer.config.audience}`,
    sessionKey(peer),
    optionsKey(peer, notes),
    asksPeerAs(peer) ? peer.remoteAs : '',
    peer.extendedNextHop || peer.address === null ? 'extended' : '',
    peer.refusesStale ? 'refuses stale' : '',
    tellsMapped(router, peer) ? 'mapped' : '',
    peer.sharedNetworks.map(({ text }) => text).join(),
    gatewayKey(router, peer),
    chainKey(options.exportPolicy, notes),
    needs.peer ? `${router.name} ${peer.name}` : '',
  ].join('|');
  const own = `${shared}|${bgp.asn} ${publicAs}`;
  return classFor(classes, own, scope === 'whole' ? own : shared, { router, peer, scope }, needs.prefix);
}

function exportScope({ config }: Router, peer: Peer): Scope {
  const use = asPathUse(peer.options.exportPolicy);
  if (use === 'changes' || asksPeerAs(peer)) return 'whole';
  if (use === 'nothing') return 'attributes';
  return config.profile.quirks.exportPolicySeesSentPath ? 'whole' : 'path';
}

/** Options that change what is sent; meshes have many peers, hence no general serializer. */
function optionsKey(peer: Peer, notes: PolicyNotes): string {
  const { options } = peer;
  const { attributeUnchanged, removePrivateAs, sendCommunity } = options;
  return [
    options.nextHopSelf,
    options.nextHopUnchanged,
    attributeUnchanged.asPath,
    attributeUnchanged.nextHop,
    attributeUnchanged.med,
    options.routeReflectorClient,
    options.routeServerClient,
    options.siteOfOrigin,
    options.asOverride,
    removePrivateAs?.all,
    removePrivateAs?.replaceAs,
    sendCommunity.standard,
    sendCommunity.large,
    sendCommunity.extended,
    options.addPathSend,
    options.unsuppressPolicy ? chainKey(options.unsuppressPolicy, notes) : '',
    conditionKey(peer, notes),
    options.maximumPrefixOut,
    defaultKey(peer, notes),
    localAsKey(peer),
  ].join();
}

/** What the session itself adds: its role, and whether the peer stands alone. */
function sessionKey({ name, config: { solo, senderLoopCheck, localRole } }: Peer): string {
  return solo || senderLoopCheck || localRole
    ? [localRole?.role, senderLoopCheck, solo ? name : ''].join()
    : '';
}

/** Where next hops hang on gateways, sessions on one interface are told the same. */
function gatewayKey({ config }: Router, { options, interface: name, config: { singleHop } }: Peer): string {
  if (!config.profile.quirks.nextHopByGateway) return '';
  const { nextHopSelfFrom, nextHopKeepFrom, nextHopAddress, allowsLocalPref, clusterId } = options;
  const ignores = options.ignoresWellKnownCommunities;
  return [
    singleHop ? name : '',
    nextHopSelfFrom,
    nextHopKeepFrom,
    nextHopAddress?.text,
    options.originatesAigp,
    allowsLocalPref,
    clusterId,
    ignores,
  ].join();
}

function defaultKey({ options: { defaultOriginate } }: Peer, notes: PolicyNotes): string {
  if (!defaultOriginate) return '';
  return defaultOriginate.policy ? chainKey([defaultOriginate.policy], notes) : 'always';
}

function conditionKey({ options: { conditional } }: Peer, notes: PolicyNotes): string {
  if (!conditional) return '';
  const { when, routes, condition, exportPolicy, asked = '' } = conditional;
  return `${when} ${asked} ${chainKey([routes, condition], notes)} ${chainKey(exportPolicy, notes)}`;
}

function localAsKey({ config: { localAs } }: Peer): string {
  return localAs ? `${localAs.asn} ${localAs.noPrepend} ${localAs.replaceAs}` : '';
}

function classFor(
  classes: PeerClasses,
  key: string,
  sharedKey: string,
  of: Pick<PeerClass, 'router' | 'peer' | 'scope'>,
  byPrefix: boolean,
): PeerClass {
  let found = classes.get(key);
  if (!found) {
    const answers = classes.get(sharedKey)?.answers ?? {
      known: new Map(),
      byPrefix,
      prefix: null,
      lastKey: -1,
      last: 0,
    };
    found = { ...of, answers };
    classes.set(key, found);
    if (key !== sharedKey && !classes.has(sharedKey)) classes.set(sharedKey, found);
  }
  return found;
}

import type { Prefix } from '../base/ip.ts';
import type { Path } from '../bgp/attributes.ts';
import { exportThroughPolicy, isReflection } from '../bgp/export.ts';
import { importThroughPolicy } from '../bgp/import.ts';
import type { Peer } from '../bgp/peer.ts';
import { chainKey, chainNeeds, type PolicyNotes } from '../bgp/policy/analyse.ts';
import type { Router } from '../bgp/router.ts';

/**
 * Peers for which import or export gives the same answer to the same path: the answer is worked out once. Answers that depend
 * on the prefix are kept for one prefix only.
 */
export interface PeerClass {
  readonly router: Router;
  readonly peer: Peer;
  readonly byPrefix: boolean;
  readonly answers: Map<number, number>;
  /** The prefix the answers belong to, where they depend on it. */
  prefix: Prefix | null;
}

/** Classes by what distinguishes them. */
export type PeerClasses = Map<string, PeerClass>;

export function importClass(classes: PeerClasses, router: Router, peer: Peer): PeerClass {
  const { notes } = router.context;
  const { bgp, config } = router;
  const chain = peer.options.importPolicy;
  const needs = chainNeeds(chain, notes);
  const key = [
    'in',
    peer.type,
    config.profile.id,
    peer.options.weight ?? 0,
    [bgp.ebgpRequiresPolicy, bgp.gracefulShutdown, bgp.rejectAsSets].join(),
    bgp.enforceFirstAs ? peer.remoteAs : '',
    localAsKey(peer),
    chainKey(chain, notes),
    needs.peer ? `${router.name} ${peer.name} ${bgp.asn}` : '',
  ].join('|');
  return classFor(classes, key, router, peer, needs.prefix);
}

/** Is what is sent made from the peer's AS? */
export function asksPeerAs({ options }: Peer): boolean {
  return options.asOverride || options.removePrivateAs !== null;
}

/** What FRR asks of two peers before it puts them into one update group: their AS is not in it. */
export function updateGroupKey({ context: { notes } }: Router, peer: Peer): string {
  return [peer.type, optionsKey(peer, notes), chainKey(peer.options.exportPolicy, notes)].join('|');
}

export function exportClass(classes: PeerClasses, router: Router, peer: Peer): PeerClass {
  const { notes } = router.context;
  const { bgp, config, clusterId, routerId, publicAs } = router;
  const { options } = peer;
  const needs = chainNeeds(options.exportPolicy, notes);
  const key = [
    'out',
    peer.type,
    config.profile.id,
    [bgp.asn, publicAs, bgp.defaultLocalPreference, bgp.ebgpRequiresPolicy, bgp.gracefulShutdown].join(),
    peer.type === 'ibgp' ? `${clusterId} ${routerId}` : '',
    optionsKey(peer, notes),
    asksPeerAs(peer) ? peer.remoteAs : '',
    peer.sharedNetworks.map(({ text }) => text).join(),
    chainKey(options.exportPolicy, notes),
    needs.peer ? `${router.name} ${peer.name}` : '',
    peer.config.audience === undefined ? '' : `${router.name} ${peer.config.audience}`,
  ].join('|');
  return classFor(classes, key, router, peer, needs.prefix);
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
    options.asOverride,
    removePrivateAs?.all,
    removePrivateAs?.replaceAs,
    sendCommunity.standard,
    sendCommunity.large,
    defaultKey(peer, notes),
    localAsKey(peer),
  ].join();
}

function defaultKey({ options: { defaultOriginate } }: Peer, notes: PolicyNotes): string {
  if (!defaultOriginate) return '';
  return defaultOriginate.policy ? chainKey([defaultOriginate.policy], notes) : 'always';
}

function localAsKey({ config: { localAs } }: Peer): string {
  return localAs ? `${localAs.asn} ${localAs.noPrepend} ${localAs.replaceAs}` : '';
}

function classFor(
  classes: PeerClasses,
  key: string,
  router: Router,
  peer: Peer,
  byPrefix: boolean,
): PeerClass {
  let found = classes.get(key);
  if (!found) {
    found = { router, peer, byPrefix, answers: new Map(), prefix: null };
    classes.set(key, found);
  }
  return found;
}

/**
 * Answers are for the routers of one class that meet the same path of one prefix; the next prefix brings other paths. A small
 * map stays in the processor's cache, one of all prefixes costs more than it saves.
 */
const MOST_ANSWERS = 1024;

function answersFor(peerClass: PeerClass, prefix: Prefix): Map<number, number> {
  if (peerClass.answers.size >= MOST_ANSWERS) peerClass.answers.clear();
  if (peerClass.byPrefix && peerClass.prefix !== prefix) {
    peerClass.answers.clear();
    peerClass.prefix = prefix;
  }
  return peerClass.answers;
}

/** The number of the path after import, 0 where it is refused. */
export function importedId(peerClass: PeerClass, prefix: Prefix, wire: Path): number {
  const answers = answersFor(peerClass, prefix);
  let id = answers.get(wire.id);
  if (id === undefined) {
    id = importThroughPolicy(peerClass.router, peerClass.peer, prefix, wire).path?.id ?? 0;
    answers.set(wire.id, id);
  }
  return id;
}

/** The number of the path as sent, 0 where it is not; `from` counts only by its kind. */
export function exportedId(peerClass: PeerClass, prefix: Prefix, from: Peer | null, path: Path): number {
  const answers = answersFor(peerClass, prefix);
  const key = path.id * 16 + sourceKind(peerClass.peer, from);
  let id = answers.get(key);
  if (id === undefined) {
    id = exportThroughPolicy(peerClass.router, peerClass.peer, prefix, from, path).path?.id ?? 0;
    answers.set(key, id);
  }
  return id;
}

const typeNumbers = { ebgp: 1, ibgp: 2, confed: 3 } as const;

function sourceKind(to: Peer, from: Peer | null): number {
  if (from === null) return 0;
  const transparent = from.options.routeServerClient ? 4 : 0;
  return typeNumbers[from.type] + transparent + (isReflection(from, to) ? 8 : 0);
}

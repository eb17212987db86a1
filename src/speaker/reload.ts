import type { BgpConfig } from '../bgp/config.ts';
import type { PeerConfig } from '../bgp/peer-config.ts';
import type { PeerFamilyConfig } from '../bgp/peer-family-config.ts';
import type { Again } from './neighbor/neighbor-host.ts';
import type { OriginationChange } from './originate.ts';
import { sameData } from './same-data.ts';
import { familiesOfPeer } from './session/our-open.ts';

/** What a new configuration asks for, peer by peer. */
export interface ReloadPlan {
  readonly added: readonly PeerConfig[];
  /** Names. */
  readonly removed: readonly string[];
  readonly changed: readonly PeerChange[];
  /** Peers whose configuration is as before: only what the router itself does differently concerns them. */
  readonly kept: readonly PeerChange[];
  /** Options of the decision changed: every destination is decided again. */
  readonly decideAgain: boolean;
}

export interface PeerChange {
  readonly name: string;
  readonly config: PeerConfig;
  /** Why the session begins anew; null: it goes on. */
  readonly reset: string | null;
  readonly again: Again;
}

/** How a peer is known over a change of its configuration. */
export function peerName({ address, interface: name }: PeerConfig): string {
  return address?.text ?? name ?? '';
}

/** The least that brings a running speaker from one configuration to another: pure, so that a reload can be shown before it is done. */
export function planReload(before: BgpConfig, after: BgpConfig): ReloadPlan {
  const old = new Map(before.peers.map((peer) => [peerName(peer), peer]));
  const wanted = new Set(after.peers.map(peerName));
  const identity = identityChange(before, after);
  const wide = routerAgain(before, after);
  const both = after.peers.flatMap((config) => {
    const known = old.get(peerName(config));
    return known ? [peerChange(known, config, identity, wide)] : [];
  });
  const same = ({ name, config }: PeerChange) => sameData(old.get(name), config);
  return {
    added: after.peers.filter((peer) => !old.has(peerName(peer))),
    removed: [...old.keys()].filter((name) => !wanted.has(name)),
    changed: both.filter((change) => !same(change)),
    kept: both.filter(same),
    decideAgain: decisionFields.some((field) => !sameData(before[field], after[field])),
  };
}

/** What is done, in a line: peers by name, and own routes by prefix, the first of many. */
export function planText(
  { added, removed, changed, decideAgain }: ReloadPlan,
  { announced, withdrawn }: OriginationChange,
): string {
  const reset = changed.filter((change) => change.reset !== null);
  const soft = changed.filter((change) => change.reset === null);
  const parts = [
    ['added', added.map(peerName)],
    ['removed', removed],
    ['reset', reset.map(({ name }) => name)],
    ['changed without a reset', soft.map(({ name }) => name)],
    ['own routes announced', firstOf([...new Set(announced)])],
    ['own routes withdrawn', firstOf(withdrawn.filter((prefix) => !announced.includes(prefix)))],
  ] as const;
  const said = parts.flatMap(([words, names]) => (names.length > 0 ? [`${words}: ${names.join(', ')}`] : []));
  if (decideAgain) said.push('all destinations were decided again');
  return said.length === 0 ? 'nothing is otherwise than before' : said.join('; ');
}

/** More of them are counted. */
const MOST_NAMED = 5;

function firstOf(prefixes: readonly string[]): readonly string[] {
  const more = prefixes.length - MOST_NAMED;
  return more > 0 ? [...prefixes.slice(0, MOST_NAMED), `and ${more} more`] : prefixes;
}

function peerChange(old: PeerConfig, config: PeerConfig, identity: string | null, wide: boolean): PeerChange {
  const own = familyAgain(old, config);
  const again = { in: wide || own.in, out: wide || own.out };
  return { name: peerName(config), config, reset: identity ?? sessionChange(old, config), again };
}

/** What stands in every OPEN. */
function identityChange(before: BgpConfig, after: BgpConfig): string | null {
  if (before.asn !== after.asn) return `the AS changed from ${before.asn} to ${after.asn}`;
  if (!sameData(before.routerId, after.routerId)) return 'the router id changed';
  return sameData(before.confederation, after.confederation) ? null : 'the confederation changed';
}

/** Router-wide options that import or export look at. */
const tableFields = [
  'clusterId',
  'defaultLocalPreference',
  'ebgpRequiresPolicy',
  'gracefulShutdown',
  'rejectAsSets',
  'enforceFirstAs',
  'noClientToClient',
  'allowsOutboundPolicy',
  'maxMed',
  'aggregates',
] as const;

const decisionFields = ['decision', 'maximumPaths', 'defaultLocalPreference'] as const;

function routerAgain(before: BgpConfig, after: BgpConfig): boolean {
  return tableFields.some((field) => !sameData(before[field], after[field]));
}

/** What a session is made of, and the words for the peer's operator. Timers and passive mode count from the next session on. */
const sessionFields: readonly (readonly [keyof PeerConfig, string])[] = [
  ['remoteAs', 'the AS of the peer changed'],
  ['localAs', 'the local AS changed'],
  ['routerId', 'the router id changed'],
  ['updateSource', 'the source address changed'],
  ['port', 'the port changed'],
  ['interface', 'the interface changed'],
  ['password', 'the password changed'],
  ['extendedNextHop', 'IPv6 next hops for IPv4 routes were switched'],
  ['ttlSecurityHops', 'TTL security changed'],
  ['ebgpMultihop', 'multihop changed'],
  ['localRole', 'the role changed'],
  ['shutdown', 'shut down by the configuration'],
];

function sessionChange(old: PeerConfig, config: PeerConfig): string | null {
  const changed = sessionFields.find(([field]) => !sameData(old[field], config[field]));
  if (changed)
    return changed[0] === 'shutdown' && !config.shutdown ? 'started by the configuration' : changed[1];
  const families = (peer: PeerConfig) => familiesOfPeer(peer).join();
  if (families(old) !== families(config)) return 'the address families changed';
  const addPath = (peer: PeerConfig) =>
    Object.values({ ...peer.families, ...peer.carried }).map((one) => [
      one.addPathSend,
      one.addPathReceive ?? false,
    ]);
  return sameData(addPath(old), addPath(config)) ? null : 'add-path changed';
}

/** What import looks at; everything else is for export. */
const importFields: ReadonlySet<string> = new Set<keyof PeerFamilyConfig>([
  'importPolicy',
  'importPolicyAtFirst',
  'weight',
  'allowasIn',
  'allowasInOrigin',
  'maximumPrefix',
  'gateway',
  'cost',
  'allowsLocalPref',
]);
const bothFields: ReadonlySet<string> = new Set<keyof PeerFamilyConfig>([
  'routeReflectorClient',
  'routeServerClient',
  'clusterId',
  'siteOfOrigin',
]);

function familyAgain(old: PeerConfig, config: PeerConfig): Again {
  // The rest of the peer (enforce-first-as, solo ...) is looked at on both ways; it changes seldom.
  // What a daemon does by habit (`habits`) the speaker does not.
  const rest = ({ families, carried, description, timers, passive, habits, ...peer }: PeerConfig) => peer;
  if (!sameData(rest(old), rest(config))) return { in: true, out: true };
  const before = new Map(Object.entries({ ...old.families, ...old.carried }));
  const changed = Object.entries({ ...config.families, ...config.carried }).flatMap(([family, options]) => {
    return changedFields(before.get(family) ?? {}, options);
  });
  return {
    in: changed.some((field) => importFields.has(field) || bothFields.has(field)),
    out: changed.some((field) => !importFields.has(field) || bothFields.has(field)),
  };
}

function changedFields(a: object, b: object): readonly string[] {
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return [...new Set([...left.keys(), ...right.keys()])].filter(
    (field) => !sameData(left.get(field), right.get(field)),
  );
}

import type { FamilyName } from '../../../base/family.ts';
import { ipFamilyOf } from '../../../base/family.ts';
import type { BgpInstance, Neighbor, PeerGroup, PeerOptions } from '../../../model/fabric.ts';
import type { Dialect } from './dialect.ts';

/** ` {{no}}neighbor {{id}} {{option}}`; `no` is `no ` or empty. */
export interface NeighborLine {
  readonly no: string;
  readonly id: string;
  readonly option: string;
}

/** Options as words after `neighbor X`, each under a name of its own, so that a member can be compared with its group. */
export type OptionLines = ReadonlyMap<string, { readonly no: string; readonly option: string }>;

const flag = (on: boolean, option: string): string | null => (on ? option : null);
const value = (text: string | number | null, option: string): string | null =>
  text === null ? null : `${option} ${text}`;

function collect(rows: readonly (readonly [key: string, option: string | null, no?: string])[]): OptionLines {
  const lines = new Map<string, { no: string; option: string }>();
  for (const [key, option, no] of rows) if (option !== null) lines.set(key, { no: no ?? '', option });
  return lines;
}

/** Options of the session, in the order FRR 8.4 shows them. */
export function sessionOptions(peer: PeerOptions, bgp: BgpInstance, dialect: Dialect): OptionLines {
  const localAs = peer.localAs;
  const flags = localAs
    ? `${localAs.noPrepend ? ' no-prepend' : ''}${localAs.replaceAs ? ' replace-as' : ''}`
    : '';
  return collect([
    ['local-as', localAs && `local-as ${localAs.asn}${flags}`],
    ['description', value(peer.description, 'description')],
    ['shutdown', flag(peer.shutdown, 'shutdown')],
    ['password', value(peer.password, 'password')],
    ['passive', flag(peer.passive, 'passive')],
    ['ebgp-multihop', value(peer.ebgpMultihop, 'ebgp-multihop')],
    ['ttl-security', value(peer.ttlSecurityHops, 'ttl-security hops')],
    ['disable-connected-check', flag(peer.disableConnectedCheck, 'disable-connected-check')],
    ['update-source', value(peer.updateSource, 'update-source')],
    ['timers', peer.timers && `timers ${peer.timers.keepalive} ${peer.timers.hold}`],
    ['timers connect', value(connectRetry(peer, bgp, dialect), 'timers connect')],
    ['weight', dialect.features.weightPerFamily ? null : value(peer.weight, 'weight')],
  ]);
}

/** The instance has no line for it: what is not the daemon's default is said on each neighbor. */
function connectRetry(peer: PeerOptions, bgp: BgpInstance, dialect: Dialect): number | null {
  if (peer.timers) return peer.timers.connectRetry;
  return bgp.timers.connectRetry === dialect.connectRetry ? null : bgp.timers.connectRetry;
}

/** Quagga has every group in IPv4 from the start; a group that names no family stays so there. */
export function groupFamilies(group: PeerGroup, dialect: Dialect): readonly FamilyName[] {
  return dialect.id === 'quagga-1.2' && group.families.length === 0 ? ['ipv4-unicast'] : group.families;
}

/** Options of one activated family, in the order FRR 8.4 shows them. */
export function familyOptions(
  peer: PeerOptions,
  family: FamilyName,
  bgp: BgpInstance,
  dialect: Dialect,
): OptionLines {
  const lists = prefixListNames(bgp, family);
  const list = (name: string | null, direction: string): string | null =>
    name !== null && lists(name) ? `prefix-list ${name} ${direction}` : null;
  const directed = (name: string | null, what: string, direction: string): string | null =>
    name === null ? null : `${what} ${name} ${direction}`;
  return collect([
    ['activate', 'activate'],
    ['route-reflector-client', flag(peer.routeReflectorClient, 'route-reflector-client')],
    ['next-hop-self', nextHopSelf(peer, dialect)],
    ['remove-private-AS', removePrivateAs(peer)],
    ['as-override', flag(peer.asOverride, 'as-override')],
    ['send-community', flag(!peer.sendCommunity, 'send-community all'), 'no '],
    ['default-originate', flag(peer.defaultOriginate, 'default-originate')],
    ['soft-reconfiguration', flag(peer.softReconfigurationInbound, 'soft-reconfiguration inbound')],
    ['maximum-prefix', value(peer.maximumPrefix, 'maximum-prefix')],
    // FRR shows its default of 3 without the number.
    ['allowas-in', peer.allowasIn === 3 ? 'allowas-in' : value(peer.allowasIn, 'allowas-in')],
    ['weight', dialect.features.weightPerFamily ? value(peer.weight, 'weight') : null],
    ['prefix-list in', list(peer.prefixListIn, 'in')],
    ['prefix-list out', list(peer.prefixListOut, 'out')],
    ['route-map in', directed(peer.routeMapIn, 'route-map', 'in')],
    ['route-map out', directed(peer.routeMapOut, 'route-map', 'out')],
    ['filter-list in', directed(peer.asPathListIn, 'filter-list', 'in')],
    ['filter-list out', directed(peer.asPathListOut, 'filter-list', 'out')],
  ]);
}

function nextHopSelf(peer: PeerOptions, dialect: Dialect): string | null {
  if (peer.nextHopSelf === 'no') return null;
  return peer.nextHopSelf === 'force' ? `next-hop-self ${dialect.nextHopSelfForce}` : 'next-hop-self';
}

function removePrivateAs(peer: PeerOptions): string | null {
  if (peer.removePrivateAs === 'no') return null;
  return peer.removePrivateAs === 'plain' ? 'remove-private-AS' : `remove-private-AS ${peer.removePrivateAs}`;
}

/** A list holds one IP version: it is attached to that family; a name nobody defines is attached to both, and denies. */
function prefixListNames(bgp: BgpInstance, family: FamilyName): (name: string) => boolean {
  const version = ipFamilyOf(family);
  return (name) => {
    const lists = bgp.policies.prefixLists.filter((list) => list.name === name);
    return lists.length === 0 || lists.some((list) => list.family === version);
  };
}

/** The member's lines without those its group already says. A member cannot take back what its group has: see limits. */
export function withoutInherited(own: OptionLines, group: OptionLines | null): OptionLines {
  if (!group) return own;
  return new Map(
    [...own].filter(([key, line]) => {
      const inherited = group.get(key);
      return inherited?.option !== line.option || inherited.no !== line.no;
    }),
  );
}

export function linesFor(id: string, options: OptionLines): NeighborLine[] {
  return [...options.values()].map(({ no, option }) => ({ no, id, option }));
}

/** `remote-as` and `peer-group`: must stand before every other line of the neighbor. */
export function identityLines(neighbor: Neighbor, group: PeerGroup | null): NeighborLine[] {
  const id = neighbor.address.text;
  const lines: NeighborLine[] = [];
  if (!group || group.remoteAs === null) lines.push({ no: '', id, option: `remote-as ${neighbor.remoteAs}` });
  if (group) lines.push({ no: '', id, option: `peer-group ${group.name}` });
  return lines;
}

import { type FamilyName, familyNames, familyOf } from '../../base/family.ts';
import { compareAddresses } from '../../base/ip.ts';
import { nearestName } from '../../base/nearest.ts';
import type { ListenRange, Neighbor, PeerGroup, Timers } from '../../model/fabric.ts';
import type { HostVars } from '../schema/host-vars.ts';
import type { AddressReader } from './addresses.ts';
import type { Findings } from './findings.ts';
import { byName } from './lists.ts';
import { completeOptions, type StatedOptions, statedOptions } from './peer-options.ts';
import { placeIn, type Variable, type Variables } from './variables.ts';

type PeerGroups = NonNullable<HostVars['bgp_peer_groups']>;
type Listen = NonNullable<HostVars['bgp_listen']>;

/** What each peer group states, by name; hosts share the result. */
export function readPeerGroups(
  variable: Variable<PeerGroups>,
  findings: Findings,
): Map<string, StatedOptions> {
  return new Map(
    byName(variable.value).map(([name, options]) => [
      name,
      statedOptions(options, variable, [name], findings),
    ]),
  );
}

/**
 * Complete peer groups. Where a group states no families it has those that all its members share, so that a member of
 * another family never inherits one it should not speak.
 */
export function completePeerGroups(
  groups: ReadonlyMap<string, StatedOptions>,
  members: readonly Neighbor[],
  ranges: readonly ListenRange[],
  host: { readonly vars: Variables; readonly timers: Timers; readonly families: readonly FamilyName[] },
): PeerGroup[] {
  const variable = host.vars.find('bgp_peer_groups');
  if (!variable) return [];
  return [...groups].map(([name, stated]) => {
    const used = [
      ...members.filter((member) => member.peerGroup === name).map((member) => member.families),
      ...ranges.filter((range) => range.peerGroup === name).map((range) => [familyOf(range.prefix.family)]),
    ];
    const common = familyNames.filter((family) => used.every((families) => families.includes(family)));
    const families = used.length === 0 ? host.families : common;
    return {
      ...completeOptions(families, host.timers, stated),
      name,
      remoteAs: stated.asn ?? null,
      source: placeIn(variable, name),
    };
  });
}

/** Listen ranges, longest first as they are matched, then by address. */
export function readListenRanges(
  vars: Variables,
  groups: ReadonlyMap<string, StatedOptions>,
  read: AddressReader,
  findings: Findings,
): ListenRange[] {
  const variable = vars.find('bgp_listen');
  if (!variable) return [];
  return variable.value
    .flatMap((written, index) => listenRange(written, index, variable, groups, read, findings) ?? [])
    .sort((a, b) => b.prefix.length - a.prefix.length || compareNetworks(a, b));
}

function listenRange(
  written: Listen[number],
  index: number,
  variable: Variable<Listen>,
  groups: ReadonlyMap<string, StatedOptions>,
  read: AddressReader,
  findings: Findings,
): ListenRange | null {
  const what = `bgp_listen[${index}]`;
  const prefix = read.prefix(written.range, {
    what: `range of ${what}`,
    source: placeIn(variable, index, 'range'),
  });
  if (!groups.has(written.peer_group)) {
    const nearest = nearestName(written.peer_group, groups.keys());
    findings.error({
      rule: 'unknown-peer-group',
      message: `${what} names the peer group ${JSON.stringify(written.peer_group)}, which bgp_peer_groups does not have`,
      ranges: [placeIn(variable, index, 'peer_group')],
      found: written.peer_group,
      expected: [...groups.keys()].join(', ') || 'a name of bgp_peer_groups',
      ...(nearest === null ? {} : { nearest }),
      fix: nearest === null ? 'add the group to bgp_peer_groups' : `write ${nearest}`,
    });
    return null;
  }
  return prefix && { prefix, peerGroup: written.peer_group, source: placeIn(variable, index) };
}

function compareNetworks(a: ListenRange, b: ListenRange): number {
  return compareAddresses({ ...a.prefix, text: '' }, { ...b.prefix, text: '' });
}

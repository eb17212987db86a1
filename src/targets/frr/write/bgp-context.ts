import type { FamilyName } from '../../../base/family.ts';
import { familyNames, ipFamilyOf } from '../../../base/family.ts';
import { compareAddresses, comparePrefixes } from '../../../base/ip.ts';
import type { BgpInstance, Daemon, PeerGroup } from '../../../model/fabric.ts';
import type { Dialect } from './dialect.ts';
import { instanceDefaults } from './dialect.ts';
import type { NeighborLine } from './neighbor-lines.ts';
import {
  familyOptions,
  groupFamilies,
  identityLines,
  linesFor,
  sessionOptions,
  withoutInherited,
} from './neighbor-lines.ts';
import type { RawLines } from './raw.ts';

export interface RouterContext {
  readonly asn: number;
  readonly routerId: string;
  /** Lines of the instance after `bgp router-id`, in the daemon's order. */
  readonly options: readonly string[];
  readonly neighborLines: readonly NeighborLine[];
  /** After `bgp listen `. */
  readonly listen: readonly string[];
  readonly raw: readonly string[];
  readonly families: readonly FamilyContext[];
  /** The same families apart, for Quagga, which writes IPv4 without an address-family block. */
  readonly ipv4: readonly FamilyContext[];
  readonly ipv6: readonly FamilyContext[];
}

export interface FamilyContext {
  readonly name: string;
  readonly networks: readonly { readonly prefix: string; readonly options: string }[];
  readonly aggregates: readonly { readonly prefix: string; readonly options: string }[];
  readonly redistributions: readonly { readonly from: string; readonly options: string }[];
  readonly neighborLines: readonly NeighborLine[];
  readonly maximumPaths: { readonly ebgp: number; readonly ibgp: number };
  readonly raw: readonly string[];
}

/** `router bgp` of one host, complete and in the order the daemon shows. */
export function routerContext(
  bgp: BgpInstance,
  daemon: Daemon,
  dialect: Dialect,
  raw: RawLines,
): RouterContext {
  const groups = new Map(bgp.peerGroups.map((group) => [group.name, group]));
  const families = familyNames
    .filter(
      (family) => activeByDefault(family, dialect) || bgp.families.includes(family) || carries(bgp, family),
    )
    .map((family) => familyContext(bgp, family, groups, dialect, raw));
  return {
    asn: bgp.asn,
    routerId: bgp.routerId.text,
    options: instanceOptions(bgp, daemon),
    neighborLines: sessionLines(bgp, groups, dialect),
    listen: dialect.features.listenRange ? listenLines(bgp) : [],
    raw: raw.router_bgp,
    families,
    ipv4: families.filter((family) => family.name.startsWith('ipv4')),
    ipv6: families.filter((family) => family.name.startsWith('ipv6')),
  };
}

function carries(bgp: BgpInstance, family: FamilyName): boolean {
  return [...bgp.neighbors, ...bgp.peerGroups].some((peer) => peer.families.includes(family));
}

/** In the order of FRR's `bgp_config_write`; a value equal to the daemon's default is left out (see InstanceDefaults). */
function instanceOptions(bgp: BgpInstance, daemon: Daemon): string[] {
  const defaults = instanceDefaults(daemon);
  const best = bgp.bestpath;
  const unlike = (on: boolean, standard: boolean, line: string): (readonly [boolean, string])[] => [
    [on !== standard, on ? line : `no ${line}`],
  ];
  const rows: readonly (readonly [boolean, string])[] = [
    [best.alwaysCompareMed, 'bgp always-compare-med'],
    ...unlike(bgp.ebgpRequiresPolicy, defaults.ebgpRequiresPolicy, 'bgp ebgp-requires-policy'),
    // Quagga refuses members of a group whose IPv4 is not active yet; there the default stays and is taken back by peer.
    [daemon.kind !== 'quagga', 'no bgp default ipv4-unicast'],
    [bgp.defaultLocalPreference !== 100, `bgp default local-preference ${bgp.defaultLocalPreference}`],
    [bgp.clusterId !== null, `bgp cluster-id ${bgp.clusterId?.text ?? ''}`],
    ...unlike(best.deterministicMed, defaults.deterministicMed, 'bgp deterministic-med'),
    [best.asPathIgnore, 'bgp bestpath as-path ignore'],
    [best.asPathMultipathRelax, 'bgp bestpath as-path multipath-relax'],
    [best.compareRouterId, 'bgp bestpath compare-routerid'],
    [best.medMissingAsWorst, 'bgp bestpath med missing-as-worst'],
    ...unlike(bgp.importCheck, defaults.importCheck, 'bgp network import-check'),
    [
      bgp.timers.keepalive !== defaults.keepalive || bgp.timers.hold !== defaults.hold,
      `timers bgp ${bgp.timers.keepalive} ${bgp.timers.hold}`,
    ],
  ];
  return rows.filter(([wanted]) => wanted).map(([, line]) => line);
}

function sessionLines(
  bgp: BgpInstance,
  groups: ReadonlyMap<string, PeerGroup>,
  dialect: Dialect,
): NeighborLine[] {
  const lines: NeighborLine[] = [];
  for (const group of sortedGroups(bgp)) {
    lines.push({ no: '', id: group.name, option: 'peer-group' });
    if (group.remoteAs !== null)
      lines.push({ no: '', id: group.name, option: `remote-as ${group.remoteAs}` });
    lines.push(...linesFor(group.name, sessionOptions(group, bgp, dialect)));
  }
  for (const neighbor of sortedNeighbors(bgp)) {
    const group = groups.get(neighbor.peerGroup ?? '') ?? null;
    lines.push(...identityLines(neighbor, group));
    const own = sessionOptions(neighbor, bgp, dialect);
    const rest = withoutInherited(own, group && sessionOptions(group, bgp, dialect));
    lines.push(...linesFor(neighbor.address.text, rest));
  }
  return lines;
}

function listenLines(bgp: BgpInstance): string[] {
  const ranges = [...bgp.listenRanges].sort((a, b) => comparePrefixes(a.prefix, b.prefix));
  const lines = ranges.map((range) => `range ${range.prefix.text} peer-group ${range.peerGroup}`);
  return bgp.listenLimit === 100 ? lines : [`limit ${bgp.listenLimit}`, ...lines];
}

function familyContext(
  bgp: BgpInstance,
  family: FamilyName,
  groups: ReadonlyMap<string, PeerGroup>,
  dialect: Dialect,
  raw: RawLines,
): FamilyContext {
  const version = ipFamilyOf(family);
  return {
    name: family === 'ipv4-unicast' ? 'ipv4 unicast' : 'ipv6 unicast',
    networks: bgp.networks
      .filter((network) => network.prefix.family === version)
      .sort((a, b) => comparePrefixes(a.prefix, b.prefix))
      .map((network) => ({
        prefix: network.prefix.text,
        options: network.routeMap === null ? '' : ` route-map ${network.routeMap}`,
      })),
    aggregates: bgp.aggregates
      .filter((aggregate) => aggregate.prefix.family === version)
      .sort((a, b) => comparePrefixes(a.prefix, b.prefix))
      .map((aggregate) => ({
        prefix: aggregate.prefix.text,
        options: `${aggregate.asSet ? ' as-set' : ''}${aggregate.summaryOnly ? ' summary-only' : ''}`,
      })),
    redistributions: [...bgp.redistribute]
      .sort((a, b) => redistributionOrder.indexOf(a.from) - redistributionOrder.indexOf(b.from))
      .map((item) => ({
        from: item.from,
        options: `${item.metric === null ? '' : ` metric ${item.metric}`}${item.routeMap === null ? '' : ` route-map ${item.routeMap}`}`,
      })),
    neighborLines: familyLines(bgp, family, groups, dialect),
    maximumPaths: bgp.maximumPaths,
    raw: version === 4 ? raw.ipv4_unicast : raw.ipv6_unicast,
  };
}

/** As the daemon numbers its route types (ZEBRA_ROUTE_*). */
const redistributionOrder = ['kernel', 'connected', 'static'];

function familyLines(
  bgp: BgpInstance,
  family: FamilyName,
  groups: ReadonlyMap<string, PeerGroup>,
  dialect: Dialect,
): NeighborLine[] {
  const lines: NeighborLine[] = [];
  for (const group of sortedGroups(bgp)) {
    if (!groupFamilies(group, dialect).includes(family)) {
      if (activeByDefault(family, dialect)) lines.push({ no: 'no ', id: group.name, option: 'activate' });
      continue;
    }
    lines.push(...linesFor(group.name, familyOptions(group, family, bgp, dialect)));
  }
  for (const neighbor of sortedNeighbors(bgp)) {
    const group = groups.get(neighbor.peerGroup ?? '') ?? null;
    const inherits = group !== null && groupFamilies(group, dialect).includes(family);
    const id = neighbor.address.text;
    if (!neighbor.families.includes(family)) {
      if (inherits || (!group && activeByDefault(family, dialect)))
        lines.push({ no: 'no ', id, option: 'activate' });
      continue;
    }
    const own = familyOptions(neighbor, family, bgp, dialect);
    const base = group && inherits ? familyOptions(group, family, bgp, dialect) : null;
    // Quagga binds a member to its group family by family, IPv4 with the session.
    if (base && dialect.id === 'quagga-1.2' && family === 'ipv6-unicast')
      lines.push({ no: '', id, option: `peer-group ${group?.name ?? ''}` });
    lines.push(...linesFor(id, withoutInherited(own, base)));
  }
  return lines;
}

function activeByDefault(family: FamilyName, dialect: Dialect): boolean {
  return dialect.id === 'quagga-1.2' && family === 'ipv4-unicast';
}

function sortedGroups(bgp: BgpInstance): PeerGroup[] {
  return [...bgp.peerGroups].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function sortedNeighbors(bgp: BgpInstance): BgpInstance['neighbors'][number][] {
  return [...bgp.neighbors].sort((a, b) => compareAddresses(a.address, b.address));
}

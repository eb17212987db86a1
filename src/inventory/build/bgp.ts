import { type FamilyName, familyNames, familyOf } from '../../base/family.ts';
import type { BestpathOptions, BgpInstance, ListenRange, Neighbor, Timers } from '../../model/fabric.ts';
import type { PolicySet } from '../../model/policy.ts';
import type { Inventory } from '../types.ts';
import type { AddressReader } from './addresses.ts';
import { type Announcements, announcementsReader } from './announcements.ts';
import type { Findings } from './findings.ts';
import { entriesReader } from './neighbor-entries.ts';
import { neighborsOf } from './neighbors.ts';
import { completePeerGroups, readListenRanges, readPeerGroups } from './peer-groups.ts';
import { completeTimers, familiesOf } from './peer-options.ts';
import { policiesReader } from './policies.ts';
import type { HostDraft, Topology } from './topology.ts';
import { type Defined, oncePerValue, placeIn, type Variables } from './variables.ts';

const defaultTimers: Timers = { keepalive: 60, hold: 180, connectRetry: 120 };

/** A builder of BGP instances, sharing between hosts whatever their variables share. */
export function bgpBuilder(
  inventory: Inventory,
  read: AddressReader,
  findings: Findings,
): (host: HostDraft, topology: Topology) => BgpInstance | null {
  const announcements = announcementsReader(read, findings);
  const policies = policiesReader(read, findings);
  const entries = entriesReader(inventory, read, findings);
  const peerGroups = oncePerValue((v: Parameters<typeof readPeerGroups>[0]) => readPeerGroups(v, findings));
  return (host, topology) => {
    const { vars } = host;
    if (!host.speaker) return null;
    const timers = completeTimers(vars.value('bgp_timers', {}), defaultTimers);
    const groupVariable = vars.find('bgp_peer_groups');
    const groups = groupVariable ? peerGroups(groupVariable) : new Map();
    const stated = vars.find('bgp_families');
    const families = stated ? familiesOf(stated.value) : null;
    const written = vars.find('bgp_neighbors');
    const context = { host, topology, timers, peerGroups: groups, families, findings };
    const neighbors = written ? neighborsOf(entries(written), context) : [];
    const listenRanges = readListenRanges(vars, groups, read, findings);
    const announced = announcements(vars, host.docker);
    const all = families ?? derivedFamilies(announced, neighbors, listenRanges);
    return {
      ...host.speaker,
      clusterId: clusterId(vars, read),
      timers,
      families: all,
      ...announced,
      ...settings(host),
      listenLimit: vars.value('bgp_listen_limit', 100),
      peerGroups: completePeerGroups(groups, neighbors, listenRanges, { vars, timers, families: all }),
      listenRanges,
      neighbors,
      policies: policies(vars) satisfies PolicySet,
      source: sourceOf(vars),
    };
  };
}

/** IPv4, and IPv6 where the host announces or carries it. */
function derivedFamilies(
  { networks, aggregates }: Announcements,
  neighbors: readonly Neighbor[],
  ranges: readonly ListenRange[],
): FamilyName[] {
  const prefixes = [...networks, ...aggregates, ...ranges].map(({ prefix }) => familyOf(prefix.family));
  const used = new Set<FamilyName>(['ipv4-unicast', ...prefixes, ...neighbors.flatMap((n) => n.families)]);
  return familyNames.filter((family) => used.has(family));
}

function clusterId(vars: Variables, read: AddressReader) {
  const variable = vars.find('bgp_cluster_id');
  return variable && read.address(variable.value, { what: 'bgp_cluster_id', source: placeIn(variable) }, 4);
}

function settings({ vars, daemon }: HostDraft) {
  return {
    bestpath: bestpathOf(vars, daemon.kind === 'frr' && daemon.defaults === 'datacenter'),
    maximumPaths: maximumPathsOf(vars, daemon.kind === 'frr' ? 64 : 1),
    importCheck: vars.value('bgp_import_check', false),
    ebgpRequiresPolicy: vars.value('bgp_ebgp_requires_policy', false),
    defaultLocalPreference: vars.value('bgp_default_local_preference', 100),
  };
}

function bestpathOf(vars: Variables, deterministicMed: boolean): BestpathOptions {
  const written: Defined<'bgp_bestpath'> = vars.value('bgp_bestpath', {});
  return {
    asPathMultipathRelax: written.as_path_multipath_relax ?? false,
    asPathIgnore: written.as_path_ignore ?? false,
    compareRouterId: written.compare_routerid ?? false,
    alwaysCompareMed: written.always_compare_med ?? false,
    deterministicMed: written.deterministic_med ?? deterministicMed,
    medMissingAsWorst: written.med_missing_as_worst ?? false,
  };
}

function maximumPathsOf(vars: Variables, byDefault: number): BgpInstance['maximumPaths'] {
  const written: Defined<'bgp_maximum_paths'> = vars.value('bgp_maximum_paths', {});
  if (typeof written === 'number') return { ebgp: written, ibgp: written };
  return { ebgp: written.ebgp ?? byDefault, ibgp: written.ibgp ?? byDefault };
}

function sourceOf(vars: Variables): BgpInstance['source'] {
  const asn = vars.find('bgp_asn');
  return asn ? placeIn(asn) : vars.host.source;
}

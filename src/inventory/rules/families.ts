import { familyOf, ipFamilyOf } from '../../base/family.ts';
import type { Address } from '../../base/ip.ts';
import { formatSource } from '../../base/source.ts';
import type { Host } from '../../model/fabric.ts';
import { neighborText, type RuleContext } from './context.ts';
import type { Finding, Rule } from './rule.ts';

function* silentSpeakers(context: RuleContext): Iterable<Finding> {
  for (const host of context.ours) {
    if (host.bgp.neighbors.length > 0 || host.bgp.listenRanges.length > 0) continue;
    yield {
      host,
      message: `${host.name} speaks BGP but has no neighbor`,
      at: host.source,
      found: 'no bgp_neighbors and no bgp_listen',
      expected: 'at least one neighbor',
      fix: 'add bgp_neighbors, or bgp_daemon: none if the host does not speak BGP',
    };
  }
}

/** T2: the prefix is configured and nobody ever hears of it. */
function* notCarried(context: RuleContext): Iterable<Finding> {
  for (const host of context.ours) {
    const { neighbors, listenRanges, peerGroups, networks, aggregates } = host.bgp;
    const groups = new Set(listenRanges.map((range) => range.peerGroup));
    const ends = [...neighbors, ...peerGroups.filter((group) => groups.has(group.name))];
    if (ends.length === 0) continue;
    const carried = new Set(ends.flatMap((end) => end.families));
    for (const { prefix, source } of [...networks, ...aggregates]) {
      const family = familyOf(prefix.family);
      if (carried.has(family)) continue;
      const word = `ipv${prefix.family}`;
      yield {
        host,
        message: `${host.name} announces ${prefix.text}, but none of its sessions carries ${word}`,
        at: source,
        found: `sessions with ${[...carried].map((name) => name.slice(0, 4)).join(', ')}`,
        expected: `a session with families: [${word}]`,
        fix: `add ${word} to families of a neighbor, or via_family: both for a session per family`,
      };
    }
  }
}

/** The other half of T2: a next hop of the wrong family. */
function* nextHopFamily(context: RuleContext): Iterable<Finding> {
  for (const host of context.ours) {
    for (const neighbor of host.bgp.neighbors) {
      const { localAddress } = neighbor;
      if (!localAddress) continue;
      const foreign = neighbor.families.find(
        (family) =>
          ipFamilyOf(family) !== localAddress.family && !hasFamily(host, localAddress, ipFamilyOf(family)),
      );
      if (!foreign) continue;
      const wanted = `IPv${ipFamilyOf(foreign)}`;
      yield {
        host,
        message: `${host.name} sends ${wanted} routes to ${neighborText(neighbor)} over IPv${localAddress.family}, but the interface of ${localAddress.text} has no ${wanted} address to give as next hop`,
        at: neighbor.source,
        found: `only IPv${localAddress.family} on the interface of ${localAddress.text}`,
        expected: `an ${wanted} address on it`,
        fix: `add an ${wanted} address to the interface in net_interfaces, or run a session per family (via_family: both)`,
        shared: formatSource(neighbor.source),
      };
    }
  }
}

function hasFamily(host: Host, beside: Address, family: 4 | 6): boolean {
  const one = host.interfaces.find((i) => i.addresses.some((entry) => entry.address.text === beside.text));
  // Spoken from docker0 or an address that is not ours to know: nothing can be said.
  return one === undefined || one.addresses.some((entry) => entry.address.family === family);
}

export const familyRules: readonly Rule[] = [
  { id: 'bgp-without-neighbors', severity: 'warning', check: silentSpeakers },
  { id: 'family-not-carried', severity: 'error', check: notCarried },
  { id: 'family-next-hop', severity: 'warning', check: nextHopFamily },
];

import type { Asn } from '../../base/asn.ts';
import { type FamilyName, familyOf } from '../../base/family.ts';
import { type Address, compareAddresses, contains, type IpFamily, parseAddress } from '../../base/ip.ts';
import type { Neighbor, Timers } from '../../model/fabric.ts';
import type { Findings } from './findings.ts';
import type { NeighborEntry } from './neighbor-entries.ts';
import { NeighborFaults } from './neighbor-faults.ts';
import { completeOptions, type StatedOptions } from './peer-options.ts';
import { firstAddress, type HostDraft, type Path, type Topology } from './topology.ts';

/** What all neighbors of one host have in common. */
export interface NeighborContext {
  readonly host: HostDraft;
  readonly topology: Topology;
  readonly timers: Timers;
  readonly peerGroups: ReadonlyMap<string, StatedOptions>;
  /** As stated by `bgp_families`; null: follows from the sessions. */
  readonly families: readonly FamilyName[] | null;
  readonly findings: Findings;
}

interface Found {
  readonly entry: NeighborEntry;
  readonly neighbor: Neighbor;
}

/** The neighbors of a host by address. What cannot be resolved is reported and left out. */
export function neighborsOf(entries: readonly NeighborEntry[], context: NeighborContext): Neighbor[] {
  const faults = new NeighborFaults(context.host, context.findings);
  const byAddress = new Map<string, Found>();
  for (const entry of entries) {
    const group = entry.peerGroup === null ? null : (context.peerGroups.get(entry.peerGroup) ?? null);
    if (entry.peerGroup !== null && !group) {
      faults.unknownPeerGroup(entry, entry.peerGroup, context.peerGroups.keys());
      continue;
    }
    for (const neighbor of new EntryResolver(entry, group, context, faults).neighbors()) {
      const found = { entry, neighbor };
      const known = byAddress.get(neighbor.address.text);
      if (!known || isMoreSpecific(entry, known.entry)) byAddress.set(neighbor.address.text, found);
      else if (!isMoreSpecific(known.entry, entry) && !hostsShareAddress(known, found))
        faults.duplicate(entry, known.entry, neighbor);
    }
  }
  return [...byAddress.values()]
    .map((found) => found.neighbor)
    .sort((a, b) => compareAddresses(a.address, b.address));
}

/** Two hosts of one entry with one address are the fault of the address: the rule `duplicate-address` says so once, not per neighbor. */
function hostsShareAddress(known: Found, found: Found): boolean {
  const oneEntry = known.entry === found.entry && !found.entry.loopback;
  return oneEntry && known.neighbor.remoteHost !== found.neighbor.remoteHost;
}

/** A host or address named on purpose wins over the same one as a member of a group. */
function isMoreSpecific(entry: NeighborEntry, than: NeighborEntry): boolean {
  return entry.target.kind !== 'group' && than.target.kind === 'group';
}

class EntryResolver {
  readonly #entry: NeighborEntry;
  readonly #group: StatedOptions | null;
  readonly #context: NeighborContext;
  readonly #faults: NeighborFaults;
  /** update_source as the entry or its group states it, else `lo` for `via: loopback`. */
  readonly #updateSource: string | null;
  readonly #loopback: boolean;

  constructor(
    entry: NeighborEntry,
    group: StatedOptions | null,
    context: NeighborContext,
    faults: NeighborFaults,
  ) {
    this.#entry = entry;
    this.#group = group;
    this.#context = context;
    this.#faults = faults;
    const stated = entry.stated.options.updateSource ?? group?.options.updateSource ?? null;
    this.#updateSource = stated ?? (entry.loopback ? 'lo' : null);
    this.#loopback = entry.loopback || stated === 'lo' || this.#isOwnLoopback(stated);
  }

  neighbors(): Neighbor[] {
    const { target } = this.#entry;
    if (!this.#namesExist()) return [];
    if (target.kind === 'address') return this.#byAddress(target.address);
    const unreachable: HostDraft[] = [];
    const neighbors = this.#remotes().flatMap((remote) => {
      if (!remote.speaker) {
        if (!remote.broken && !this.#entry.sharedOnly) this.#faults.withoutBgp(this.#entry, remote);
        return [];
      }
      const found = this.#toHost(remote, remote.speaker.asn);
      if (!found && !remote.misread && !this.#context.host.misread) unreachable.push(remote);
      return found ?? [];
    });
    if (unreachable.length > 0 && !this.#entry.sharedOnly) {
      this.#faults.noSharedSegment(this.#entry, unreachable, this.#loopback);
    }
    return neighbors;
  }

  /** The hosts the entry means, without this one, each once. */
  #remotes(): HostDraft[] {
    const { host, topology } = this.#context;
    const { target, sharedOnly } = this.#entry;
    if (target.kind === 'address') return [];
    if (target.kind === 'host') return drafts(target.names, topology).filter((remote) => remote !== host);
    const members =
      sharedOnly && !this.#loopback
        ? [...topology.membersAround(host, target.names)]
        : [...new Set(target.names.flatMap((name) => topology.membersOf(name)))];
    return members.filter((remote) => remote !== host);
  }

  /** One neighbor, or two for `via_family: both`; null where the ends do not meet; empty where that was reported. */
  #toHost(remote: HostDraft, asn: Asn): Neighbor[] | null {
    const neighbors: Neighbor[] = [];
    for (const paths of this.#pathsByFamily(remote)) {
      const [path, ...others] = paths;
      if (!path) return null;
      if (others.length > 0) {
        this.#faults.severalSegments(this.#entry, remote, paths);
        return [];
      }
      neighbors.push(...this.#neighbor(path.remote, path.local, remote, asn));
    }
    return neighbors;
  }

  #pathsByFamily(remote: HostDraft): Path[][] {
    const { viaFamily } = this.#entry;
    if (viaFamily === 'ipv4') return [this.#paths(remote, 4)];
    if (viaFamily === 'ipv6') return [this.#paths(remote, 6)];
    if (viaFamily === 'both') return [this.#paths(remote, 4), this.#paths(remote, 6)];
    const ipv4 = this.#paths(remote, 4);
    return [ipv4.length > 0 ? ipv4 : this.#paths(remote, 6)];
  }

  #paths(remote: HostDraft, family: IpFamily): Path[] {
    const { host, topology } = this.#context;
    if (this.#loopback) return topology.loopbackPaths(host, remote, family);
    const { interface: wanted, segment } = this.#entry;
    return topology
      .sharedPaths(host, remote, family)
      .filter((path) => wanted === null || path.interface === wanted)
      .filter((path) => segment === null || path.segment === segment);
  }

  #byAddress(address: Address): Neighbor[] {
    const { host, topology } = this.#context;
    const owners = topology.ownersOf(address);
    if (owners.includes(host)) {
      this.#faults.self(this.#entry, address);
      return [];
    }
    // Where several hosts have the address, the session rules say so; the ASN must then be given.
    const remote = owners.length === 1 ? (owners[0] ?? null) : null;
    const asn = this.#entry.stated.asn ?? this.#group?.asn ?? remote?.speaker?.asn;
    if (asn === undefined) {
      if (!remote?.broken) this.#faults.withoutAsn(this.#entry, address, remote);
      return [];
    }
    return this.#neighbor(address, this.#addressTowards(address), remote, asn);
  }

  #neighbor(address: Address, local: Address | null, remote: HostDraft | null, remoteAsn: Asn): Neighbor[] {
    const { timers } = this.#context;
    const families = this.#families(address.family);
    if (families.length === 0) return [];
    const source = this.#updateSource;
    return [
      {
        ...completeOptions(families, timers, this.#entry.stated, this.#group),
        families,
        address,
        remoteAs: this.#entry.stated.asn ?? this.#group?.asn ?? remoteAsn,
        peerGroup: this.#entry.peerGroup,
        remoteHost: remote?.name ?? null,
        localAddress: source === null ? local : this.#spokenFrom(source, address.family, local),
        updateSource: source,
        source: this.#entry.source,
      },
    ];
  }

  /** What is stated, else the family of the session's address, else whatever the host has. */
  #families(family: IpFamily): readonly FamilyName[] {
    const { families: enabled } = this.#context;
    const stated = this.#entry.stated.options.families ?? this.#group?.options.families;
    if (!stated) return !enabled || enabled.includes(familyOf(family)) ? [familyOf(family)] : enabled;
    const missing = enabled ? stated.filter((name) => !enabled.includes(name)) : [];
    if (missing.length > 0) this.#faults.familyNotEnabled(this.#entry, missing);
    return stated.filter((name) => !missing.includes(name));
  }

  #addressTowards(address: Address): Address | null {
    const own = this.#context.host.interfaces.flatMap((i) => i.addresses);
    const around = own.filter((a) => contains(a.network, address)).sort((a, b) => b.length - a.length);
    return around[0]?.address ?? null;
  }

  #spokenFrom(source: string, family: IpFamily, path: Address | null): Address | null {
    const address = parseAddress(source);
    if (address) return address.family === family ? address : path;
    return firstAddress(this.#context.host, source, family);
  }

  #isOwnLoopback(text: string | null): boolean {
    const loopback = this.#context.host.interfaces.find((i) => i.name === 'lo');
    return loopback?.addresses.some((a) => a.address.text === text) ?? false;
  }

  /** Interfaces and segments that the entry names must exist. */
  #namesExist(): boolean {
    const { host, topology } = this.#context;
    const interfaces = [...host.interfaces.map((i) => i.name), ...(host.docker ? ['docker0'] : [])];
    const { interface: wanted, segment } = this.#entry;
    const source = this.#updateSource;
    if (wanted !== null && !interfaces.includes(wanted)) {
      this.#faults.unknownInterface(this.#entry, 'interface', wanted, interfaces);
      return false;
    }
    if (segment !== null && !topology.segmentNames.includes(segment)) {
      this.#faults.unknownSegment(this.#entry, segment, topology.segmentNames);
      return false;
    }
    if (source === null || this.#loopback || parseAddress(source) || interfaces.includes(source)) return true;
    this.#faults.unknownInterface(this.#entry, 'update_source', source, interfaces);
    return false;
  }
}

function drafts(names: Iterable<string>, topology: Topology): HostDraft[] {
  return [...names].map((name) => topology.hosts.get(name)).filter((host) => host !== undefined);
}

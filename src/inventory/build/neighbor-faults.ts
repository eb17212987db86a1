import type { FamilyName } from '../../base/family.ts';
import type { Address } from '../../base/ip.ts';
import { nearestName } from '../../base/nearest.ts';
import type { Neighbor } from '../../model/fabric.ts';
import type { Findings } from './findings.ts';
import type { NeighborEntry } from './neighbor-entries.ts';
import type { HostDraft, Path } from './topology.ts';

/** The words for everything that can keep a neighbor of one host from being resolved. */
export class NeighborFaults {
  readonly #host: HostDraft;
  readonly #findings: Findings;

  constructor(host: HostDraft, findings: Findings) {
    this.#host = host;
    this.#findings = findings;
  }

  noSharedSegment(entry: NeighborEntry, remotes: readonly HostDraft[], loopback: boolean): void {
    const { name } = this.#host;
    const family = entry.viaFamily === null ? '' : `${familyText(entry.viaFamily)} `;
    this.#findings.error({
      rule: 'no-shared-segment',
      message: loopback
        ? `${name} and ${listed(remotes)} have no ${family}addresses on lo in common`
        : `${name} shares no ${family}network with ${listed(remotes)}`,
      ranges: [entry.source],
      host: name,
      related: [{ ...this.#host.vars.host.source, note: `${name} is defined here` }],
      expected: loopback
        ? `an ${family}address on lo of both hosts`
        : `an interface of each in the same ${family}network${chosen(entry)}`,
      fix: loopback
        ? 'give both hosts an address on lo in net_interfaces'
        : 'correct net_interfaces, use via: loopback, or say shared_only: true to skip such members',
    });
  }

  severalSegments(entry: NeighborEntry, remote: HostDraft, paths: readonly Path[]): void {
    const names = paths.map((path) => `${path.segment} (${path.interface})`).join(', ');
    this.#findings.error({
      rule: 'several-segments',
      message: `${this.#host.name} shares ${paths.length} segments with ${remote.name}: ${names}`,
      ranges: [entry.source],
      host: this.#host.name,
      found: names,
      expected: 'one segment per session',
      fix: `add interface: ${paths[0]?.interface} or segment: ${paths[0]?.segment}, one entry per session`,
    });
  }

  withoutBgp(entry: NeighborEntry, remote: HostDraft): void {
    this.#findings.error({
      rule: 'neighbor-without-bgp',
      message: `${entry.what} names ${remote.name}, which does not speak BGP`,
      ranges: [entry.source],
      found: `${remote.name} has bgp_daemon ${remote.daemon.kind}`,
      expected: 'a host with bgp_asn',
      related: [{ ...remote.vars.host.source, note: `${remote.name} is defined here` }],
      fix: `give ${remote.name} a bgp_asn (and bgp_daemon: external if it is not yours), or leave it out`,
    });
  }

  withoutAsn(entry: NeighborEntry, address: Address, remote: HostDraft | null): void {
    const owner = remote ? `${remote.name}, which does not speak BGP` : 'no host of the inventory';
    this.#findings.error({
      rule: 'neighbor-without-asn',
      message: `${entry.what} ${address.text} has no asn, and the address belongs to ${owner}`,
      ranges: [entry.place('address')],
      host: this.#host.name,
      found: address.text,
      expected: 'asn: N',
      fix: 'add asn with the number of the neighbor',
    });
  }

  self(entry: NeighborEntry, address: Address): void {
    this.#findings.error({
      rule: 'neighbor-self',
      message: `${entry.what} ${address.text} is an address of ${this.#host.name} itself`,
      ranges: [entry.place('address')],
      host: this.#host.name,
      found: address.text,
      expected: 'an address of another host',
      fix: 'use host or group instead of address: they leave the host itself out',
    });
  }

  duplicate(entry: NeighborEntry, known: NeighborEntry, neighbor: Neighbor): void {
    const remote = neighbor.remoteHost === null ? '' : ` (${neighbor.remoteHost})`;
    const groups = groupsOf(known, entry);
    this.#findings.error({
      rule: 'duplicate-neighbor',
      message: `${this.#host.name} has the neighbor ${neighbor.address.text}${remote} twice: ${known.what} and ${entry.what}`,
      ranges: [entry.source],
      host: this.#host.name,
      related: [{ ...known.source, note: 'first named here' }],
      expected: 'one entry per neighbor',
      fix: groups
        ? `${neighbor.remoteHost} is a member of ${groups}: take it out of one of them, or remove an entry; one with host may repeat a member of a group to give it other options`
        : 'remove one; an entry with host or address may repeat a member of a group to give it other options',
    });
  }

  unknownPeerGroup(entry: NeighborEntry, name: string, known: Iterable<string>): void {
    this.#unknown(
      'unknown-peer-group',
      entry,
      'peer_group',
      name,
      [...known],
      `${this.#host.name} has no peer group`,
    );
  }

  unknownInterface(
    entry: NeighborEntry,
    key: 'interface' | 'update_source',
    name: string,
    known: readonly string[],
  ): void {
    this.#unknown('unknown-interface', entry, key, name, known, `${this.#host.name} has no interface`);
  }

  unknownSegment(entry: NeighborEntry, name: string, known: readonly string[]): void {
    this.#unknown('no-shared-segment', entry, 'segment', name, known, 'there is no segment');
  }

  familyNotEnabled(entry: NeighborEntry, missing: readonly FamilyName[]): void {
    const names = missing.map((name) => name.slice(0, 4)).join(' and ');
    this.#findings.error({
      rule: 'family-not-enabled',
      message: `${entry.what} wants ${names}, which bgp_families of ${this.#host.name} leaves out`,
      ranges: [entry.place('families')],
      host: this.#host.name,
      found: names,
      expected: 'families of bgp_families',
      fix: `add ${names} to bgp_families, or remove bgp_families to derive it`,
    });
  }

  #unknown(
    rule: 'unknown-peer-group' | 'unknown-interface' | 'no-shared-segment',
    entry: NeighborEntry,
    key: 'peer_group' | 'interface' | 'update_source' | 'segment',
    name: string,
    known: readonly string[],
    what: string,
  ): void {
    const nearest = nearestName(name, known);
    this.#findings.error({
      rule,
      message: `${what} ${JSON.stringify(name)}, which ${entry.what} names`,
      ranges: [entry.place(key)],
      host: this.#host.name,
      found: name,
      expected: known.length === 0 ? 'nothing: there is none' : listedNames(known),
      ...(nearest === null ? {} : { nearest }),
      fix: nearest === null ? 'add it, or name another' : `write ${nearest}`,
    });
  }
}

function chosen(entry: NeighborEntry): string {
  if (entry.interface !== null) return ` as ${entry.interface}`;
  return entry.segment === null ? '' : ` on segment ${entry.segment}`;
}

function familyText(family: 'ipv4' | 'ipv6' | 'both'): string {
  return { ipv4: 'IPv4', ipv6: 'IPv6', both: 'IPv4-and-IPv6' }[family];
}

/** The two groups by which a host came in twice; null where a name or address did. */
function groupsOf(a: NeighborEntry, b: NeighborEntry): string | null {
  if (a.target.kind !== 'group' || b.target.kind !== 'group') return null;
  const [first, second] = [a.target.names.join(':'), b.target.names.join(':')];
  return first === second ? null : `${first} and of ${second}`;
}

function listed(hosts: readonly HostDraft[]): string {
  return listedNames(hosts.map((host) => host.name));
}

function listedNames(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

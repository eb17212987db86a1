import type { Asn } from '../../base/asn.ts';
import type { Address, IpFamily } from '../../base/ip.ts';
import type { Daemon, Docker, Interface, Segment } from '../../model/fabric.ts';
import type { Variables } from './variables.ts';

/** A host with what can be said of it alone, before neighbors are looked for. */
export interface HostDraft {
  readonly name: string;
  readonly vars: Variables;
  readonly daemon: Daemon;
  /** As written, with the segment each is attached to. */
  readonly interfaces: readonly Interface[];
  /** An address of an interface could not be read: who it shares networks with is not known. */
  readonly misread: boolean;
  readonly docker: Docker | null;
  /** Absent where the host does not speak BGP, or where what it lacks was reported (`broken`). */
  readonly speaker: { readonly asn: Asn; readonly routerId: Address } | null;
  readonly broken: boolean;
}

/** A way for a session: an address of each end in one network of a shared segment, or on both loopbacks. */
export interface Path {
  readonly segment: string | null;
  readonly interface: string;
  readonly local: Address;
  readonly remote: Address;
}

/** Who is attached where, indexed so that every question costs only what it returns. */
export class Topology {
  readonly hosts: ReadonlyMap<string, HostDraft>;
  readonly segmentNames: readonly string[];
  readonly #attached = new Map<string, Map<string, Interface[]>>();
  readonly #owners = new Map<string, HostDraft[]>();
  readonly #members = new Map<string, HostDraft[]>();
  /** Segment → group → hosts. */
  readonly #groupsOn = new Map<string, Map<string, HostDraft[]>>();

  constructor(hosts: ReadonlyMap<string, HostDraft>, segments: readonly Segment[]) {
    this.hosts = hosts;
    this.segmentNames = segments.map((segment) => segment.name);
    for (const host of hosts.values()) {
      for (const group of host.vars.host.groups) push(this.#members, group, host);
      for (const i of host.interfaces) {
        for (const { address } of i.addresses) push(this.#owners, address.text, host);
        if (i.segment !== null) this.#attach(i.segment, host, i);
      }
      for (const bip of [host.docker?.bip, host.docker?.bip6])
        if (bip) push(this.#owners, bip.address.text, host);
    }
  }

  #attach(segment: string, host: HostDraft, i: Interface): void {
    push(inner(this.#attached, segment), host.name, i);
    const groups = inner(this.#groupsOn, segment);
    for (const group of host.vars.host.groups) push(groups, group, host);
  }

  /** Hosts with this address, each once. */
  ownersOf(address: Address): readonly HostDraft[] {
    return [...new Set(this.#owners.get(address.text))];
  }

  /** Members of a group and of its children, by name. */
  membersOf(group: string): readonly HostDraft[] {
    return this.#members.get(group) ?? [];
  }

  /** Members of the groups on the segments of a host, each once; itself where it is a member. */
  membersAround(host: HostDraft, groups: readonly string[]): Set<HostDraft> {
    const members = new Set<HostDraft>();
    for (const { segment } of host.interfaces) {
      const byGroup = this.#groupsOn.get(segment ?? '');
      for (const group of groups) for (const member of byGroup?.get(group) ?? []) members.add(member);
    }
    return members;
  }

  /** One path per shared segment: the first pair of addresses of the family that lie in one network. */
  sharedPaths(from: HostDraft, to: HostDraft, family: IpFamily): Path[] {
    const paths: Path[] = [];
    for (const i of from.interfaces) {
      if (i.segment === null || paths.some((path) => path.segment === i.segment)) continue;
      const path = firstPair(i, this.#attached.get(i.segment)?.get(to.name) ?? [], family);
      if (path) paths.push(path);
    }
    return paths;
  }

  /** The path between the loopback addresses, where both ends have one of the family. */
  loopbackPaths(from: HostDraft, to: HostDraft, family: IpFamily): Path[] {
    const local = loopbackOf(from, family);
    const remote = loopbackOf(to, family);
    return local && remote ? [{ segment: null, interface: 'lo', local, remote }] : [];
  }
}

function firstPair(i: Interface, others: readonly Interface[], family: IpFamily): Path | null {
  for (const local of i.addresses) {
    if (local.address.family !== family) continue;
    for (const other of others) {
      const remote = other.addresses.find((a) => a.network.text === local.network.text);
      if (remote) {
        return { segment: i.segment, interface: i.name, local: local.address, remote: remote.address };
      }
    }
  }
  return null;
}

function loopbackOf(host: HostDraft, family: IpFamily): Address | null {
  return firstAddress(host, 'lo', family);
}

/** The primary address of an interface, docker0 included. */
export function firstAddress(host: HostDraft, name: string, family: IpFamily): Address | null {
  const own = host.interfaces
    .find((i) => i.name === name)
    ?.addresses.find((a) => a.address.family === family);
  if (own || name !== 'docker0') return own?.address ?? null;
  return (family === 4 ? host.docker?.bip : host.docker?.bip6)?.address ?? null;
}

function inner<V>(maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const known = maps.get(key);
  if (known) return known;
  const made = new Map<string, V>();
  maps.set(key, made);
  return made;
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

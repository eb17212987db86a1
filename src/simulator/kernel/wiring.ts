import type { Address, InterfaceAddress, IpFamily } from '../../base/ip.ts';
import type { RouterConfig } from '../../bgp/config.ts';
import type { Network, NetworkInterface, NetworkNode } from './network.ts';

/** The network with addresses and links looked up: who sits where. Nodes are numbered in the order of the network. */
export interface Wiring {
  readonly nodes: readonly WiredNode[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Address text → where it is configured; several places mean a shared (anycast) or a duplicate address. */
  readonly owners: ReadonlyMap<string, readonly Attachment[]>;
  /** Link name → who is attached and up. */
  readonly links: ReadonlyMap<string, readonly Attachment[]>;
  /** Link name → nodes that are attached, up or not, once per interface. */
  readonly members: ReadonlyMap<string, readonly number[]>;
}

export interface WiredNode {
  readonly index: number;
  readonly node: NetworkNode;
  readonly interfaces: readonly WiredInterface[];
  /** Gateways that answer BFD, of those that static routes ask for; absent: none asks. */
  readonly answering?: ReadonlySet<string>;
}

export interface WiredInterface {
  readonly name: string;
  readonly addresses: readonly InterfaceAddress[];
  readonly link: string | null;
  /** Has carrier: its connected routes exist. */
  readonly up: boolean;
  /** Set up, and without carrier: what was put into the kernel by hand stays there, and leads nowhere. */
  readonly noCarrier?: boolean;
}

export interface Attachment {
  readonly node: number;
  readonly interface: WiredInterface;
}

/** Lays the addresses of zebra.conf over those of the topology and finds out which interfaces carry. */
export function wire(network: Network): Wiring {
  const merged = network.nodes.map(interfacesOf);
  const dead = linksWithoutCarrier(merged);
  const nodes = network.nodes.map((node, index) => ({
    index,
    node,
    interfaces: carrying(merged[index] ?? [], (link) => dead.has(link)),
  }));
  const owners = new Map<string, Attachment[]>();
  const links = new Map<string, Attachment[]>();
  const members = new Map<string, number[]>();
  for (const { index, interfaces } of nodes) {
    for (const one of interfaces) {
      const attachment = { node: index, interface: one };
      for (const { address } of one.addresses) append(owners, address.text, attachment);
      if (one.link === null) continue;
      append(members, one.link, index);
      if (one.up) append(links, one.link, attachment);
    }
  }
  const indexOf = new Map(network.nodes.map(({ name }, index) => [name, index]));
  return { nodes, indexOf, owners, links, members };
}

/** Interfaces as they are where some links have no carrier. */
export function carrying(
  interfaces: readonly WiredInterface[],
  isDead: (link: string) => boolean,
): readonly WiredInterface[] {
  return interfaces.map((one) =>
    one.link !== null && one.up && isDead(one.link) ? { ...one, up: false, noCarrier: true } : one,
  );
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Of the topology and of the daemon's files, whether the links carry or not. */
export function interfacesOf({ interfaces, router }: NetworkNode): readonly WiredInterface[] {
  return withFileAddresses(interfaces, router);
}

/** Files give addresses to interfaces that are there, those of the topology and the loopback, and shut them down. */
export function withFileAddresses(
  interfaces: readonly NetworkInterface[],
  router: RouterConfig | null,
): readonly NetworkInterface[] {
  const byName = new Map<string, NetworkInterface>();
  for (const one of interfaces) byName.set(one.name, one);
  for (const { name, addresses, shutdown } of router?.interfaces ?? []) {
    const present =
      byName.get(name) ?? (name === 'lo' ? { name, addresses: [], link: null, up: true } : null);
    if (!present) continue;
    const known = new Set(present.addresses.map(({ text }) => text));
    byName.set(name, {
      ...present,
      addresses: [...present.addresses, ...addresses.filter(({ text }) => !known.has(text))],
      up: present.up && !shutdown,
    });
  }
  return [...byName.values()];
}

/** A cable between two hosts has no carrier where one end is down; on a wider segment (a switch) the others keep theirs. */
function linksWithoutCarrier(nodes: readonly (readonly WiredInterface[])[]): ReadonlySet<string> {
  const members = new Map<string, WiredInterface[]>();
  for (const interfaces of nodes) {
    for (const one of interfaces) if (one.link !== null) append(members, one.link, one);
  }
  const dead = new Set<string>();
  for (const [link, ends] of members) if (ends.length === 2 && ends.some(({ up }) => !up)) dead.add(link);
  return dead;
}

/** Who answers for the address on the segment of this interface; null where nobody does there. */
export function neighborAt(wiring: Wiring, from: WiredInterface, address: string): Attachment | null {
  const { link, up } = from;
  if (link === null || !up) return null;
  const owners = wiring.owners.get(address) ?? [];
  return (
    owners.find((owner) => owner.interface.link === link && owner.interface.up) ??
    owners.find((owner) => answersElsewhere(wiring, owner, link, address)) ??
    null
  );
}

/** Linux answers ARP for every IPv4 address it has, whichever interface has it (`arp_ignore` 0); neighbor discovery goes by interface. */
function answersElsewhere(
  { nodes }: Wiring,
  { node, interface: owner }: Attachment,
  link: string,
  address: string,
): boolean {
  if (address.includes(':') || !(owner.up || owner.noCarrier)) return false;
  return nodes[node]?.interfaces.some((one) => one.link === link && one.up) ?? false;
}

/** First address of the family on an interface, as daemons pick a source. */
export function firstAddress(of: WiredInterface, family: IpFamily): InterfaceAddress | null {
  return of.addresses.find(({ address }) => address.family === family) ?? null;
}

/** Of an interface named as source: the address that has most bits in common with the neighbor's, the first of several (FRR `bgp_update_address`). */
export function closestAddress(
  of: WiredInterface,
  family: IpFamily,
  towards: Address,
): InterfaceAddress | null {
  // Fewer bits in common: a larger number where the two differ.
  const apart = ({ address }: InterfaceAddress) => (address.value ^ towards.value).toString(2).length;
  const found = of.addresses.filter(({ address }) => address.family === family);
  return found.reduce<InterfaceAddress | null>(
    (best, one) => (best && apart(best) <= apart(one) ? best : one),
    null,
  );
}
